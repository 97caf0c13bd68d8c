"""`make learn`: learns when a further sentence is quoted, from XQuAD-de.

An example is any sentence beside the best one, and the question is whether it has the answer that
the best one has not. One half of the articles is learnt from to see what becomes of the other;
the weights that are printed, and written with --write, are learnt from all."""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from assistant.answering.selection import (
    QUOTES,
    WEIGHTS,
    Quotable,
    Weights,
    chosen,
    evidence,
    learnt,
    ranked,
)
from assistant.asking.question import Question
from assistant.finding.hit import Hit
from tests.benchmarks.quality import BENCH, paragraphs, question_set, rows
from tests.benchmarks.table import Cell, Table
from tests.library import opened

_RIDGE = 1e-3  # holds weights that the examples say nothing of at 0
_STEPS, _NEAR = 50, 1e-6  # Newton's, and the change of the weights that ends them


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its passages, best first, and its answer with the file that this is in."""

    question: Question
    hits: Sequence[Hit]
    file: str
    answer: str
    article: str

    def is_answered_by(self, quote: Quotable) -> bool:
        """Whether the answer stands in a quote from the right file."""
        return quote.file == self.file and _squeezed(self.answer) in _squeezed(quote.text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learns, and prints what it is worth and the weights."""
    parser = argparse.ArgumentParser("make learn", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name} too")
    options = parser.parse_args(arguments)
    if not BENCH.is_dir():
        parser.error("XQuAD's paragraphs and questions are not in ../shared/bench.")
    with tempfile.TemporaryDirectory() as work:
        examples = list(_examples(Path(work)))
    weights = weights_from(examples)
    print(table(examples, weights).as_text())
    page = in_form(WEIGHTS.read_text(encoding="utf-8"), weights)
    print(f"\n{page}", end="")
    if options.write:
        WEIGHTS.write_text(page, encoding="utf-8")


def table(examples: Sequence[Example], weights: Weights) -> Table:
    """What the held-back half shows for the weights as they are, and as they could be."""
    learning, held = halves(examples)
    compared = {
        "as they are": learnt(),
        "learnt from the other half": weights_from(learning),
        "learnt from all": weights,
    }
    return Table(
        "XQuAD-de: quotes for the articles held back",
        ("weights", "answer in the first", f"in the first {QUOTES}", "words"),
        [[name, *measured(held, each)] for name, each in compared.items()],
        [f"{len(held)} questions. Words are those of all quotes, mean; nothing is refused here."],
    )


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """The examples of every other article, by name, and the others."""
    articles = sorted({each.article for each in examples})
    learning = set(articles[::2])
    return (
        [each for each in examples if each.article in learning],
        [each for each in examples if each.article not in learning],
    )


def measured(examples: Sequence[Example], weights: Weights) -> list[Cell]:
    """Shares with the answer in the first quote and in the first QUOTES, and words quoted."""
    quoted = [chosen(each.question, each.hits, weights) for each in examples]
    answered = [
        [example.is_answered_by(quote) for quote in quotes]
        for example, quotes in zip(examples, quoted, strict=True)
    ]
    words = [sum(len(quote.text.split()) for quote in quotes) for quotes in quoted]
    return [
        mean(any(each[:1]) for each in answered),
        mean(any(each[:QUOTES]) for each in answered),
        f"{mean(words):.1f}",
    ]


def weights_from(examples: Sequence[Example]) -> Weights:
    """The weights that tell best which sentences have the answer that the best one has not."""
    names = tuple(learnt())
    told, labels = zip(*(pair for each in examples for pair in _sentences(each)), strict=True)
    table = np.array([[told_of[name] for name in names] for told_of in told])
    return dict(zip(names, fitted(table, np.array(labels)).tolist(), strict=True))


def fitted(table: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method: the weights of the columns, for labels of 0 and 1."""
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-table @ weights))
        gradient = table.T @ (labels - likely) - _RIDGE * weights
        curvature = (table.T * (likely * (1 - likely))) @ table + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if np.abs(step).max() < _NEAR:
            break
    return weights


def in_form(page: str, weights: Weights) -> str:
    """The file of weights with these in it, its comments kept."""
    fields = {name: f"{name}: {value:.2f}" for name, value in weights.items()}
    width = max(map(len, fields.values()))
    lines = []
    for line in page.splitlines():
        name, _, rest = line.partition(":")
        _, mark, comment = rest.partition("#")
        lines.append(f"{fields[name]:<{width}} {mark}{comment}" if name in fields else line)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _sentences(example: Example) -> Iterator[tuple[Mapping[str, float], bool]]:
    """What is told of each further sentence, and whether it alone has the answer.

    Where the right passage is not found there is nothing to learn.
    """
    best, *others = ranked(example.question, example.hits)
    if not any(sentence.file == example.file for sentence in (best, *others)):
        return
    wanted = not example.is_answered_by(best)
    for other in others:
        told = evidence(example.question, other, best)
        yield told, wanted and example.is_answered_by(other)


def _examples(work: Path) -> Iterator[Example]:
    """XQuAD's German questions, with the passages that are found for them."""
    with opened(work / "data", paragraphs(work / "seeds")) as desk:
        for row in rows(question_set("de")):
            question, nodes = desk.find(row["question"])
            file = f"{row['paragraph']}.txt"
            yield Example(question, nodes, file, row["answer"], row["article"])


def _squeezed(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
