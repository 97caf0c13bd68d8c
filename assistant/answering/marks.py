"""What a sentence is in its document, told by its words: see the table beside this module."""

from functools import cache
from pathlib import Path

from index.text.tables import Expressions, Phrases, Table, read_table


class Marks(Table):
    """The patterns of the table; `pointing` and `boilerplate` hold at a sentence's start."""

    pointing: Phrases
    boilerplate: Phrases
    reason: Phrases
    explaining: Expressions


@cache
def marks() -> Marks:
    """The table, read once."""
    return read_table(Path(__file__).with_suffix(".yaml"), Marks)
