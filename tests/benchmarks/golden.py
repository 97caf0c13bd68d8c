"""How good our answers are on the sets in tests/golden, which are about seeds/.

Rules may be made on half of each set ("tuned"); the other ("held") tells whether they hold for
questions that they were not made on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.asking.follow_ups import Turn
from assistant.evaluate import GoldenQuestion, Outcome
from tests.benchmarks.quality import rows
from tests.benchmarks.table import Cell, Table

SETS = Path(__file__).parents[1] / "golden"
HALVES = ("tuned", "held")
_DIALOGUES, _NEAR_MISSES = "dialogues", "near_misses"
_ASKED = (_DIALOGUES, _NEAR_MISSES, "reworded", "several")  # the other files hold no questions

Ask = Callable[[str, Sequence[Turn]], dict[str, Any]]
"""From a question and the turns before it to an answer as `ask --json` has it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a question of a set; `alone` says that no file but the allowed ones is cited."""

    name: str
    half: str
    outcome: Outcome
    alone: bool | None = None


def table(ask: Ask, sets: Path = SETS) -> Table:
    """A row for each half of each set; follow-up questions are a set of their own."""
    results: list[Judged] = []
    for path in filter(Path.exists, (sets / f"{name}.jsonl" for name in _ASKED)):
        results += dialogues(path, ask) if path.stem == _DIALOGUES else judged(path, ask)
    return Table(
        "The sets in tests/golden, on seeds/",
        ("set", "half", "questions", "right", "and all sources cited", "and no other"),
        list(_halves(results)),
        [
            "Right is an answer that has all that is asked for; in near_misses, a refusal.",
            "Rules may be made on the half called tuned; the one called held is to check them.",
        ],
    )


def judged(path: Path, ask: Ask) -> Iterator[Judged]:
    """Asks the questions of a set; those of near_misses are not answered by the documents."""
    for row in rows(path):
        whole = {"answerable": path.stem != _NEAR_MISSES} | row
        outcome = Outcome(_golden(whole), ask(row["question"], ()))
        yield Judged(path.stem, row["half"], outcome, _alone(row, outcome.answer))


def dialogues(path: Path, ask: Ask) -> Iterator[Judged]:
    """Asks the turns of each dialogue, with those before it as they were answered."""
    for row in rows(path):
        before: list[Turn] = []
        for turn in row["turns"]:
            answer = ask(turn["question"], before)
            before.append(Turn(turn["question"], answer["answer"]))
            name = f"{path.stem}, {'follow-ups' if turn['history'] else 'other turns'}"
            yield Judged(name, row["half"], Outcome(_golden(turn), answer))


def _golden(row: Mapping[str, Any]) -> GoldenQuestion:
    """What is known of the answer; a turn's `history` only says that it is a follow-up."""
    fields = ("question", "files", "answer", "answerable")
    return GoldenQuestion.model_validate({key: row[key] for key in fields if key in row})


def _alone(row: Mapping[str, Any], answer: Mapping[str, Any]) -> bool | None:
    """Whether only allowed files are cited; None where the set does not say which these are."""
    if "others_allowed" not in row:
        return None
    cited = {citation["file"] for citation in answer["citations"]}
    return cited <= {*row["files"], *row["others_allowed"]}


def _halves(results: Sequence[Judged]) -> Iterator[list[Cell]]:
    for name in dict.fromkeys(result.name for result in results):
        for half in HALVES:
            if group := [
                result for result in results if (result.name, result.half) == (name, half)
            ]:
                yield [name, half, len(group), *_shares(group)]


def _shares(group: Sequence[Judged]) -> list[Cell]:
    """The shares of right answers, of those that cite all files too, and no other besides."""
    right = [result for result in group if result.outcome.right]
    cited = [result for result in right if result.outcome.cited]
    alone = [result for result in cited if result.alone]
    answerable = any(result.outcome.question.answerable for result in group)
    told = any(result.alone is not None for result in group)
    shares = [len(kept) / len(group) for kept in (right, cited, alone)]
    return [shares[0], shares[1] if answerable else None, shares[2] if told else None]
