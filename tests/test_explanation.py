"""`ask --explain`: how an answer came about, for an administrator."""

import json

import pytest

from tests.answering import KEY, fresh
from tests.command import FOUNDED, Captured, answers_in, main
from tests.library import NETWORK
from tests.model_server import Fault, ModelServer

pytestmark = pytest.mark.usefixtures("folder")

SAID = "<think>Der März?</think>Das Netzwerk wurde am 14. März 2023 gegründet. [1] Es hat 99. [1]"


@pytest.fixture
def server(running: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    monkeypatch.setenv("LOTSE_LLM", "openai-like:scripted")
    monkeypatch.setenv("LOTSE_LLM_URL", running.url)
    monkeypatch.setenv("LOTSE_LLM_KEY", KEY)
    return fresh(running, lambda messages: SAID)


def test_what_was_found_sent_said_and_judged_is_shown(
    server: ModelServer, capsys: Captured
) -> None:
    assert main("ask", "--explain", FOUNDED) == 0
    shown = capsys.readouterr().out
    (request,) = server.requests
    for message in request.body["messages"]:
        for line in str(message["content"]).splitlines():
            assert line in shown
    assert SAID in shown
    assert NETWORK in shown
    assert "(supported)" in shown
    assert "Es hat 99. (" in shown
    assert KEY not in shown


def test_a_fault_is_shown_with_what_was_said_before_it(
    server: ModelServer, capsys: Captured
) -> None:
    server.fault, server.times = Fault.CUT, 9
    assert main("ask", "--explain", FOUNDED) == 0
    assert "reply (endless)" in capsys.readouterr().out


def test_as_json_the_exchanges_stand_beside_the_answer(
    server: ModelServer, capsys: Captured
) -> None:
    assert main("ask", "--explain", "--json", FOUNDED) == 0
    (answer,) = answers_in(capsys.readouterr().out)
    (exchange,) = answer["exchanges"]
    assert [message["role"] for message in exchange["messages"]] == ["system", "user"]
    assert (exchange["reply"], exchange["fault"]) == (SAID, None)
    assert KEY not in json.dumps(answer)


def test_without_an_llm_what_was_found_is_shown(capsys: Captured) -> None:
    assert main("ask", "--explain", FOUNDED) == 0
    shown = capsys.readouterr().out
    assert "No LLM was asked." in shown
    assert "mode: extractive" in shown


def test_a_document_can_not_steer_the_terminal_through_it(
    server: ModelServer, capsys: Captured
) -> None:
    server.reply = lambda messages: "Es hat\x1b[2J 27 Mitglieder. [1]"
    assert main("ask", "--explain", "Wie viele Mitglieder hat das Netzwerk Nordlicht?") == 0
    assert "\x1b" not in capsys.readouterr().out
