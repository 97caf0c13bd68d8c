"""What speaks for each unit of the documents that were found: the ground of choosing and refusing.

All of it belongs to the documents that were found, which are those of the reader's scope: no other
document changes an answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.answering.stretch import STATIC, Array, Stretch
from assistant.answering.values import VALUES
from assistant.asking.cues import Cue, cues_in
from assistant.asking.question import Question
from assistant.finding.hit import Hit
from index.documents import UnitKind
from index.text.dates import years_in
from index.text.languages import frequency
from index.text.words import fold
from index.vectors.scale import Scale

DOCUMENTS = 8
"""Documents that answers are taken from: the ones with the best passages."""

_PIECES = 3  # of a long document, with its best passages
_NAME = 1e-7  # the share of running text below which a word of the question is a name anyway

StretchesOf = Callable[[str], Sequence[Stretch]]
"""The pieces of a file's document."""
MeaningOf = Callable[[Stretch], Array | None]
"""How near in meaning to the question each unit of a stretch is, 0 for unrelated and 1 for alike;
None where that is not known."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A question with the units of the likeliest documents; rows of all tables are units.

    `stretch` and `number` tell each unit's place, `rank` the document's, from 0 for the best.
    `matches` has how much the unit is about each term of the question, `headings` and `titles` the
    same of what stands above. `meaning` is how near the unit is to the question, 0 for unrelated
    and 1 for alike, and `passage_meaning` the same of each document's best passage; both are None
    where that is not known.
    """

    question: Question
    hits: tuple[Hit, ...]
    stretches: tuple[Stretch, ...]
    stretch: NDArray[np.intp]
    number: NDArray[np.intp]
    rank: NDArray[np.intp]
    matches: Array
    headings: Array
    titles: Array
    meaning: Array | None
    passage_meaning: Array | None

    def __len__(self) -> int:
        return len(self.number)

    def text(self, unit: int) -> str:
        """The words of a unit."""
        return self.of(unit).texts[int(self.number[unit])]

    def span(self, unit: int) -> tuple[int, int]:
        """Where a unit stands in its document's text."""
        stretch_unit = self.of(unit).units[int(self.number[unit])]
        return stretch_unit.start, stretch_unit.end

    def of(self, unit: int) -> Stretch:
        """What a unit is part of."""
        return self.stretches[int(self.stretch[unit])]

    def told(self, name: str) -> Array:
        """One of STATIC for each unit."""
        return self.static[:, STATIC.index(name)]

    def before(self, values: Array) -> Array:
        """For each unit the value of the one before it in its paragraph, 0 where there is none."""
        moved = np.zeros_like(values)
        moved[1:] = np.where(_broad(self.continues[1:], values), values[:-1], 0.0)
        return moved

    def after(self, values: Array) -> Array:
        """For each unit the value of the one behind it in its paragraph, 0 where there is none."""
        moved = np.zeros_like(values)
        moved[:-1] = np.where(_broad(self.continues[1:], values), values[1:], 0.0)
        return moved

    @cached_property
    def cues(self) -> frozenset[Cue]:
        """What the question hints at."""
        return cues_in(self.question.query_str)

    @cached_property
    def asked_years(self) -> frozenset[str]:
        """The years that the question names."""
        return years_in(self.question.query_str)

    @cached_property
    def years(self) -> tuple[frozenset[str], ...]:
        """The years that each unit tells."""
        return tuple(years for each in self.stretches for years in each.years)

    @cached_property
    def is_row(self) -> NDArray[np.bool_]:
        """Whether each unit is a row of a table, which says all by itself."""
        rows = [unit.kind is UnitKind.ROW for stretch in self.stretches for unit in stretch.units]
        return np.array(rows, bool)

    @cached_property
    def words(self) -> NDArray[np.intp]:
        """How many words each unit has."""
        return np.concatenate([stretch.words for stretch in self.stretches])

    @cached_property
    def static(self) -> Array:
        """STATIC of each unit."""
        return np.concatenate([stretch.static for stretch in self.stretches])

    @cached_property
    def continues(self) -> NDArray[np.bool_]:
        """Whether each unit stands in one paragraph with the one before it."""
        paragraphs = np.concatenate([stretch.paragraphs for stretch in self.stretches])
        same = (paragraphs[1:] == paragraphs[:-1]) & (self.stretch[1:] == self.stretch[:-1])
        return np.concatenate([[False], same]) if len(self) else np.zeros(0, bool)

    @cached_property
    def values(self) -> NDArray[np.bool_]:
        """Whether each unit has values of each of VALUES that the question has not itself."""
        said = fold(self.question.query_str)
        return np.array(
            [
                [any(value not in said for value in has.get(kind, ())) for kind in VALUES]
                for stretch in self.stretches
                for has in stretch.values
            ],
            bool,
        ).reshape(len(self), len(VALUES))

    @cached_property
    def is_name(self) -> NDArray[np.bool_]:
        """Whether each term of the question is a name that the documents write."""
        names = frozenset[str]().union(*(stretch.names for stretch in self.stretches))
        language = self.question.language
        return np.array(
            [
                any(fold(word) in names for word in term.text.split())
                or all(frequency(word, language) < _NAME for word in term.text.split())
                for term in self.question.terms
            ],
            bool,
        )

    @cached_property
    def weights(self) -> Array:
        """What each term of the question counts."""
        return np.array(self.question.weights, float)

    @cached_property
    def in_document(self) -> Array:
        """How much each unit's document is about each term, by the unit that is most about it."""
        best = np.zeros((int(self.rank.max(initial=-1)) + 1, self.matches.shape[1]))
        np.maximum.at(best, self.rank, np.maximum(self.matches, self.titles))
        return best[self.rank]

    @cached_property
    def in_context(self) -> Array:
        """How much each unit with what stands above it is about each term."""
        above = np.maximum(0.8 * self.headings, 0.6 * self.titles)
        return np.maximum(self.matches, above)

    @cached_property
    def nearby(self) -> Array:
        """The same with what the units beside it are about."""
        beside = np.maximum(self.before(self.matches), self.after(self.matches))
        return np.maximum(self.in_context, 0.7 * beside)

    @cached_property
    def best_hits(self) -> tuple[Hit, ...]:
        """The best passage of each document, in the order of the documents."""
        best: dict[str, Hit] = {}
        for hit in self.hits:
            best.setdefault(hit.document.file, hit)
        return tuple(best.values())[: int(self.rank.max(initial=-1)) + 1]

    @cached_property
    def recency(self) -> Array:
        """From 0 for the oldest to 1 for the newest of the documents; undated ones have 0.5."""
        days = [hit.document.date for hit in self.best_hits]
        dated = sorted({day for day in days if day})
        steps = max(1, len(dated) - 1)
        told = [dated.index(day) / steps if day else 0.5 for day in days]
        return np.array(told, float)[self.rank]

    @cached_property
    def passage_scores(self) -> Array:
        """For each unit the score of the passage that it is in, 0 where none was found."""
        scores = np.zeros(len(self))
        spans = [self.span(unit) for unit in range(len(self))]
        files = [self.of(unit).document.file for unit in range(len(self))]
        hits_in: dict[str, list[Hit]] = {}
        for hit in self.hits:
            hits_in.setdefault(hit.document.file, []).append(hit)
        for unit, ((start, end), file) in enumerate(zip(spans, files, strict=True)):
            for hit in hits_in.get(file, ()):
                if hit.passage.start < end and start < hit.passage.end:
                    scores[unit] = max(scores[unit], hit.score)
        return scores


