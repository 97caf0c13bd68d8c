"""Questions in OpenAI's form: what its clients don't try by themselves."""

import json
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from assistant.settings import Settings
from assistant.web.api.completion_forms import Message
from assistant.web.api.completion_text import without_sources
from assistant.web.api.completions import conversation
from assistant.web.server import create_app
from index.storage.feedback import Feedback
from tests.browser.scripted import OTHER_QUOTE, QUOTE, ScriptedAssistant

ADDRESS = "/v1/chat/completions"
ASKED = {"model": "clusterlotse", "messages": [{"role": "user", "content": "Wie viele?"}]}


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(ScriptedAssistant()), raise_server_exceptions=False)


def _ask(client: TestClient, question: str, **more: Any) -> httpx.Response:
    body = {**ASKED, "messages": [{"role": "user", "content": question}], **more}
    return client.post(ADDRESS, json=body)


def _content(client: TestClient, question: str) -> str:
    return str(_ask(client, question).json()["choices"][0]["message"]["content"])


def _is_error(response: httpx.Response, status: int) -> bool:
    error = response.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    assert "frame-ancestors" in response.headers["content-security-policy"]
    return response.status_code == status


# Errors


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ("null", 400), ('{"model": 7}', 400), ("\xff", 400), ("", 400)],
)
def test_what_is_no_request_is_an_error_of_openais_form(
    client: TestClient, body: str, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post(ADDRESS, content=body.encode("latin-1"), headers=headers)
    assert _is_error(response, status)


def test_each_other_error_has_that_form_too(client: TestClient) -> None:
    assert _is_error(client.post(ADDRESS, content="x", headers={"Content-Type": "text/xml"}), 415)
    assert _is_error(client.post(ADDRESS, content=b" " * (1024 * 1024 + 1)), 413)
    assert _is_error(client.get("/v1/nothing"), 404)
    assert _is_error(client.get("/v1"), 404)
    wrong = client.get(ADDRESS)
    assert _is_error(wrong, 405)
    assert wrong.headers["allow"] == "POST"
    failed = _ask(client, "kaputt")
    assert _is_error(failed, 500)
    assert "broken on purpose" not in failed.text
    assert _is_error(_ask(client, "kaputt", stream=True), 500)


def test_who_asks_too_much_hears_when_to_come_again() -> None:
    app = create_app(ScriptedAssistant(), Settings(rate_limit="1/hour"))
    client = TestClient(app, client=("192.0.2.7", 5000))
    assert _ask(client, "Wie viele?").status_code == 200
    refused = _ask(client, "Wie viele?")
    assert _is_error(refused, 429)
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(refused.headers["retry-after"]) > 0
    assert client.get("/v1/models").status_code == 200  # which is no question


def test_a_refused_question_is_stored_unless_who_asks_does_not_want_that(tmp_path: Any) -> None:
    with Feedback(tmp_path / "catalogue.sqlite") as feedback:
        client = TestClient(create_app(ScriptedAssistant(), feedback=feedback))
        _ask(client, "Wo liegt der Mars?", store=False)
        assert feedback.entries() == []
        _ask(client, "Wo liegt der Mars?", store=None)
        assert len(feedback.entries()) == 1


# The content


def test_nothing_of_a_document_is_markdown_in_an_answer(client: TestClient) -> None:
    for question in ("Was ist böse?", "Was ist das Budget?"):
        html = MarkdownIt("commonmark", {"html": True}).render(_content(client, question))
        assert "<img" not in html
        assert "<script" not in html
        links = html.split('href="')[1:]
        assert links
        assert all(link.startswith("http://testserver/sources/") for link in links)


def test_what_is_on_the_topic_is_listed_and_not_annotated(client: TestClient) -> None:
    message = _ask(client, "Wie hoch ist das Budget?").json()["choices"][0]["message"]
    assert message["annotations"] == []
    assert "keine Antwort auf die Frage" in message["content"]
    assert OTHER_QUOTE in message["content"]


def test_annotations_stand_where_the_markers_stand(client: TestClient) -> None:
    message = _ask(client, "Sag mir alles").json()["choices"][0]["message"]
    cited = [annotation["url_citation"] for annotation in message["annotations"]]
    marked = [message["content"][each["start_index"] : each["end_index"]] for each in cited]
    assert marked == ["[1]", "[2]", "[3]"]
    assert r"\[7\]" in message["content"]  # a number that is no source's stays text


def test_addresses_of_sources_are_those_by_which_the_server_was_reached() -> None:
    client = TestClient(create_app(ScriptedAssistant(), Settings(root_path="/lotse")))
    response = client.post(f"/lotse{ADDRESS}", json=ASKED, headers={"Host": "intranet.example"})
    (annotation,) = response.json()["choices"][0]["message"]["annotations"]
    assert annotation["url_citation"]["url"].startswith("http://intranet.example/lotse/sources/001")


def test_a_stream_is_made_of_events_and_ends_with_done(client: TestClient) -> None:
    response = _ask(client, "Wie viele?", stream=True)
    assert response.headers["content-type"].startswith("text/event-stream")
    *chunks, done = response.text.strip().split("\n\n")
    assert done == "data: [DONE]"
    parsed = [json.loads(chunk.removeprefix("data: ")) for chunk in chunks]
    assert {chunk["object"] for chunk in parsed} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in parsed}) == 1
    assert parsed[0]["choices"][0]["delta"]["role"] == "assistant"
    assert parsed[-1]["clusterlotse"]["answerable"]


# The history


def test_a_conversation_is_its_turns_and_a_question() -> None:
    said = [
        ("system", "Sei kurz."),
        ("user", "Wer?"),
        ("assistant", f"„{QUOTE}“ [1]\n\n---\n\n**Quellen:**\n\n1. [Titel](http://x)"),
        ("user", ""),
        ("assistant", "Bitte?"),
        ("user", "Und wann?"),
    ]
    messages = [Message(role=role, content=content) for role, content in said]  # type: ignore[arg-type]
    question, turns = conversation(messages)
    assert question == "Und wann?"
    assert [(turn.question, turn.answer) for turn in turns] == [("Wer?", f"„{QUOTE}“ [1]")]


def test_of_a_long_conversation_the_last_turns_count() -> None:
    said = [
        Message(role="user" if n % 2 == 0 else "assistant", content=f"{n}" * 30_000)
        for n in range(101)
    ]
    question, turns = conversation([*said, Message(role="user", content="Und wann?")])
    assert question == "Und wann?"
    assert len(turns) == 20
    assert all(len(turn.question) <= 2_000 and len(turn.answer) <= 20_000 for turn in turns)


def test_what_is_answered_is_known_without_its_sources(client: TestClient) -> None:
    content = _content(client, "Wie viele?")
    assert "Quellen" in content
    assert without_sources(content).endswith(r"Und \[7\] bleibt Text.")
    assert without_sources("Text\n\n---\n\nmehr") == "Text\n\n---\n\nmehr"
