"""Whether the documents answer a question at all: a probability, by weights that were learnt."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Evidence
from assistant.answering.features import ASKED, covered, rarity
from assistant.answering.learnt import Array, Linear, Weight, probability, shares
from assistant.answering.mentioned import lacking
from assistant.answering.selection import Quote
from assistant.answering.values import VALUES
from assistant.asking.cues import Cue
from assistant.finding.analysis import analysis_of
from index.text.tables import Table, read_table

WEIGHTS = Path(__file__).with_suffix(".yaml")


_SAID = 0.5  # a match of a term from which on a unit says it
_COUNTING = 0.2  # of the weightiest term's weight, from which on a term counts


LACKING = ("lacks_year", "lacks_attribute_there", "lacks_count", "lacks_value")
"""What no answer lacks: 51 near misses of those learnt from, and 2 right answers."""


class Verdict(Enum):
    """Whether documents answer a question, are about it at least, or have nothing to say."""

    ANSWERED = "answered"
    NEAR_MISS = "near miss"
    UNRELATED = "unrelated"


class Threshold(Table):
    """A logistic regression, and the probability from which on it says yes."""

    at_least: float
    base: float
    weights: dict[str, Weight]

    def holds(self, told: Mapping[str, float]) -> bool:
        """Whether it says yes to features."""
        rows = {name: np.array([value]) for name, value in told.items()}
        score = self.base + Linear(self.weights).of(rows)
        return bool(probability(score)[0] >= self.at_least)


class Judgement(Table):
    """Whether documents are about a question at all, and whether they answer it then."""

    about: Threshold
    answers: Threshold

    def of(self, told: Mapping[str, float]) -> Verdict:
        """The verdict on features.

        Of somebody whom no document names, none says anything. What lacks what is asked for is no
        answer, and what says all that the question does is one.
        """
        if told["lacks_proper_name"]:
            return Verdict.UNRELATED
        is_lacking = any(told[name] for name in LACKING)
        if told["says_all"] and not is_lacking:
            return Verdict.ANSWERED
        if not self.about.holds(told):
            return Verdict.UNRELATED
        if is_lacking or not self.answers.holds(told):
            return Verdict.NEAR_MISS
        return Verdict.ANSWERED


class _Judgements(Table):
    with_meaning: Judgement
    without_meaning: Judgement


def judged(evidence: Evidence, scores: Array, quotes: Sequence[Quote]) -> Verdict:
    """The verdict on quotes that were chosen for these scores."""
    judgements = _judgements()
    judgement = judgements.without_meaning if evidence.meaning is None else judgements.with_meaning
    return judgement.of(features(evidence, scores, quotes))


def features(evidence: Evidence, scores: Array, quotes: Sequence[Quote]) -> dict[str, float]:
    """What tells whether the quotes answer the question, by name."""
    told, asked = shares(scores), evidence.cues
    if not asked.isdisjoint(ASKED):
        asked -= {Cue.DEFINITION}  # "what is the budget" asks for an amount
    first = quotes[0]
    best = first.first + int(np.argmax(told[list(first.units)]))
    quoted = [unit for quote in quotes for unit in quote.units]
    return {
        "best_score": float(scores.max()),
        "best_share": float(told[best]),
        "quoted_share": float(told[quoted].sum()),
        "title": float(covered(evidence.titles, evidence.weights)[best]),
        "terms": float(np.log(len(evidence.weights))),
        "passage_score": evidence.hits[0].score,
        "passage_words": evidence.question.coverage(analysis_of(evidence.hits[0]).passage),
        **_meaning(evidence, best),
        **_words(evidence, best, list(first.units)),
        **_binding(evidence, quoted),
        **lacking(evidence, quotes),
        "says_all": float(_says_all(evidence, best)),
        **{f"asks_{cue}": float(cue in asked) for cue in Cue},
    }


def _meaning(evidence: Evidence, best: int) -> Mapping[str, float]:
    near, passages = evidence.meaning, evidence.passage_meaning
    if near is None or passages is None:
        return {}
    falling = np.sort(near)[::-1]
    return {
        "meaning_best": float(near[best]),
        "meaning_highest": float(falling[0]),
        "meaning_three": float(falling[:3].mean()),
        "meaning_apart": float(falling[0] - falling.mean()),
        "passage_meaning": float(passages[0]),
        "document_meaning": float(passages[evidence.rank[best]]),
    }


def _words(evidence: Evidence, best: int, first: list[int]) -> Mapping[str, float]:
    weights, names = evidence.weights, evidence.is_name
    of_names, of_rest = np.where(names, weights, 0.0), np.where(names, 0.0, weights)
    quoted, nearby = evidence.matches[first].max(axis=0), evidence.nearby[first].max(axis=0)
    document, anywhere = evidence.in_document[best], evidence.in_document.max(axis=0)
    heavy = ~names & (weights >= np.median(weights))
    return {
        "words_best": float(covered(evidence.matches[best], rarity(evidence))),
        "words_quoted": float(covered(quoted, weights)),
        "names_quoted": float(covered(quoted, of_names)),
        "names_nearby": float(covered(nearby, of_names)),
        "names_document": float(covered(document, of_names)),
        "rest_quoted": float(covered(quoted, of_rest)),
        "rest_nearby": float(covered(nearby, of_rest)),
        "rest_document": float(covered(document, of_rest)),
        "lost_document": float(((1 - document) * weights).max() / (weights.sum() or 1.0)),
        "lost_anywhere": float(((1 - anywhere) * weights).max() / (weights.sum() or 1.0)),
        "least_name_nearby": _least(nearby, names),
        "least_name_document": _least(document, names),
        "least_name_anywhere": _least(anywhere, names),
        "has_names": float(names.any()),
        "least_rest_nearby": _least(nearby, heavy),
        "least_rest_document": _least(document, heavy),
        "least_rest_anywhere": _least(anywhere, heavy),
        "names_and_rest": float(covered(document, of_names) * covered(nearby, of_rest)),
    }


def _binding(evidence: Evidence, quoted: list[int]) -> Mapping[str, float]:
    """Whether what is asked for stands beside whom it is asked of, in the quotes and anywhere."""
    asked = [VALUES.index(kind) for cue, kind in ASKED.items() if cue in evidence.cues]
    has = np.ones(len(evidence), bool)
    if asked:
        has = np.asarray(evidence.values[:, asked].any(axis=1), bool)
    bound = has * _about(evidence.nearby, evidence, names=True)
    bound = bound * _about(evidence.matches, evidence, names=False)
    return {
        "fits": float(bool(asked) and has[quoted].any()),
        "unfit": float(bool(asked) and not has[quoted].any()),
        "bound_quoted": float(np.max(bound[quoted])),
        "bound_anywhere": float(np.max(bound)),
        "bound_asked": float(bool(asked)) * float(np.max(bound[quoted])),
    }


def _says_all(evidence: Evidence, best: int) -> bool:
    """Whether a unit has a value of the kind that is asked for, and all that it is asked of.

    That is every term that counts, in the unit or above it. Of the questions learnt from, 35 with
    an answer have such a unit and 3 near misses, and none that is about something else.
    """
    asked = [VALUES.index(kind) for cue, kind in ASKED.items() if cue in evidence.cues]
    if not evidence.values[best, asked].any():
        return False
    counting = evidence.weights >= _COUNTING * evidence.weights.max()
    said = evidence.in_context[best, counting]
    return len(said) > 1 and float(said.min()) >= _SAID


def _about(matches: Array, evidence: Evidence, names: bool) -> Array:
    """The share of the question's names, or of its other terms, that matches cover."""
    wanted = evidence.is_name == names
    if not wanted.any():
        return np.ones(len(matches))
    return covered(matches, np.where(wanted, evidence.weights, 0.0))


def _least(matches: Array, terms: NDArray[np.bool_]) -> float:
    """The least match of some terms; 1 where there are none."""
    return float(matches[terms].min(initial=1.0))


@cache
def _judgements() -> _Judgements:
    return read_table(WEIGHTS, _Judgements)
