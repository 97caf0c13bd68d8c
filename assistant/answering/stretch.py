"""What can be quoted of a document, with all that no question changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.answering.marks import marks
from assistant.answering.values import items_in, values_in
from assistant.asking.kinds import QuestionKind
from index.documents import Document, Unit, UnitKind
from index.facts.document_names import names_of
from index.text.dates import years_in
from index.text.features import Postings, Profile, bag
from index.text.words import fold

Array = NDArray[np.float64]

STATIC = (
    "log_words",
    "short",
    "position",
    "first_three",
    "heading",
    "item",
    "dateline",
    "pointing",
    "boilerplate",
    "quotation",
    "enumeration",
    "introduces",
    "label",
    "reason",
    "explaining",
)
"""What is told of a unit whatever is asked; the columns of `Stretch.static`."""

_UNIT_WORDS, _TITLE_WORDS = 20, 10  # of a usual unit, and of a usual title or heading
_SHORT = 4  # words of a unit that says little alone
_FIRST = 3  # units at the top of a document
_ENUMERATED = 3  # items that make a sentence an enumeration
_LONGEST = 150  # units that are looked at together; a longer document is cut at its paragraphs
_QUOTATION_MARKS = frozenset('"„“«»”')


@dataclass(frozen=True, eq=False)
class Stretch:
    """Units of a document in a row, from number `first` on: all of them, unless it is long."""

    document: Document
    units: tuple[Unit, ...]
    first: int = 0
    all_units: int = 0

    def text(self, number: int) -> str:
        """The words of a unit."""
        unit = self.units[number]
        return self.document.text[unit.start : unit.end]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words of each unit."""
        return tuple(self.text(number) for number in range(len(self.units)))

    @cached_property
    def words(self) -> NDArray[np.intp]:
        """How many words each unit has."""
        return np.array([len(text.split()) for text in self.texts], np.intp)

    @cached_property
    def paragraphs(self) -> NDArray[np.intp]:
        """The number of each unit's paragraph."""
        return np.array([unit.paragraph for unit in self.units], np.intp)

    @cached_property
    def postings(self) -> Postings:
        """The units by their features; behind them their headings, and the title last."""
        language = self.document.language
        units = [Profile.of(bag(text, language), _UNIT_WORDS) for text in self.texts]
        above = [*self._headings, self.document.title]
        return Postings.made(
            [*units, *(Profile.of(bag(text, language), _TITLE_WORDS) for text in above)]
        )

    @cached_property
    def heading_numbers(self) -> NDArray[np.intp]:
        """For each unit where the heading above it stands in `postings`; the title has the last."""
        numbers = {heading: len(self.units) + n for n, heading in enumerate(self._headings)}
        return np.array([numbers.get(self._heading(unit), -1) for unit in self.units], np.intp)

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded words that the document writes as names."""
        written = "\n".join([self.document.title, *self.texts])
        return names_of(written, self.document.language)

    @cached_property
    def values(self) -> tuple[Mapping[QuestionKind, frozenset[str]], ...]:
        """What each unit has of each kind of value, folded."""
        return tuple(
            {
                kind: frozenset(fold(text[start:end]) for start, end in spans)
                for kind, spans in values_in(text).items()
            }
            for text in self.texts
        )

    @cached_property
    def years(self) -> tuple[frozenset[str], ...]:
        """The years that each unit tells."""
        return tuple(map(years_in, self.texts))

    @cached_property
    def static(self) -> Array:
        """What STATIC names of each unit; (units, len(STATIC))."""
        return np.array([self._told(n) for n in range(len(self.units))], float)

    def _told(self, number: int) -> list[float]:
        unit, text = self.units[number], self.texts[number]
        place, words, patterns = self.first + number, len(text.split()), marks()
        boilerplate = patterns.boilerplate.search(text) or patterns.boilerplate.search(
            self._heading(unit)
        )
        return [
            float(np.log1p(words)),
            float(words <= _SHORT),
            place / max(1, self.all_units - 1),
            float(place < _FIRST),
            float(unit.kind is UnitKind.HEADING),
            float(unit.kind in (UnitKind.ITEM, UnitKind.ROW)),
            float(unit.kind is UnitKind.DATELINE),
            float(bool(patterns.pointing.search(text))),
            float(bool(boilerplate)),
            float(not _QUOTATION_MARKS.isdisjoint(text)),
            float(items_in(text) >= _ENUMERATED),
            float(text.endswith(":")),
            float(":" in text[:-1] and unit.kind is not UnitKind.SENTENCE),
            float(bool(patterns.reason.search(text))),
            float(bool(patterns.explaining.search(text))),
        ]

    def _heading(self, unit: Unit) -> str:
        return self.document.text[slice(*unit.heading)] if unit.heading else ""

    @cached_property
    def _headings(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(self._heading, self.units))))


def stretches(document: Document, units: Sequence[Unit]) -> list[Stretch]:
    """The document in one piece, or in pieces of whole paragraphs where it is long."""
    pieces: list[list[Unit]] = [[]]
    for before, unit in zip((None, *units), units, strict=False):
        full = len(pieces[-1]) >= _LONGEST
        if full and before is not None and before.paragraph != unit.paragraph:
            pieces.append([])
        pieces[-1].append(unit)
    cut, first = [], 0
    for piece in pieces:
        cut.append(Stretch(document, tuple(piece), first, len(units)))
        first += len(piece)
    return cut
