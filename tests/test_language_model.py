"""The LLM as the rest sees it: pieces of text until a moment, or a fault, and never a hang."""

import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.utils import formatdate
from functools import partial
from typing import Any

import httpx
import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
)

from assistant.faults import Fault, ModelError
from assistant.generating import language_model as model_module
from assistant.generating.language_model import LanguageModel
from index.patience import FAILURES, breaker
from tests import model_server as scripted
from tests.answering import KEY, PATIENCE, OfAnotherKind, fresh, language_model
from tests.model_server import ModelServer, model_server, nobody_there

WORDS = "Seit April 2024 gehört sie dazu. [1] Es sind 45. [2]"
PROMPT = [ChatMessage(role="user", content="Seit wann?")]
MORE = 1.0  # seconds that all may take beside the time-out
KINDS = ("openai-like", "ollama")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
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


class Another(OfAnotherKind):
    """An LLM of a kind that we don't know: each time it is asked it does the next of `plays`."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        calls.append(time.time())
        play = plays[min(len(calls), len(plays)) - 1]
        return (CompletionResponse(text="", delta=delta, raw=raw) for delta, raw in play(prompt))


Play = Callable[[str], Iterator[tuple[str, Any]]]
plays: list[Play] = []
calls: list[float] = []  # when it was asked


def says(*said: str | Exception, raw: Sequence[Any] = ()) -> Play:
    """A play of pieces and of exceptions that are raised, with what is told beside each piece."""

    def play(prompt: str) -> Iterator[tuple[str, Any]]:
        for number, piece in enumerate(said):
            if isinstance(piece, Exception):
                raise piece
            yield piece, raw[number] if raw else None

    return play


def ends_for(*reasons: str | None) -> list[dict[str, Any]]:
    """What llama.cpp's client tells beside each piece."""
    return [{"choices": [{"text": "", "finish_reason": reason}]} for reason in reasons]


def refused(retry_after: str) -> Exception:
    response = httpx.Response(429, headers={"Retry-After": retry_after})
    return httpx.HTTPStatusError(
        "429", request=httpx.Request("POST", "http://h"), response=response
    )


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    """The server, to which nothing has happened yet."""
    return fresh(running, lambda messages: WORDS)


