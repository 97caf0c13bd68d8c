"""What a question hints at by its words: a date, a person, a list, the latest state of things.

Unlike its kind, of which it has one, a question has any number of cues. They hold for questions
without capitals and of any of the three languages; what a cue is worth is learnt.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from index.text.tables import Phrases, read_table


class Cue(StrEnum):
    """What a question may hint at."""

    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    PERSON = "person"
    PLACE = "place"
    CONTACT = "contact"
    DEFINITION = "definition"
    REASON = "reason"
    LIST = "list"
    SEVERAL = "several"
    SUMMARY = "summary"
    TIMELINE = "timeline"
    COMPARE = "compare"
    CURRENT = "current"
    YES_OR_NO = "yes_or_no"
    ONESELF = "oneself"
    TASK = "task"


def cues_in(question: str) -> frozenset[Cue]:
    """The cues that a question gives."""
    return frozenset(cue for cue, words in _table().items() if words.search(question))


@cache
def _table() -> dict[Cue, Phrases]:
    return read_table(Path(__file__).with_suffix(".yaml"), dict[Cue, Phrases])
