"""The web part over HTTP; what needs a browser is in tests/browser."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.settings import Settings
from assistant.web.addresses import source_address
from assistant.web.api.schema import MAX_TURNS
from assistant.web.page_language import preferred
from assistant.web.paragraphs import Paragraph, paragraphs
from assistant.web.server import bind, create_app
from assistant.web.texts import TEXTS
from assistant.web.view import View
from index.errors import ServerError
from tests.browser.scripted import (
    DOCUMENTS,
    HOSTILE_FILE,
    HOSTILE_TEXT,
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
                "info",
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
    assert f"<title>{TEXTS[language].page_title}</title>" in unescape(response.text)


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


# The source view


def test_a_document_is_shown_with_the_quote_marked(client: TestClient) -> None:
    start = TEXT.index(QUOTE)
    response = client.get(
        f"/sources/001_netzwerk.txt?start={start}&end={start + len(QUOTE)}&lang=en"
    )
    assert response.status_code == 200
    assert f'<mark id="quote">{QUOTE}</mark>' in response.text
    assert '<html lang="en" data-theme="auto">' in response.text
    assert '<h1 lang="de">Die Agentur im Netzwerk</h1>' in response.text
    assert "1 April 2024" in response.text
    assert "script-src" not in response.headers["content-security-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert _shown_text(response.text) == TEXT


@pytest.mark.parametrize(
    "query",
    [
        "start=5&end=5",
        "start=9&end=5",
        "start=-3&end=5",
        f"start=0&end={len(TEXT) + 1}",
        "start=0",
        "end=5",
        "start=a&end=b",
        f"start={'9' * 5000}&end={'9' * 5000}",
        "start=٣&end=٩",
        "start=1.5&end=2",
    ],
)
def test_offsets_out_of_range_show_the_text_unmarked(client: TestClient, query: str) -> None:
    response = client.get(f"/sources/001_netzwerk.txt?{query}")
    assert response.status_code == 200
    assert "<mark" not in response.text
    assert _shown_text(response.text) == TEXT


PAGE = """
Navigation
Startseite

# Der Verbund

Der Verbund wurde in diesem Jahr gegründet.

Zum Verbund gehören:

- Erstes Haus
  - mit einem Nebenhaus
