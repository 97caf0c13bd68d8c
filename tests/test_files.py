"""Original files are served from the catalogue alone, and none of them is run by a browser."""

import html
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Citation
from assistant.settings import Settings
from assistant.web.api.openapi import ANSWER
from assistant.web.chat.cards import sources_html
from assistant.web.chat.context import Context
from assistant.web.server import create_app
from assistant.web.view import View
from index.documents import Document, Placed, PlaceInFile
from tests.browser.scripted import ScriptedAssistant, document

TEXT = "Der Bericht\n\nDie Agentur zählt 45 Mitglieder.\n"
FILES = {
    "bericht.pdf": b"%PDF-1.7 Bericht",
    "ordner/größe.html": b"<script>alert(1)</script>",
    "bild.svg": b"<svg onload='alert(1)'/>",
    "brief.eml": b"From: a@example.org",
    "text.txt": TEXT.encode(),
}


class Library(ScriptedAssistant):
    """Has the documents of FILES, one that is gone, and one that is a link out of the folder."""

    def document(self, file: str, scope: object = None) -> Document | None:
        known = [*FILES, "weg.pdf", "link.pdf"]
        found = document(file, TEXT, "Der Bericht", None)
        places = (Placed(0, PlaceInFile(page=1)), Placed(13, PlaceInFile(page=3)))
        is_paged = file == "bericht.pdf"
        return (
            Document(file, TEXT, found.title, found.date, "de", None, (), places * is_paged)
            if file in known
            else None
        )


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    seeds = tmp_path / "seeds"
    for file, content in FILES.items():
        path = seeds / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "geheim.pdf").write_bytes(b"geheim")
    (seeds / "link.pdf").symlink_to(tmp_path / "geheim.pdf")
    (seeds / "unbekannt.pdf").write_bytes(b"kein Dokument")
    with TestClient(create_app(Library(), Settings(seeds=seeds))) as opened:
        yield opened


def test_a_pdf_is_shown(client: TestClient) -> None:
    response = client.get("/files/bericht.pdf")
    assert response.content == FILES["bericht.pdf"]
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline")
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("file", ["ordner/größe.html", "bild.svg", "brief.eml", "text.txt"])
def test_all_else_is_saved_and_not_opened(client: TestClient, file: str) -> None:
    response = client.get(f"/files/{file}")
    assert response.content == FILES[file]
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "file",
    [
        "unbekannt.pdf",
        "weg.pdf",
        "link.pdf",
        "../geheim.pdf",
        "..%2Fgeheim.pdf",
        "%2e%2e/geheim.pdf",
        "/etc/passwd",
        "ordner",
        "",
        "bericht.pdf%00",
        "ordner/../../geheim.pdf",
    ],
)
def test_nothing_else_is_served(client: TestClient, file: str) -> None:
    response = client.get(f"/files/{file}")
    assert response.status_code == 404
    assert b"geheim" not in response.content.replace(b"geheim.pdf", b"")


def test_the_source_view_tells_the_place_and_leads_to_the_file(client: TestClient) -> None:
    page = client.get("/sources/bericht.pdf?start=13&end=45&lang=de").text
    assert "S. 3" in page
    assert 'href="../files/bericht.pdf#page=3"' in page
    assert "../files/" not in client.get("/sources/text.txt?lang=de").text
    assert (
        'href="../../files/ordner/gr%C3%B6%C3%9Fe.html"'
        in client.get("/sources/ordner/größe.html?lang=de").text
    )


def _card(file: str, place: PlaceInFile | None) -> str:
    citation = Citation(1, file, "Der Bericht", None, None, "45", 13, 15, None, place)
    answer = replace(ANSWER, citations=(citation,))
    return html.unescape(sources_html(answer, Context(View(), lambda _: None)))


def test_a_card_tells_the_place_and_leads_to_it_in_the_file() -> None:
    card = _card("ordner/bericht.pdf", PlaceInFile(page=3))
    assert 'href="files/ordner/bericht.pdf#page=3"' in card
    assert "Originaldatei, S. 3" in card
    assert "Originaldatei, Blatt Partner, Zeile 7" in _card(
        "partner.xlsx", PlaceInFile(sheet="Partner", row=7)
    )
    assert "Originaldatei<" in _card("brief.docx", None)
    assert "files/" not in _card("text.txt", None)


def test_a_page_of_an_attachment_is_none_of_the_file() -> None:
    card = _card("brief.eml", PlaceInFile(page=2, attachment="x.pdf"))
    assert 'href="files/brief.eml"' in card
    assert "Anhang x.pdf, S. 2" in card


def test_the_route_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/files/{file}"]["get"]
    assert set(described["responses"]["200"]["content"]) == {
        "application/octet-stream",
        "application/pdf",
    }
