"""Names of places in German, English and French: what is one, and what it is called elsewhere."""

from functools import cache
from pathlib import Path

import yaml

from assistant.dictionaries import Glossary, Group
from index.lexical import fold

_PLACES = Path(__file__).with_suffix(".yaml")
_OF_PLACE = ("er", "ern", "s")  # Stuttgarter, Stuttgarts


@cache
def places() -> Glossary:
    """The names as a dictionary."""
    return Glossary(_groups())


def is_place(word: str, language: str) -> bool:
    """Whether a word with a capital is the name of a place in a language, or a form of it."""
    folded, names = fold(word), _names(language)
    return folded in names or any(
        folded.endswith(ending) and folded.removesuffix(ending) in names for ending in _OF_PLACE
    )


@cache
def _names(language: str) -> frozenset[str]:
    """The folded names of places, without the adjectives, which German writes small."""
    return frozenset(
        fold(phrase)
        for group in _groups()
        if group["de"][0][0].isupper()
        for phrase in group.get(language, ())
    )


@cache
def _groups() -> tuple[Group, ...]:
    return tuple(yaml.load(_PLACES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