@pytest.fixture
def another() -> Iterator[Callable[..., LanguageModel]]:
    """Makes an LLM of the other kind, which does as it is told."""

    def make(*told: Play, seconds: float = PATIENCE) -> LanguageModel:
        plays[:] = told
        return language_model(None, seconds, llm=f"{__name__}.Another:any")

    calls.clear()
    yield make
    plays.clear()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly a pause before the next attempt."""
    monkeypatch.setattr(model_module, "_PAUSE", 0.01)


def made(
    server: ModelServer, seconds: float = PATIENCE, kind: str = "openai-like"
) -> LanguageModel:
    url = server.url if kind == "openai-like" else server.root
    return language_model(url, seconds, llm=f"{kind}:scripted")


def streamed(model: LanguageModel) -> Iterator[str]:
    return model.stream(PROMPT, time.monotonic() + model.seconds)


def answer(model: LanguageModel) -> str:
    return model.complete(PROMPT, time.monotonic() + model.seconds)


def failure(model: LanguageModel) -> ModelError:
    """How it fails, within the time."""
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        answer(model)
    assert time.monotonic() - began < model.seconds + MORE
    return caught.value


def listening() -> list[threading.Thread]:
    """The threads in which LLMs are listened to."""
    return [thread for thread in threading.enumerate() if "_listen" in thread.name]


def none_listens() -> bool:
    """Whether all of them end soon."""
    until = time.monotonic() + 5
    while listening() and time.monotonic() < until:
        time.sleep(0.01)
    return not listening()


# What it says


@EVERY_KIND
def test_pieces_come_as_they_are_said(kind: str, server: ModelServer) -> None:
    server.fault, server.pause = scripted.Fault.SLOW, 0.05
    heard = [(piece, time.monotonic()) for piece in streamed(made(server, kind=kind))]
    assert heard[-1][0] == WORDS
    assert len(heard) == len(WORDS.split())
    assert heard[-1][1] - heard[0][1] > 0.2, "the first came long before the last was said"


def test_the_prompt_is_what_the_llm_is_asked(server: ModelServer) -> None:
    server.reply = lambda messages: f"{messages[0]['role']}: {messages[0]['content']}"
    assert answer(made(server)) == "user: Seit wann?"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("<think>Wer fragt das? [1]</think>Seit April.", "Seit April."),
        ("\n <think>\nHm.\n\nHm!\n</think>\n\nSeit April.", "\n\nSeit April."),
        ("<think></think> Seit April.", " Seit April."),
        ("<think> 1 < 2 </thin </think> Seit <think>Hm.</think>April.", " Seit April."),
        ("<denken> ist ein Wort.", "<denken> ist ein Wort."),
        ("< 5 sind es.", "< 5 sind es."),
        (" Seit April.", " Seit April."),
    ],
)
def test_what_a_model_thinks_aloud_is_left_out(
    said: str, heard: str, another: Callable[..., LanguageModel]
) -> None:
    assert answer(another(says(said))) == heard
    assert answer(another(says(*said))) == heard, "letter by letter"


@pytest.mark.parametrize(
    "said", ["", " \n", "<think>Hm.</think>", "<think>Hm.</think> \n", "<think>Hm", "Hm.</think>"]
)
def test_to_think_alone_is_no_answer(said: str, another: Callable[..., LanguageModel]) -> None:
    assert failure(another(says(said))).fault is Fault.EMPTY
    assert failure(another(says(*said))).fault is Fault.EMPTY


def test_several_threads_may_ask_at_once(server: ModelServer) -> None:
    server.reply = lambda messages: str(messages[0]["content"])
    server.fault, server.pause = scripted.Fault.SLOW, 0.01
    model = made(server)

    def asked(number: int) -> str:
        prompt = [ChatMessage(role="user", content=f"Frage {number} von vielen, {number}.")]
        return model.complete(prompt, time.monotonic() + PATIENCE)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(asked, range(36)))
    assert answers == [f"Frage {number} von vielen, {number}." for number in range(36)]


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
    assert failure(made(server, 0.6 if means is Fault.LATE else 1.5, kind)).fault is means
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
    monkeypatch.setattr(model_module, "_PAUSE", 0.4)
    server.fault = scripted.Fault.FAILED
    assert failure(made(server, 0.6)).fault is Fault.FAILED
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


# What servers don't take


@pytest.mark.parametrize(
    ("rejects", "sent"),
    [
        (("max_tokens",), {"max_completion_tokens", "temperature"}),
        (("max_tokens", "max_completion_tokens"), {"temperature"}),
        (("temperature",), {"max_tokens"}),
        (("temperature", "max_tokens"), {"max_completion_tokens"}),
    ],
)
def test_what_a_server_refuses_to_be_asked_is_left_out_from_then_on(
    rejects: tuple[str, ...], sent: set[str], server: ModelServer
) -> None:
    server.rejects, model = rejects, made(server)
    assert answer(model) == WORDS
    assert len(server.requests) == 1 + len(rejects)
    assert answer(model) == WORDS
    assert len(server.requests) == 2 + len(rejects), "it is known by now"
    optional = {"max_tokens", "max_completion_tokens", "temperature"}
    assert optional & server.requests[-1].body.keys() == sent


def test_where_thoughts_use_up_the_tokens_it_is_asked_without_a_limit(server: ModelServer) -> None:
    server.reply = lambda messages: f"<think>{'Hm. ' * 1_500}</think>{WORDS}"
    server.counts, model = True, made(server)
    assert answer(model) == WORDS
    assert ["max_tokens" in request.body for request in server.requests] == [True, False]


def test_the_log_has_what_the_server_said_but_no_key(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.rejects = ("messages",)
    assert failure(made(server)).fault is Fault.FAILED
    assert "Unsupported parameter: 'messages'" in caplog.text
    assert KEY not in caplog.text


def test_who_still_thinks_is_told_from_who_hangs(server: ModelServer) -> None:
    server.reply = lambda messages: f"<think> {'Hm. ' * 500}"
    server.fault, server.pause = scripted.Fault.SLOW, 0.05
    assert failure(made(server, 1.5)).fault is Fault.STILL_THINKING
    server.fault = scripted.Fault.HANGS
    assert failure(made(server, 1.0)).fault is Fault.LATE


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


# What is told of it


@pytest.mark.parametrize(
    "befalls",
    [
        *(scripted.Fault.UNAUTHORISED, scripted.Fault.FAILED, scripted.Fault.BUSY),
        *(scripted.Fault.STOPS, scripted.Fault.INVALID, None),
    ],
    ids=str,
)
def test_nothing_of_the_key_is_told(
    befalls: scripted.Fault | None,
    server: ModelServer,
    hasty: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.fault = befalls
    model = made(server, 2)
    if befalls:
        error = failure(model)
        assert KEY not in "".join(traceback.format_exception(error))
        assert f"No answer of the LLM: {error}" in caplog.text
    else:
        answer(model)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert "POST" in caplog.text, "the clients tell what they do"
    assert KEY not in caplog.text
    assert KEY not in repr(model)


def test_the_words_of_a_clients_exception_are_not_logged(
    another: Callable[..., LanguageModel], hasty: None, caplog: pytest.LogCaptureFixture
) -> None:
    assert failure(another(says(RuntimeError(f"bad key {KEY}")))).fault is Fault.FAILED
    assert "No answer of the LLM: failed (RuntimeError)." in caplog.text
    assert KEY not in caplog.text


# Other kinds


def test_an_llm_of_another_kind_is_heard_as_well(another: Callable[..., LanguageModel]) -> None:
    model = another(says("Seit ", "April.", ""))
    assert [*streamed(model)] == ["Seit ", "Seit April."], "it tells no reason for its end"


@pytest.mark.parametrize(
    ("reason", "fault"), [(None, Fault.BROKEN_OFF), ("length", Fault.ENDLESS), ("stop", None)]
)
def test_the_reason_for_an_end_is_read_from_dictionaries_too(
    reason: str | None, fault: Fault | None, another: Callable[..., LanguageModel]
) -> None:
    model = another(says("Seit ", "April.", raw=ends_for(None, reason)))
    if fault:
        assert failure(model).fault is fault
    else:
        assert answer(model) == "Seit April."


def test_an_end_before_any_word_is_told_at_once(another: Callable[..., LanguageModel]) -> None:
    model = another(says("", raw=ends_for(None)))
    assert failure(model).fault is Fault.BROKEN_OFF
    assert failure(another(says("", raw=ends_for("stop")))).fault is Fault.EMPTY


@pytest.mark.parametrize(
    ("error", "means", "attempts"),
    [
        (httpx.ReadTimeout("no"), Fault.LATE, 1),
        (TimeoutError(), Fault.LATE, 1),
        (httpx.ConnectError("no"), Fault.UNREACHABLE, 3),
        (ConnectionRefusedError(), Fault.UNREACHABLE, 3),
        (httpx.ReadError("no"), Fault.BROKEN_OFF, 1),
        (ConnectionResetError(), Fault.BROKEN_OFF, 1),
        (ValueError("no"), Fault.FAILED, 3),
        (refused("0"), Fault.BUSY, 3),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_the_exceptions_of_any_client_are_understood(
    error: Exception,
    means: Fault,
    attempts: int,
    another: Callable[..., LanguageModel],
    hasty: None,
) -> None:
    assert failure(another(says(error))).fault is means
    assert len(calls) == attempts


def test_an_exception_is_understood_by_its_cause(
    another: Callable[..., LanguageModel], hasty: None
) -> None:
    wrapped = RuntimeError("It did not work.")
    wrapped.__cause__ = httpx.ConnectTimeout("no")
    assert failure(another(says(wrapped))).fault is Fault.LATE


# Whether it can be reached


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/nothing"])
def test_a_server_that_answers_to_anything_is_reachable_and_is_asked_nothing(
    path: str, server: ModelServer
) -> None:
    assert LanguageModel(never_asked(), PATIENCE, 3000, server.root + path).is_reachable()
    assert server.requests == []


@pytest.mark.parametrize(
    "address", ["https://no.such.host.invalid/v1", "http://127.0.0.1:1", "ftp://x"]
)
def test_a_server_that_is_not_there_is_not_reachable(address: str) -> None:
    assert not LanguageModel(never_asked(), PATIENCE, 3000, address).is_reachable()


@pytest.mark.parametrize("words", [b"", b"Hello\r\n", b"HTTP/1.1 200 OK\r\nX: 1\r\n"])
def test_a_server_that_does_not_answer_in_time_is_not_reachable(words: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as open_ones:

        def speak() -> None:
            connection, _ = listener.accept()
            open_ones.enter_context(connection).sendall(words)

        speaking = threading.Thread(target=speak)
        speaking.start()
        started = time.monotonic()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert not LanguageModel(never_asked(), PATIENCE, 3000, address).is_reachable()
        assert time.monotonic() - started < 2 + MORE
        speaking.join()


def test_no_key_is_sent_to_see_whether_a_server_is_there(server: ModelServer) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hear() -> None:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(10_000))
                connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

        hearing = threading.Thread(target=hear)
        hearing.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        llm = language_model(address)
        assert LanguageModel(llm._llm, PATIENCE, 3000, address).is_reachable()
        hearing.join()
    assert heard[0].startswith(b"GET /v1 ")
    assert KEY.encode() not in heard[0]
    assert b"authorization" not in heard[0].lower()


def test_without_an_address_it_counts_whether_it_failed_of_late(
    another: Callable[..., LanguageModel], hasty: None
) -> None:
    model = another(says(httpx.ConnectError("no")))
    assert model.is_reachable(), "it has not been asked yet"
    for _ in range(FAILURES):
        assert model.is_reachable()
        failure(model)
    assert not model.is_reachable()


def never_asked() -> Another:
    return Another(model="any")
