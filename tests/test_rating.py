"""What the page sends when a reader says whether an answer helped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from assistant.settings import Settings
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.conversations import Conversations, ConversationsInMemory
from assistant.web.chat.rating import router
from assistant.web.guard import problems
from assistant.web.record import Rating, Record
from assistant.web.server import create_app
from assistant.web.view import View
from index.storage.feedback import MAX_COMMENT_CHARACTERS, Feedback
from tests.browser.scripted import ScriptedAssistant

FOREIGN = "https://evil.example"
QUESTIONS = ["Wie viele?", "Wetter auf dem Mars?"]
LONGEST = "ä" * MAX_COMMENT_CHARACTERS


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    with Feedback(tmp_path / "catalogue.sqlite") as opened:
        yield opened


@pytest.fixture
def conversations() -> Conversations:
    return ConversationsInMemory()


@pytest.fixture
def client(conversations: Conversations, feedback: Feedback) -> TestClient:
    return _client(conversations, Record(feedback))


@pytest.fixture
def conversation(conversations: Conversations) -> Conversation:
    """Two answers, a failure, and a question that is still being answered."""
    begun, assistant = conversations.begin(View()), ScriptedAssistant()
    for question in (*QUESTIONS, "Das geht kaputt"):
        turn = begun.ask(question)
        assert turn
        turn.finish(assistant.ask(question) if question in QUESTIONS else None)
    assert begun.ask("Bitte warte")
    return begun


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The whole application, which knows no conversation yet."""
    path = tmp_path_factory.mktemp("rating") / "catalogue.sqlite"
    settings = Settings(cors_origins=("https://intranet.example",))
    with (
        Feedback(path) as feedback,
        TestClient(create_app(ScriptedAssistant(), settings, feedback=feedback)) as client,
    ):
        yield client


def _client(conversations: Conversations, record: Record) -> TestClient:
    app = FastAPI()
    problems.register(app, lambda guarded: guarded)
    app.include_router(router(conversations, record))
    return TestClient(app)


def _rated(conversation: Conversation, /, **more: Any) -> dict[str, Any]:
    token = conversation.view.conversation
    return {"conversation": token, "turn": 1, "helpful": True, "comment": ""} | more


def _send(client: TestClient, conversation: Conversation, /, **more: Any) -> Response:
    return client.post("/rating", json=_rated(conversation, **more))


def _stored(feedback: Feedback) -> list[tuple[str, bool | None, str]]:
    return [(entry.question, entry.helpful, entry.comment) for entry in feedback.entries()]


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("helpful", [True, False])
def test_what_a_reader_says_of_a_turn_is_stored(
    client: TestClient, conversation: Conversation, feedback: Feedback, turn: int, helpful: bool
) -> None:
    response = _send(client, conversation, turn=turn, helpful=helpful, comment=" Zu kurz.\n ")
    assert (response.status_code, response.content) == (204, b"")
    assert _stored(feedback) == [(QUESTIONS[turn - 1], helpful, "Zu kurz.")]
    assert conversation.turns[turn - 1].rating == Rating(helpful, "Zu kurz.")


def test_it_can_be_changed_and_taken_back(
    client: TestClient, conversation: Conversation, feedback: Feedback
) -> None:
    for helpful, comment in ((True, ""), (False, ""), (False, "Warum?"), (False, "")):
        assert _send(client, conversation, helpful=helpful, comment=comment).status_code == 204
        assert _stored(feedback) == [(QUESTIONS[0], helpful, comment)]
    assert _send(client, conversation, helpful=None).status_code == 204
    assert (_stored(feedback), conversation.turns[0].rating) == ([], None)


@pytest.mark.parametrize("comment", [LONGEST, f"\n {LONGEST} \n", "x\n\n👩‍🔬 <b>&amp;", ""])
def test_any_comment_up_to_the_limit_is_taken(
    client: TestClient, conversation: Conversation, feedback: Feedback, comment: str
) -> None:
    assert _send(client, conversation, comment=comment).status_code == 204
    assert _stored(feedback) == [(QUESTIONS[0], True, comment.strip())]


@pytest.mark.parametrize(
    "changed",
    [
        {"conversation": "x" * 22},
        {"conversation": ""},
        {"turn": 3},
        {"turn": 4},
        {"turn": 5},
        {"turn": 10**30},
    ],
    ids=["token", "no token", "failed", "not answered yet", "not asked", "far out"],
)
@pytest.mark.parametrize("helpful", [True, None])
def test_what_is_no_answer_is_not_found(
    client: TestClient,
    conversation: Conversation,
    feedback: Feedback,
    changed: dict[str, object],
    helpful: bool | None,
) -> None:
    response = _send(client, conversation, helpful=helpful, **changed)
    assert response.status_code == 404
    assert _stored(feedback) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"comment": f"{LONGEST}x"},
        {"comment": None},
        {"comment": 5},
        {"helpful": "maybe"},
        {"turn": 0},
        {"turn": -1},
        {"turn": 1.5},
        {"turn": "one"},
        {"turn": None},
        {"conversation": "x" * 65},
        {"conversation": None},
        {"other": 1},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(
    client: TestClient, conversation: Conversation, feedback: Feedback, changed: dict[str, object]
) -> None:
    assert _send(client, conversation, **changed).status_code == 422
    assert _stored(feedback) == []


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None],
)
def test_only_json_is_read_for_which_a_foreign_page_must_ask_leave(
    client: TestClient, conversation: Conversation, feedback: Feedback, content_type: str | None
) -> None:
    body = json.dumps(_rated(conversation)).encode()
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = client.post("/rating", content=body, headers={"Origin": FOREIGN, **headers})
    assert response.status_code == 422
    assert _stored(feedback) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"comment": "\\ud800"}', b"\xff"])
def test_what_is_no_rating_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/rating", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)


def test_where_nothing_is_kept_nothing_can_be_rated(
    conversations: Conversations, conversation: Conversation
) -> None:
    assert _send(_client(conversations, Record(None)), conversation).status_code == 404
    assert conversation.turns[0].rating is None


def test_a_rating_counts_as_a_sign_of_life(feedback: Feedback) -> None:
    now = 0.0
    conversations = ConversationsInMemory(idle=60, clock=lambda: now)
    conversation = conversations.begin(View())
    client = _client(conversations, Record(feedback))
    now = 50
    assert _send(client, conversation).status_code == 404, "there is no answer"
    now = 100
    assert conversations.find(conversation.view.conversation) is conversation


# In the whole application


@pytest.mark.parametrize("origin", [FOREIGN, "https://intranet.example", "null"])
def test_no_other_page_gets_leave_to_rate(whole: TestClient, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for response in (
        whole.options("/rating", headers=asked),
        whole.post("/rating", headers={"Origin": origin}, json={}),
    ):
        assert not response.is_success
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("body", "status"), [({"conversation": "x" * 22, "turn": 1, "helpful": True}, 404), ({}, 422)]
)
def test_it_says_what_is_wrong_as_all_of_our_addresses_do(
    whole: TestClient, body: dict[str, object], status: int
) -> None:
    response = whole.post("/rating", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert "frame-ancestors" in response.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_refused(whole: TestClient, method: str) -> None:
    assert whole.request(method, "/rating").status_code in (404, 405)


def test_it_is_no_part_of_the_interface_for_programs(whole: TestClient) -> None:
    assert "/rating" not in whole.get("/openapi.json").text
