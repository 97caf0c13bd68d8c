"""The words of a text, and the form in which two spellings of a word are the same."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
WORD = re.compile(r"\w+")
_SHORT_COMPOUND = re.compile(r"\b\w{1,4}(?:[-‐‑&]\w{1,4})+\b")


def visible(text: str) -> str:
    """The text in Unicode's compatibility form, without what is invisible in it."""
    return unicodedata.normalize("NFKC", without_invisible(text))


def composed(text: str) -> str:
    """The text with each letter in one piece: macOS writes the names of files with "u" and dots."""
    return unicodedata.normalize("NFC", text)


def without_invisible(text: str) -> str:
    """The text without soft hyphens, zero-width characters, and those that turn its direction."""
    return _INVISIBLE.sub("", text)


def words(text: str) -> list[str]:
    """The words of a text; a short compound counts in one piece as well: D-A-CH, also DACH."""
    text = visible(text)
    joined = [re.sub(r"\W", "", compound) for compound in _SHORT_COMPOUND.findall(text)]
    return WORD.findall(text) + joined


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Lower case, without accents; ß is ss, and an umlaut is its vowel, also where typed as ae."""
    word = word.casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
