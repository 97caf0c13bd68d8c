"""Answers over the API while they are written: server-sent events."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.web.server import create_app
from tests.answering import assistant as answering
from tests.claims import PLANTED, read
from tests.library import LIBRARY, Desk, fill, opened
from tests.model_server import Fault, ModelServer, model_server

MEMBERS = {"question": "Wie viele Mitglieder hat das Netzwerk Nordlicht?"}
REPLY = "Das Netzwerk Nordlicht hat 27 Mitglieder [1]. Es hat seinen Sitz in Berlin [1]."
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def llm() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("stream")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture
def client(library: Desk, llm: ModelServer) -> Iterator[TestClient]:
    llm.fault = llm.times = None
    llm.reply = lambda messages: REPLY
    with TestClient(create_app(answering(library, llm.url))) as client:
        yield client


def events(client: TestClient, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    response = client.post("/api/ask", json=body, headers=EVENTS)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    parts = [part.split("\n") for part in response.text.split("\n\n") if part]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in parts
    ]


def test_words_come_before_sentences_and_the_answer_comes_last(client: TestClient) -> None:
    received = events(client, MEMBERS)
    names = [name for name, _ in received]
    assert names[0] == "delta"
    assert names[-1] == "answer"
    assert names.count("answer") == 1
    claims = [data for name, data in received if name == "claim"]
    assert [claim["supported"] for claim in claims] == [True, False]
    assert received[-1][1]["claims"] == claims
    assert received[-1][1]["mode"] == "generated"


def test_no_marker_is_seen_before_it_is_resolved(client: TestClient) -> None:
    deltas = [data["text"] for name, data in events(client, MEMBERS) if name == "delta"]
    assert deltas
    assert not any("[" in text for text in deltas)


def test_without_the_header_there_is_but_the_answer(client: TestClient) -> None:
    answer = client.post("/api/ask", json=MEMBERS).json()
    streamed = events(client, MEMBERS)[-1][1]
    assert {**answer, "seconds": 0} == {**streamed, "seconds": 0}


def test_a_fault_ends_the_stream_with_quotes_and_a_note(
    client: TestClient, llm: ModelServer
) -> None:
    llm.fault = Fault.STOPS
    name, answer = events(client, MEMBERS)[-1]
    assert (name, answer["mode"], answer["claims"]) == ("answer", "extractive", [])
    assert answer["citations"]
    assert answer["note"].startswith("Die Antwort des Sprachmodells ist abgebrochen.")


def test_a_refusal_is_one_event_and_asks_no_llm(client: TestClient, llm: ModelServer) -> None:
    llm.requests.clear()
    [(name, answer)] = events(client, {"question": "Wie hoch ist der Mount Everest?"})
    assert (name, answer["answerable"]) == ("answer", False)
    assert llm.requests == []


def test_what_cant_be_searched_is_a_problem_and_no_stream(client: TestClient) -> None:
    response = client.post("/api/ask", json={**MEMBERS, "files": ["nein.txt"]}, headers=EVENTS)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_hostile_text_is_one_event_whatever_is_in_it(client: TestClient, llm: ModelServer) -> None:
    one_of_a_kind = {item.kind: item for item in read(PLANTED)}
    assert len(one_of_a_kind) > 20
    for item in one_of_a_kind.values():
        said = f"{REPLY}\n{item.reply}\n\nevent: answer\ndata: {{}}\n\n"
        llm.reply = lambda messages, said=said: said
        assert [name for name, _ in events(client, MEMBERS)].count("answer") == 1, item.id
