"""An LLM that fails or is late: told in time, asked again where that helps, and left to rest."""

import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from functools import partial
from typing import Any

import httpx
import pytest

from assistant.faults import Fault, ModelError
from assistant.generating import language_model as model_module
from assistant.generating.language_model import LanguageModel
from index.patience import breaker
from tests import model_server as scripted
from tests.answering import PATIENCE, fresh, language_model
from tests.llm_plays import (
    EVERY_KIND,
    MORE,
    WORDS,
    answer,
    calls,
    failure,
    made,
    performing,
    plays,
    refused,
    says,
    streamed,
)
from tests.model_server import ModelServer, nobody_there

# What befalls the server, what it means, and how many requests it takes to know.
FAULTS = [
    (scripted.Fault.UNAUTHORISED, Fault.UNAUTHORISED, 1),
    (scripted.Fault.BUSY, Fault.BUSY, 3),
    (scripted.Fault.FAILED, Fault.FAILED, 3),
    (scripted.Fault.STOPS, Fault.BROKEN_OFF, 1),
    (scripted.Fault.HALF, Fault.BROKEN_OFF, 1),
    (scripted.Fault.HANGS, Fault.LATE, 1),
    (scripted.Fault.SILENT, Fault.LATE, 1),
    (scripted.Fault.EMPTY, Fault.EMPTY, 1),
    (scripted.Fault.INVALID, Fault.BROKEN_OFF, 1),
    (scripted.Fault.CUT, Fault.ENDLESS, 1),
]


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    """The server, to which nothing has happened yet."""
    return fresh(running, lambda messages: WORDS)


