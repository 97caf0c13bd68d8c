"""The page of all documents, and questions of which there are."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant.access import EVERYTHING, Scope
from assistant.overview.documents import DocumentsTold, asked_of_the_documents
from assistant.web.page_language import LANGUAGES, Language
from assistant.web.pages.documents import ROWS
from assistant.web.server import create_app
from assistant.web.texts.documents import DOCUMENT_TEXTS
from assistant.web.view import View
from index.documents import Document, Listed
from tests.browser.scripted import ScriptedAssistant

MANY = 120
SECOND = 1_000_000_000


def _listed(number: int) -> Listed:
    folder, suffix = ("alt/2019", "pdf") if number % 3 == 0 else ("neu", "txt")
    day = date(2019 + number % 5, 1 + number % 12, 1) if number % 10 else None
    language = "fr" if number % 7 == 0 else "de"
    title = f"Bericht <{number:03}>"
    return Listed(f"{folder}/bericht_{number}.{suffix}", title, day, language, number * SECOND)


class Shelf(ScriptedAssistant):
    """Has many documents."""

    def listing(self, scope: Scope = EVERYTHING) -> list[Listed]:
        listed = map(_listed, range(MANY))
        return [each for each in listed if scope.admits(each.file, each.date)]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Shelf())) as client:
        yield client


def _titles(client: TestClient, query: str) -> list[str]:
    html = client.get(f"/documents?lang=de&{query}").text
    return [unescape(title) for title in re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', html)]


def _link(html: str, label: str) -> str | None:
    match = re.search(rf'<a href="([^"]*)"[^>]*>{re.escape(label)}</a>', html)
    return unescape(match[1]) if match else None


def test_documents_come_fifty_a_page_the_newest_first(client: TestClient) -> None:
    pages = [_titles(client, f"page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [ROWS, ROWS, MANY - 2 * ROWS]
    shown = [title for page in pages for title in page]
    assert len(set(shown)) == MANY
    days = {each.title: each.date or date.min for each in map(_listed, range(MANY))}
    assert [days[title] for title in shown] == sorted(days.values(), reverse=True)
    assert _titles(client, "page=99") == pages[2]
    assert _titles(client, "sort=title") == sorted(days)[:ROWS]
    assert _titles(client, "sort=-changed")[0] == f"Bericht <{MANY - 1}>"


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("q=bericht+%3C017", lambda one: "017" in one.title),
        ("folder=alt", lambda one: one.file.startswith("alt/")),
        ("kind=pdf&language=fr", lambda one: one.file.endswith("pdf") and one.language == "fr"),
        (
            "since=2022-01-01&until=2022-12-31",
            lambda one: one.date is not None and one.date.year == 2022,
        ),
        ("q=nichts", lambda _: False),
    ],
)
def test_filters_leave_what_fits(client: TestClient, query: str, fits: object) -> None:
    assert callable(fits)
    wanted = {each.title for each in map(_listed, range(MANY)) if fits(each)}
    assert set(_titles(client, query)) == wanted


def test_a_wrong_filter_is_none(client: TestClient) -> None:
    assert len(_titles(client, "since=gestern&sort=x&page=0&page=-1")) == ROWS


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        ("folder=neu", {"in": "neu/*"}),
        ("kind=pdf&since=2020-02-01", {"in": "*.pdf", "in_since": "2020-02-01"}),
        ("q=%3C017", {"in": "neu/bericht_17.txt"}),
        ("language=de", None),
        ("", None),
    ],
)
def test_what_is_filtered_can_be_asked_alone(
    client: TestClient, query: str, wish: dict[str, str] | None
) -> None:
    words = DOCUMENT_TEXTS["de"]
    link = _link(client.get(f"/documents?lang=de&{query}").text, words.ask_within)
    if wish is None:
        assert link is None
        return
    assert link
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert asked == {"lang": "de"} | wish
    assert View.of(asked, {}).wish() == wish


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_the_state_and_what_could_not_be_read(
    client: TestClient, language: Language
) -> None:
    words = DOCUMENT_TEXTS[language]
    html = unescape(client.get(f"/documents?lang={language}").text)
    assert words.state.split("{")[0] + str(MANY) in html
    assert words.unreadable in html
    assert "kaputt.pdf" in html
    assert "It is no PDF." in html
    assert re.search(r"Bericht <\d{3}>", html), "escaped in the page itself"
    assert not re.search(r"<\d{3}>", client.get("/documents").text)


# Which there are, as an answer


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Welche Dokumente gibt es?", "all"),
        ("welche dateien sind hinterlegt", "all"),
        ("Was ist neu?", "new"),
        ("Gibt es etwas Neues?", "new"),
        ("Which documents are there?", "all"),
        ("What's new?", "new"),
        ("Quels documents y a-t-il\u202f?", "all"),
        ("Quoi de neuf ?", "new"),
        ("Was ist neu an der Kooperation mit Haifa?", None),
        ("Welche Dokumente gibt es zu Haifa?", None),
        ("What is new in Ulm?", None),
        ("Quels documents parlent de Lyon ?", None),
    ],
)
def test_what_is_asked_of_the_documents_is_told_from_the_rest(
    question: str, asked: str | None
) -> None:
    assert asked_of_the_documents(question) == asked


def _document(file: str) -> Document:
    return Document(file, f"\n  Erste Zeile\nvon {file}", "Ohne", date(2024, 4, 1), "de", None)


@pytest.mark.parametrize(
    ("language", "counted"),
    [("de", "120 Dokumente"), ("en", "120 documents"), ("fr", "120 documents")],
)
def test_the_newest_documents_are_told_and_cited(language: str, counted: str) -> None:
    answers = DocumentsTold(list(map(_listed, range(MANY))), _document)
    told = answers.answer("Welche Dokumente gibt es?", language, None)
    assert told
    assert counted in str(told)
    assert len(told.citations) == 10
    assert {citation.quote for citation in told.citations} == {"Erste Zeile"}
    assert {citation.file for citation in told.citations} <= {
        each.file for each in map(_listed, range(MANY)) if each.date and each.date.year == 2023
    }
    only = answers.answer("Was ist neu?", language, {_listed(3).file})
    assert only
    assert [citation.file for citation in only.citations] == [_listed(3).file]
    assert answers.answer("Was ist neu?", language, set()) is None
    assert answers.answer("Wer ist neu?", language, None) is None
