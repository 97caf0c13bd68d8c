"""Dictionaries in the format of Ding: one entry a line, `Haus {n} | Häuser {pl} :: house | houses`.

`|` parts variants, which correspond in order; `;` parts synonyms; brackets hold annotations.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.dictionaries.entries import (
    DictionaryEntry,
    Form,
    LexiconError,
    language_of,
    phrases,
    without_annotations,
)

_NAME = re.compile(r"([a-z]{2,3})-([a-z]{2,3})(?:\.txt)?", re.IGNORECASE)
_FORMS = re.compile(r"\{([^{};+]+;[^{};+]+)\}")  # to give {gave; given}
_LATER = 0.5  # what a variant is worth beside an entry's first phrase


def languages(path: Path) -> tuple[str, str] | None:
    """The two languages of a file, by its name: de-en, ger-eng.txt."""
    match = _NAME.fullmatch(path.name)
    if not match:
        return None
    one, other = language_of(match[1]), language_of(match[2])
    return (one, other) if one and other and one != other else None


def read(path: Path) -> Iterator[DictionaryEntry | Form]:
    """What stands in a file, in both directions.

    Raises LexiconError where the file has no entry, OSError and UnicodeDecodeError.
    """
    one, other = languages(path) or ("de", "en")
    entries = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            left, parted, right = line.partition(" :: ")
            if parted and not line.startswith("#"):
                entries += 1
                yield from _forms(left, one)
                yield from _forms(right, other)
                yield from _entries(_variants(left, one), _variants(right, other), one, other)
    if not entries:
        raise LexiconError("it has no line with ' :: ' in it")


def _forms(printed: str, language: str) -> Iterator[Form]:
    """The irregular forms that stand in braces behind their verb."""
    for match in _FORMS.finditer(printed) if "{" in printed else ():
        verb = re.split("[;|]", printed[: match.start()])[-1].split()
        word = next((word for word in verb if word != "to"), None)
        if word:
            yield from (Form(language, form, word) for form in re.findall(r"\w+", match[1]))


def _variants(printed: str, language: str) -> list[list[str]]:
    """The phrases of each variant of one side of an entry."""
    return [
        [phrase for synonym in variant.split(";") for phrase in phrases(synonym, language)]
        for variant in without_annotations(printed).split("|")
    ]


def _entries(
    left: list[list[str]], right: list[list[str]], one: str, other: str
) -> Iterator[DictionaryEntry]:
    variants = zip(left, right, strict=True) if len(left) == len(right) else [(left[0], right[0])]
    for number, (here, there) in enumerate(variants):
        worth = _LATER if number else 1.0
        yield from _directed(here, there, one, other, worth)
        yield from _directed(there, here, other, one, worth)


def _directed(
    phrases: list[str], others: list[str], language: str, into: str, worth: float
) -> Iterator[DictionaryEntry]:
    """The entries of phrases that mean the same; the first ones on either side are worth most."""
    for i, phrase in enumerate(phrases if others else ()):
        shares = [(other, worth / ((1 + i) * (1 + j))) for j, other in enumerate(others)]
        yield DictionaryEntry(language, phrase, into, shares)
