"""What a person looks like in a text: a title, a first name, a surname, "van der" between them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from index.text.languages import LANGUAGES, frequency, is_listed
from index.text.tables import Table, Words, read_table
from index.text.words import fold

_FIRST_NAMES = Path(__file__).with_name("first_names.txt")
_FIRST_NAME, _SURNAME = 1e-4, 1e-5  # the most that names have of running text
_PART = r"[A-ZÄÖÜÉ][a-zäöüßéèç]+(?:-[A-ZÄÖÜÉ][a-zäöüßéèç]+)?"
_LONGEST_TITLE = 12  # characters before a name that a title is looked for in


class _People(Table):
    titles: Words
    degrees: Words
    particles: Words
    telling_particles: Words


@cache
def _table() -> _People:
    return read_table(Path(__file__).with_suffix(".yaml"), _People)


def people(text: str) -> list[str]:
    """The persons that a text names for sure: "Greta Lund" of "Dr. Greta Lund sprach in Ulm".

    They have a degree, or a first name that is known in all languages.
    """
    return [
        match["name"]
        for match in _person().finditer(text)
        if match["degree"]
        or (_is_first_name(match["first"]) and frequency(match["last"], "de") < _SURNAME)
    ]


def possible_people(text: str) -> Iterator[re.Match[str]]:
    """Whatever may be a person: two words with a capital, as "Greta Lund" and "Messe Ulm" are."""
    return _possible_person().finditer(text)


def is_particle(word: str) -> bool:
    """Whether a word may stand between a first name and a surname: "van", "der"."""
    return word.lower() in _table().particles


def follows_title(text: str, start: int) -> bool:
    """Whether a title stands right before what begins there: "Frau" before "Lund"."""
    return bool(_title().search(text, max(0, start - _LONGEST_TITLE), start - 1))


@cache
def first_names() -> frozenset[str]:
    """Usual first names, folded."""
    return frozenset(fold(name) for name in _FIRST_NAMES.read_text(encoding="utf-8").split())


def _is_first_name(word: str) -> bool:
    """Whether every language knows a word and none uses it much: "Greta", but not "Die"."""
    return all(
        is_listed(word, language) and frequency(word, language) < _FIRST_NAME
        for language in LANGUAGES
    )


@cache
def _person() -> re.Pattern[str]:
    degrees = "|".join(_table().degrees)
    name = rf"(?P<name>(?P<first>{_PART})\s(?P<last>{_PART}))"
    return re.compile(rf"\b(?P<degree>(?:(?:{degrees})\.\s)+)?{name}\b")


@cache
def _possible_person() -> re.Pattern[str]:
    titles, particles = "|".join(_table().titles), "|".join(_table().telling_particles)
    part = r"[A-ZÄÖÜÉ][a-zäöüßé’'-]+"
    return re.compile(rf"(?:\b(?:{titles})\.\s)*\b{part}(?:\s(?:{particles})\b)?\s{part}\b")


@cache
def _title() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_table().titles)})\.?$")
