"""The web part over HTTP; what needs a browser is in tests/browser."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.settings import Settings
from assistant.web.api.schema import MAX_TURNS
from assistant.web.page_language import preferred
from assistant.web.server import create_app
from assistant.web.texts import TEXTS
from tests.browser.scripted import (
    DOCUMENTS,
    QUOTE,
    TEXT,
    ScriptedAssistant,
)
from tests.problems import is_problem

FOREIGN = "https://evil.example"
LOCAL = re.compile(r"https?://(?:127\.0\.0\.1|localhost|testserver)(?=[:/\"]|$)")


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture(scope="module")
def client(assistant: ScriptedAssistant) -> Iterator[TestClient]:
    app = create_app(assistant, Settings(frame_ancestors=("https://intranet.example",)))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


# Addresses that there are not

NAVIGATION = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "fr-CH"}


@pytest.mark.parametrize("path", ["/nothing", "/a/b/c", "/file=/etc/passwd", "/web/none.css"])
def test_a_browser_gets_a_page_in_the_readers_language_for_an_unknown_address(
    client: TestClient, path: str
) -> None:
    response = client.get(path, headers=NAVIGATION)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-language"] == "fr"
    assert "frame-ancestors" in response.headers["content-security-policy"]
    assert TEXTS["fr"].no_page_heading in unescape(response.text)
    back = re.search(r'class="brand" href="([^"]*)"', response.text)
    assert back
    assert urljoin(f"http://testserver{path}", back[1]).startswith("http://testserver/?")
    german = client.get(f"{path}?lang=de", headers=NAVIGATION)
    assert TEXTS["de"].no_page_heading in unescape(german.text)


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/documents/nothing"])
def test_a_program_gets_a_problem_for_an_unknown_address(client: TestClient, path: str) -> None:
    for accept in ("*/*", "application/json", "image/avif,image/webp,*/*"):
        assert is_problem(client.get(path, headers={"accept": accept}), 404)


def test_a_browser_that_sends_what_is_wrong_gets_a_problem(client: TestClient) -> None:
    assert is_problem(client.post("/nothing", headers=NAVIGATION), 404)


# The interface for programs


def test_a_question_is_answered_as_the_command_line_answers_it(
    client: TestClient, assistant: ScriptedAssistant
) -> None:
    response = client.post("/api/ask", json={"question": " Wie viele? ", "language": "en"})
    assert response.status_code == 200
    assert response.json() == assistant.ask("Wie viele?", language="en").as_json()
    citation = response.json()["citations"][0]
    assert TEXT[citation["start"] : citation["end"]] == citation["quote"] == QUOTE


@pytest.mark.parametrize(
    "body",
    [
        {"question": ""},
        {"question": "   "},
        {"question": "x" * (MAX_QUESTION_CHARACTERS + 1)},
        {"question": None},
        {"question": 5},
        {"question": "ok", "language": "es"},
        {"question": "ok", "other": 1},
        {"question": "ok", "history": "Wer?"},
        {"question": "ok", "history": [{"question": ""}]},
        {"question": "ok", "history": [{"question": "Wer?", "other": 1}]},
        {"question": "ok", "history": [{"question": "x" * (MAX_QUESTION_CHARACTERS + 1)}]},
        {"question": "ok", "history": [{"question": "?", "answer": "x" * 20_001}]},
        {"question": "ok", "history": [{"question": "Wer?"}] * (MAX_TURNS + 1)},
        {},
        [],
    ],
)
def test_a_wrong_question_is_refused_with_a_reason(client: TestClient, body: object) -> None:
    response = client.post("/api/ask", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 422
    assert problem["detail"]
    assert len(response.content) < 500, "the input is not sent back"


def test_a_question_may_come_with_what_was_asked_before(client: TestClient) -> None:
    turns = [{"question": "Wer?"}, {"question": "Wie viele?", "answer": "„45.“ [1]"}]
    body = {"question": "Und wo?", "history": turns * (MAX_TURNS // 2)}
    answer = client.post("/api/ask", json=body).json()
    assert answer["question"] == "Und wo?"
    assert answer["searched"] == "Und wo? (Wie viele?)"
    assert list(answer)[:2] == ["question", "searched"]


@pytest.mark.parametrize("raw", [b"{", b'{"question": "\\ud800"}', b"\xff\xfe", b""])
def test_what_is_no_text_is_refused_as_well(client: TestClient, raw: bytes) -> None:
    response = client.post("/api/ask", content=raw, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_question_of_the_greatest_length_is_answered(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "ä" * MAX_QUESTION_CHARACTERS})
    assert response.status_code == 200


def test_a_broken_assistant_is_a_problem_without_its_insides(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.post("/api/ask", json={"question": "kaputt"})
    assert response.status_code == 500
    assert response.json()["title"] == "Internal Server Error"
    assert "on purpose" not in response.text
    assert "on purpose" in caplog.text
    assert _is_protected(response)


def test_documents_are_listed(client: TestClient) -> None:
    listed = client.get("/api/documents").json()
    assert [document["file"] for document in listed] == [document.file for document in DOCUMENTS]
    assert listed[0] == {
        "file": "001_netzwerk.txt",
        "title": "Die Agentur im Netzwerk",
        "date": "2024-04-01",
        "language": "de",
        "url": "https://www.agentur.example/netzwerk?a=1&b=2",
    }


def test_the_server_says_that_it_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_wrong_methods_are_problems(client: TestClient) -> None:
    response = client.get("/api/ask")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.headers["content-type"] == "application/problem+json"


# Protection


@pytest.mark.parametrize("path", ["/", "/api/documents", "/web/chat.css", "/nothing", "/upload"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    assert _is_protected(client.get(path))


def _is_protected(response: Response) -> bool:
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self' https://intranet.example" in policy
    assert "unsafe-eval" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    return bool(response.headers["referrer-policy"] == "same-origin")


@pytest.mark.parametrize("path", ["/", "/api/documents", "/sources/001_netzwerk.txt", "/theme.css"])
def test_a_foreign_origin_is_not_let_in(client: TestClient, path: str) -> None:
    asked = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    for response in (
        client.get(path, headers={"Origin": FOREIGN}),
        client.options(path, headers=asked),
        client.options("/gradio_api/queue/join", headers=asked),
    ):
        assert "access-control-allow-origin" not in response.headers
        assert FOREIGN not in str(response.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/upload",
        "/file=https://evil.example/x",
        "/proxy=https://evil.example/x",
        "/monitoring",
        "/monitoring/summary",
        "/manifest.json",
        "/login",
        "/config/",
        *(
            f"/gradio_api/{name}"
            for name in (
                "upload",
                "file=https://evil.example/x",
                "file=/etc/passwd",
                "proxy=https://evil.example/x",
                "info/",
                "openapi.json",
                "runs",
                "deep_link",
                "upload_progress",
                "component_server",
                "process_recording",
                "vibe-code",
                "call/predict",
                "api/predict",
                "queue/status",
            )
        ),
    ],
)
def test_gradios_other_doors_are_shut(client: TestClient, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "PUT"):
        response = client.request(method, path, files={"files": b"x"} if method == "POST" else None)
        assert response.status_code in (404, 405), (method, path)


@pytest.mark.parametrize("path", ["/assets/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/x"])
def test_no_file_outside_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


# The page


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB", "en"),
        ("pl,en;q=0.4,de;q=0.7", "de"),
        ("pl", "de"),
        ("en;q=0,fr;q=0.1", "fr"),
        ("en;q=nonsense, *;q=0.5", "de"),
        (";;,,=", "de"),
    ],
)
def test_the_page_is_in_the_browsers_language(
    client: TestClient, header: str, language: str
) -> None:
    assert preferred(header) == language
    response = client.get("/", headers={"Accept-Language": header})
    assert response.headers["content-language"] == language
    assert re.search(r'<html[^>]*lang="(\w+)"', response.text, re.DOTALL)[1] == language
    assert f"<title>{TEXTS[language].page_title.format(name='Clusterlotse')}</title>" in unescape(
        response.text
    )


def test_the_address_can_ask_for_a_language(client: TestClient) -> None:
    response = client.get("/?lang=fr", headers={"Accept-Language": "en"})
    assert response.headers["content-language"] == "fr"


def test_nothing_that_a_page_loads_is_on_a_foreign_host(client: TestClient) -> None:
    page = client.get("/").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert any("chat.css" in address for address in loaded)
    assert "og:" not in page
    assert "iframeResizer.contentWindow" not in page
    sheets = [address for address in loaded if address.endswith((".css", ".js"))]
    for address in [*sheets, "/theme.css"]:
        assert not address.startswith(("http:", "https:", "//"))
        response = client.get(urljoin("/", address))
        assert response.status_code == 200
        assert not re.search(r"""(?:@import|url\()\s*["']?(?:https?:)?//""", response.text)
    for address in loaded:
        assert LOCAL.match(urljoin("http://testserver/", address))


def test_our_own_files_name_no_foreign_host() -> None:
    folder = Path(create_app.__code__.co_filename).parent
    own = [path for path in folder.rglob("*") if path.suffix in (".css", ".js", ".html", ".svg")]
    assert len(own) >= 6
    for path in own:
        # What kind of elements there are is told by names that look like addresses.
        text = re.sub(r"http://www\.w3\.org/(?:2000/svg|\$\{space\})", "", path.read_text("utf-8"))
        assert not re.search(r"https?://|//\w+\.\w", text), path
