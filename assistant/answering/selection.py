"""Which units are quoted: those that carry the answer, what they need to be understood, no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Evidence
from assistant.answering.learnt import Array
from assistant.asking.breadth import Breadth
from index.documents import Document
from index.text.injection import gives_orders
from index.text.words import words

_LOOKED_THROUGH = 60  # units, the likeliest first


@dataclass(frozen=True, slots=True)
class Rule:
    """What an answer may have: words and units in all, and documents.

    `least` is the share of the answer that a further unit has to promise, `other` that of one from
    a document that is not quoted yet; what has the share `enough` gets no further one. `in_a_row`
    says that what is quoted first is chosen as a
    whole, several sentences of a paragraph, and not sentence by sentence.
    """

    words: int
    units: int
    least: float
    other: float
    documents: int
    enough: float = 1.0
    in_a_row: bool = False


# Found on the tuned halves of the question sets: 25 words for each thing asked for and 35 besides.
# A whole window in place of single sentences has the point in the first quote more often, .64
# in place of .63, in fewer words; 150 words of summary have all points in 12 of 17, 105 in 4.
RULES = {
    Breadth.SINGLE: Rule(50, 4, 0.02, 0.16, 2, enough=0.85, in_a_row=True),
    Breadth.COMPARE: Rule(85, 5, 0.05, 0.10, 3),
    Breadth.LIST: Rule(130, 14, 0.02, 0.20, 2),
    Breadth.SEVERAL: Rule(150, 12, 0.01, 0.02, 8),
    Breadth.SUMMARY: Rule(155, 10, 0.01, 0.30, 1),
    Breadth.TIMELINE: Rule(150, 12, 0.01, 0.02, 8),
}
_OF_ANOTHER_YEAR = 0.25  # what remains of a unit's share
_ROW = 0.7  # of the likeliest unit's share, that another row of a table needs: rows are all alike
_EDGE = 0.015  # the share below which a unit at the end of a first quote is beside the point
_WORD = 0.001  # the share of the answer that each word of a first quote has to bring


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """Units [first, last] of the evidence, which stand in a row; `share` is theirs of the answer.

    `best` is the unit that carries most of it.
    """

    evidence: Evidence
    first: int
    last: int
    share: float
    best: int

    @property
    def document(self) -> Document:
        """What it is quoted from."""
        return self.evidence.of(self.first).document

    @property
    def start(self) -> int:
        """Where it begins in its document's text."""
        return self.evidence.span(self.first)[0]

    @property
    def end(self) -> int:
        """Where it ends there."""
        return self.evidence.span(self.last)[1]

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.document.text[self.start : self.end]

    @property
    def units(self) -> range:
        """The numbers of its units."""
        return range(self.first, self.last + 1)


def chosen(
    evidence: Evidence, shares: Array, breadth: Breadth, rule: Rule | None = None
) -> list[Quote]:
    """The quotes that make the answer, in the order in which they are shown.

    `shares` has for each unit how much of the answer it carries, 1 in all.
    """
    shares = np.where(_only_names(evidence), 0.0, _without_orders(evidence, shares))
    shares = np.where(_of_another_year(evidence), _OF_ANOTHER_YEAR * shares, shares)
    picks = _picked(evidence, shares, rule or RULES[breadth])
    quotes = list(_quotes(evidence, shares, picks))
    if breadth is not Breadth.SUMMARY:
        quotes.sort(key=lambda quote: -quote.share)
    return quotes


def _only_names(evidence: Evidence) -> NDArray[np.bool_]:
    """Units that name what follows and say nothing themselves: "Gründung"."""
    return np.asarray((evidence.told("heading") * evidence.told("short")) > 0, bool)


def _of_another_year(evidence: Evidence) -> NDArray[np.bool_]:
    """Units that tell of another year than the one asked about, which their document tells of."""
    if len(evidence.asked_years) != 1:
        return np.zeros(len(evidence), bool)
    told = np.array([bool(years) for years in evidence.years])
    is_asked = np.array([not evidence.asked_years.isdisjoint(years) for years in evidence.years])
    documents = np.unique(evidence.rank[is_asked])
    return np.asarray(told & ~is_asked & np.isin(evidence.rank, documents), bool)


