"""Who asked when from which documents: noted where it is wanted, for so long, and forgotten."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.web.audit import AuditFile
from index.errors import StorageError
from tests.doors import ANNA, BERND, built, by_proxy, client_of, ruled
from tests.library import Desk
from tests.running import run

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with built(tmp_path_factory) as desk:
        yield desk


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_who_asks_is_noted_with_the_documents_and_without_the_question(
    house: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    client = client_of(house, by_proxy(ruled(tmp_path), house.folder, audit=path))
    asked = {"question": "Wann fand der Kongress Nordlicht statt?"}
    for headers in (ANNA, BERND):
        assert client.post("/api/ask", json=asked, headers=headers).status_code == 200
    assert client.post("/api/ask", json=asked).status_code == 401
    noted = _lines(path)
    assert [line["user"] for line in noted] == ["anna", "bernd"]
    assert all("presse/kongress.txt" in str(line["files"]) for line in noted)
    assert "Kongress Nordlicht" not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_noted_where_nobody_wants_it(house: Desk, tmp_path: Path) -> None:
    client = client_of(house, by_proxy(ruled(tmp_path), house.folder))
    client.post("/api/ask", json={"question": "Wann?"}, headers=ANNA)
    assert [path.name for path in tmp_path.iterdir()] == ["access.yaml"]


def test_what_is_older_than_the_days_goes(house: Desk, tmp_path: Path) -> None:
    path, now = tmp_path / "audit.jsonl", [NOW]
    audit = AuditFile(path, 30, lambda: now[0])
    answer = house.assistant.ask("Wann fand der Kongress Nordlicht statt?")
    for days in (0, 1, 29, 2):
        now[0] += timedelta(days=days)
        audit.note("anna", answer)
    times = [str(line["time"]) for line in _lines(path)]
    assert times == sorted(times)
    assert len(times) == 2
    assert times[0] > (now[0] - timedelta(days=30)).isoformat()


def test_a_user_is_forgotten_and_others_are_not(folder: Path, house: Desk) -> None:
    path = folder / "audit.jsonl"
    audit = AuditFile(path, 30)
    answer = house.assistant.ask("Wann?")
    for user in ("anna", "bernd", "anna"):
        audit.note(user, answer)
    told = run(folder, "forget", "anna", more={"LOTSE_AUDIT": str(path)})
    assert told.returncode == 0, told.stderr
    assert "2 answers" in told.stdout.decode()
    assert [line["user"] for line in _lines(path)] == ["bernd"]
    assert run(folder, "forget", "anna").returncode == 2, "without a file there is none to forget"


def test_an_answer_that_cannot_be_noted_is_not_given(house: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    audit = AuditFile(tmp_path / "file" / "audit.jsonl", 30)
    with pytest.raises(StorageError, match="LOTSE_AUDIT"):
        audit.note("anna", house.assistant.ask("Wann?"))
