"""Thesauri in the format of MyThes: after a line with the encoding, `word|2` and a line a meaning.

A meaning is `(noun)|synonym|synonym (colloquial)|...`.
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from assistant.dictionaries.entries import (
    DictionaryEntry,
    LexiconError,
    language_of,
    phrases,
    without_annotations,
)
from index.text.languages import frequency

_NAME = re.compile(r"th_([a-z]{2,3})(?:_\w+)?\.dat", re.IGNORECASE)
_USUAL = 8  # synonyms of a meaning that are kept
_RELATED = re.compile(r"\((?:Oberbegriff|Unterbegriff|Antonym|generic term|antonym|related term)\)")


def languages(path: Path) -> tuple[str, str] | None:
    """The language of a file, twice, by its name: th_de_DE_v2.dat."""
    match = _NAME.fullmatch(path.name)
    language = language_of(match[1]) if match else None
    return (language, language) if language else None


def read(path: Path) -> Iterator[DictionaryEntry]:
    """The synonyms that stand in a file.

    Raises LexiconError where the file is none or is cut short, OSError, UnicodeDecodeError.
    """
    language, _ = languages(path) or ("", "")
    with path.open("rb") as head:
        encoding = head.readline(40).decode("ascii", "replace").strip()
    try:
        lines = path.open(encoding=encoding)
    except LookupError as error:
        raise LexiconError(f"{encoding!r} in its first line is no encoding") from error
    synonyms = cache(partial(_synonyms, language=language))
    with lines:
        next(lines)
        for line in lines:
            word, meanings = _heading(line)
            printed = [next(lines, "") for _ in range(meanings)]
            if not all("|" in meaning for meaning in printed):
                raise LexiconError(f"it ends within {word!r}")
            yield from _entries(word, [synonyms(meaning) for meaning in printed], language)


def _heading(line: str) -> tuple[str, int]:
    word, parted, count = line.rstrip("\n").rpartition("|")
    if not parted or not count.isdecimal():
        raise LexiconError(
            f"{line[:40]!r} stands where a word and the number of its meanings should"
        )
    return word, int(count)


def _entries(printed: str, meanings: list[list[str]], language: str) -> Iterator[DictionaryEntry]:
    for word in phrases(without_annotations(printed), language):
        for synonyms in meanings:
            others = [synonym for synonym in synonyms if synonym.lower() != word][:_USUAL]
            shares = [(other, 1 / (1 + i)) for i, other in enumerate(others)]
            if shares:
                yield DictionaryEntry(language, word, language, shares)


def _synonyms(meaning: str, language: str) -> list[str]:
    """The synonyms in a line, the usual ones first: there they are in the alphabet's order."""
    printed = meaning.rstrip("\n").split("|")[1:]
    close = [without_annotations(synonym) for synonym in printed if not _RELATED.search(synonym)]
    synonyms = {phrase: None for synonym in close for phrase in phrases(synonym, language)}

    def usual(synonym: str) -> float:
        return min(frequency(word, language) for word in synonym.split())

    return sorted(synonyms, key=usual, reverse=True)[: _USUAL + 1]
