"""Which sentences of the passages answer a question: scored for it, and chosen to be quoted."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.answering.values import fits
from assistant.asking.kinds import QuestionKind
from assistant.asking.question import Question
from assistant.finding.analysis import SENTENCE_WORDS, analysis_of
from assistant.finding.hit import Hit
from index.text.features import Profile
from index.text.tables import read_table

QUOTES = 3
WEIGHTS = Path(__file__).with_suffix(".yaml")
Weights = Mapping[str, float]

_READ = 8  # passages that quotes are taken from
_MENTIONED = 0.5  # a match of a term from which on the sentence has it
_LEAST_RARE = 0.2  # what a term still counts that every sentence has
# What the scores of its passage and of its document's best passage count beside a sentence's own.
_PASSAGE, _DOCUMENT = 0.3, 0.2
_WORTHWHILE = -2.71  # log odds from which on a further sentence of usual length is quoted
_LENGTH = 0.5  # what twice the length asks for more, in units of log(2)
_DOCUMENTS = 6  # that are quoted at most where several things are asked for
_FURTHER = 5  # sentences at most beside the best one
_LAST = 5  # rank of a document from which on they count alike
_LOST = 0.05  # of the question's weight, that a quote from another document may lack
_AS_GOOD = 0.8  # of the best sentence's score, that it has at least
_ALSO_LISTED = 0.7  # of the best sentence's score, for another document where several are asked for
# What it counts that a sentence has in it what is asked for; tuned on XQuAD-de.
_FITTING = {
    QuestionKind.DATE: 0.3,
    QuestionKind.NUMBER: 0.1,
    QuestionKind.MONEY: 0.3,
    QuestionKind.CONTACT: 0.3,
    QuestionKind.PERSON: 0.45,
    QuestionKind.PLACE: 0.2,
    QuestionKind.LIST: 0.3,
}


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A sentence, where it begins in its document's text, and what it is about."""

    start: int
    text: str
    profile: Profile


@dataclass(frozen=True, slots=True, eq=False)
class Quotable:
    """Sentences in a row that may be quoted, numbers [first, last] of their passage's.

    `rank` is the document's, from 0. `score` is that of the best of them, `matches` has for each
    term of the question how much that one is about it, from 0 to 1; `fits` says whether it has in
    it what is asked for.
    """

    hit: Hit
    rank: int
    first: int
    last: int
    score: float
    fits: bool
    matches: np.ndarray

    @property
    def start(self) -> int:
        """Where the quote begins in its document's text."""
        return self.hit.sentences[self.first][0]

    @property
    def end(self) -> int:
        """Where the quote ends in its document's text."""
        return self.hit.sentences[self.last][1]

    @property
    def file(self) -> str:
        """The document's file."""
        return self.hit.document.file

    @property
    def language(self) -> str:
        """The document's language."""
        return self.hit.document.language

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.text(self.start, self.end)

    def sentences(self) -> Iterator[QuotedSentence]:
        """Its sentences."""
        profiles = analysis_of(self.hit).sentences
        for position in range(self.first, self.last + 1):
            start, end = self.hit.sentences[position]
            yield QuotedSentence(start, self.hit.text(start, end), profiles[position])

    def joined(self, other: "Quotable") -> "Quotable | None":
        """This quote lengthened by one that stands right beside it; None where it does not."""
        if other.hit.id == self.hit.id and other.first == self.last + 1:
            return replace(self, last=other.last)
        if other.hit.id == self.hit.id and other.last == self.first - 1:
            return replace(self, first=other.first)
        return None


def chosen(
    question: Question, hits: Sequence[Hit], weights: Weights | None = None
) -> list[Quotable]:
    """Up to QUOTES quotes, the one that answers best first; sentences in a row are one quote.

    Where several things are asked for, there may be one from each of up to _DOCUMENTS documents.
    `weights` are those in WEIGHTS unless others are given.
    """
    sentences = ranked(question, hits)
    if not sentences:
        return []
    best, *others = sentences
    most = _DOCUMENTS if question.kind is QuestionKind.LIST else QUOTES
    quotes = [best, *islice(_elsewhere(question, sentences), most - 1)]
    for sentence in _promising(question, others, best, weights or learnt())[:_FURTHER]:
        if sentence not in quotes:
            _add(sentence, quotes)
    return quotes


def _promising(
    question: Question, others: Sequence[Quotable], best: Quotable, weights: Weights
) -> list[Quotable]:
    """The sentences that are worth their words, the likeliest to have the answer first."""
    odds = {other: _log_odds(evidence(question, other, best), weights) for other in others}
    likeliest = sorted(others, key=lambda other: -odds[other])
    return [other for other in likeliest if odds[other] >= _worthwhile(other)]


def _worthwhile(sentence: Quotable) -> float:
    """The log odds from which on a sentence is quoted: a long one has to promise more."""
    return _WORTHWHILE + _LENGTH * math.log(len(sentence.text.split()) / SENTENCE_WORDS)