def _picked(evidence: Evidence, shares: Array, rule: Rule) -> NDArray[np.bool_]:
    picks = np.zeros(len(evidence), bool)
    if rule.in_a_row:
        picks[_best_run(evidence, shares, rule)] = True
    used, count = int(evidence.words[picks].sum()), int(picks.any())
    documents = set(evidence.rank[picks].tolist())
    said = {_plain(evidence.text(unit)) for unit in np.flatnonzero(picks).tolist()}
    for unit in np.argsort(-shares, kind="stable")[:_LOOKED_THROUGH].tolist():
        if count == rule.units or (count and shares[picks].sum() >= rule.enough):
            break
        rank = int(evidence.rank[unit])
        if picks[unit] or (count and not _promises(shares[unit], rank, documents, rule)):
            continue
        if rule.in_a_row and evidence.is_row[unit] and shares[unit] < _ROW * shares[picks].max():
            continue
        text = _plain(evidence.text(unit))
        if text in said:
            continue
        wanted = [other for other in _together(evidence, unit) if not picks[other]]
        if used + evidence.words[wanted].sum() > rule.words:
            wanted = [unit]
        cost = int(evidence.words[wanted].sum())
        if count and used + cost > rule.words:
            continue
        picks[wanted] = True
        said.add(text)
        used, count = used + cost, count + 1
        documents.add(rank)
    return picks


def _plain(text: str) -> str:
    """The words of a text, the same wherever else they stand."""
    return " ".join(words(text.casefold()))


@lru_cache(maxsize=10_000)
def _is_order(text: str) -> bool:
    """Whether a text tells an assistant what to say, and so is evidence of nothing."""
    return gives_orders(text)


def _without_orders(evidence: Evidence, shares: Array) -> Array:
    """The shares of the answer, none for what tells an assistant what to say."""
    likeliest = np.argsort(-shares, kind="stable")[:_LOOKED_THROUGH].tolist()
    orders = [unit for unit in likeliest if _is_order(evidence.text(unit))]
    kept = shares.copy()
    kept[orders] = 0.0
    return kept


def _best_run(evidence: Evidence, shares: Array, rule: Rule) -> slice:
    """Units in a row of one paragraph that carry most of the answer together.

    At its ends stands nothing that carries too little, but for what a sentence points back to.
    """
    best, worth, budget = slice(0, 1), -np.inf, rule.words
    pointing = evidence.told("pointing") * evidence.continues
    for first in range(len(evidence)):
        share, room = 0.0, budget
        for last in range(first, len(evidence)):
            goes_on = evidence.continues[last] and not evidence.is_row[last]
            if last > first and (not goes_on or evidence.words[last] > room):
                break
            share, room = share + shares[last], room - int(evidence.words[last])
            own = share - _WORD * (budget - room) - (pointing[first] and share / 2)
            if own > worth:
                best, worth = slice(first, last + 1), own
    first, last = best.start, best.stop - 1
    while first < last and shares[first] < _EDGE and not pointing[first + 1]:
        first += 1
    while first < last and shares[last] < _EDGE:
        last -= 1
    return slice(first, last + 1)


def _promises(share: float, rank: int, documents: set[int], rule: Rule) -> bool:
    """Whether a further unit is worth its words."""
    if share < rule.least:
        return False
    return rank in documents or (len(documents) < rule.documents and share >= rule.other)


def _together(evidence: Evidence, unit: int) -> Iterator[int]:
    """The unit, and what it can't be quoted without: see the docstrings of what follows."""
    yield unit
    yield from _needed_before(evidence, unit)
    if evidence.told("introduces")[unit]:
        behind = unit + 1
        while behind < len(evidence) and _is_item_in_row(evidence, behind):
            yield behind
            behind += 1


def _needed_before(evidence: Evidence, unit: int) -> Iterator[int]:
    """Before a sentence that points back the one before it, before an item what introduces it."""
    if not evidence.continues[unit]:
        return
    first = unit - 1
    if evidence.told("item")[unit]:
        while evidence.continues[first] and evidence.told("item")[first]:
            first -= 1
        if not evidence.told("item")[first]:
            yield first
    elif evidence.told("pointing")[unit]:
        yield first


def _is_item_in_row(evidence: Evidence, unit: int) -> bool:
    return bool(evidence.continues[unit] and evidence.told("item")[unit])


def _quotes(evidence: Evidence, shares: Array, picks: NDArray[np.bool_]) -> Iterator[Quote]:
    """What was picked, units in a row of one paragraph as one quote."""
    begins = picks & ~(evidence.continues & np.concatenate([[False], picks[:-1]]))
    ends = np.append(begins[1:] | ~picks[1:], True) & picks
    for first, last in zip(np.flatnonzero(begins), np.flatnonzero(ends), strict=True):
        own = shares[first : last + 1]
        best = int(first + np.argmax(own))
        yield Quote(evidence, int(first), int(last), float(own.sum()), best)
