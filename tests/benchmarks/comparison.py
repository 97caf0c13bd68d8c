"""All systems on the same questions, in turns, so that what disturbs the machine disturbs all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.metrics import hit, percentile, rank, reciprocal
from tests.benchmarks.systems import CANDIDATES
from tests.benchmarks.worker import Reply, Worker

_WARMING = ("Wer ist das?", "Where is it?")  # what is loaded with the first question is no answer's


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the file that holds its answer."""

    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A set of questions with a system's replies."""

    questions: Sequence[Question]
    replies: Sequence[Reply]

    @property
    def ranks(self) -> list[int | None]:
        """Of the right file, for each question."""
        pairs = zip(self.questions, self.replies, strict=True)
        return [rank(question.file, reply.found.files) for question, reply in pairs]

    def hit(self, within: int) -> float:
        """The share of questions with the right file among the first."""
        return hit(self.ranks, within)

    @property
    def reciprocal(self) -> float:
        """MRR@10."""
        return reciprocal(self.ranks)

    @property
    def median(self) -> float:
        """Milliseconds for a question."""
        return 1_000 * median(reply.seconds for reply in self.replies)

    @property
    def p95(self) -> float:
        """Milliseconds that 95 % of the questions stay below."""
        return 1_000 * percentile([reply.seconds for reply in self.replies], 0.95)


@dataclass(frozen=True, slots=True)
class Measured:
    """A system's replies to each set, the seconds to index, and its peak of memory in MB.

    One that does not rank is there for its time alone.
    """

    label: str
    sets: Mapping[str, Asked]
    build: float
    peak: float
    ranks: bool = True
    ours: bool = False


def available(embedding: str) -> tuple[list[str], list[str]]:
    """The systems that can be compared here, and a line for each that can't."""
    reasons = {name: candidate.missing(embedding) for name, candidate in CANDIDATES.items()}
    missing = {CANDIDATES[name].label: reason for name, reason in reasons.items() if reason}
    return (
        [name for name, reason in reasons.items() if not reason],
        [f"{label} is left out: {reason}." for label, reason in missing.items()],
    )


def compare(
    names: Sequence[str],
    folder: Path,
    sets: Mapping[str, Sequence[Question]],
    work: Path,
    embedding: str = "",
) -> list[Measured]:
    """Has each system index the folder, one after the other, then asks them turn by turn."""
    with ExitStack() as running:
        workers = {
            name: running.enter_context(Worker(name, folder, work / name, embedding))
            for name in names
        }
        for worker in workers.values():
            for question in _WARMING:
                worker.ask(question)
        asked = {title: _turns(workers, questions) for title, questions in sets.items()}
        return [
            Measured(
                CANDIDATES[name].named(embedding),
                {title: Asked(sets[title], replies[name]) for title, replies in asked.items()},
                worker.build,
                worker.peak(),
                CANDIDATES[name].ranks,
                CANDIDATES[name].ours,
            )
            for name, worker in workers.items()
        ]


def _turns(workers: Mapping[str, Worker], questions: Sequence[Question]) -> dict[str, list[Reply]]:
    replies: dict[str, list[Reply]] = {name: [] for name in workers}
    for question, order in zip(questions, _orders(list(workers)), strict=False):
        for name in order:
            replies[name].append(workers[name].ask(question.text))
    return replies


def _orders(names: list[str]) -> Iterator[list[str]]:
    """Each system begins as often as any other."""
    while True:
        yield names
        names = names[1:] + names[:1]
