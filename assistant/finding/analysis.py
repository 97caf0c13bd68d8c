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
    """What a passage is about, and each of its sentences, and the words of it and its headings."""

    passage: Profile
    sentences: tuple[Profile, ...]
    words: frozenset[str]


def analysis_of(hit: Hit) -> Analysis:
    """The features of a passage, kept for the next question."""
    passage = hit.passage
    return _analysis(
        passage.text,
        hit.indexed.context,
        hit.document.language,
        passage.start,
        passage.sentences,
    )


def sentence_scores(question: Question, hit: Hit) -> Sequence[float]:
    """The score of each sentence of a passage."""
    return [question.score(sentence) for sentence in analysis_of(hit).sentences]


@lru_cache(maxsize=1_000)
def _analysis(
    text: str, context: str, language: str, offset: int, spans: tuple[tuple[int, int], ...]
) -> Analysis:
    around = bag(context, language)

    def profile(part: str, usual_words: int) -> Profile:
        return Profile.of(_within(bag(part, language), around), usual_words)

    return Analysis(
        passage=profile(text, PASSAGE_WORDS),
        sentences=tuple(profile(text[a - offset : b - offset], SENTENCE_WORDS) for a, b in spans),
        words=frozenset(words(f"{context} {text}")),
    )


def _within(inner: Bag, around: Bag) -> Bag:
    """A text's features together with those of the headings above it, which count less."""
    counts = defaultdict(float, inner.counts)
    for feature, count in around.counts.items():
        counts[feature] += count * _CONTEXT
    return Bag(counts, inner.words)
