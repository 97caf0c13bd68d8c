"""The evidence for each unit as named numbers, of which learnt weights make a likelihood."""

from collections.abc import Mapping

import numpy as np

from assistant.answering.evidence import Evidence
from assistant.answering.stretch import STATIC, Array
from assistant.answering.values import VALUES
from assistant.asking.cues import Cue
from assistant.asking.kinds import QuestionKind

_ABOUT = 0.5  # a match from which on a unit is about a term
_LEAST_RARE = 0.2  # what a term still counts that every unit has
_LAST_RANK = 6  # documents from which on they count alike

ASKED = {
    Cue.DATE: QuestionKind.DATE,
    Cue.NUMBER: QuestionKind.NUMBER,
    Cue.MONEY: QuestionKind.MONEY,
    Cue.PERSON: QuestionKind.PERSON,
    Cue.PLACE: QuestionKind.PLACE,
    Cue.CONTACT: QuestionKind.CONTACT,
}
"""The kind of value that a cue asks for."""

_CROSSED = (
    (Cue.LIST, "enumeration"),
    (Cue.LIST, "item"),
    (Cue.LIST, "introduces"),
    (Cue.LIST, "label"),
    (Cue.CONTACT, "label"),
    (Cue.CONTACT, "boilerplate"),
    (Cue.SUMMARY, "first_three"),
    (Cue.SUMMARY, "position"),
    (Cue.SUMMARY, "boilerplate"),
    (Cue.SUMMARY, "heading"),
    (Cue.TIMELINE, "dateline"),
    (Cue.CURRENT, "boilerplate"),
    (Cue.DATE, "dateline"),
    (Cue.DEFINITION, "heading"),
    (Cue.REASON, "reason"),
)
"""What of a unit's form counts for some questions only."""


def covered(matches: Array, weights: Array) -> Array:
    """The share of the weights that matches cover, for each row."""
    return np.asarray(matches @ weights / (weights.sum() or 1.0), float)


def table(evidence: Evidence) -> dict[str, Array]:
    """Each feature by its name, with a number for each unit."""
    columns = {
        **_words(evidence),
        **_meaning(evidence),
        **_documents(evidence),
        **{name: evidence.told(name) for name in STATIC},
        **_values(evidence),
        **_crossed(evidence),
    }
    return {name: np.asarray(values, float) for name, values in columns.items()}


def rarity(evidence: Evidence) -> Array:
    """The terms' weights, less for a term that many units have: it tells none of them apart.

    Of the weights their roots count, by which a rare name does not drown what is asked of it.
    """
    having = (evidence.matches > _ABOUT).sum(axis=0)
    rare = np.maximum(np.log((len(evidence) + 1) / (having + 0.5)), _LEAST_RARE)
    return np.asarray(rare * np.sqrt(evidence.weights), float)


def _words(evidence: Evidence) -> Mapping[str, Array]:
    rare = rarity(evidence)
    names = np.where(evidence.is_name, evidence.weights, 0.0)
    rest = np.where(evidence.is_name, 0.0, evidence.weights)
    matches, nearby = evidence.matches, evidence.nearby
    own = covered(matches, rare)
    return {
        "words": own,
        "words_behind_best": own - own.max(),
        "words_in_context": covered(evidence.in_context, rare),
        "words_nearby": covered(nearby, rare),
        "words_before": covered(evidence.before(matches), rare),
        "words_after": covered(evidence.after(matches), rare),
        "names": covered(matches, names),
        "names_in_context": covered(evidence.in_context, names),
        "names_nearby": covered(nearby, names),
        "names_in_document": covered(evidence.in_document, names),
        "rest": covered(matches, rest),
        "rest_nearby": covered(nearby, rest),
        "rest_in_document": covered(evidence.in_document, rest),
        "rest_in_heading": covered(evidence.headings, rest),
        "title": covered(evidence.titles, evidence.weights),
        "any_value_near_name": evidence.values.any(axis=1) * covered(nearby, names),
    }


def _meaning(evidence: Evidence) -> Mapping[str, Array]:
    """Nothing where meaning is not known: those weights are others."""
    near, passages = evidence.meaning, evidence.passage_meaning
    if near is None or passages is None:
        return {}
    behind, apart = near - near.max(), near - near.mean()
    words = covered(evidence.matches, rarity(evidence))
    return {
        "meaning": near,
        "meaning_behind_best": behind,
        "meaning_before": evidence.before(apart),
        "meaning_after": evidence.after(apart),
        "passage_meaning": passages[evidence.rank],
        "words_and_meaning": words * behind,
    }


def _documents(evidence: Evidence) -> Mapping[str, Array]:
    scores = np.array([hit.score for hit in evidence.best_hits])
    rank = evidence.rank
    own = evidence.passage_scores
    return {
        "first_document": rank == 0,
        "second_document": rank == 1,
        "document_rank": np.minimum(rank, _LAST_RANK),
        "document_behind_best": (scores - scores.max())[rank],
        "in_passage": own > 0,
        "passage_behind_document": np.where(own > 0, own - scores[rank], 0.0),
        "recency": evidence.recency,
        "summary_first_document": _asks(evidence, Cue.SUMMARY) * (rank == 0),
        "several_first_document": _asks(evidence, Cue.SEVERAL) * (rank == 0),
        "current_recency": _asks(evidence, Cue.CURRENT) * evidence.recency,
    }


def _values(evidence: Evidence) -> Mapping[str, Array]:
    rest = covered(evidence.nearby, np.where(evidence.is_name, 0.0, evidence.weights))
    columns: dict[str, Array] = {}
    for cue, kind in ASKED.items():
        asks, has = _asks(evidence, cue), evidence.values[:, VALUES.index(kind)]
        columns[f"asked_{cue}"] = np.asarray(asks * has, float)
        columns[f"asked_{cue}_near_rest"] = np.asarray(asks * has * rest, float)
        columns[f"unasked_{cue}"] = np.asarray((1 - asks) * has, float)
    return columns


def _crossed(evidence: Evidence) -> Mapping[str, Array]:
    columns = {
        f"{cue}_{name}": _asks(evidence, cue) * evidence.told(name) for cue, name in _CROSSED
    }
    explains = evidence.told("explaining") * covered(evidence.matches, evidence.weights)
    columns["definition_explaining"] = _asks(evidence, Cue.DEFINITION) * explains
    columns["reason_before"] = evidence.before(columns["reason_reason"])
    return columns


def _asks(evidence: Evidence, cue: Cue) -> float:
    return float(cue in evidence.cues)
