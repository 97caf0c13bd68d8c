"""How good the answers to questions of one's own are."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from assistant.asking.follow_ups import Turn
from index.errors import UsageError


class Ask(Protocol):
    """Something that answers a question after others, as `Answer.as_json` gives it."""

    def __call__(self, question: str, history: Sequence[Turn] = ()) -> dict[str, Any]: ...


class GoldenQuestion(BaseModel):
    """A question with what is known of its answer; other fields of its line are passed over.

    `history` are the questions that are asked before it, in their order.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    files: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    answerable: bool = True
    history: tuple[str, ...] = ()

    @field_validator("answer")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return patterns


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question: the rank of the first right file, and whether all was right."""

    question: GoldenQuestion
    answer: dict[str, Any]

    @property
    def rank(self) -> int | None:
        """Of the first file wanted among those found, from 1 to 10."""
        files = [hit["file"] for hit in self.answer["retrieved"]]
        ranks = [files.index(file) + 1 for file in self.question.files if file in files]
        return min(ranks, default=None)

    @property
    def right(self) -> bool:
        """Refused where it should be, else answered with all that the patterns ask for."""
        if not self.question.answerable:
            return not self.answer["answerable"]
        quotes = [citation["quote"] for citation in self.answer["citations"]]
        said = " ".join([self.answer["answer"], *quotes])
        return self.answer["answerable"] and all(
            re.search(pattern, said) for pattern in self.question.answer
        )

    @property
    def cited(self) -> bool:
        """Whether every file wanted is cited."""
        return {c["file"] for c in self.answer["citations"]} >= set(self.question.files)


@dataclass(frozen=True, slots=True)
class Figures:
    """The outcomes, counted."""

    outcomes: Sequence[Outcome]

    def as_text(self) -> str:
        """A table, and below it the questions that went wrong."""
        answerable = [o for o in self.outcomes if o.question.answerable]
        others = [o for o in self.outcomes if not o.question.answerable]
        sought = [o for o in answerable if o.question.files]
        quoted = [sum(len(c["quote"].split()) for c in o.answer["citations"]) for o in answerable]
        seconds = [o.answer["seconds"] for o in self.outcomes]
        rows = {
            "questions": f"{len(self.outcomes)}",
            "right file found first (hit@1)": _share(o.rank == 1 for o in sought),
            "among the first five (hit@5)": _share((o.rank or 10) <= 5 for o in sought),
            "mean reciprocal rank (MRR@10)": _share(1 / o.rank if o.rank else 0 for o in sought),
            "right answer": _share(o.right for o in answerable),
            "right answer, all files cited": _share(o.right and o.cited for o in answerable),
            "unanswerable and refused": _share(o.right for o in others),
            "words quoted, mean": f"{mean(quoted):.1f}" if quoted else "-",
            "seconds per question, median": f"{median(seconds):.3f}",
        }
        width = max(map(len, rows))
        table = [f"{name:<{width}}  {value}" for name, value in rows.items()]
        wrong = [o for o in self.outcomes if not (o.right and o.cited)]
        return "\n".join([*table, *(["", "wrong:"] if wrong else []), *map(_described, wrong)])


def evaluate(
    questions: Sequence[GoldenQuestion],
    ask: Ask,
    track: Callable[[Sequence[Any], str], Iterable[Any]],
) -> Figures:
    """Asks all questions, each after those of its history. `track` shows progress."""
    return Figures([Outcome(q, _asked(q, ask)) for q in track(questions, "Questions")])


def _asked(question: GoldenQuestion, ask: Ask) -> dict[str, Any]:
    turns: list[Turn] = []
    for earlier in question.history:
        turns.append(Turn(earlier, ask(earlier, turns)["answer"]))
    return ask(question.question, turns)


def read_questions(path: Path) -> list[GoldenQuestion]:
    """The questions of a file, one JSON object a line. Raises UsageError, naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}.", "Name a file in UTF-8.") from error
    questions = [
        _question(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    if not questions:
        raise UsageError(f"There is no question in {path}.", "Write one JSON object a line.")
    return questions


def _question(path: Path, number: int, line: str) -> GoldenQuestion:
    try:
        return GoldenQuestion.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        what = f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"
    except ValueError as error:
        what = str(error)
    raise UsageError(
        f"{path}, line {number}: {what}.", "`python app.py eval --help` shows the form."
    )


def _share(values: Iterable[float]) -> str:
    listed = list(values)
    return f"{mean(listed):.4f}" if listed else "-"


def _described(outcome: Outcome) -> str:
    files = ", ".join(dict.fromkeys(c["file"] for c in outcome.answer["citations"]))
    return (
        f"  {outcome.question.question} -> {files or 'refused'}: {outcome.answer['answer'][:120]}"
    )
