"""Words that are alike, and texts that are."""

import hashlib
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.text.words import WORD, visible

_LETTERS = 6  # of a word, to each that may be wrong
_ALIKE = 60  # per cent, from which on a name may be the one that is meant


def is_misspelt(word: str, other: str) -> bool:
    """Whether one word is the other with a letter wrong, missing or added, or two exchanged."""
    return OSA.distance(word, other) <= max(len(word), len(other)) // _LETTERS


def closest(given: str, known: Iterable[str], limit: int) -> list[str]:
    """What of the known is most like what is given, the best first."""
    matches = process.extract(given, list(known), limit=limit, score_cutoff=_ALIKE)
    return [name for name, _, _ in matches]


def wording(text: str) -> bytes:
    """What two texts have in common that have the same words, however they are set."""
    said = " ".join(WORD.findall(visible(text).casefold()))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()


def in_common(text: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1: pairs of words that follow each other."""
    one, two = _pairs(text), _pairs(other)
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(WORD.findall(text.casefold())))
