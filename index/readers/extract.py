"""What a reader makes of a file: the text of record, what it consists of, and what the file states.

A reader of a format takes the file's bytes, and knows neither its name nor the folder. What it
writes down is written by a `Composer`, so that offsets are counted in one place.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from index.documents import Block, BlockKind, Placed, PlaceInFile
from index.text.layout import is_date, is_sentence, with_furniture

LONGEST_TEXT = 20_000_000
"""Characters of a text of record: what has more is no document that anybody reads."""

_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]"
)
_CLOSE = (BlockKind.LIST, BlockKind.TABLE)  # no empty line between two of them
_HEADING_CHARACTERS = 140


class Lack(StrEnum):
    """What another program could do, so that a file can be read after all."""

    RECOGNITION = "recognition"
    CONVERSION = "conversion"


class UnreadableError(Exception):
    """A file that is not what it should be: the message says what is wrong, as part of a sentence.

    `remedy` is a sentence of its own. `is_format` says that there is no fault in the file: it is
    nothing that is read. `lack` says what would help.
    """

    def __init__(
        self, problem: str, remedy: str, *, is_format: bool = False, lack: Lack | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.is_format = is_format
        self.lack = lack


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file states of itself in fields of its own.

    `title` and `language` may be left over from a template, so that they are compared with the
    text. `shown` is a title that the file doesn't state but shows, by the size of its letters.
    `published` is the day that the file gives the document, `written` that of the file itself.
    """

    title: str | None = None
    shown: str | None = None
    published: date | None = None
    written: date | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """A file as it was read: every offset counts characters of `text`."""

    text: str
    blocks: Sequence[Block]
    places: Sequence[Placed] = ()
    stated: Stated = field(default_factory=Stated)

    def as_json(self) -> dict[str, Any]:
        """For the way out of a process."""
        days = {"published": _iso(self.stated.published), "written": _iso(self.stated.written)}
        return {
            "text": self.text,
            "blocks": [(block.kind.value, block.start, block.end) for block in self.blocks],
            "places": [(placed.start, placed.place.as_json()) for placed in self.places],
            "stated": asdict(self.stated) | days,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Extract":
        """What `as_json` told. Raises KeyError, TypeError or ValueError for anything else."""
        stated = told["stated"]
        days = {name: _day(stated[name]) for name in ("published", "written")}
        return cls(
            told["text"],
            tuple(Block(BlockKind(kind), start, end) for kind, start, end in told["blocks"]),
            tuple(Placed(start, PlaceInFile(**place)) for start, place in told["places"]),
            Stated(**stated | days),
        )


Reader = Callable[[bytes], Extract]
"""Reads files of a format. Raises UnreadableError where the bytes are no such file, or are locked.

Whatever else it raises means that its library can't cope with the file.
"""

Inner = Callable[[str, bytes], Extract]
"""Reads a file that lies in another one, by its name."""


Written = tuple[BlockKind, str]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


class Composer:
    """The text of record as it is written, block after block, with the places that are reached."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._places: list[Placed] = []
        self._place: PlaceInFile | None = None
        self._headings: set[int] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written."""
        return not self._parts

    def at(self, place: PlaceInFile) -> None:
        """What is written from now on stands there."""
        self._place = place

    def heading(self, said: str) -> None:
        """A line that is marked as a heading; a sentence is none for all that."""
        line = _one_line(said)
        if is_date(line):
            self.write(line, BlockKind.DATE)
        elif is_sentence(line) or len(line) > _HEADING_CHARACTERS:
            self.write(line, BlockKind.PROSE)
        else:
            self.write(line, BlockKind.HEADING)

    def paragraph(self, said: str) -> None:
        """A paragraph, on one line but for the breaks that it has itself."""
        line = _lines(said)
        self.write(line, BlockKind.DATE if is_date(line) else BlockKind.PROSE)

    def item(self, said: str, depth: int = 0, bullet: str = "- ") -> None:
        """An item of a list; `depth` counts the lists that it stands in, from 0."""
        self.write(_one_line(said), BlockKind.LIST, "  " * depth + bullet)

    def row(self, cells: Sequence[str]) -> None:
        """A table's row; the first one of a table says what stands in the others."""
        told = [_one_line(cell).replace("|", "/") for cell in cells]
        if any(told):
            self.write(f"| {' | '.join(told)} |", BlockKind.TABLE)

    def write(self, said: str, kind: BlockKind, before: str = "") -> None:
        """Writes a block, behind a mark that is none of it, if there is something to write."""
        said = without_controls(said).strip()
        if not said:
            return
        close = kind in _CLOSE and self._blocks and self._blocks[-1].kind is kind
        gap = "" if not self._parts else "\n" if close else "\n\n"
        start = self._length + len(gap) + len(before)
        if start + len(said) > LONGEST_TEXT:
            raise UnreadableError(
                f"it has more than {LONGEST_TEXT // 1_000_000} million characters of text",
                "Split it.",
            )
        self._blocks.append(Block(kind, start, start + len(said)))
        self._reach(self._place, start - len(before))
        if kind is BlockKind.HEADING:
            self._headings.add(start)
        self._parts += [gap, before, said]
        self._length = start + len(said)

    def reaches_within(self, place: PlaceInFile, offset: int) -> None:
        """In the last block, so many characters behind its beginning, another place begins."""
        self._place = place
        if self._blocks:
            block = self._blocks[-1]
            self._reach(place, min(block.start + max(0, offset), block.end))

    def take_in(self, read: Extract, place: Callable[[PlaceInFile | None], PlaceInFile]) -> None:
        """Writes what was read of a file within this one; `place` tells where each of its places is
        in this one.
        """
        outer, last = self._place, 0
        starts = {placed.start: placed.place for placed in read.places}
        self._place = place(None)
        for block in read.blocks:
            for offset in [start for start in starts if last <= start <= block.start]:
                self._place = place(starts.pop(offset))
            before = read.text[read.text.rfind("\n", 0, block.start) + 1 : block.start]
            self.write(read.text[block.start : block.end], block.kind, before)
            for offset in [start for start in starts if block.start < start < block.end]:
                self.reaches_within(place(starts.pop(offset)), offset - block.start)
            last = block.end
        self._place = outer

    def chosen(self, choose: Callable[[Sequence[Written]], Sequence[bool]]) -> "Composer":
        """What was written, but for the blocks that are not chosen."""
        text = "".join(self._parts)
        written = [(block.kind, text[block.start : block.end]) for block in self._blocks]
        page = Composer()
        for block, is_chosen in zip(self._blocks, choose(written), strict=True):
            if is_chosen:
                before = text[text.rfind("\n", 0, block.start) + 1 : block.start]
                page.write(text[block.start : block.end], block.kind, before)
        return page

    def extract(self, stated: Stated | None = None) -> Extract:
        """All that was written."""
        text = "".join([*self._parts, "\n"]) if self._parts else ""
        blocks = with_furniture(self._blocks, text, self._headings)
        return Extract(text, blocks, self._places, stated or Stated())

    def _reach(self, place: PlaceInFile | None, offset: int) -> None:
        if place and (not self._places or self._places[-1].place != place):
            self._places.append(Placed(offset, place))


def without_controls(said: str) -> str:
    """The text without what is no character: control codes, and halves of surrogates."""
    return _NO_CHARACTER.sub("", said)


def _one_line(said: str) -> str:
    return " ".join(said.split())


def _lines(said: str) -> str:
    """The lines of a paragraph, with single blanks in each."""
    return "\n".join(filter(None, map(_one_line, said.split("\n"))))
