"""Dictionaries in the format of dictd, as FreeDict has them: an index beside a gzipped text.

A line of the index is a headword, an offset and a length in bytes, the numbers in base 64. An
entry's first line is its headword with pronunciation and part of speech; then come the senses, one
a line, and unnumbered lines that explain them in the headword's own language.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.dictionaries.entries import (
    DictionaryEntry,
    LexiconError,
    language_of,
    phrases,
    without_annotations,
)

_NAME = re.compile(r"(?:freedict-)?([a-z]{2,3})-([a-z]{2,3})\.index", re.IGNORECASE)
_TEXTS = (".dict.dz", ".dict")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_OF_THE_FILE = ("00database", "00-database")
_HEADWORD = re.compile(r"(.+?)\s*(?:/.*|<.*)?")
_SENSE = re.compile(r"\s*\d+\.\s+(?=\S)")
_NEXT_SENSE = re.compile(r"\s\d+\.$")  # a sense with nothing but an explanation
_BACKWARDS = 0.5  # what the way from a translation to its headword is worth


def languages(path: Path) -> tuple[str, str] | None:
    """The languages of an index's headwords and translations, by its name: freedict-fra-deu."""
    match = _NAME.fullmatch(path.name)
    if not match:
        return None
    one, other = language_of(match[1]), language_of(match[2])
    return (one, other) if one and other and one != other else None


def read(path: Path) -> Iterator[DictionaryEntry]:
    """What stands in the dictionary of an index, in both directions.

    Raises LexiconError where index and text don't fit, OSError, EOFError, zlib.error and
    UnicodeDecodeError.
    """
    one, other = languages(path) or ("", "")
    text = _text(path)
    for start, length in _places(path):
        if start + length > len(text):
            raise LexiconError("its text ends before the last entry")
        headword, *body = text[start : start + length].decode("utf-8").split("\n")
        yield from _entries(headword, body, one, other)


def _text(index: Path) -> bytes:
    stem = index.name.removesuffix(".index")
    for text in (index.with_name(stem + suffix) for suffix in _TEXTS):
        if text.exists():
            return gzip.decompress(text.read_bytes()) if text.suffix == ".dz" else text.read_bytes()
    raise LexiconError(f"there is no {stem}.dict.dz beside it")


def _places(index: Path) -> list[tuple[int, int]]:
    """Offset and length of every entry, each once."""
    places = set()
    for line in index.read_text(encoding="utf-8").splitlines():
        headword, *numbers = line.split("\t")[:3]
        if not headword.startswith(_OF_THE_FILE):
            if len(numbers) != 2:
                raise LexiconError(f"its line {line[:40]!r} has no offset and length")
            places.add((_number(numbers[0]), _number(numbers[1])))
    if not places:
        raise LexiconError("it has no entry")
    return sorted(places)


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        if digit not in _VALUES:
            raise LexiconError(f"{digits[:20]!r} is no number in base 64")
        value = value * 64 + _VALUES[digit]
    return value


def _entries(printed: str, body: list[str], one: str, other: str) -> Iterator[DictionaryEntry]:
    match = _HEADWORD.fullmatch(without_annotations(printed.strip()))
    headwords = list(phrases(match[1], one)) if match else []
    for number, sense in enumerate(_senses(body)):
        parts = re.split("[,;]", without_annotations(sense))
        translations = [translation for part in parts for translation in phrases(part, other)]
        shares = [(t, 1 / ((1 + number) * (1 + i))) for i, t in enumerate(translations)]
        for headword in headwords if shares else ():
            yield DictionaryEntry(one, headword, other, shares)
            for translation, worth in shares:
                yield DictionaryEntry(other, translation, one, [(headword, worth * _BACKWARDS)])


def _senses(body: list[str]) -> Iterator[str]:
    """The translations of each sense, in a line each."""
    for number, line in enumerate(body):
        counted = _SENSE.match(line)
        if counted or number == 0:
            yield _NEXT_SENSE.sub("", line[counted.end() if counted else 0 :].rstrip())
