"""The page that searches, for the search box of an intranet, and what tells of it to browsers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.finding.passages import FoundPassage
from assistant.web.addresses import source_address
from assistant.web.api.admission import Admission
from assistant.web.api.search import SIZE, SearchPage
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from assistant.web.pages.page import Page
from assistant.web.paragraphs import Piece
from assistant.web.site import Site
from assistant.web.texts.search import SEARCH_TEXTS
from assistant.web.typography import count, long_date
from assistant.web.view import View

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")
_SHOWN: Final = 420  # characters of a passage
_BEFORE: Final = 120  # of them before the first word of the query
_DESCRIPTION: Final = "application/opensearchdescription+xml"


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage as the page shows it; `is_begun` and `is_ended` where it shows its ends."""

    passage: FoundPassage
    address: str
    day: str
    pieces: tuple[Piece, ...]
    is_begun: bool
    is_ended: bool


def router(engine: Engine, admission: Admission, site: Site) -> APIRouter:
    """The routes `/search` and `/opensearch.xml`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/search")
    async def search(request: Request) -> HTMLResponse:
        page = Page.of(request, "search", site, has_form=True, has_filters=True)
        query = _query(request.query_params)
        found = None
        if query:
            async with admission.place(request):
                work = partial(engine.search, query, scope=scope_of(request))
                passages = await admission.done(work)
            found = SearchPage.of(query, passages, _page(request.query_params), SIZE)
        return page.response("search.html", 200, **_values(page, query, found))

    @routes.get("/opensearch.xml")
    def description(request: Request) -> Response:
        page = Page.of(request, "opensearch.xml", site)
        words = SEARCH_TEXTS[page.view.language]
        xml = page.rendered("opensearch.xml", base=str(request.base_url), w=words)
        headers = {"Vary": "Accept-Language, Host", "Cache-Control": "no-cache"}
        return Response(xml, headers=headers, media_type=_DESCRIPTION)

    return routes


def _query(parameters: Mapping[str, str]) -> str:
    """What is searched for; half a character of a broken address can't be shown again."""
    text = parameters.get("q", "").encode("utf-8", "replace").decode("utf-8")
    return text.strip()[:MAX_QUESTION_CHARACTERS]


def _page(parameters: Mapping[str, str]) -> int:
    number = parameters.get("page", "")
    return int(number) if _NUMBER.fullmatch(number) else 1


def _values(page: Page, query: str, found: SearchPage | None) -> dict[str, Any]:
    language = page.view.language
    words = SEARCH_TEXTS[language]
    values: dict[str, Any] = {"w": words, "query": query, "found": found, "rows": [], "told": ""}
    if found is None:
        return values

    def at(number: int) -> str:
        return "search?" + urlencode({"q": query, "page": number} | page.view.query())

    told = words.counted_one
    if found.total != 1:
        told = words.counted.format(count=count(found.total, language))
    rows = [_row(passage, page.view) for passage in found.passages]
    return values | {"rows": rows, "told": told, "at": at}


def _row(passage: FoundPassage, view: View) -> _Row:
    start, end = _excerpt(passage)
    return _Row(
        passage,
        source_address(passage.file, view, (passage.start, passage.end)),
        long_date(passage.date, view.language) if passage.date else "",
        tuple(_pieces(passage, start, end)),
        start == passage.start,
        end == passage.end,
    )


def _excerpt(passage: FoundPassage) -> tuple[int, int]:
    """What is shown of a passage: whole words, from somewhat before the first of the query."""
    text, offset = passage.text, passage.start
    first = passage.highlights[0][0] - offset if passage.highlights else 0
    start = max(0, min(first - _BEFORE, len(text) - _SHOWN))
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + _SHOWN)
    end = max(text.rfind(" ", start, end), start + 1) if end < len(text) else end
    return offset + start, offset + end


def _pieces(passage: FoundPassage, start: int, end: int) -> Iterator[Piece]:
    """The text at [start, end), with the query's words marked."""
    text, offset, done = passage.text, passage.start, start
    for first, last in passage.highlights:
        if done <= first and last <= end:
            if done < first:
                yield Piece(text[done - offset : first - offset], False)
            yield Piece(text[first - offset : last - offset], True)
            done = last
    yield Piece(text[done - offset : end - offset], False)
