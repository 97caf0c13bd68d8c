"""Conversations that browsers keep: taken there as they are, and back as far as they make sense."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.chat.conversation import ChatTurn
from assistant.web.chat.conversations import ConversationsInMemory
from assistant.web.chat.keeping import MOST_TURNS, KeptTurn, router
from assistant.web.guard.limits import RateLimitInMemory
from assistant.web.server import create_app
from assistant.web.view import View
from tests.browser.scripted import ScriptedAssistant

QUESTION = "Wie viele, und alles?"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(ScriptedAssistant(), Settings(rate_limit="off"))) as client:
        yield client


def _kept(**changes: Any) -> dict[str, Any]:
    answer = ScriptedAssistant().ask(QUESTION).as_json()
    return {"question": QUESTION, "state": "answered", "answer": answer | changes}


def test_a_turn_comes_back_as_it_was_taken() -> None:
    turn = KeptTurn.model_validate(_kept()).turn()
    assert turn.answer
    assert turn.answer.as_json() == _kept()["answer"]
    assert turn.is_restored


def test_a_conversation_goes_to_the_browser_and_back(client: TestClient) -> None:
    turns = [_kept(), {"question": "Und?", "state": "stopped", "answer": None}]
    restored = client.post("/conversation?lang=fr&theme=dark", json={"turns": turns})
    assert restored.status_code == 201
    again = client.post("/conversation/turns", json=restored.json())
    assert again.json() == {"turns": turns}
    drawn = client.post(
        f"/gradio_api/run/predict?lang=fr&conversation={restored.json()['conversation']}",
        json={"data": [], "fn_index": 0, "session_hash": "abc"},
    ).json()["data"]
    assert "45" in str(drawn)
    assert "restored" in str(drawn), "its reader is told"


def test_what_is_not_at_its_end_is_not_kept() -> None:
    conversations = ConversationsInMemory()
    conversation = conversations.begin(View())
    conversation.turns = [ChatTurn("Wer?", state="failed"), ChatTurn("Wo?")]
    asked = {"conversation": conversation.view.conversation}
    app = FastAPI()
    app.include_router(router(conversations, RateLimitInMemory("off")))
    with TestClient(app) as alone:
        kept = alone.post("/conversation/turns", json=asked).json()["turns"]
    assert [turn["question"] for turn in kept] == ["Wer?"]


@pytest.mark.parametrize(
    "turns",
    [
        [],
        [_kept()] * (MOST_TURNS + 1),
        [_kept(language="../de")],
        [_kept(mode="told")],
        [{**_kept(), "state": "searching"}],
        [{**_kept(), "answer": None}],
        [{**_kept(), "entry": 3}],
        [{**_kept(), "question": "x" * 100_000}],
        [_kept(citations=[{**_kept()["answer"]["citations"][0], "highlight": [900, 2]}])],
    ],
)
def test_what_makes_no_conversation_is_refused(client: TestClient, turns: list[Any]) -> None:
    assert client.post("/conversation", json={"turns": turns}).status_code == 422


def test_a_conversation_that_nobody_has_is_not_found(client: TestClient) -> None:
    asked = {"conversation": "x" * 20}
    assert client.post("/conversation/turns", json=asked).status_code == 404
