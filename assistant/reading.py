"""Which sentences of the passages answer a question: scored for it, and chosen to be quoted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from llama_index.core.schema import NodeWithScore

from assistant.kinds import Kind, has_answer
from assistant.question import Question
from assistant.retrieve import SENTENCE_WORDS, analysis_of
from index.lexical import Bag

QUOTES = 3
_READ = 8  # passages that quotes are taken from
_MENTIONED = 0.5  # a match of a term from which on the sentence has it
_LEAST_RARE = 0.2  # what a term still counts that every sentence has
# What the scores of its passage and of its document's best passage count beside a sentence's own.
_PASSAGE, _DOCUMENT = 0.3, 0.2
_ALSO = 0.75  # of the best sentence's score, for a further quote
_ALSO_ELSEWHERE = 0.7  # the same for a quote on the topic from another document
_ALSO_LISTED = 0.6  # the same where several things are asked for
# What it counts that a sentence has in it what is asked for; tuned on XQuAD-de.
_FITTING = {Kind.DATE: 0.3, Kind.NUMBER: 0.1, Kind.PERSON: 0.45, Kind.PLACE: 0.2, Kind.LIST: 0.3}


@dataclass(frozen=True, slots=True)
class Quotable:
    """A sentence or list that may be quoted, at [start, end) of its document.

    `fits`: it has in it what is asked for; `on_topic`: it has the question's most telling term.
    """

    found: NodeWithScore
    start: int
    end: int
    score: float
    fits: bool
    on_topic: bool

    @property
    def file(self) -> str:
        """The document's file."""
        return str(self.found.node.metadata["file"])

    @property
    def language(self) -> str:
        """The document's language."""
        return str(self.found.node.metadata["language"])

    @property
    def text(self) -> str:
        """The words themselves."""
        return _text(self.found, self.start, self.end)


def chosen(question: Question, nodes: Sequence[NodeWithScore]) -> list[Quotable]:
    """Up to QUOTES sentences of the passages, the one that answers best first."""
    ranked = sorted(_scored(question, nodes[:_READ]), key=lambda quotable: -quotable.score)
    if not ranked:
        return []
    best = ranked[0]
    wanted = [best, *_elsewhere(ranked, several=question.kind is Kind.LIST)]
    wanted += [
        quotable
        for quotable in ranked
        if quotable not in wanted
        and quotable.score >= _ALSO * best.score
        and quotable.fits >= best.fits
    ]
    return wanted[:QUOTES]


def _elsewhere(ranked: Sequence[Quotable], several: bool) -> Iterator[Quotable]:
    """The best sentence on the topic of each other document, if it answers the question as well."""
    best = ranked[0]
    least = best.score * (_ALSO_LISTED if several else _ALSO_ELSEWHERE)
    seen = {best.file}
    for quotable in ranked:
        good = quotable.score >= least and (several or quotable.fits >= best.fits)
        if good and quotable.on_topic and quotable.file not in seen:
            seen.add(quotable.file)
            yield quotable


def _scored(question: Question, nodes: Sequence[NodeWithScore]) -> Iterator[Quotable]:
    places = [
        (found, start, end, features)
        for found in nodes
        for (start, end), features in zip(
            found.node.metadata["sentences"], analysis_of(found).sentences, strict=True
        )
    ]
    matches, own = _matches(question, [features for *_, features in places])
    topic = int(np.argmax([term.weight for term in question.terms])) if question.terms else 0
    documents = _best_scores(nodes)
    for (found, start, end, _), has, score in zip(places, matches, own, strict=True):
        fits = has_answer(question.kind, _text(found, start, end), question.query_str)
        bonus = _FITTING[question.kind] if fits else 0.0
        total = float(score) + _PASSAGE * found.get_score() + bonus
        total += _DOCUMENT * documents[found.node.metadata["file"]]
        yield Quotable(found, start, end, total, fits, bool(has[topic] >= _MENTIONED))


def _matches(question: Question, sentences: Sequence[Bag]) -> tuple[np.ndarray, np.ndarray]:
    """How much each sentence is about each term, and each sentence's score.

    A term counts less the more of the sentences have it: what all of them are about tells none of
    them apart. With that, 2.5 % more of XQuAD's answers stand in the first quote.
    """
    matches = np.array(
        [question.matcher.matches(bag, SENTENCE_WORDS) for bag in sentences]
    ).reshape(len(sentences), len(question.terms))
    having = (matches > _MENTIONED).sum(axis=0)
    rarity = np.maximum(np.log((len(sentences) + 1) / (having + 0.5)), _LEAST_RARE)
    weights = rarity * [term.weight for term in question.terms]
    return matches, matches @ weights / (weights.sum() or 1.0)


def _best_scores(nodes: Sequence[NodeWithScore]) -> dict[str, float]:
    """The score of each document's best passage."""
    best: dict[str, float] = {}
    for found in nodes:
        file = found.node.metadata["file"]
        best[file] = max(found.get_score(), best.get(file, 0.0))
    return best


def _text(found: NodeWithScore, start: int, end: int) -> str:
    offset = found.node.metadata["start"]
    return found.node.get_content()[start - offset : end - offset]