def ranked(question: Question, hits: Sequence[Hit]) -> list[Quotable]:
    """The sentences of the passages that quotes are taken from, the best first."""
    return sorted(_scored(question, hits[:_READ]), key=lambda quotable: -quotable.score)


def _elsewhere(question: Question, sentences: Sequence[Quotable]) -> Iterator[Quotable]:
    """The best sentence of each other document that answers the question as well."""
    best, seen = sentences[0], {sentences[0].file}
    for quotable in sentences:
        if quotable.file not in seen and _as_good(question, quotable, best):
            seen.add(quotable.file)
            yield quotable


def _as_good(question: Question, quotable: Quotable, best: Quotable) -> bool:
    """Whether it says all of what the best sentence does; less will do where several are asked."""
    if question.kind is QuestionKind.LIST:
        topic = int(np.argmax(question.weights)) if question.terms else 0
        return bool(
            quotable.matches[topic] >= _MENTIONED and quotable.score >= _ALSO_LISTED * best.score
        )
    lost = _share_ahead(question, best, quotable)
    alike = lost <= _LOST and quotable.score >= _AS_GOOD * best.score
    return bool(alike and quotable.fits >= best.fits)


def _share_ahead(question: Question, one: Quotable, other: Quotable) -> float:
    """The share of the question's weight that one has and the other has not."""
    ahead = np.maximum(one.matches - other.matches, 0.0)
    return float(ahead @ question.weights / (sum(question.weights) or 1.0))


def evidence(question: Question, sentence: Quotable, best: Quotable) -> dict[str, float]:
    """What tells whether a sentence has the answer that the best one has not, as in WEIGHTS."""
    steps = sentence.first - best.first if sentence.hit.id == best.hit.id else 0
    return {
        "base": 1.0,
        "score": sentence.score - best.score,
        "gain": _share_ahead(question, sentence, best),
        "rank": float(min(sentence.rank, _LAST)),
        "behind": float(steps == 1),
        "before": float(steps == -1),
    }


def _add(sentence: Quotable, quotes: list[Quotable]) -> None:
    """Joins the sentence with the quotes beside it, or adds it if there is room."""
    place = None
    for number in reversed(range(len(quotes))):
        if joined := quotes[number].joined(sentence):
            sentence, place = joined, number
            del quotes[number]
    if place is not None:
        quotes.insert(place, sentence)
    elif len(quotes) < QUOTES:
        quotes.append(sentence)


@cache
def learnt() -> Weights:
    """The weights in WEIGHTS."""
    return read_table(WEIGHTS, dict[str, float])


def _log_odds(evidence: Mapping[str, float], weights: Weights) -> float:
    """How likely a sentence has the answer if the best one has not."""
    return sum(weights[name] * value for name, value in evidence.items())


def _scored(question: Question, hits: Sequence[Hit]) -> Iterator[Quotable]:
    documents = _best_scores(hits)
    ranks = {file: rank for rank, file in enumerate(documents)}
    places = [
        (hit, position, features)
        for hit in hits
        for position, features in enumerate(analysis_of(hit).sentences)
    ]
    matches, own = _matches(question, [features for *_, features in places])
    for (hit, position, _), has, score in zip(places, matches, own, strict=True):
        text = hit.text(*hit.sentences[position])
        has_answer = fits(question.kind, text, question.query_str)
        total = float(score) + _PASSAGE * hit.score
        file = hit.document.file
        total += _DOCUMENT * documents[file]
        total += _FITTING[question.kind] if has_answer else 0.0
        yield Quotable(
            hit=hit,
            rank=ranks[file],
            first=position,
            last=position,
            score=total,
            fits=has_answer,
            matches=np.minimum(has, 1.0),
        )


def _matches(question: Question, sentences: Sequence[Profile]) -> tuple[np.ndarray, np.ndarray]:
    """How much each sentence is about each term, and each sentence's score.

    A term counts less the more of the sentences have it: what all of them are about tells none of
    them apart. With that, 2.5 % more of XQuAD's answers stand in the first quote; with the roots of
    the terms' weights, by which a rare name does not drown what is asked of it, 1 % more.
    """
    compared = [question.matches(sentence) for sentence in sentences]
    matches = np.array(compared).reshape(len(sentences), len(question.terms))
    having = (matches > _MENTIONED).sum(axis=0)
    rarity = np.maximum(np.log((len(sentences) + 1) / (having + 0.5)), _LEAST_RARE)
    weights = rarity * np.sqrt(question.weights)
    return matches, matches @ weights / (weights.sum() or 1.0)


def _best_scores(hits: Sequence[Hit]) -> dict[str, float]:
    """The score of each document's best passage, the best document first."""
    best: dict[str, float] = {}
    for hit in hits:
        file = hit.document.file
        best[file] = max(hit.score, best.get(file, 0.0))
    return best
