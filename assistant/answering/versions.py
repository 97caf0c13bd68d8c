"""Of a document that there is in a newer version, the newer one answers; the older one follows.

Versions are documents whose titles differ in numbers alone ("Beitragsordnung 2021" and "2025").
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from assistant.answering.evidence import Evidence
from assistant.answering.features import covered, rarity
from assistant.answering.learnt import Array
from assistant.answering.selection import Quote
from assistant.answering.stretch import Stretch
from assistant.answering.values import could_answer
from index.documents import Document
from index.text.words import fold, words

_AS_MUCH = 0.4  # of what the older version says of the question, by its words' weights


def newest_first(quotes: Sequence[Quote], shares: Array) -> list[Quote]:
    """The quotes, with that of a newer version before the first one, where there is one.

    Where a year is asked about, each version stands for itself.
    """
    evidence = quotes[0].evidence
    unit = None if evidence.asked_years else _newer(evidence, quotes[0])
    if unit is None:
        return list(quotes)
    held = next((quote for quote in quotes if unit in quote.units), None)
    newer = held or Quote(evidence, unit, unit, float(shares[unit]), unit)
    return [newer, *(quote for quote in quotes if quote is not newer)]


def _newer(evidence: Evidence, quote: Quote) -> int | None:
    """The unit of the newest version of the quote's document that says as much as the quote."""
    about = covered(evidence.in_context, rarity(evidence))
    question = evidence.question
    is_newer = np.array(
        [is_older_version(quote.document, stretch.document) for stretch in evidence.stretches]
    )[evidence.stretch]
    later = is_newer & (about >= _AS_MUCH * about[quote.best])
    units = [
        unit
        for unit in np.flatnonzero(later).tolist()
        if could_answer(question.kind, evidence.text(unit), question.query_str)
    ]
    return max(units, key=lambda unit: (_day(evidence.of(unit)), about[unit]), default=None)


def _day(stretch: Stretch) -> date:
    return stretch.document.date or date.min


def is_older_version(document: Document, other: Document) -> bool:
    """Whether a document is the other one in an older version, by their titles and dates."""
    name, day, later = _bare(document.title), document.date, other.date
    is_older = day is not None and later is not None and day < later
    return is_older and bool(name) and name == _bare(other.title)


def _bare(title: str) -> tuple[str, ...]:
    """A title's words but those with a digit."""
    return tuple(fold(word) for word in words(title) if not any(map(str.isdigit, word)))
