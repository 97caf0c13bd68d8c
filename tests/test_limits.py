"""What the server takes on of one client; over real HTTP where that matters."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from assistant.web.guard import limits
from assistant.web.guard.limits import MAX_BODY_BYTES, BodyLimit, RateLimitInMemory
from assistant.web.server import create_app
from tests.answering import settings
from tests.browser.scripted import ScriptedAssistant
from tests.limits_app import PATIENCE, served
from tests.problems import is_problem

EVENTS = {"Accept": "text/event-stream"}
SOMEBODY, SOMEBODY_ELSE = "203.0.113.7", "198.51.100.1"


# The rate of one client


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time, in seconds from now."""
    started = time.time()
    now = [started]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def set_to(seconds: float) -> None:
        now[0] = started + seconds

    return set_to


def test_a_client_asks_as_many_as_it_may_and_then_waits_for_the_first_to_be_past(
    clock: Callable[[float], None],
) -> None:
    rate = RateLimitInMemory("3/minute")
    waits = []
    for second in (0, 10, 20, 30, 59.5, 60.5, 61, 70.5, 71):
        clock(second)
        waits.append(rate.wait(SOMEBODY))
    assert waits == [0, 0, 0, 30, 1, 0, 9, 0, 9]


def test_what_is_refused_is_not_counted(clock: Callable[[float], None]) -> None:
    rate = RateLimitInMemory("1/minute")
    assert [rate.wait(SOMEBODY) for _ in range(50)] == [0] + [60] * 49
    clock(60.5)
    assert rate.wait(SOMEBODY) == 0


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        (SOMEBODY, SOMEBODY, True),
        (SOMEBODY, "203.0.113.8", False),
        (SOMEBODY, f"::ffff:{SOMEBODY}", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("unknown", "unknown", True),
        ("unknown", "_hidden", False),
        ("", "", True),
    ],
)
def test_clients_are_told_apart_by_address_and_in_ipv6_by_network(
    first: str, second: str, are_one: bool
) -> None:
    rate = RateLimitInMemory("1/hour")
    assert rate.wait(first) == 0
    assert (rate.wait(second) > 0) is are_one


