"""Parts of a document that speak to an assistant instead of saying something of the world.

Such a part is no evidence for anything, and an LLM does not get it. This is one lock of several:
what it overlooks is still data in the prompt, and still checked sentence by sentence.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from index.text.tables import Expressions, Table, read_table
from index.text.words import without_invisible

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?!\s|$)[^.!?\n]*)*[.!?]*\s*")
_FENCE = re.compile(r"^\s*```")
_ROLE = re.compile(r"^\W*[\w ]{1,20}:\s*$")


class _Lookalikes(Table):
    written: str
    meant: str


class _Injection(Table):
    orders: Expressions
    sections: Expressions
    lookalikes: _Lookalikes


@cache
def _table() -> _Injection:
    return read_table(Path(__file__).with_suffix(".yaml"), _Injection)


def gives_orders(text: str) -> bool:
    """Whether a text, such as a title, has such a part; what can't be seen in it is read too."""
    patterns = (_table().orders, _table().sections)
    return any(pattern.search(read) for read in _readings(text) for pattern in patterns)


def orders(text: str) -> list[Span]:
    """Where such parts stand: sentences, and what a sentence makes one of them, by line.

    A line that but names who speaks, as "### Instruction:" does, takes the next one with it, and
    the sign of a code block all that is in it.
    """
    spans: list[Span] = []
    start, in_block, goes_on = 0, False, False
    for line in text.splitlines(keepends=True):
        fence = bool(_FENCE.match(line))
        if in_block or fence or goes_on:
            spans.append((start, start + len(line)))
        else:
            spans += [(start + first, start + last) for first, last in _in_line(line)]
        goes_on = bool(_ROLE.match(line)) and gives_orders(line)
        in_block ^= fence
        start += len(line)
    return spans


def _in_line(line: str) -> Iterator[Span]:
    for sentence in _SENTENCE.finditer(line):
        if any(_table().sections.search(read) for read in _readings(sentence[0])):
            yield sentence.start(), len(line)
            return
        if gives_orders(sentence[0]):
            yield sentence.span()


def _readings(text: str) -> Iterator[str]:
    """The text without invisible characters; with the letters of Unicode's tags, if it has some.

    Cyrillic letters that look like Latin ones are taken for those.
    """
    lookalikes = _table().lookalikes
    latin = str.maketrans(lookalikes.written, lookalikes.meant)
    yield without_invisible(text).translate(latin)
    if any("\U000e0020" <= mark < "\U000e007f" for mark in text):
        yield "".join(chr(ord(c) - 0xE0000) if ord(c) >= 0xE0000 else c for c in text)
