"""The source view: a whole document as it was indexed, with the quoted passage marked."""

import re
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.web.addresses import file_address, web_address
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from assistant.web.pages.page import Page
from assistant.web.paragraphs import Span, paragraphs
from assistant.web.site import Site
from assistant.web.texts import Texts
from assistant.web.typography import long_date
from index.documents import Document, place_at
from index.text.languages import language_name
from index.text.layout import blocks_of, left_out
from index.text.locations import location

_OFFSET: Final = re.compile(r"[0-9]{1,9}")


def span(text: str, start: str | None, end: str | None) -> Span | None:
    """The offsets of an address; None where they are missing, wrong or out of range."""
    if start and end and _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end):
        first, last = int(start), int(end)
        if first < last <= len(text):
            return first, last
    return None


def router(engine: Engine, site: Site) -> APIRouter:
    """The route `/sources/FILE`; files are looked up in the catalogue, never on the disk."""
    routes = APIRouter(include_in_schema=False)

    # Jinja2 and the look-up block: a plain function, so that it runs outside the event loop.
    @routes.get("/sources/{file:path}")
    def source(request: Request, file: str) -> HTMLResponse:
        document = engine.document(file, scope_of(request))
        page = Page.of(request, f"sources/{file}", site)
        if document is None:
            return page.response("missing.html", 404, file=file)
        query = request.query_params
        marked = span(document.text, query.get("start"), query.get("end"))
        text = paragraphs(document.text, marked, blocks_of(document))
        first = next((paragraph for paragraph in text if paragraph.is_marked), None)
        values = {"text": text, "first": first, "frame": bool(left_out(document))}
        facts = _facts(document, page.texts, marked[0] if marked else None)
        return page.response("source.html", 200, document=document, **values, **facts)

    return routes


def _facts(document: Document, texts: Texts, quoted: int | None) -> dict[str, str | None]:
    """What is told of a document, and of the place where it is `quoted`."""
    place = place_at(document.places, quoted) if quoted is not None else None
    address = file_address(document.file, place)
    return {
        "place": location(place, texts.language) if place else None,
        "original_file": "../" * (document.file.count("/") + 1) + address if address else None,
        "day": long_date(document.date, texts.language) if document.date else None,
        "language_name": language_name(document.language, texts.language),
        "original": web_address(document.url),
    }
