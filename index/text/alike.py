"""Words that are alike."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LETTERS = 6  # of a word, to each that may be wrong
_ALIKE = 60  # per cent, from which on a name may be the one that is meant


def is_misspelt(word: str, other: str) -> bool:
    """Whether one word is the other with a letter wrong, missing or added, or two exchanged."""
    return OSA.distance(word, other) <= max(len(word), len(other)) // _LETTERS


def closest(given: str, known: Iterable[str], limit: int) -> list[str]:
    """What of the known is most like what is given, the best first."""
    matches = process.extract(given, list(known), limit=limit, score_cutoff=_ALIKE)
    return [name for name, _, _ in matches]
