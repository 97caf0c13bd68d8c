"""Words of a text with their places, as names are made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.register.words import register_words
from index.text.languages import LANGUAGES, frequency

_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑’'&.@+][^\W_]+|-(?=\s(?:und|and|et|&)\s))*|&", re.UNICODE)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+\.\S+|https?://\S+|\bwww\.\S+")
_UNKNOWN = 2e-8
_ABROAD = 3.0  # how much more usual a word is in another language that it is taken from
_USUAL = 1e-6


@dataclass(frozen=True, slots=True)
class Token:
    """A word at [start, end) of a text."""

    text: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital, or with a digit."""
        return self.text[0].isupper() or self.text[0].isdigit()


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The words of text[start:end]; addresses of mail and web are none."""
    part = _ADDRESS.sub(lambda match: " " * len(match[0]), text[start:end])
    words = []
    for match in _TOKEN.finditer(part):
        word = _ELISION.sub("", match[0])
        words.append(Token(word, start + match.end() - len(word), start + match.end()))
    return words


def is_small_word(word: str) -> bool:
    """Whether it is an article, a preposition or the like in one of the languages."""
    return word.lower() in register_words().small_words


@lru_cache(maxsize=50_000)
def is_name_like(word: str, language: str) -> bool:
    """Whether a word looks like a name by itself: by its capitals, or as no list has it."""
    if any(mark.isupper() for mark in word[1:]) or any(mark.isdigit() for mark in word):
        return not word.isdigit()
    share = frequency(word, language)
    if share < _UNKNOWN:
        return language != "de" or not _is_compound(word)
    abroad = max(frequency(word, other) for other in LANGUAGES if other != language)
    return abroad > _ABROAD * share


@lru_cache(maxsize=50_000)
def _is_compound(word: str) -> bool:
    """Whether a German word can be cut into two that are usual, an inflection aside."""
    small = word.lower()
    return any(
        frequency(small[:cut].removesuffix("s"), "de") > _USUAL
        and any(
            frequency(small[cut:].removesuffix(ending), "de") > _USUAL
            for ending in ("", "s", "n", "en", "e", "es", "in", "innen")
        )
        for cut in range(3, len(small) - 2)
    )


def joined(text: str, found: Sequence[Token]) -> str:
    """What stands from the first to the last of the words."""
    return text[found[0].start : found[-1].end]


@lru_cache(maxsize=50_000)
def is_unknown(word: str) -> bool:
    """Whether no language's list has the word, and it is no German compound of usual ones."""
    return all(frequency(word, language) < _UNKNOWN for language in LANGUAGES) and not _is_compound(
        word
    )
