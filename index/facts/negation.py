"""Whether a text says that something is not so."""

from functools import cache
from pathlib import Path

from index.text.tables import Phrases, Table, read_table


class _Words(Table):
    negations: Phrases
    no_negations: Phrases


def is_negated(text: str) -> bool:
    """Whether a word negates the text: "baut keine Halle", but not "baut nicht nur Hallen"."""
    return bool(_words().negations.search(_words().no_negations.sub(" ", text)))


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)
