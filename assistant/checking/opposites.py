"""Whether a sentence says the opposite of lines: by a negation, or by a word for the opposite."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.checking.lines import Clause, PassageLine
from assistant.checking.sentence import ClaimSentence, Part
from index.facts import with_digits
from index.facts.negation import is_negated
from index.text.tables import Phrases, Table, Words, read_table
from index.text.words import fold, words

_PREFIXED = 4  # letters of a word that may have "un-" before it


class _Pair(Table):
    one: Phrases
    other: Phrases


class _Opposites(Table):
    prefixes: Words
    opposites: tuple[_Pair, ...]


@cache
def _table() -> _Opposites:
    return read_table(Path(__file__).with_suffix(".yaml"), _Opposites)


def contradicts(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> bool:
    """Whether the clause that says most of a sentence's clause says the opposite of it.

    Twice the opposite is the same: "did not accept" and "rejected".
    """
    if any(_is_prefixed(sentence, line) for line in lines):
        return True
    there = [clause for line in lines for clause in line.clauses]
    return any(
        is_negated(part.text) ^ is_negated(said.text) ^ _opposite(part.text, said.text)
        for part in sentence.parts
        if (said := _said(sentence, part, there))
    )


def _said(sentence: ClaimSentence, part: Part, there: Sequence[Clause]) -> Clause | None:
    """The clause that says most of a part of the sentence; None where none says anything."""
    shares = {clause: sentence.said_in(clause, part, facts=True) for clause in there}
    best = max(there, key=lambda clause: shares[clause], default=None)
    return best if best and shares[best] else None


def _opposite(text: str, there: str) -> bool:
    """Whether the one has a word for the opposite of what the other has, and not for the same."""
    for pair in _table().opposites:
        sides = (pair.one, pair.other)
        own, others = ([bool(side.search(clause)) for side in sides] for clause in (text, there))
        if sum(own) == sum(others) == 1 and own != others:
            return True
    return False


def _is_prefixed(sentence: ClaimSentence, line: PassageLine) -> bool:
    """Whether the one has a word that the other has with "un-" before it."""
    own = {fold(word) for word in words(with_digits(sentence.text, sentence.language))}
    return any(
        f"{prefix}{word}" in there and word not in there and len(word) >= _PREFIXED
        for here, there in ((own, line.words), (line.words, own))
        for word in here
        for prefix in _table().prefixes
    )
