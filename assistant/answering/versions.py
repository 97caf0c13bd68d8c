"""Of a document that there is in a newer version, the newer one answers; the older one follows.

Versions are documents with most of their text in common whose titles or file names differ in
numbers and marks alone ("Beitragsordnung 2021" and "2025", "satzung_v2_final.pdf" and
"satzung_v3.pdf"); and what a document says in its front matter that it replaces.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import PurePath

import numpy as np

from assistant.answering.evidence import Evidence
from assistant.answering.features import covered, rarity
from assistant.answering.learnt import Array
from assistant.answering.selection import Quote
from assistant.answering.stretch import Stretch
from assistant.answering.values import could_answer
from index.documents import Document
from index.text.alike import in_common
from index.text.words import composed, fold, words

_AS_MUCH = 0.4  # of what the older version says of the question, by its words' weights
# Of pairs of words; two newsletters of one sender have less than a fifth in common.
_IN_COMMON = 0.5
_MARK = re.compile(  # of a version, in German, English and French
    r"alt|ancien|cop(?:ie|y)|draft|endfassung|entwurf|fassung|final|kopie|neu|new|nouveau|old|projet"
    r"|rev|stand|v|version"
)


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
    """Whether a document is the other one in an older version."""
    if other.replaces and _is_called(document, other.replaces):
        return True
    if not _are_called_alike(document, other) or not _precedes(document, other):
        return False
    return _in_common(document.text, other.text) >= _IN_COMMON


_in_common = lru_cache(256)(in_common)


def _is_called(document: Document, name: str) -> bool:
    """Whether a name is a document's title, its file, or the end of that."""
    file, wanted = composed(document.file), composed(name).strip().removeprefix("./")
    return wanted in (document.title, file) or file.endswith(f"/{wanted}")


def _are_called_alike(document: Document, other: Document) -> bool:
    title, name = _bare(document.title), _bare(_stem(document))
    return bool(title and title == _bare(other.title)) or bool(name and name == _bare(_stem(other)))


def _precedes(document: Document, other: Document) -> bool:
    """Whether a document is older by its date or, where both have the same, by its numbers."""
    if document.date and other.date and document.date != other.date:
        return document.date < other.date
    same = document.date == other.date
    numbers, others = _numbers(document), _numbers(other)
    return same and len(numbers) == len(others) and numbers < others


def _numbers(document: Document) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,9}", _stem(document) or document.title)]


def _stem(document: Document) -> str:
    return PurePath(document.file).stem.replace("_", " ").replace("-", " ")


def _bare(name: str) -> tuple[str, ...]:
    """A name's words but those with a digit, and those that mark a version."""
    folded = (fold(word) for word in words(name) if not any(map(str.isdigit, word)))
    return tuple(word for word in folded if not _MARK.fullmatch(word))
