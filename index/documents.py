"""What flows through the program: a document, and the passages it is cut into."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Counts:
    """The state of the index: documents that are `indexed`, files that `failed` to be read, and
    documents that are `pending`, as the embedding model has not seen them yet.

    `revision` grows with every change.
    """

    indexed: int
    failed: int
    pending: int
    revision: int


class BlockKind(Enum):
    """What a block of text is; furniture is what a saved web page has around its text."""

    HEADING = "heading"
    PROSE = "prose"
    LIST = "list"
    TABLE = "table"
    DATE = "date"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A line or a paragraph at [start, end) of the text, without the mark before it (# or -)."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlaceInFile:
    """Where in its file something stands: what is told of it depends on the file's kind.

    `page`, `slide` and `row` count from 1. An attachment of a mail, or a file in a folder that is
    packed into one, may have pages or sheets of its own.
    """

    page: int | None = None
    slide: int | None = None
    sheet: str | None = None
    row: int | None = None
    attachment: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What is known of it: {"page": 3}, {"sheet": "Partner", "row": 7}."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Placed:
    """From this offset of a text on, up to that of the next one, it stands at this place."""

    start: int
    place: PlaceInFile


def place_at(places: Sequence[Placed], offset: int) -> PlaceInFile | None:
    """Where the character at an offset stands; None where the file has no places."""
    position = bisect_right(places, offset, key=lambda each: each.start)
    return places[position - 1].place if position else None


def places_within(places: Sequence[Placed], start: int, end: int) -> tuple[Placed, ...]:
    """The places of [start, end), the one at `start` first."""
    first = max(0, bisect_right(places, start, key=lambda each: each.start) - 1)
    return tuple(each for each in places[first:] if each.start < end)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the seeds folder, as text.

    `text` is the text of record: every offset in a passage or a citation counts its characters.
    `language` is an ISO 639-1 code, `file` a POSIX path relative to the seeds folder. `blocks` are
    what its reader found the text to consist of, in order, and `places` where that stands in a
    file with pages, slides or sheets. `replaces` is the document of which it says that it is the
    newer version, by its file or title.
    """

    file: str
    text: str
    title: str
    date: date | None
    language: str
    url: str | None
    blocks: tuple[Block, ...] = ()
    places: tuple[Placed, ...] = ()
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: `text == document.text[start:end]`.

    `heading` is the heading that the passage stands under, or "" where there is none.
    `sentences` are (start, end) offsets into the document's text, in order, and `places` those of
    the document that it has a part in.
    """

    id: str
    file: str
    start: int
    end: int
    text: str
    heading: str
    sentences: tuple[tuple[int, int], ...]
    places: tuple[Placed, ...] = ()


class UnitKind(StrEnum):
    """What a unit is in its document."""

    HEADING = "heading"
    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"
    DATELINE = "dateline"


@dataclass(frozen=True, slots=True)
class Unit:
    """The least that is quoted, [start, end) of a document's text: a sentence, an item, a line.

    Units with one `paragraph` number stand together: a list with what introduces it is one
    paragraph. `heading` is where the heading above stands; None where there is none.
    """

    start: int
    end: int
    kind: UnitKind
    paragraph: int
    heading: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its text."""

    file: str
    title: str
    date: date | None
    language: str
    url: str | None


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage together with what is known of its document."""

    passage: Passage
    document: Metadata

    @property
    def context(self) -> str:
        """The headings that the passage stands under, the document's title first."""
        title, heading = self.document.title, self.passage.heading
        return heading if title in heading else f"{title} · {heading}".rstrip(" ·")
