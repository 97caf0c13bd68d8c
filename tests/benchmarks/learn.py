"""`make learn`: learns how answers are chosen and refused, from questions with known answers.

Learnt are the breadth that a question asks for, which units carry the answer, and whether there is
one, each with an embedding model's meaning and without. The table shows for each corpus what is
learnt from the others alone; what is printed or written with --write is learnt from all. Nothing is
learnt from the questions of tests/golden/held. So that what is asked of somebody whom no document
names is refused, and what has nothing to do with any, each corpus is asked the next one's questions
as well, and some that are asked in any office.

The verdict is wanted to answer nearly all of what the documents answer. So its thresholds are
shares of these that may be lost: _LOST_ABOUT to what is about nothing in the documents, and
_LOST_NEAR to what they are about and don't answer.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answering import likelihood, selection, verdict
from assistant.answering.learnt import Linear, Weight, probability, shares
from assistant.asking import breadth
from assistant.asking.breadth import BASE, Breadth
from assistant.asking.cues import Cue
from tests.benchmarks.asked import STRANGER, Asked, asked, corpora
from tests.benchmarks.fitting import Array, Choice, conditional_logit, logistic
from tests.benchmarks.table import Table

DATA = Path("build") / "learn"

_RIDGE, _STRENGTH_NEAR, _STRENGTH_ABOUT = 2.0, 0.05, 0.1
_LOST_ABOUT, _LOST_NEAR = 0.02, 0.02
_OFF_TOPIC = "unanswerable-offtopic"
_UNRELATED = (_OFF_TOPIC, STRANGER)
# Each decides alone: nothing is learnt of it.
_RULED = ("lacks_proper_name", *verdict.LACKING, "says_all")
_FORMS = {"with_meaning": "bundled", "without_meaning": "off"}

Weights = Mapping[str, Mapping[str, float]]
Corpora = Mapping[str, Sequence[Asked]]


@dataclass(frozen=True)
class Learnt:
    """All that is learnt of some questions."""

    breadths: Weights
    units: Linear
    judgement: verdict.Judgement

    def answered(self, each: Asked) -> tuple[bool, list[selection.Quote]]:
        """Whether a question is answered, and the quotes."""
        scores, quotes = quoted(each, self.units, self.breadths)
        told = verdict.features(each.evidence, scores, quotes)
        return self.judgement.of(told) is verdict.Verdict.ANSWERED, quotes


def main(arguments: Sequence[str] | None = None) -> None:
    """Learns, and prints what it is worth; with --write, the weights go into the product."""
    parser = argparse.ArgumentParser("make learn", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the weights into assistant/")
    options = parser.parse_args(arguments)
    by_form: dict[str, Learnt] = {}
    for form, embedding in _FORMS.items():
        sets = {corpus.name: list(asked(corpus, DATA, embedding)) for corpus in corpora()}
        print(cross_validated(sets, form).as_text())
        by_form[form] = learnt(sets)
    if options.write:
        write(by_form)


def cross_validated(sets: Corpora, form: str) -> Table:
    """What becomes of the questions of each corpus by what the others teach."""
    rows = []
    for name, own in sets.items():
        by = learnt({other: questions for other, questions in sets.items() if other != name})
        unrelated = [question for question in own if question.is_unrelated]
        theirs = [question for question in own if not question.is_unrelated]
        unseen = [question for question in theirs if not question.is_tuned_on] or theirs
        unseen = [*unseen, *unrelated]
        rows.append([name, *(_share(value) for value in figures(by, unseen).values())])
    names = ("corpus", *figures_named())
    return Table(f"Learnt from the other corpora, {form.replace('_', ' ')}", names, rows, [])


def learnt(sets: Corpora) -> Learnt:
    """What these questions teach, those that are held back left out."""
    examples = [question for own in sets.values() for question in own if question.is_tuned_on]
    breadths, units = breadth_weights(examples), unit_weights(examples)
    rows = [row for name in sets for row in _verdict_rows(sets, name, breadths)]
    rows = [row for row in rows if not any(row.told[name] for name in _RULED)]
    return Learnt(breadths, units, judgement(rows))


def breadth_weights(examples: Iterable[Asked]) -> Weights:
    """What each cue counts for each breadth."""
    answerable = [question for question in examples if question.answerable]
    cues = np.array(
        [[cue in question.evidence.cues for cue in Cue] for question in answerable], float
    )
    model = LogisticRegression(C=1, max_iter=500).fit(
        cues, [question.breadth for question in answerable]
    )
    counts = zip(model.classes_, model.intercept_, model.coef_, strict=True)
    return {
        str(name): {BASE: float(base)} | dict(zip(map(str, Cue), map(float, row), strict=True))
        for name, base, row in counts
    }


def unit_weights(examples: Iterable[Asked]) -> Linear:
    """What each feature counts, for units that carry an answer."""
    telling = [question for question in examples if question.answerable and question.right.any()]
    names = list(telling[0].features)
    choices = [
        Choice(np.stack(list(question.features.values()), axis=1), question.right)
        for question in telling
    ]
    return conditional_logit(names, choices, _RIDGE)


@dataclass(frozen=True)
class Row:
    """A question as the verdict sees it."""

    told: Mapping[str, float]
    answerable: bool
    kind: str


def _verdict_rows(sets: Corpora, name: str, breadths: Weights) -> list[Row]:
    """The questions of a corpus, their units scored by what the others teach, as new ones are."""
    others = [question for other, own in sets.items() if other != name for question in own]
    own = [question for question in sets[name] if question.is_tuned_on]
    if not own:
        return []
    units = unit_weights([question for question in others if question.is_tuned_on])
    rows = []
    for question in own:
        scores, quotes = quoted(question, units, breadths)
        told = verdict.features(question.evidence, scores, quotes)
        rows.append(Row(told, question.answerable, question.row["kind"]))
    return rows


def judgement(rows: Sequence[Row]) -> verdict.Judgement:
    """When documents are about a question, and when they answer it."""
    near = [row for row in rows if row.kind not in _UNRELATED]
    about = _balanced([row.kind if row.kind in _UNRELATED else "" for row in rows])
    return verdict.Judgement(
        about=_threshold(
            rows, [row.kind not in _UNRELATED for row in rows], about, _STRENGTH_ABOUT, _LOST_ABOUT
        ),
        answers=_threshold(
            near, [row.answerable for row in near], np.ones(len(near)), _STRENGTH_NEAR, _LOST_NEAR
        ),
    )


def _balanced(kinds: Sequence[str]) -> Array:
    """What each row counts: all with a kind as much as all without, the kinds alike."""
    sizes = Counter(kinds)
    share = sizes[""] / max(1, len(sizes) - 1)
    return np.array([share / sizes[kind] if kind else 1.0 for kind in kinds])


def _threshold(
    rows: Sequence[Row], right: Sequence[bool], counts: Array, strength: float, lost: float
) -> verdict.Threshold:
    """Learnt of rows; from a probability on that the share `lost` of the answerable ones miss."""
    names = [name for name in rows[0].told if name not in _RULED]
    table = np.array([[row.told[name] for name in names] for row in rows])
    model, base = logistic(names, table, np.array(right), counts, strength)
    told = table[[row.answerable for row in rows]]
    likely = probability(base + model.of(dict(zip(names, told.T, strict=True))))
    least = float(np.quantile(likely, lost))
    return verdict.Threshold(at_least=least, base=base, weights=dict(model.weights))


def quoted(each: Asked, units: Linear, breadths: Weights) -> tuple[Array, list[selection.Quote]]:
    """The units' scores, and what is quoted for them."""
    scores = units.of(each.features)
    cues = (*each.evidence.cues, BASE)
    broad = max(Breadth, key=lambda name: sum(breadths[name].get(str(cue), 0.0) for cue in cues))
    return scores, selection.chosen(each.evidence, shares(scores), broad)


