"""How broad an answer a question asks for: one fact, a list, the course of things, a summary."""

from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path

from assistant.asking.cues import Cue, cues_in
from index.text.tables import read_table

WEIGHTS = Path(__file__).with_suffix(".yaml")
BASE = "base"
"""What a breadth counts before any cue, among its weights."""


class Breadth(StrEnum):
    """What an answer consists of."""

    SINGLE = "single"
    LIST = "list"
    SEVERAL = "several"
    COMPARE = "compare"
    SUMMARY = "summary"
    TIMELINE = "timeline"


def breadth_of(question: str) -> Breadth:
    """The likeliest breadth, by weights that were learnt (multinomial logistic regression)."""
    return likeliest(cues_in(question))


def likeliest(cues: Collection[Cue]) -> Breadth:
    """The breadth that these cues speak for."""
    weights = _weights()
    return max(
        Breadth, key=lambda breadth: sum(weights[breadth].get(cue, 0.0) for cue in (*cues, BASE))
    )


@cache
def _weights() -> dict[Breadth, dict[str, float]]:
    return read_table(WEIGHTS, dict[Breadth, dict[str, float]])