- Zweites Haus

  Ein Satz am Schluss, der eingerückt ist. \n\n"""


def test_the_text_is_shown_as_what_its_lines_are() -> None:
    shown = [
        (paragraph.kind, "".join(piece.text for piece in paragraph.pieces))
        for paragraph in paragraphs(PAGE)
    ]
    assert shown == [
        ("furniture", "Navigation"),
        ("furniture", "Startseite"),
        ("heading", "Der Verbund"),
        ("prose", "Der Verbund wurde in diesem Jahr gegründet."),
        ("prose", "Zum Verbund gehören:"),
        ("list", "- Erstes Haus"),
        ("list", "  - mit einem Nebenhaus"),
        ("list", "- Zweites Haus"),
        ("prose", "  Ein Satz am Schluss, der eingerückt ist."),
        ("", ""),
    ]


@pytest.mark.parametrize("text", [PAGE, TEXT, HOSTILE_TEXT, "", "x", "\n", " \n a\n", "# \n#"])
def test_wherever_a_mark_begins_and_ends_the_text_stays_as_it_is(text: str) -> None:
    for start in range(0, len(text), 7):
        for end in range(start + 1, len(text) + 1, 11):
            shown = paragraphs(text, (start, end))
            assert "".join(_written(paragraph) for paragraph in shown) == text
            seen, marked = _offsets(shown)
            assert marked == [offset for offset in seen if start <= offset < end]


def _written(paragraph: Paragraph) -> str:
    pieces = "".join(piece.text for piece in paragraph.pieces)
    return paragraph.gap + paragraph.hidden + pieces


def _offsets(shown: list[Paragraph]) -> tuple[list[int], list[int]]:
    """Where the characters stand that are seen, and those that are marked."""
    seen: list[int] = []
    marked: list[int] = []
    offset = 0
    for paragraph in shown:
        offset += len(paragraph.gap) + len(paragraph.hidden)
        for piece in paragraph.pieces:
            span = range(offset, offset := offset + len(piece.text))
            seen += span
            marked += span if piece.is_marked else ()
    return seen, marked


def test_a_mark_may_span_several_paragraphs(client: TestClient) -> None:
    start, end = TEXT.index("zählt"), TEXT.index(" Absatz")
    page = client.get(f"/sources/001_netzwerk.txt?start={start}&end={end}").text
    assert re.findall(r"<mark[^>]*>[^<]*</mark>", page) == [
        '<mark id="quote">zählt über 45 Mitglieder.</mark>',
        "<mark>Der zweite</mark>",
    ]
    assert '<h2 class="heading">Die Kooperation der Cluster</h2>' in page
    assert _shown_text(page) == TEXT


def test_only_what_is_seen_is_said_to_be_marked(client: TestClient) -> None:
    gap = TEXT.index("\n\n")
    page = client.get(f"/sources/001_netzwerk.txt?start={gap}&end={gap + 2}&lang=en").text
    assert TEXTS["en"].quote_marked not in page
    assert "<mark" not in page


def test_hostile_documents_are_shown_as_text(client: TestClient) -> None:
    response = client.get(f"/{source_address(HOSTILE_FILE, View('fr'), (0, len(HOSTILE_TEXT)))}")
    assert response.status_code == 200
    assert _shown_text(response.text) == HOSTILE_TEXT
    assert not re.search(r"<(?:img|script|svg|iframe|style)", response.text)
    assert "javascript:window" not in "".join(re.findall(r'href="([^"]*)"', response.text))


def test_links_from_a_document_in_a_folder_lead_back(client: TestClient) -> None:
    page = client.get("/sources/ordner/002_zweites.txt")
    sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page.text)[1]
    assert client.get(urljoin("/sources/ordner/002_zweites.txt", sheet)).status_code == 200
    chat = re.search(r'class="brand" href="([^"]+)"', page.text)[1]
    assert urljoin("/sources/ordner/002_zweites.txt", chat) == "/?lang=de"


@pytest.mark.parametrize(
    "file",
    [
        "gibt-es-nicht.txt",
        "../../../etc/passwd",
        "/etc/passwd",
        "<script>alert(1)</script>",
        "a\0b",
    ],
)
def test_a_file_is_looked_up_in_the_catalogue_only(client: TestClient, file: str) -> None:
    response = client.get(f"/sources/{quote(file, safe='')}", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert TEXTS["en"].not_found_heading in response.text
    assert "<script" not in response.text


def _shown_text(html: str) -> str:
    inner = re.search(r'<div class="text"[^>]*>(.*)</div>', html, re.DOTALL)[1]
    return unescape(re.sub(r"<[^>]*>", "", inner))


# The server


def test_a_port_that_is_taken_is_named_with_a_remedy() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"Port {port} on 127\.0\.0\.1 .*--port"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(
    "host", ["203.0.113.1", "no.such.host.invalid", "x" * 300, "::ffff:0:0:1::"]
)
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(ServerError, match=re.escape(host)):
        bind(host, 7860)


SERVED = """
from assistant.web.server import bind, create_app, serve
from tests.browser.scripted import ScriptedAssistant
listener = bind("127.0.0.1", 0)
ready = lambda: print(listener.getsockname()[1], flush=True)
serve(create_app(ScriptedAssistant()), listener, ready)
print("ended", flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly_though_a_page_is_open(sent: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        port = int(process.stdout.readline())
        address = f"http://127.0.0.1:{port}/gradio_api/heartbeat/abc"
        with urllib.request.urlopen(address, timeout=10) as stream:  # as every open page does
            assert stream.status == 200
            started = time.monotonic()
            process.send_signal(sent)
            output, errors = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
    assert (process.returncode, output, errors) == (0, "ended\n", "")


def test_starting_the_page_reaches_for_no_network() -> None:
    code = "\n".join(
        [
            "import socket, json",
            "calls = []",
            "real = socket.socket.connect",
            "watch = lambda self, address: (calls.append(str(address)), real(self, address))[1]",
            "socket.socket.connect = watch",
            "socket.getaddrinfo = lambda *parts, **named: calls.append(str(parts)) or []",
            "from assistant.web.server import create_app",
            "from tests.browser.scripted import ScriptedAssistant",
            "create_app(ScriptedAssistant())",
            "import threading, time; time.sleep(1)",
            "print(json.dumps(calls))",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == []


def test_the_listener_takes_connections_before_the_page_is_ready() -> None:
    with (
        bind("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()) as visitor,
    ):
        assert visitor.getpeername() == listener.getsockname()
