"""PostgreSQL answers as SQLite does, and says plainly what keeps it from answering."""

import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from assistant.settings import Settings
from index.errors import SettingsError, StorageError
from index.readers.load import load
from index.storage.catalogue import Catalogue, FileState
from index.storage.database import place_of
from index.text.features import stem, stems
from index.text.passages import passages
from tests.library import SEEDS
from tests.postgres import PASSWORD, USER, Postgres, running
from tests.test_catalogue import FIRST, document, put

STATE = FileState(1, 1, "a")
QUESTIONS = (
    "Wie viele Mitglieder hat der Cluster?",
    "Medizintechnik Unternehmen in Baden-Württemberg",
    "Förderung der Europäischen Union für Start-ups",
    "agreement between clusters in France",
)


@pytest.fixture
def catalogue(postgres_server: Postgres) -> Iterator[Catalogue]:
    with Catalogue(place_of(postgres_server.database())) as opened:
        put(opened, document(FIRST))
        yield opened


def _read(catalogue: Catalogue, file: Path) -> None:
    read = load(file.name, file.read_bytes())
    cut = passages(read, 320)
    catalogue.put(read, STATE, {p: stems(p.text, read.language) for p in cut})


def test_its_full_text_finds_what_sqlites_does_in_the_same_order(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    files = sorted(SEEDS.glob("*"))[:12]
    with Catalogue(tmp_path / "catalogue.sqlite") as other:
        put(other, document(FIRST))
        for file in files:
            _read(catalogue, file)
            _read(other, file)
        for question in QUESTIONS:
            words = [stem(word, "de") for word in question.lower().split()]
            found = other.search(words, 30)
            assert found
            assert catalogue.search(words, 30) == found
            some = {file.name for file in files[:4]}
            assert catalogue.search(words, 30, some) == other.search(words, 30, some)


def test_a_table_that_is_locked_is_not_waited_for_without_end(
    catalogue: Catalogue, postgres_server: Postgres
) -> None:
    with postgres_server.admin(_name(catalogue)) as admin, admin.transaction():
        admin.execute("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StorageError, match="timeout"):
            catalogue.document("see.txt")
    assert catalogue.document("see.txt")


def _name(catalogue: Catalogue) -> str:
    with catalogue.transaction() as connection:
        return str(connection.engine.url.database)


def test_out_of_connections_is_told_and_over_when_there_are_some_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running({"max_connections": "8", "superuser_reserved_connections": "1"}) as server:
        address = place_of(server.database())
        with Catalogue(address) as catalogue, ExitStack() as others:
            catalogue.close()  # what it has of connections
            with pytest.raises(psycopg.OperationalError):
                while True:
                    others.enter_context(server.admin())
            with pytest.raises(StorageError, match="too many clients"):
                catalogue.count()
            others.close()
            assert catalogue.count() == 0


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    address = f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:1/lotse?password={PASSWORD}"
    with pytest.raises(StorageError, match=r"127\.0\.0\.1:1") as raised:
        Catalogue(place_of(address))
    told = "".join(traceback.format_exception(raised.value))
    assert "LOTSE_CATALOGUE" in told
    assert PASSWORD not in told


def test_a_wrong_password_is_not_told(postgres_server: Postgres) -> None:
    wrong = postgres_server.database().replace(PASSWORD, "falsch-0815")
    with pytest.raises(StorageError, match="password authentication failed") as raised:
        Catalogue(place_of(wrong))
    assert "falsch-0815" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("address", [f"mysql://{USER}:{PASSWORD}@host/a", PASSWORD])
def test_a_setting_that_is_no_address_is_refused_without_being_told(address: str) -> None:
    with pytest.raises(SettingsError, match="LOTSE_CATALOGUE") as raised:
        Settings.read({"LOTSE_CATALOGUE": address}, Path("no.env"))
    assert PASSWORD not in str(raised.value)
    assert "postgresql+psycopg://" in str(raised.value)
