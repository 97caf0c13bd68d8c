"""The LLM as the rest sees it: pieces of text until a moment, or a fault, and never a hang."""

import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
)

from assistant.faults import Fault
from assistant.generating import language_model as model_module
from assistant.generating.language_model import LanguageModel
from index.patience import FAILURES
from tests import model_server as scripted
from tests.answering import KEY, PATIENCE, fresh, language_model
from tests.llm_plays import (
    EVERY_KIND,
    MORE,
    WORDS,
    Another,
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
from tests.model_server import ModelServer


def ends_for(*reasons: str | None) -> list[dict[str, Any]]:
    """What llama.cpp's client tells beside each piece."""
    return [{"choices": [{"text": "", "finish_reason": reason}]} for reason in reasons]


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
