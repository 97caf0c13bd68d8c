"""The view of a source: the whole text of a document, with the quote marked."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urljoin

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.addresses import source_address
from assistant.web.paragraphs import Paragraph, paragraphs
from assistant.web.server import create_app
from assistant.web.texts import TEXTS
from assistant.web.view import View
from tests.browser.scripted import (
    HOSTILE_FILE,
    HOSTILE_TEXT,
    QUOTE,
    TEXT,
    ScriptedAssistant,
)


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture(scope="module")
def client(assistant: ScriptedAssistant) -> Iterator[TestClient]:
    app = create_app(assistant, Settings(frame_ancestors=("https://intranet.example",)))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


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
    assert urljoin("/sources/ordner/002_zweites.txt", unescape(chat)) == "/?back=1&lang=de"


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
