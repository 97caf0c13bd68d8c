"""How many questions the server answers at once, and who waits; over real HTTP."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import anyio
import httpx
import pytest

from assistant.answer import Answer, Delta, Progress
from assistant.web import server
from assistant.web.guard.limits import Places
from tests.answering import settings
from tests.browser.scripted import ScriptedAssistant
from tests.limits_app import PATIENCE, served, wait_until
from tests.problems import is_problem

EVENTS = {"Accept": "text/event-stream"}


async def _never() -> None:
    await anyio.sleep_forever()


def test_places_are_given_in_turn_and_to_nobody_who_is_gone() -> None:
    told = asyncio.run(_three_wait_for_a_place_and_one_goes())
    assert told == [("gone", False), ("first", True), ("second", True), ("none is lost", True)]


async def _three_wait_for_a_place_and_one_goes() -> list[tuple[str, bool]]:
    """Who was told, in turn, whether they have a place."""
    places, gone = Places(1, 3), anyio.Event()
    told: list[tuple[str, bool]] = []

    async def wait(name: str, gone: Callable[[], Awaitable[None]]) -> None:
        async with places.taken(gone) as has_place:
            told.append((name, has_place))

    async with anyio.create_task_group() as group:
        async with places.taken(_never) as has_place:
            assert has_place
            for name, their in (("first", _never), ("gone", gone.wait), ("second", _never)):
                group.start_soon(wait, name, their)
                await anyio.wait_all_tasks_blocked()
            async with places.taken(_never) as one_too_many:
                assert not one_too_many
            gone.set()
            await anyio.wait_all_tasks_blocked()
            assert told == [("gone", False)]
        await anyio.wait_all_tasks_blocked()
    await wait("none is lost", _never)
    return told


def test_a_place_is_given_back_by_who_is_cancelled_or_fails() -> None:
    assert asyncio.run(_a_place_is_free_when_some_were_cancelled_and_one_failed())


async def _a_place_is_free_when_some_were_cancelled_and_one_failed() -> bool:
    places = Places(1, 5)
    with anyio.CancelScope() as scope:
        async with places.taken(_never):
            scope.cancel()
            await anyio.sleep_forever()
    with pytest.raises(RuntimeError):
        async with places.taken(_never):
            raise RuntimeError
    async with places.taken(_never), anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(places.taken(_never).__aenter__)
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    async with places.taken(_never) as has_place:
        return has_place


class Slow(ScriptedAssistant):
    """Says a word each 20 ms, and never an answer, where a question wants it endlessly."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = threading.Event()

    def stream(self, question: str, **given: Any) -> Iterator[Progress | Answer]:
        if "endlos" not in question:
            yield from super().stream(question, **given)
            return
        self.asked.append(question)
        try:
            while True:
                time.sleep(0.02)
                yield Delta("Und so weiter")
        finally:
            self.ended.set()


class Room:
    """A real server that answers one question at once, and has `waiting` wait."""

    def __init__(self, url: str, engine: Slow, places: Places) -> None:
        self.url = url
        self.engine = engine
        self._places = places

    def wait_for(self, waiting: int, answered: int = 1) -> None:
        """Until so many questions wait, and so many have been begun to be answered."""
        wait_until(lambda: len(self.engine.asked) == answered)
        wait_until(lambda: self._places._free.statistics().tasks_waiting == waiting)

    def ask(self, question: str = "Wer?") -> httpx.Response:
        body = {"question": question}
        return httpx.post(f"{self.url}/api/ask", json=body, timeout=PATIENCE, trust_env=False)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Room]]:
    """Opens a room, with so many places to wait."""
    made: list[Places] = []

    def noted(_at_once: int, waiting: int) -> Places:
        made.append(Places(1, waiting))
        return made[-1]

    monkeypatch.setattr(server, "Places", noted)
    engine = Slow()
    with ExitStack() as running:

        def opened(waiting: int) -> Room:
            url = running.enter_context(served(engine, settings(max_waiting=waiting)))
            return Room(url, engine, made[-1])

        yield opened
        engine.release.set()


