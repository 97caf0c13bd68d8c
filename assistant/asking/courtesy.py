"""Greetings and thanks, which ask nothing: to search for them would find what they don't mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from index.text.tables import Alternatives, ByLanguage, Table, read_table
from index.text.words import visible

_LONGEST = 150  # characters of a courtesy
_BEFORE = re.compile(r"^\W+")


class Courtesy(Enum):
    """What a text without a question is; of several in it, the first one here."""

    THANKS = "thanks"
    FAREWELL = "farewell"
    GREETING = "greeting"
    HELP = "help"
    ASSENT = "assent"


class Courtesies(Table):
    """The phrases of one language; courtesy.yaml says what they are."""

    thanks: tuple[Alternatives, ...]
    farewell: tuple[Alternatives, ...]
    greeting: tuple[Alternatives, ...]
    help: tuple[Alternatives, ...]
    assent: tuple[Alternatives, ...]
    around: tuple[Alternatives, ...]


@dataclass(frozen=True, slots=True)
class CourteousText:
    """A text with nothing in it but courtesies, and the languages that it may be in, if one."""

    kind: Courtesy
    languages: tuple[str, ...]


Phrases = Sequence[tuple[re.Pattern[str], Courtesy | None]]
"""Each with what it is; None for what may stand around the others."""


def courtesy_in(text: str) -> CourteousText | None:
    """What a text is that asks nothing of the documents; None for any other."""
    said = _BEFORE.sub("", visible(text))
    if len(said) > _LONGEST:
        return None
    kinds_by_language = {
        name: kinds for name, phrases in _phrases().items() if (kinds := _made_of(said, phrases))
    }
    if not kinds_by_language:
        kinds_by_language = {
            "": _made_of(said, [pair for phrases in _phrases().values() for pair in phrases])
        }
    kinds = frozenset[Courtesy]().union(*kinds_by_language.values())
    kind = next((kind for kind in Courtesy if kind in kinds), None)
    return CourteousText(kind, tuple(filter(None, kinds_by_language))) if kind else None


def _made_of(text: str, phrases: Phrases) -> frozenset[Courtesy]:
    """The kinds of phrases that a text is made of from its start to its end; none if it is not.

    Each place is looked at once: a regular expression of them all would try every way to it.
    """
    reached: dict[int, frozenset[Courtesy]] = {0: frozenset()}
    for place in range(len(text)):
        if place not in reached:
            continue
        for phrase, kind in phrases:
            if match := phrase.match(text, place):
                before = reached.get(match.end(), frozenset())
                reached[match.end()] = before | reached[place] | ({kind} if kind else set())
    return reached.get(len(text), frozenset())


@cache
def _phrases() -> Mapping[str, Phrases]:
    """Those of each language."""
    tables = read_table(Path(__file__).with_suffix(".yaml"), ByLanguage[Courtesies])
    return {language: _compiled(tables[language]) for language in ByLanguage.model_fields}


def _compiled(table: Courtesies) -> Phrases:
    kinds = {kind.value: kind for kind in Courtesy}
    return [
        (re.compile(rf"{phrase}(?:\W+|$)", re.IGNORECASE), kinds.get(name))
        for name, listed in table
        for phrase in listed
    ]
