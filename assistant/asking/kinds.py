"""What a question asks for: of which kind it is, whose value it wants to know, what it names."""

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from itertools import groupby
from pathlib import Path

from index.text.compounds import ends_in_usual_word
from index.text.languages import frequency
from index.text.tables import (
    ByLanguage,
    CasedExpressions,
    Expressions,
    Phrases,
    Table,
    Words,
    read_table,
)


class QuestionKind(Enum):
    """What is asked for."""

    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    CONTACT = "contact"
    PERSON = "person"
    PLACE = "place"
    DEFINITION = "definition"
    LIST = "list"
    OTHER = "other"


_CAPITALISED = re.compile(r"(?<=[\s„\"(])[A-ZÄÖÜ][\w-]*\w(?:\s[A-ZÄÖÜ][\w-]*\w)*")
_RARE, _USUAL = 5e-6, 1e-6  # a word's share of running text


class _Attributes(Table):
    asked: tuple[Expressions, ...]
    described: tuple[Expressions, ...] = ()


class _Kinds(Table):
    kinds: dict[QuestionKind, Phrases]
    several: Expressions
    owned_counts: Expressions
    attributes: ByLanguage[_Attributes]
    left_out: Words
    names: ByLanguage[CasedExpressions]
    companies: CasedExpressions
    abstract: CasedExpressions


@cache
def _table() -> _Kinds:
    return read_table(Path(__file__).with_suffix(".yaml"), _Kinds)


def kind_of(question: str) -> QuestionKind:
    """What the question asks for; the first kind in the order of the table that it has words of."""
    if _table().several.match(question):
        return QuestionKind.LIST
    asking = (kind for kind, asks in _table().kinds.items() if asks.search(question))
    return next(asking, QuestionKind.OTHER)


def attribute_in(question: str, language: str) -> str | None:
    """The noun whose value is asked for: "Budget" in "Wie hoch ist das Budget des Vereins?".

    A rare compound behind "Was ist die ..." is rather the questioner's own way to put it.
    """
    attributes = _table().attributes[language]
    word = _word(attributes.asked, question)
    if not word:
        word = _word(attributes.described, question)
        if not word or frequency(word, language) < _USUAL:
            return None
    return None if word in _table().left_out else word


def _word(patterns: Iterable[re.Pattern[str]], question: str) -> str | None:
    matches = (pattern.match(question) for pattern in patterns)
    return next((match["word"] for match in matches if match), None)


def is_count_of_owner(question: str) -> bool:
    """Whether it asks how many of something somebody has: "Wie viele Mitglieder hat ...?"."""
    return bool(_table().owned_counts.match(question))


def names_in(question: str, language: str) -> list[str]:
    """What the question seems to name, each name in one piece.

    In German, where all nouns have capitals, also rare ones that are no compounds.
    """
    candidates = _table().names[language].findall(question)
    names = [name.strip() for name in candidates if not _table().abstract.search(name)]
    names += _table().companies.findall(question)
    return names + (_rare_runs(question) if language == "de" else [])


def _rare_runs(question: str) -> list[str]:
    """Rare capitalised words, those in a row together: "Greta Lund" is one name."""
    runs = [run.split() for run in _CAPITALISED.findall(question)]
    together = [list(words) for run in runs for rare, words in groupby(run, _is_rare) if rare]
    return [" ".join(words) for words in together]


def _is_rare(word: str) -> bool:
    """Whether a word may be a name; a compound such as Schultypen is rare, but none."""
    usual = _table().abstract.search(word) or ends_in_usual_word(word)
    return frequency(word, "de") < _RARE and not usual
