"""What is reached on the sets in tests/golden, as floors, by the bundled model and the glossary."""

from collections.abc import Iterator
from statistics import mean

import pytest

from tests.benchmarks.golden import SETS, judged
from tests.conftest import OpenDesk
from tests.library import SEEDS, Desk

# What is reached lies up to .1 above: one question of a half is .03 to .1. Rules that were written
# on the set reworded had .7 and .6 of it; weights learnt from a thousand questions as staff type
# them have more of those, and of this one less.
FLOORS = {
    "reworded": {"tuned": 0.6, "held": 0.3},
    "near_misses": {"tuned": 0.4, "held": 0.35},
    "several": {"tuned": 0.3, "held": 0.4},
}


@pytest.fixture(scope="module")
def desk(answering_with_model: OpenDesk) -> Iterator[Desk]:
    """The project's own documents, as the product answers from them: with the bundled model."""
    with answering_with_model(SEEDS) as desk:
        yield desk


@pytest.mark.parametrize("half", ["tuned", "held"])
@pytest.mark.parametrize("name", FLOORS)
def test_the_share_of_right_answers_is_kept(desk: Desk, name: str, half: str) -> None:
    answers = list(
        judged(SETS / f"{name}.jsonl", lambda question, _: desk.assistant.ask(question).as_json())
    )
    right = [
        result.outcome.right and result.outcome.cited for result in answers if result.half == half
    ]
    assert mean(right) >= FLOORS[name][half]
