"""What models say beside an answer: that there is none, politeness, labels, lists of sources."""

import re
from functools import cache
from pathlib import Path

from index.text.tables import Phrases, Table, read_table

_LABEL = re.compile(r"\s*[*_]{0,2}([^\W\d_]+(?: [^\W\d_]+)?)[*_]{0,2}\s*:[*_]{0,2}\s*(?=\S)")
_HEADING = re.compile(r"[\W_]*([^\W\d_]+(?:\s+[^\W\d_]+){0,4})[\W_]*(?::.*)?$")
_AROUND = " \t\"'“”„«».,;:!?…*_#()"


class _Remarks(Table):
    tellers: Phrases
    negations: Phrases
    telling: Phrases
    refusals: Phrases
    whole: Phrases
    beginnings: Phrases
    labels: Phrases
    sources: Phrases


@cache
def _table() -> _Remarks:
    return read_table(Path(__file__).with_suffix(".yaml"), _Remarks)


def says_no_answer(sentence: str) -> bool:
    """Whether it says in words that the passages don't tell: to be asked where none carries it."""
    table = _table()
    return _is(table.refusals, sentence) or all(
        words.search(sentence) for words in (table.tellers, table.negations, table.telling)
    )


def is_politeness(sentence: str) -> bool:
    """Whether a sentence that cites nothing says nothing either: "Gerne!"."""
    return _is(_table().whole, sentence) or bool(_table().beginnings.match(sentence))


def without_label(line: str) -> str:
    """The line without an "Answer:" before it."""
    match = _LABEL.match(line)
    return line[match.end() :] if match and _is(_table().labels, match[1]) else line


def heads_sources(line: str) -> bool:
    """Whether a list of sources begins with this line, or it is one itself."""
    match = _HEADING.match(line)
    return bool(match and _is(_table().sources, match[1]))


def _is(phrases: re.Pattern[str], text: str) -> bool:
    return phrases.fullmatch(text.strip(_AROUND)) is not None
