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

    `least` is the share of the answer that a unit has to promise, `other` that of one from a
    document that is not quoted yet, `beside` that of one right beside what is quoted.
    """

    words: int
    units: int
    least: float
    other: float
    documents: int
    beside: float = 0.0


# Found on the tuned halves of the question sets: 25 words for each thing asked for and 35 besides.
RULES = {
    Breadth.SINGLE: Rule(54, 4, 0.02, 0.16, 2),
    Breadth.COMPARE: Rule(85, 5, 0.05, 0.10, 3, 1.0),
    Breadth.LIST: Rule(110, 14, 0.02, 0.20, 2, 1.0),
    Breadth.SEVERAL: Rule(115, 10, 0.02, 0.03, 6, 1.0),
    Breadth.SUMMARY: Rule(105, 6, 0.02, 0.30, 1, 1.0),
    Breadth.TIMELINE: Rule(105, 7, 0.02, 0.05, 4, 1.0),
}


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
    picks = _picked(evidence, shares, rule or RULES[breadth])
    quotes = list(_quotes(evidence, shares, picks))
    if breadth is not Breadth.SUMMARY:
        quotes.sort(key=lambda quote: -quote.share)
    return quotes


def _picked(evidence: Evidence, shares: Array, rule: Rule) -> NDArray[np.bool_]:
    picks = np.zeros(len(evidence), bool)
    documents: list[int] = []
    said: set[str] = set()
    used = count = 0
    for unit in np.argsort(-shares, kind="stable")[:_LOOKED_THROUGH]:
        if count == rule.units:
            break
        rank = int(evidence.rank[unit])
        if picks[unit] or (count and not _promises(shares[unit], rank, documents, rule)):
            continue
        text = _plain(evidence.text(int(unit)))
        if text in said or _is_order(evidence.text(int(unit))):
            continue
        wanted = [each for each in _together(evidence, int(unit)) if not picks[each]]
        if used + evidence.words[wanted].sum() > rule.words:
            wanted = [int(unit)]
        cost = int(evidence.words[wanted].sum())
        if count and used + cost > rule.words:
            continue
        picks[wanted] = True
        said.add(text)
        used, count = used + cost, count + 1
        documents += [rank] if rank not in documents else []
    _lengthen(evidence, shares, picks, rule.words - used, rule.beside)
    return picks


def _plain(text: str) -> str:
    """The words of a text, the same wherever else they stand."""
    return " ".join(words(text.casefold()))


@lru_cache(maxsize=10_000)
def _is_order(text: str) -> bool:
    """Whether a text tells an assistant what to say, and so is evidence of nothing."""
    return gives_orders(text)


def _promises(share: float, rank: int, documents: list[int], rule: Rule) -> bool:
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


def _lengthen(
    evidence: Evidence, shares: Array, picks: NDArray[np.bool_], room: int, least: float
) -> None:
    """Takes in what stands beside, the likeliest first, while there are words left."""
    while True:
        beside = [
            unit
            for unit in np.flatnonzero(~picks)
            if _is_beside(evidence, picks, int(unit))
            and evidence.words[unit] <= room
            and shares[unit] >= least
        ]
        if not beside:
            return
        best = max(beside, key=lambda unit: shares[unit])
        picks[best] = True
        room -= int(evidence.words[best])


def _is_beside(evidence: Evidence, picks: NDArray[np.bool_], unit: int) -> bool:
    behind = unit + 1 < len(picks) and picks[unit + 1] and evidence.continues[unit + 1]
    return bool(behind or (unit and picks[unit - 1] and evidence.continues[unit]))


def _quotes(evidence: Evidence, shares: Array, picks: NDArray[np.bool_]) -> Iterator[Quote]:
    """What was picked, units in a row of one paragraph as one quote."""
    begins = picks & ~(evidence.continues & np.concatenate([[False], picks[:-1]]))
    ends = np.append(begins[1:] | ~picks[1:], True) & picks
    for first, last in zip(np.flatnonzero(begins), np.flatnonzero(ends), strict=True):
        own = shares[first : last + 1]
        best = int(first + np.argmax(own))
        yield Quote(evidence, int(first), int(last), float(own.sum()), best)
