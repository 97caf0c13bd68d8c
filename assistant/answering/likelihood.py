"""How likely each unit carries the answer, by weights that were learnt (conditional logit)."""

from functools import cache
from pathlib import Path

from assistant.answering.evidence import Evidence
from assistant.answering.features import table
from assistant.answering.learnt import Array, Linear, Weight
from index.text.tables import Table, read_table

WEIGHTS = Path(__file__).with_suffix(".yaml")


class _Weights(Table):
    with_meaning: dict[str, Weight]
    without_meaning: dict[str, Weight]


def scores(evidence: Evidence) -> Array:
    """For each unit its score; their softmax are the units' shares of the answer."""
    with_meaning, without = _models()
    model = without if evidence.meaning is None else with_meaning
    return model.of(table(evidence))


@cache
def _models() -> tuple[Linear, Linear]:
    weights = read_table(WEIGHTS, _Weights)
    return Linear(weights.with_meaning), Linear(weights.without_meaning)
