"""The interface for programs on a real index; what it refuses by form is in test_web.py too."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from assistant.access import EVERYTHING, Scope
from assistant.settings import Settings
from assistant.web.api import routes as api
from assistant.web.api.schema import EVENTS, MAX_FILE_CHARACTERS, MAX_FILES
from assistant.web.server import create_app
from index.documents import Document
from index.errors import StorageError
from index.storage.feedback import Feedback
from tests.answering import assistant as answering
from tests.browser.scripted import DOCUMENTS, HOSTILE_FILE, ScriptedAssistant
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import model_server, nobody_there
from tests.problems import is_problem

MEMBERS = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("api")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture(scope="module")
def client(library: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(library.assistant, Settings(rate_limit="off"))) as client:
        yield client


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ({}, {NETWORK, CENTRE, CONGRESS}),
        ({"files": [NETWORK]}, {NETWORK}),
        ({"files": ["*.txt"]}, {CENTRE, CONGRESS}),
        ({"since": "2021"}, {NETWORK, CENTRE}),
        ({"since": "2019-06", "until": "2021-09-30"}, {CENTRE}),
        ({"files": ["*.txt"], "since": None, "until": "2019"}, {CONGRESS}),
    ],
)
def test_only_the_documents_that_pass_are_searched(
    client: TestClient, filters: dict[str, object], passing: set[str]
) -> None:
    answer = client.post("/api/ask", json={"question": MEMBERS, **filters}).json()
    assert {hit["file"] for hit in answer["retrieved"]} == passing
    assert answer["answerable"] is (NETWORK in passing)


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        ({"files": ["netzwerk.txt"]}, "Is it netzwerk.md"),
        ({"files": [NETWORK, ""]}, "files.1"),
        ({"files": NETWORK}, "files"),
        ({"files": ["x" * (MAX_FILE_CHARACTERS + 1)]}, "files.0"),
        ({"files": [NETWORK] * (MAX_FILES + 1)}, "files"),
        ({"since": "2016-13"}, "'2016-13' is no date. Give a day (2016-04-26)"),
        ({"until": 2016}, "until"),
        ({"since": "2017", "until": "2016"}, "since 2017 is after until 2016"),
        ({"since": "2030"}, "No document is dated since 2030-01-01."),
    ],
)
def test_filters_that_cant_be_met_are_problems(
    client: TestClient, filters: dict[str, object], named: str
) -> None:
    response = client.post("/api/ask", json={"question": MEMBERS, **filters})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert named in response.json()["detail"]
    assert len(response.content) < 500, "the input is not sent back"


def test_the_description_tells_of_the_filters(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]["QuestionRequest"]
    for name in ("files", "since", "until"):
        assert described["properties"][name]["description"].startswith("Only")
        assert name not in described["required"]


# Documents


def test_a_document_is_what_the_list_says_of_it_and_its_text(
    client: TestClient, library: Desk
) -> None:
    listed = client.get("/api/documents").json()
    assert [entry["file"] for entry in listed] == sorted(LIBRARY)
    for entry in listed:
        document = client.get(f"/api/documents/{entry['file']}").json()
        assert list(document) == [*entry, "text"]
        assert document == {**entry, "text": library.text(entry["file"])}
    answer = client.post("/api/ask", json={"question": MEMBERS}).json()
    [citation] = answer["citations"]
    text = client.get(f"/api/documents/{citation['file']}").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("safe", ["/", ""])
def test_a_documents_file_may_have_any_letters(safe: str) -> None:
    client = TestClient(create_app(ScriptedAssistant()))
    assert HOSTILE_FILE in [document.file for document in DOCUMENTS]
    for document in DOCUMENTS:
        response = client.get(f"/api/documents/{quote(document.file, safe=safe)}")
        assert response.json()["text"] == document.text


@pytest.mark.parametrize(
    "file",
    [
        "gibt-es-nicht.txt",
        "",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "netzwerk.md%00",
        "%00",
        "%ff%fe",
        "%ed%a0%80",  # half of a character
        "%zz%",
        "a%0D%0AX-Header: b",
        "netzwerk.md/",
        "x" * 20_000,
    ],
)
def test_what_is_no_documents_file_is_a_problem(client: TestClient, file: str) -> None:
    response = client.get(f"/api/documents/{file}")
    assert is_problem(response, 404)


# Whatever is sent

DEEP = b"[" * 100_000
ODD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "more than JSON": b'{"question": "Wer?"} {}',
    "no UTF-8": b'{"question": "\xff"}',
    "half of a character": b'{"question": "\\ud800"}',
    "half of a character before": b'{"question": "?", "history": [{"question": "\\udfff"}]}',
    "half of a character in a file": b'{"question": "?", "files": ["\\ud800"]}',
    "half of a character for a date": b'{"question": "?", "since": "\\ud800"}',
    "half of a character for a name": b'{"question": "?", "\\ud800": 1}',
    "a NUL in a file": b'{"question": "?", "files": ["\\u0000"]}',
    "a NUL in a date": b'{"question": "?", "until": "2020\\u0000"}',
    "a huge number": b'{"question": ' + b"9" * 10_000 + b"}",
    "a huge number for a date": b'{"question": "?", "since": -' + b"9" * 10_000 + b"}",
    "no finite number": b'{"question": 1e999, "since": NaN, "until": -Infinity}',
    "a year that never was": b'{"question": "?", "since": "0000"}',
    "deep lists": DEEP,
    "deep lists that end": DEEP + b"]" * 100_000,
    "deep objects": b'{"question":' * 50_000,
    "a long name": b'{"question": "?", "' + b"x" * 500_000 + b'": 1}',
    "many names": b"{" + b",".join(b'"%d": 1' % number for number in range(50_000)) + b"}",
    "many files": b'{"question": "?", "files": [' + b"1," * 100_000 + b"1]}",
    "a long date": b'{"question": "?", "since": "' + b"2" * 500_000 + b'"}',
    "another character set": '{"question": 1}'.encode("utf-16"),
    "a list": b"[]",
    "nothing at all": b"null",
}


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
def test_whatever_is_sent_is_refused_with_few_words(client: TestClient, body: bytes) -> None:
    response = client.post("/api/ask", content=body, headers=JSON)
    assert is_problem(response, 422)
    assert len(response.content) < 2_000, "the input is not sent back"


@pytest.mark.parametrize(
    "question", ["Wer\0?", "\0", "\u2028?", "👩‍👩‍👧", "?" * 2_000, "a" * 2_000, "ﷺ" * 500, "\u202e"]
)
def test_whatever_is_asked_is_answered_or_refused(client: TestClient, question: str) -> None:
    answer = client.post("/api/ask", json={"question": question}).json()
    assert answer["answerable"] is False


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application",
        "application/jsonx",
        ";application/json",
        "ä",
    ],
)
def test_what_is_not_said_to_be_json_is_not_read(client: TestClient, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind.encode("latin-1")}
    body = json.dumps({"question": MEMBERS}).encode()
    assert is_problem(client.post("/api/ask", content=body, headers=headers), 415)


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON", "application/json; charset=utf-8"]
)
def test_json_is_read_however_its_name_is_written(client: TestClient, kind: str) -> None:
    body = json.dumps({"question": MEMBERS}).encode()
    response = client.post("/api/ask", content=body, headers={"Content-Type": kind})
    assert response.json()["answerable"]


@pytest.mark.parametrize("path", ["/api/documents", f"/api/documents/{NETWORK}", "/readyz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NIX"])
def test_other_methods_are_problems_that_name_the_right_one(
    client: TestClient, path: str, method: str
) -> None:
    response = client.request(method, path)
    assert is_problem(response, 405)
    assert response.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api"),
        ("GET", "/api/"),
        ("GET", "/api/nothing"),
        ("GET", "/api/%ff%00"),
        ("POST", "/nothing"),
        ("GET", "/web/nothing.css"),
        ("GET", "/assets/nothing.js"),
        ("GET", "/static/nothing"),
    ],
)
def test_what_is_nowhere_is_a_problem(client: TestClient, method: str, path: str) -> None:
    assert is_problem(client.request(method, path), 404)


@pytest.mark.parametrize("path", ["queue/join", "run/predict", "cancel", "reset"])
@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", DEEP, b'{"data": 5}', b'{"fn_index": "x"}'])
def test_what_the_chat_does_not_understand_is_a_problem_too(
    client: TestClient, path: str, body: bytes
) -> None:
    response = client.post(f"/gradio_api/{path}", content=body, headers=JSON)
    assert is_problem(response, response.status_code)
    assert response.status_code in (400, 422)
    assert len(response.content) < 500, "the input is not sent back"


# Whether the server is ready


def ready(engine: Any) -> Response:
    return TestClient(create_app(engine)).get("/readyz")


def reachable(answer: bool | None) -> ScriptedAssistant:
    assistant = ScriptedAssistant()
    assistant.llm_is_reachable = lambda: answer  # type: ignore[method-assign]
    return assistant


@pytest.mark.parametrize(("answer", "llm"), [(None, "off"), (True, "reachable")])
def test_the_server_is_ready_when_all_that_is_set_is_there(answer: bool | None, llm: str) -> None:
    response = ready(reachable(answer))
    assert response.status_code == 200
    told = response.json()
    assert (told["status"], told["llm"]) == ("ready", llm)
    assert told["documents"] == {"indexed": len(DOCUMENTS), "failed": 1, "pending": 0}


def test_an_index_alone_is_ready(client: TestClient) -> None:
    documents = {"indexed": len(LIBRARY), "failed": 0, "pending": 0}
    told = {"status": "ready", "index": "open", "documents": documents, "llm": "off"}
    assert client.get("/readyz").json() == told


def test_an_llm_that_is_set_has_to_be_there(library: Desk) -> None:
    with model_server() as llm:
        response = ready(answering(library, llm.url))
        assert response.json()["llm"] == "reachable"
        assert llm.requests == [], "nothing is generated for it"
    response = ready(answering(library, nobody_there()))
    assert is_problem(response, 503)
    assert response.json()["detail"] == "The LLM's server can't be reached."
    client = TestClient(create_app(answering(library, nobody_there())))
    assert client.post("/api/ask", json={"question": MEMBERS}).json()["answerable"], "by quotes"


class Damaged(ScriptedAssistant):
    """An assistant whose catalogue has gone."""

    def document(self, file: str, scope: Scope = EVERYTHING) -> Document | None:
        raise StorageError("The catalogue can't be used.", "Delete it.")


@pytest.mark.parametrize(
    ("engine", "missing"),
    [
        (reachable(False), "The LLM's server can't be reached."),
        (Damaged(), "The index can't be read."),
    ],
)
def test_what_is_missing_is_named(
    engine: ScriptedAssistant, missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = ready(engine)
    assert is_problem(response, 503)
    assert response.json()["detail"] == missing
    assert int(response.headers["retry-after"]) >= 1


def test_the_server_is_not_ready_while_documents_are_embedded() -> None:
    assistant = reachable(None)
    assistant.is_embedding = lambda: True  # type: ignore[method-assign]
    response = ready(assistant)
    assert is_problem(response, 503)
    assert response.json()["detail"] == "The documents are still being embedded."


def test_who_asks_often_does_not_have_it_tried_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    assistant = reachable(True)
    assistant.llm_is_reachable = lambda: bool(tried.append(1)) or True  # type: ignore[method-assign]
    monkeypatch.setattr(api, "_KNOWN_SECONDS", 0.3)
    with TestClient(create_app(assistant)) as client:
        for _ in range(5):
            assert client.get("/readyz").status_code == 200
        assert len(tried) == 1
        time.sleep(0.4)
        assert client.get("/readyz").status_code == 200
        assert len(tried) == 2


def test_the_process_is_up_though_nothing_is_ready() -> None:
    client = TestClient(create_app(Damaged()))
    assert client.get("/healthz").json() == {"status": "ok"}


# What is kept


@pytest.mark.parametrize(("more", "kept"), [({}, 1), ({"store": True}, 1), ({"store": False}, 0)])
@pytest.mark.parametrize("accept", ["application/json", EVENTS])
def test_a_refused_question_is_kept_unless_its_client_does_not_want_that(
    more: dict[str, bool], kept: int, accept: str, tmp_path: Path
) -> None:
    asked = {"question": "Wie ist das Wetter auf dem Mars?", **more}
    with (
        Feedback(tmp_path / "catalogue.sqlite") as feedback,
        TestClient(create_app(ScriptedAssistant(), feedback=feedback)) as client,
    ):
        assert client.post("/api/ask", json=asked, headers={"Accept": accept}).is_success
        assert client.post("/api/ask", json={"question": "Wie viele?"}).json()["answerable"]
        assert [entry.question for entry in feedback.entries()] == [asked["question"]] * kept
