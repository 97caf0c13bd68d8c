"""The source view: a whole document as it was indexed, with the quoted passage marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.web.addresses import web_address
from assistant.web.engine import Engine
from assistant.web.guard.protection import static_policy
from assistant.web.guard.reader import scope_of
from assistant.web.paragraphs import Span, paragraphs
from assistant.web.texts import TEXTS, Texts
from assistant.web.typography import long_date
from assistant.web.view import View
from index.documents import Document
from index.text.languages import language_name

_OFFSET: Final = re.compile(r"[0-9]{1,9}")
_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def span(text: str, start: str | None, end: str | None) -> Span | None:
    """The offsets of an address; None where they are missing, wrong or out of range."""
    if start and end and _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end):
        first, last = int(start), int(end)
        if first < last <= len(text):
            return first, last
    return None


def router(engine: Engine, frame_ancestors: Sequence[str]) -> APIRouter:
    """The route `/sources/FILE`; files are looked up in the catalogue, never on the disk.

    `frame_ancestors` are the origins whose pages may have it in a frame.
    """
    routes = APIRouter(include_in_schema=False)

    # Jinja2 and the look-up block: a plain function, so that it runs outside the event loop.
    @routes.get("/sources/{file:path}")
    def source(request: Request, file: str) -> HTMLResponse:
        document = engine.document(file, scope_of(request))
        page = _Page(View.of_connection(request), file, frame_ancestors)
        if document is None:
            return page.response("missing.html", 404)
        query = request.query_params
        marked = span(document.text, query.get("start"), query.get("end"))
        text = paragraphs(document.text, marked)
        first = next((each for each in text if each.is_marked), None)
        facts = _facts(document, page.texts)
        return page.response("source.html", 200, document=document, text=text, first=first, **facts)

    return routes


def _facts(document: Document, texts: Texts) -> dict[str, str | None]:
    return {
        "day": long_date(document.date, texts.language) if document.date else None,
        "language_name": language_name(document.language, texts.language),
        "original": web_address(document.url),
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """A page under `/sources/`; links are relative, so that they hold under any path prefix."""

    view: View
    file: str
    frame_ancestors: Sequence[str]

    @property
    def texts(self) -> Texts:
        return TEXTS[self.view.language]

    def response(self, template: str, status: int, **values: object) -> HTMLResponse:
        html = _templates.get_template(template).render(
            t=self.texts, view=self.view, file=self.file, **self._addresses(), **values
        )
        headers = {
            "Content-Security-Policy": static_policy(self.frame_ancestors, self.view.embedded),
            "Content-Language": self.view.language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(html, status, headers)

    def _addresses(self) -> dict[str, str]:
        root = "../" * (self.file.count("/") + 1)
        chat = f"{root}{'embed' if self.view.embedded else ''}?{urlencode(self.view.query())}"
        return {"web": f"{root}web/", "chat": chat, "ancestors": " ".join(self.frame_ancestors)}
