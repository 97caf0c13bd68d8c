"""The addresses that links of the chat lead to, relative to the chat's own."""

from pathlib import PurePath
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode, urlsplit

from assistant.web.view import View
from index.documents import PlaceInFile

_TEXTS = (".txt", ".md")


def source_address(file: str, view: View, span: tuple[int, int] | None = None) -> str:
    """A document's page, seen in the same way; with a span, at that quote."""
    query = {"start": str(span[0]), "end": str(span[1])} if span else {}
    parameters = urlencode(query | view.query())
    return f"sources/{percent_encoded(file)}?{parameters}" + ("#quote" if span else "")


def file_address(file: str, place: PlaceInFile | None = None) -> str | None:
    """The original file of a document, at a page; None for a text, which its own page shows."""
    if PurePath(file).suffix.lower() in _TEXTS:
        return None
    at = f"#page={place.page}" if place and place.page and not place.attachment else ""
    return f"files/{percent_encoded(file)}{at}"


def question_address(question: str, view: View) -> str:
    """The chat as a page of its own, which asks this question."""
    return "./?" + urlencode({"q": question, "lang": view.language} | view.wish())


def documents_address(view: View) -> str:
    """The page of all documents, seen in the same way."""
    return f"documents?{urlencode(view.query())}"


def partners_address(view: View, organisation: str = "", **query: str) -> str:
    """The overview of partnerships or an organisation's page, seen in the same way."""
    path = f"partners/{percent_encoded(organisation, safe='')}" if organisation else "partners"
    return f"{path}?{urlencode(query | view.query())}"


def web_address(url: str | None) -> str | None:
    """The address of an original page if it is one that a link may lead to: http or https."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None
