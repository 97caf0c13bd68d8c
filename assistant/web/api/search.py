"""Search alone: passages with their scores, for who words no answer, or words it elsewhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.finding.passages import FoundPassage
from assistant.web.api import search_openapi as described
from assistant.web.api.admission import Admission, narrowed
from assistant.web.api.schema import MAX_FILES, FileText, QuestionText
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of

SIZE: Final = 10
"""Passages of a page, unless another number is asked for."""

_LARGEST: Final = 50
_LAST: Final = 1_000  # page that can be asked for; there are some hundred passages at most

_Day = Annotated[
    str | None,
    Field(max_length=10, description="A day, a month or a year.", examples=["2021-11"]),
]


class SearchQuery(BaseModel):
    """What `/api/search` takes. Documents without a date are left out where one is given."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[QuestionText, Field(description="Words, or a question.", examples=["CEBR"])]
    file: Annotated[
        list[FileText],
        Field(
            max_length=MAX_FILES,
            description="Only these: files as citations name them, or patterns; repeatable.",
        ),
    ] = []
    since: _Day = None
    until: _Day = None
    language: Annotated[
        str | None,
        Field(
            pattern="^[a-z]{2}$",
            description="Only documents in this language (ISO 639-1).",
            examples=["de"],
        ),
    ] = None
    page: Annotated[int, Field(ge=1, le=_LAST)] = 1
    size: Annotated[int, Field(ge=1, le=_LARGEST, description="Passages of a page.")] = SIZE


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found: `total` passages in all, in so many `pages`."""

    q: str
    total: int
    page: int
    pages: int
    passages: tuple[FoundPassage, ...]

    def as_json(self) -> dict[str, Any]:
        """The page as it is sent."""
        return asdict(self) | {"passages": [passage.as_json() for passage in self.passages]}

    @classmethod
    def of(cls, q: str, passages: Sequence[FoundPassage], page: int, size: int) -> "SearchPage":
        """The page of that number, which may be behind the last one and empty."""
        first, pages = (page - 1) * size, -(-len(passages) // size)
        return cls(q, len(passages), page, pages, tuple(passages[first : first + size]))


def router(engine: Engine, admission: Admission) -> APIRouter:
    """The route `/api/search`."""
    routes = APIRouter()

    @routes.get("/api/search", response_model=SearchPage, **described.SEARCH)
    async def search(query: Annotated[SearchQuery, Query()], request: Request) -> Response:
        async with admission.place(request):
            scope = narrowed(scope_of(request), query.file, query.since, query.until)
            passages = await admission.done(
                partial(engine.search, query.q, scope=scope, written_in=query.language)
            )
        found = SearchPage.of(query.q, passages, query.page, query.size)
        return JSONResponse(found.as_json())

    return routes