class Asking:
    """A question that is on its way, in a connection of its own that can be broken off."""

    def __init__(self, url: str, question: str, headers: dict[str, str] | None = None) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), PATIENCE)
        body = json.dumps({"question": question}).encode()
        fields = {
            "Host": host,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._socket.sendall(f"POST /api/ask HTTP/1.1\r\n{head}\r\n".encode() + body)

    def status(self) -> int:
        """That of the response, once it begins."""
        return int(self._socket.recv(1024).split()[1])

    def hang_up(self) -> None:
        self._socket.close()


@contextmanager
def asking(url: str, question: str, headers: dict[str, str] | None = None) -> Iterator[Asking]:
    asked = Asking(url, question, headers)
    try:
        yield asked
    finally:
        asked.hang_up()


def test_who_finds_no_place_to_wait_hears_at_once_and_others_in_their_turn(
    start: Callable[[int], Room],
) -> None:
    room = start(2)
    with asking(room.url, "warte") as first:
        room.wait_for(waiting=0)
        with asking(room.url, "eins") as second:
            room.wait_for(waiting=1)
            with asking(room.url, "zwei") as third:
                room.wait_for(waiting=2)
                refused = room.ask()
                assert is_problem(refused, 503)
                assert int(refused.headers["retry-after"]) >= 1
                assert refused.elapsed.total_seconds() < 2
                for path in ("/healthz", "/readyz", "/api/documents", "/"):
                    response = httpx.get(room.url + path, timeout=PATIENCE, trust_env=False)
                    assert response.status_code == 200, "others need not wait"
                assert room.engine.asked == ["warte"]
                room.engine.release.set()
                assert [connection.status() for connection in (first, second, third)] == [200] * 3
    assert room.engine.asked == ["warte", "eins", "zwei"]
    assert room.ask().status_code == 200


def test_a_client_that_stops_waiting_leaves_its_place_to_another(
    start: Callable[[int], Room],
) -> None:
    room = start(1)
    with asking(room.url, "warte") as first:
        room.wait_for(waiting=0)
        with asking(room.url, "gegangen"):
            room.wait_for(waiting=1)
            assert room.ask().status_code == 503
        room.wait_for(waiting=0)
        with asking(room.url, "gekommen") as third:
            room.wait_for(waiting=1)
            room.engine.release.set()
            assert [connection.status() for connection in (first, third)] == [200, 200]
    assert room.engine.asked == ["warte", "gekommen"]


@pytest.mark.parametrize("headers", [EVENTS, {}])
def test_a_place_is_free_and_no_step_more_taken_when_the_client_has_gone(
    start: Callable[[int], Room], headers: dict[str, str]
) -> None:
    room = start(0)
    with asking(room.url, "endlos", headers) as endless:
        if headers:
            assert endless.status() == 200
        room.wait_for(waiting=0)
        assert room.ask().status_code == 503, "a stream keeps its place"
        assert not room.engine.ended.is_set()
    wait_until(room.engine.ended.is_set)
    wait_until(lambda: room.ask().status_code == 200)


def test_an_answer_that_fails_gives_its_place_free(start: Callable[[int], Room]) -> None:
    room = start(0)
    for _ in range(3):
        assert is_problem(room.ask("kaputt"), 500)
    assert room.ask().status_code == 200


def test_many_questions_at_once_are_all_answered(start: Callable[[int], Room]) -> None:
    room = start(30)
    with ExitStack() as connections:
        names = [f"Frage {number}" for number in range(30)]
        asked = [connections.enter_context(asking(room.url, name)) for name in names]
        assert [connection.status() for connection in asked] == [200] * 30
    assert sorted(room.engine.asked) == sorted(names)
