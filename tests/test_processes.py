"""Processes that share a PostgreSQL database and a Chroma server: one dies, the others go on."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chroma_server import ChromaServer, chroma_server
from tests.library import LIBRARY, fill
from tests.postgres import PASSWORD, Postgres
from tests.problems import is_problem
from tests.running import Server, serving

SIZE = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
NEW = {
    "neu.txt": "Sternwarte Cluster\n\nDas Bündnis Sternwarte vergibt 4711 Euro an junge Forschende."
}
NEWS = "Wie viel Euro vergibt das Bündnis Sternwarte?"
SECONDS = 20.0  # for an answer: 5, and what a busy machine adds
TURN_SECONDS = 60.0  # until another process has taken over: 15, likewise


@dataclass(frozen=True)
class Pair:
    """Two processes over one folder, and what they share."""

    folder: Path
    first: Server
    second: Server
    postgres: Postgres
    chroma: ChromaServer


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    fill(folder / "seeds", LIBRARY)
    with ExitStack() as running:
        chroma = running.enter_context(chroma_server(folder / "chroma"))
        settings = {
            "LOTSE_CATALOGUE": postgres_server.database(),
            "LOTSE_CHROMA_URL": chroma.address,
            "LOTSE_FOLLOW": "polling",
        }
        first = running.enter_context(serving(folder, more=settings))
        second = running.enter_context(serving(folder, more=settings))
        yield Pair(folder, first, second, postgres_server, chroma)


def _ask(server: Server, question: str = SIZE) -> httpx.Response:
    started = time.monotonic()
    response = httpx.post(f"{server.url}/api/ask", json={"question": question}, timeout=SECONDS)
    assert time.monotonic() - started < SECONDS
    return response


def _files(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [citation["file"] for citation in response.json()["citations"]]


def _until(server: Server, question: str, wanted: Any) -> None:
    """Asks until the answer is as wanted."""
    end = time.monotonic() + TURN_SECONDS
    while wanted not in _ask(server, question).text:
        assert time.monotonic() < end, "it has not come in time"
        time.sleep(0.2)


def test_both_answer_from_one_index(pair: Pair) -> None:
    assert _files(_ask(pair.first))
    assert _files(_ask(pair.first)) == _files(_ask(pair.second))


def test_a_database_that_is_started_again_is_used_again(pair: Pair) -> None:
    pair.postgres.stop()
    try:
        response = _ask(pair.second)
        assert is_problem(response, 503)
        assert "can't be reached" in response.json()["detail"]
        assert response.headers["retry-after"]
    finally:
        pair.postgres.start()
    assert _files(_ask(pair.second))


def test_a_vector_server_that_is_frozen_or_gone_is_done_without(pair: Pair) -> None:
    wanted = _files(_ask(pair.second))
    pair.chroma.freeze()
    try:
        assert set(wanted) & set(_files(_ask(pair.second)))
    finally:
        pair.chroma.thaw()
    pair.chroma.kill()
    try:
        assert set(wanted) & set(_files(_ask(pair.second)))
    finally:
        pair.chroma.start()
    assert _files(_ask(pair.second)) == wanted


def test_a_folder_that_is_gone_leaves_the_index_as_it_was(pair: Pair) -> None:
    (pair.folder / "seeds").rename(pair.folder / "elsewhere")
    try:
        time.sleep(1)
        assert _files(_ask(pair.second))
    finally:
        (pair.folder / "elsewhere").rename(pair.folder / "seeds")


def test_where_one_is_killed_the_other_takes_over(pair: Pair) -> None:
    pair.first.process.send_signal(signal.SIGKILL)
    pair.first.process.wait()
    assert _files(_ask(pair.second)), "nobody waits for the other one to be missed"
    fill(pair.folder / "seeds", NEW)
    _until(pair.second, NEWS, "4711")
    logs = list((pair.folder / "data").glob("*.log*"))
    assert not any(PASSWORD in log.read_text() for log in logs)