@pytest.fixture
def another() -> Iterator[Callable[..., LanguageModel]]:
    """Makes an LLM of the other kind, which does as it is told."""
    calls.clear()
    yield performing
    plays.clear()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly a pause before the next attempt."""
    monkeypatch.setattr(model_module, "_PAUSE", 0.01)


def listening() -> list[threading.Thread]:
    """The threads in which LLMs are listened to."""
    return [thread for thread in threading.enumerate() if "_listen" in thread.name]


def none_listens() -> bool:
    """Whether all of them end soon."""
    until = time.monotonic() + 5
    while listening() and time.monotonic() < until:
        time.sleep(0.01)
    return not listening()


# Faults


@EVERY_KIND
@pytest.mark.parametrize(("befalls", "means", "requests"), FAULTS, ids=lambda each: str(each))
def test_each_fault_is_told_in_time_and_only_what_may_pass_is_asked_again(
    kind: str,
    befalls: scripted.Fault,
    means: Fault,
    requests: int,
    server: ModelServer,
    hasty: None,
) -> None:
    server.fault = befalls
    assert failure(made(server, 0.6 if means is Fault.LATE else PATIENCE, kind)).fault is means
    assert len(server.requests) == requests


@EVERY_KIND
def test_a_connection_that_is_refused_is_tried_again(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "_PAUSE", 0.1)
    began = time.monotonic()
    error = failure(language_model(nobody_there(), 1.5, llm=f"{kind}:scripted"))
    assert error.fault is Fault.UNREACHABLE
    assert time.monotonic() - began >= 0.1 + 0.2, "two pauses"


@EVERY_KIND
@pytest.mark.parametrize("befalls", [scripted.Fault.FAILED, scripted.Fault.BUSY])
def test_after_one_failure_the_answer_may_come(
    kind: str, befalls: scripted.Fault, server: ModelServer
) -> None:
    server.fault, server.times = befalls, 1
    assert answer(made(server, kind=kind)) == WORDS
    assert len(server.requests) == 2


def test_attempts_end_with_the_time(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "_PAUSE", 2.0)
    server.fault = scripted.Fault.FAILED
    assert failure(made(server, 3.0)).fault is Fault.FAILED
    assert len(server.requests) == 2, "before the third it would be over"


def test_a_busy_server_is_left_for_as_long_as_it_asks(server: ModelServer) -> None:
    asked: list[float] = []
    server.reply = lambda messages: asked.append(time.monotonic()) or WORDS
    server.fault, server.times, server.retry_after = scripted.Fault.BUSY, 1, 0.8
    assert answer(made(server)) == WORDS
    assert asked[1] - asked[0] >= 0.8


def test_the_time_that_a_server_asks_for_may_be_a_date(
    another: Callable[..., LanguageModel],
) -> None:
    after = int(time.time()) + 2
    model = another(says(refused(formatdate(after, usegmt=True))), says(WORDS))
    assert answer(model) == WORDS
    assert calls[1] >= after > calls[0]


@pytest.mark.parametrize("when", ["", "soon", "-5", "nan", "0", formatdate(0, usegmt=True)])
def test_a_time_that_says_nothing_is_a_moment(
    when: str, another: Callable[..., LanguageModel]
) -> None:
    assert answer(another(says(refused(when)), says(WORDS))) == WORDS
    assert calls[1] - calls[0] >= 0.2


def test_a_server_that_is_busy_for_longer_is_given_up_at_once(server: ModelServer) -> None:
    server.fault, server.retry_after = scripted.Fault.BUSY, 10
    began = time.monotonic()
    error = failure(made(server, 8))
    assert (error.fault, error.retry_after) == (Fault.BUSY, 10)
    assert time.monotonic() - began < 5
    assert len(server.requests) == 1


@pytest.mark.parametrize("seconds", ["3600", "inf", formatdate(2**32, usegmt=True)])
def test_nobody_waits_for_longer_than_the_time(
    seconds: str, another: Callable[..., LanguageModel]
) -> None:
    assert failure(another(says(refused(seconds)))).fault is Fault.BUSY
    assert len(calls) == 1


@EVERY_KIND
def test_nothing_is_asked_again_once_words_have_come(kind: str, server: ModelServer) -> None:
    server.fault = scripted.Fault.STOPS
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        for piece in streamed(made(server, kind=kind)):
            heard.append(piece)
    assert caught.value.fault is Fault.BROKEN_OFF
    assert heard
    assert WORDS.startswith(heard[-1])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (httpx.ConnectError("no"), Fault.UNREACHABLE),
        (refused("0"), Fault.BUSY),
        (RuntimeError("no"), Fault.FAILED),
    ],
    ids=["refused", "busy", "failed"],
)
def test_what_would_be_worth_another_attempt_is_not_after_words(
    error: Exception, means: Fault, another: Callable[..., LanguageModel], hasty: None
) -> None:
    assert failure(another(says("Seit ", error), says(WORDS))).fault is means
    assert len(calls) == 1
    assert answer(another(says(error), says(WORDS))) == WORDS


# Time


def test_the_deadline_ends_an_endless_answer(server: ModelServer) -> None:
    server.fault = scripted.Fault.ENDLESS
    heard: list[str] = []
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        for piece in streamed(made(server, 0.5)):
            heard.append(piece)
    assert caught.value.fault is Fault.LATE
    assert time.monotonic() - began < 0.5 + MORE
    assert heard
    assert none_listens()


def test_an_answer_is_ended_that_is_longer_than_any(server: ModelServer) -> None:
    server.reply = lambda messages: "lang" * 100
    server.fault = scripted.Fault.ENDLESS
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        for piece in streamed(made(server)):
            heard.append(piece)
    assert caught.value.fault is Fault.ENDLESS
    assert 4_000 < len(heard[-1]) < 16_000
    assert none_listens()


def test_the_deadline_holds_for_what_waits_to_be_heard_too(
    another: Callable[..., LanguageModel],
) -> None:
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        for piece in streamed(another(says(*("a " * 100)), seconds=0.3)):
            heard.append(piece)
            time.sleep(0.02)
    assert caught.value.fault is Fault.LATE
    assert len(heard) < 20


def test_a_client_that_never_returns_is_left_behind(
    another: Callable[..., LanguageModel],
) -> None:
    gone = threading.Event()

    def hangs(prompt: str) -> Iterator[tuple[str, Any]]:
        gone.wait(PATIENCE)
        yield "zu spät", None

    model = another(hangs, seconds=0.5)
    assert failure(model).fault is Fault.LATE
    assert listening()
    gone.set()
    assert none_listens()


def test_pieces_without_words_do_not_prolong_the_time(
    another: Callable[..., LanguageModel],
) -> None:
    def pulses(prompt: str) -> Iterator[tuple[str, Any]]:
        while True:
            time.sleep(0.001)
            yield "", None

    assert failure(another(pulses, seconds=0.5)).fault is Fault.LATE
    assert none_listens()


def test_who_stops_listening_ends_the_request_soon(server: ModelServer) -> None:
    server.fault = scripted.Fault.ENDLESS
    model = made(server)
    pieces = streamed(model)
    assert next(pieces)
    assert listening()
    pieces.close()  # type: ignore[attr-defined]
    assert none_listens()
    server.fault = None
    assert answer(model) == WORDS


# Rest


def test_after_three_failures_in_a_row_it_is_left_alone(server: ModelServer, hasty: None) -> None:
    model = made(server)
    server.fault = scripted.Fault.UNAUTHORISED
    assert [failure(model).fault for _ in range(3)] == [Fault.UNAUTHORISED] * 3
    server.fault = None
    server.requests.clear()
    assert [failure(model).fault for _ in range(2)] == [Fault.RESTING] * 2
    assert server.requests == []


def test_after_its_rest_it_is_asked_again(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "breaker", partial(breaker, pause=0.4))
    model = made(server)
    server.fault = scripted.Fault.UNAUTHORISED
    for _ in range(3):
        failure(model)
    time.sleep(0.5)
    assert failure(model).fault is Fault.UNAUTHORISED, "asked once,"
    assert failure(model).fault is Fault.RESTING, "and left alone again"
    server.fault = None
    time.sleep(0.5)
    assert [answer(model), answer(model)] == [WORDS, WORDS]
    server.fault = scripted.Fault.UNAUTHORISED
    assert [failure(model).fault for _ in range(3)] == [Fault.UNAUTHORISED] * 3, "counted anew"


def test_failures_with_an_answer_between_them_are_not_in_a_row(server: ModelServer) -> None:
    model = made(server)
    for _ in range(3):
        server.fault = scripted.Fault.EMPTY
        assert [failure(model).fault for _ in range(2)] == [Fault.EMPTY] * 2
        server.fault = None
        assert answer(model) == WORDS


def test_who_stops_listening_is_no_failure_of_the_llm(server: ModelServer) -> None:
    model = made(server)
    for _ in range(4):
        pieces = streamed(model)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
    assert answer(model) == WORDS
