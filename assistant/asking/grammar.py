"""Words that hold a conversation together, by language: what a follow-up question is told by."""

from functools import cache
from pathlib import Path

from index.text.tables import ByLanguage, Expressions, Table, Words, read_table


class Pronoun(Table):
    """A pronoun: the articles that can't go with what it means, and the question word for it."""

    form: Expressions
    unlike: Words
    asking: str = ""


class Grammar(Table):
    """The tables of one language; grammar.yaml has an example of each.

    Patterns are searched for in a question as it was written.
    """

    opening: Expressions
    fragment: Expressions
    asking: Expressions
    counted: Expressions
    whole: Expressions
    refers: Expressions
    owned: Expressions
    two: Expressions
    clause: Expressions
    linking: Expressions
    pronouns: tuple[Pronoun, ...]
    articles: Words
    prepositions: Words
    locative: Words
    adverbs: Words
    light: Words
    roles: Words
    places: Words = frozenset()


@cache
def grammar_of(language: str) -> Grammar:
    """The tables of a language of questions."""
    return _grammars()[language]


@cache
def _grammars() -> ByLanguage[Grammar]:
    return read_table(Path(__file__).with_suffix(".yaml"), ByLanguage[Grammar])
