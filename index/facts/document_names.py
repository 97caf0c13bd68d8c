"""What documents call by name, so that a name is known in a question in whatever case it is typed.

German writes all nouns with a capital, so only rare ones are names there.
"""

import re
from collections.abc import Iterator

from index.text.languages import frequency
from index.text.words import fold

_WORD = re.compile(r"[^\W_]+(?:[-‐‑.&’'][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_INNER = re.compile(r"[-‐‑.&’']")
_BEGINS = re.compile(
    r"(?:^|[.!?:;\n•*–—|\"„“»«])\W*$"
)  # before a word that any text has a capital for
_LOOKED_BACK = 4  # characters before a word that tell whether a sentence begins with it
_RARE, _USUAL = 5e-6, 2e-5  # a word's share of running text: of a German noun, of another word
_SHORTEST = 2
_SHORTEST_PART = 3  # letters of a word inside a name: "Rhein" of "Rhein-Neckar"


def names_of(text: str, language: str) -> frozenset[str]:
    """The folded words that a text writes as names."""
    return frozenset(_names(text, language))


def is_name_like(word: str, language: str) -> bool:
    """Whether a word is rare enough for a name."""
    return frequency(word, language) < (_RARE if language == "de" else _USUAL)


def _names(text: str, language: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = match[0]
        if not _is_capital(text, match.start(), word) or not is_name_like(word, language):
            continue
        yield fold(word)
        for part in _INNER.split(word):
            if len(part) >= _SHORTEST_PART and is_name_like(part, language):
                yield fold(part)


def _is_capital(text: str, start: int, word: str) -> bool:
    """Whether a word has a capital or digit of its own, and not only as it begins a sentence."""
    if len(word) < _SHORTEST or not (word[0].isupper() or word[0].isdigit()):
        return False
    if not _LETTER.search(word):
        return False
    inside = word[1:] != word[1:].lower()
    return inside or not _BEGINS.search(text, max(0, start - _LOOKED_BACK), start)