def gathered(
    question: Question,
    hits: Sequence[Hit],
    stretches_of: StretchesOf,
    meaning_of: MeaningOf,
    scale: Scale | None = None,
) -> Evidence | None:
    """The evidence of what was found, best first; None where there is nothing to be quoted."""
    ranked = list(_found(hits, stretches_of))
    if not ranked or not question.terms:
        return None
    stretches = tuple(stretch for _, stretch in ranked)
    sizes = [len(stretch.units) for stretch in stretches]
    matches, headings, titles = zip(
        *(_compared(question, stretch) for stretch in stretches), strict=True
    )
    units = [meaning_of(stretch) for stretch in stretches]
    meanings = [meaning for meaning in units if meaning is not None]
    passages = _meanings(hits, {stretch.document.file: None for stretch in stretches}, scale)
    is_known = passages is not None and len(meanings) == len(stretches)
    return Evidence(
        question,
        tuple(hits),
        stretches,
        stretch=np.repeat(np.arange(len(sizes)), sizes),
        number=np.concatenate([np.arange(size) for size in sizes]),
        rank=np.repeat([rank for rank, _ in ranked], sizes),
        matches=np.vstack(matches),
        headings=np.vstack(headings),
        titles=np.vstack(titles),
        meaning=np.concatenate(meanings) if is_known else None,
        passage_meaning=passages if is_known else None,
    )


def _found(hits: Sequence[Hit], stretches_of: StretchesOf) -> Iterator[tuple[int, Stretch]]:
    """The stretches of the best documents, each with its document's rank."""
    passages: dict[str, list[Hit]] = {}
    for hit in hits:
        passages.setdefault(hit.document.file, []).append(hit)
    ranked = ((file, own_hits) for file, own_hits in passages.items())
    rank = 0
    for file, own_hits in ranked:
        pieces = [piece for piece in stretches_of(file) if piece.units]
        if len(pieces) > 1:
            pieces = [piece for piece in pieces if _holds(piece, own_hits[:_PIECES])]
        for piece in pieces:
            yield rank, piece
        rank += bool(pieces)
        if rank == DOCUMENTS:
            return


def _meanings(hits: Sequence[Hit], files: Iterable[str], scale: Scale | None) -> Array | None:
    """How near to the question each document's best passage is."""
    best: dict[str, float | None] = {}
    for hit in hits:
        best.setdefault(hit.document.file, hit.similarity)
    similarities = [best[file] for file in files]
    cosines = np.array([cosine for cosine in similarities if cosine is not None])
    return scale.places(cosines) if scale and len(cosines) == len(similarities) else None


def _holds(stretch: Stretch, hits: Sequence[Hit]) -> bool:
    """Whether one of the passages is in the stretch."""
    start, end = stretch.units[0].start, stretch.units[-1].end
    return any(hit.passage.start < end and start < hit.passage.end for hit in hits)


def _compared(question: Question, stretch: Stretch) -> tuple[Array, Array, Array]:
    """How much units, the headings above them and the title are about each term."""
    table = question.table(stretch.postings)
    units, title = table[: len(stretch.units)], table[-1]
    padded = np.vstack([table, np.zeros(table.shape[1])])  # number -1: no heading
    return units, padded[stretch.heading_numbers], np.repeat(title[None], len(units), axis=0)


def _broad(flags: NDArray[np.bool_], values: Array) -> NDArray[np.bool_]:
    """Flags of rows in the shape of a table."""
    return flags.reshape(-1, *[1] * (values.ndim - 1))