def figures_named() -> tuple[str, ...]:
    """What `figures` tells, in its order."""
    marks = ("complete", "lead", "clean", "stray", "words")
    return (*marks, "lost", "near misses", "off-topic", "strangers")


def figures(by: Learnt, unseen: Sequence[Asked]) -> dict[str, float | None]:
    """Marks of the answers, the share of answerable questions lost, and of others refused."""
    marks: list[Mapping[str, float]] = []
    refused: dict[str, list[bool]] = {name: [] for name in figures_named()[5:]}
    for question in unseen:
        answered, quotes = by.answered(question)
        if question.answerable:
            nothing = dict.fromkeys(("complete", "lead", "clean"), 0.0)
            marks.append(question.marks(quotes) if answered else nothing)
        of = "lost" if question.answerable else _unanswered(question.row["kind"])
        refused[of].append(not answered)
    told = {
        name: _mean(mark[name] for mark in marks if name in mark) for name in figures_named()[:5]
    }
    return {**told, **{name: _mean(flags) for name, flags in refused.items()}}


def _unanswered(kind: str) -> str:
    return {_OFF_TOPIC: "off-topic", STRANGER: "strangers"}.get(kind, "near misses")


def _mean(values: Iterable[float]) -> float | None:
    present = list(values)
    return mean(present) if present else None


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def write(found: Mapping[str, Learnt]) -> None:
    """Writes what was learnt into the product's tables."""
    breadths = found["with_meaning"].breadths
    _page(breadth.WEIGHTS, "How much each cue speaks for each breadth of an answer.", breadths)
    units = {form: _table(taught.units.weights) for form, taught in found.items()}
    _page(likelihood.WEIGHTS, "How likely a unit carries the answer: see features.py.", units)
    verdicts = {
        form: {"about": _rule(taught.judgement.about), "answers": _rule(taught.judgement.answers)}
        for form, taught in found.items()
    }
    _page(verdict.WEIGHTS, "Whether quotes answer the question: see verdict.py.", verdicts)


def _rule(threshold: verdict.Threshold) -> dict[str, Any]:
    return {
        "at_least": threshold.at_least,
        "base": threshold.base,
        "weights": _table(threshold.weights),
    }


def _table(weights: Mapping[str, Weight]) -> dict[str, str]:
    """A line for each feature."""
    return {
        name: f"{{weight: {row.weight:.3f}, mean: {row.mean:.3f}, scale: {row.scale:.3f}}}"
        for name, row in weights.items()
    }


def _page(path: Path, about: str, values: Mapping[str, Any]) -> None:
    head = f"# {about}\n# Learnt by `make learn ARGS=--write`; not to be mended by hand.\n"
    path.write_text(head + "".join(_lines(values)), encoding="utf-8")


def _lines(values: Mapping[str, Any], indent: str = "") -> Iterable[str]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}:\n"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {value if isinstance(value, str) else f'{value:.4f}'}\n"


if __name__ == "__main__":
    main()
