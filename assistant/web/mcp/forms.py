"""What the tools take and give, beside the forms of the interface for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant.partners.rows import OrganisationRow, PartnershipRow
from assistant.web.api.partners import TimelineRow
from assistant.web.api.schema import DocumentEntry, FileText
from index.register.rows import Kind, Status

MAX_CHARACTERS: Final = 20_000
"""Of a document's text that one call gives."""

_LONGEST: Final = 200  # characters of a value
_MOST: Final = 100  # rows of a page

Row = TypeVar("Row")

_Words = Annotated[str, Field(max_length=_LONGEST)]
_Day = Annotated[
    str | None, Field(max_length=10, description="A day, a month or a year, such as 2024-04.")
]


class Paged(BaseModel):
    """Which rows: a page of so many."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=_MOST, description="Rows of a page.")] = 20

    def part(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the page."""
        first = (self.page - 1) * self.size
        return list(rows[first : first + self.size])


class DocumentQuery(BaseModel):
    """Which document, and which part of its text."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[FileText, Field(description="As the list and citations name it.")]
    start: Annotated[int, Field(ge=0, description="The first character of its text.")] = 0
    length: Annotated[int, Field(ge=1, le=MAX_CHARACTERS)] = MAX_CHARACTERS


class DocumentsQuery(Paged):
    """Which documents."""

    words: Annotated[_Words, Field(description="Letters of the title or file; empty for all.")] = ""
    language: Annotated[_Words, Field(description="As in ISO 639-1; empty for all.")] = ""


class OrganisationsQuery(Paged):
    """Which organisations; empty values stand for all."""

    org: Annotated[_Words, Field(description="An `id`, a name, or a part of one.")] = ""
    kind: Annotated[_Words, Field(description="Such as `cluster`.")] = ""
    country: Annotated[str, Field(pattern="^(?:[A-Za-z]{2})?$", description="ISO 3166-1.")] = ""
    words: Annotated[_Words, Field(description="Words that stand in one of its names.")] = ""


class PartnershipsQuery(Paged):
    """Which partnerships; empty values stand for all."""

    org: Annotated[_Words, Field(description="An organisation's `id`, name, or a part of it.")] = ""
    kind: Kind | Literal[""] = ""
    status: Status | Literal[""] = ""
    country: Annotated[str, Field(pattern="^(?:[A-Za-z]{2})?$", description="ISO 3166-1.")] = ""
    since: _Day = None
    until: _Day = None
    words: Annotated[_Words, Field(description="Words that stand in a name of it.")] = ""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A part of a document's text, [start, end) of `length` characters."""

    file: str
    title: str
    date: date | None
    language: str
    url: str | None
    text: str
    start: int
    end: int
    length: int


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A page of `total` documents."""

    total: int
    documents: list[DocumentEntry]


@dataclass(frozen=True, slots=True)
class OrganisationList:
    """A page of `total` organisations."""

    total: int
    organisations: list[OrganisationRow]


@dataclass(frozen=True, slots=True)
class PartnershipList:
    """A page of `total` partnerships."""

    total: int
    partnerships: list[PartnershipRow]


@dataclass(frozen=True, slots=True)
class TimelineList:
    """A page of `total` partnerships of which a day is known, the earliest first."""

    total: int
    partnerships: list[TimelineRow]