@pytest.mark.parametrize("client", [None, "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_machines_own_programs_may_ask_as_much_as_they_like(client: str | None) -> None:
    rate = RateLimitInMemory("1/day")
    assert [rate.wait(client) for _ in range(20)] == [0] * 20


def test_there_need_be_no_limit() -> None:
    rate = RateLimitInMemory("off")
    assert [rate.wait(SOMEBODY) for _ in range(200)] == [0] * 200


def test_threads_that_ask_at_once_get_no_more_than_there_is() -> None:
    rate, waits = RateLimitInMemory("50/hour"), []
    threads = [
        threading.Thread(target=lambda: waits.extend(rate.wait(SOMEBODY) for _ in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == 50
    assert len(waits) == 160


def test_clients_of_long_ago_are_forgotten(
    clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_REMEMBERED", 5)
    rate = RateLimitInMemory("1/minute")
    for number in range(30):
        clock(number * 61)
        assert rate.wait(f"203.0.113.{number}") == 0
        time.sleep(0.02)  # the storage tidies up in a thread
    assert len(rate._counts.events) < 10


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app(ScriptedAssistant(), settings(rate_limit="2/minute", max_waiting=0))
    with TestClient(app, raise_server_exceptions=False, client=(SOMEBODY, 50000)) as client:
        yield client


@pytest.mark.parametrize("headers", [{}, EVENTS])
def test_too_many_questions_are_a_problem_that_says_when_to_come_again(
    client: TestClient, headers: dict[str, str]
) -> None:
    asked = [client.post("/api/ask", json={"question": "Wer?"}, headers=headers) for _ in range(3)]
    assert [response.status_code for response in asked] == [200, 200, 429]
    assert is_problem(asked[-1], 429)
    assert 1 <= int(asked[-1].headers["retry-after"]) <= 60
    assert client.get("/api/documents").status_code == 200, "only questions are counted"


def test_what_is_no_question_is_not_counted(client: TestClient) -> None:
    for body in ({"question": ""}, {"question": "Wer?", "other": 1}, []):
        assert client.post("/api/ask", json=body).status_code == 422
    assert client.post("/api/ask", content=b"Wer?").status_code == 415
    assert client.post("/api/ask", json={"question": "Wer?"}).status_code == 200


# Who a client is


def _statuses(url: str, forwarded: Sequence[str]) -> list[int]:
    """Of questions that come with X-Forwarded-For, in turn."""
    with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client:
        return [
            client.post(
                "/api/ask", json={"question": "Wer?"}, headers={"X-Forwarded-For": address}
            ).status_code
            for address in forwarded
        ]


def test_a_trusted_proxy_says_who_asks() -> None:
    with served(ScriptedAssistant(), settings(rate_limit="1/hour")) as url:
        assert _statuses(
            url,
            [
                SOMEBODY,
                SOMEBODY,
                SOMEBODY_ELSE,
                f"127.0.0.1, {SOMEBODY}",  # what a client makes up stands before what a proxy adds
                f"192.0.2.9, {SOMEBODY_ELSE}",
                f"192.0.2.9, {SOMEBODY_ELSE}, 127.0.0.1",
                "192.0.2.9",
            ],
        ) == [200, 429, 200, 429, 429, 429, 200]


def test_who_is_no_trusted_proxy_can_not_say_who_asks() -> None:
    given = settings(rate_limit="1/hour", trusted_proxies="192.0.2.1")
    with served(ScriptedAssistant(), given) as url:
        assert _statuses(url, [SOMEBODY] * 4) == [200] * 4, "all from this machine"


# The length of a body

TOO_LONG = MAX_BODY_BYTES + 1
POSTS = ["/api/ask", "/rating", "/gradio_api/queue/join", "/gradio_api/run/predict"]


def pieces(length: int) -> Iterator[bytes]:
    """A body of spaces whose length is not told before."""
    for start in range(0, length, 65_536):
        yield b" " * min(65_536, length - start)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", [lambda: b" " * TOO_LONG, lambda: pieces(TOO_LONG)])
def test_a_body_that_is_too_long_is_a_problem_wherever_it_is_sent(
    client: TestClient, path: str, body: Callable[[], Any]
) -> None:
    headers = {"Content-Type": "application/json"}
    assert is_problem(client.post(path, content=body(), headers=headers), 413)


@pytest.mark.parametrize("body", [lambda: b" " * MAX_BODY_BYTES, lambda: pieces(MAX_BODY_BYTES)])
def test_the_longest_body_is_read(client: TestClient, body: Callable[[], Any]) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/ask", content=body(), headers=headers)
    assert is_problem(response, 422), "it has nothing but spaces"
    question = json.dumps({"question": "Wer?"}).encode()
    padded = question + b" " * (MAX_BODY_BYTES - len(question))
    assert client.post("/api/ask", content=padded, headers=headers).status_code == 200


def _limited(messages: list[Message], headers: Sequence[tuple[bytes, bytes]] = ()) -> list[Message]:
    """What an application that repeats its body sends, behind the limit, for these messages."""
    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}
    sent: list[Message] = []
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(2):
            await send({"type": "received", "message": await receive()})

    asyncio.run(BodyLimit(app)(scope, receive, send))
    return sent


def _piece(body: bytes, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


GONE: Message = {"type": "http.disconnect"}


def test_a_body_comes_as_a_whole_and_what_comes_after_it_too() -> None:
    sent = _limited([_piece(b"ab", True), _piece(b"", True), _piece(b"c", False), GONE])
    assert [passed["message"] for passed in sent] == [_piece(b"abc", False), GONE]


def test_a_client_that_is_gone_in_the_middle_of_its_body_is_gone_for_the_application_too() -> None:
    sent = _limited([_piece(b"ab", True), GONE, GONE])
    assert [passed["message"] for passed in sent] == [GONE, GONE]


@pytest.mark.parametrize("told", [str(TOO_LONG), "9" * 5000, f"000{TOO_LONG}"])
def test_a_length_that_is_told_is_enough_to_refuse(told: str) -> None:
    start, *_ = _limited([], [(b"content-length", told.encode())])
    assert start["status"] == 413


@pytest.mark.parametrize("told", ["nonsense", "-5", "", "²", "0" * 5000])
def test_a_length_that_says_nothing_is_not_relied_on(told: str) -> None:
    sent = _limited([_piece(b"a", False), GONE], [(b"content-length", told.encode("latin-1"))])
    assert sent[0]["message"] == _piece(b"a", False)
    start, *_ = _limited([_piece(b" " * TOO_LONG, True)], [(b"content-length", b"1")])
    assert start["status"] == 413


@pytest.mark.parametrize("headers", [{}, {"Expect": "100-continue"}])
def test_a_client_in_the_middle_of_a_body_hears_that_it_is_too_long(
    headers: dict[str, str],
) -> None:
    with (
        served(ScriptedAssistant(), settings()) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client,
    ):
        headers = {"Content-Type": "application/json", **headers}
        for body in (pieces(4 * TOO_LONG), b" " * 4 * TOO_LONG):
            assert is_problem(client.post("/api/ask", content=body, headers=headers), 413)
        assert client.post("/api/ask", json={"question": "Wer?"}).status_code == 200
