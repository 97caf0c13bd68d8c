"""What passages and their sentences are about, kept from one question to the next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.asking.question import Question
from assistant.finding.hit import Hit
from index.text.features import PASSAGE_WORDS, Bag, Profile, bag
from index.text.words import words

SENTENCE_WORDS = 20
"""Words of a usual sentence."""

_CONTEXT = 0.5  # what a word of the headings counts beside one of the passage


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a passage is about, and the words of it and its headings."""

    passage: Profile
    words: frozenset[str]


def analysis_of(hit: Hit) -> Analysis:
    """The features of a passage, kept for the next question."""
    return _analysis(hit.passage.text, hit.indexed.context, hit.document.language)


def sentence_scores(question: Question, hit: Hit) -> Sequence[float]:
    """The score of each sentence of a passage: they are made for the few that are looked into."""
    passage, language = hit.passage, hit.document.language
    place = passage.start, passage.sentences
    sentences = _sentences(passage.text, hit.indexed.context, language, *place)
    return [question.score(sentence) for sentence in sentences]


@lru_cache(maxsize=1_000)
def _analysis(text: str, context: str, language: str) -> Analysis:
    return Analysis(
        passage=_profile(text, context, language, PASSAGE_WORDS),
        words=frozenset(words(f"{context} {text}")),
    )


@lru_cache(maxsize=1_000)
def _sentences(
    text: str, context: str, language: str, offset: int, spans: tuple[tuple[int, int], ...]
) -> tuple[Profile, ...]:
    return tuple(
        _profile(text[start - offset : end - offset], context, language, SENTENCE_WORDS)
        for start, end in spans
    )


def _profile(text: str, context: str, language: str, usual_words: int) -> Profile:
    return Profile.of(_within(bag(text, language), bag(context, language)), usual_words)


def _within(inner: Bag, around: Bag) -> Bag:
    """A text's features together with those of the headings above it, which count less."""
    counts = defaultdict(float, inner.counts)
    for feature, count in around.counts.items():
        counts[feature] += count * _CONTEXT
    return Bag(counts, inner.words)
