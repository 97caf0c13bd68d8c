"""Texts as weighted features: stems, and 4-grams inside words.

The weights are those of the language and not of the corpus, so that five documents suffice to tell
a rare word from a common one, and so that a vector stays right when another document comes.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.text.german import infinitive
from index.text.languages import frequencies, stemmer
from index.text.words import fold, words

GRAM_LENGTH = 4
GRAM_WEIGHT = 0.5  # beside a stem's 1; .25 to 1 are within .005 of MRR on XQuAD-de
PASSAGE_WORDS = 100  # of a usual passage: the unit in which a word's rarity is counted
BACKGROUND_WORDS = 20_000  # a language; 40,000 take three times as long and gain .001 of MRR

_K1 = 1.2  # Robertson and Zaragoza 2009: how soon a repeated word adds nothing more
_B = 0.2  # how much a text's length counts
_GRAM = "~"  # marks a 4-gram among the features; no stem begins with it
_UNSEEN = 1e-8


@dataclass(frozen=True, slots=True)
class Bag:
    """A text's features, each with how often it stands there, and the text's length in words."""

    counts: Mapping[str, float]
    words: int

    def saturation(self, feature: str, usual_words: int) -> float:
        """How much the text is about the feature (the term frequency part of BM25).

        1 for one mention in a text of usual length, and never more than 2.2.
        """
        count = self.counts.get(feature)
        if not count:
            return 0.0
        return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * self.words / usual_words))


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """How much a text is about each of its features, made once and compared with many questions."""

    saturations: Mapping[str, float]

    @classmethod
    def of(cls, bag: Bag, usual_words: int) -> "Profile":
        """The profile of a text among others of a usual length."""
        return cls({feature: bag.saturation(feature, usual_words) for feature in bag.counts})


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Texts by their features: for each, the numbers of the texts that have it, and how much."""

    texts: int
    of: Mapping[str, tuple[NDArray[np.intp], NDArray[np.float64]]]

    @classmethod
    def made(cls, profiles: Sequence[Profile]) -> "Postings":
        """The postings of some texts' profiles."""
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, profile in enumerate(profiles):
            for feature, tells in profile.saturations.items():
                postings[feature].append((number, tells))
        of = {
            feature: (np.array([n for n, _ in pairs], np.intp), np.array([v for _, v in pairs]))
            for feature, pairs in postings.items()
        }
        return cls(len(profiles), of)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The word's stem by Snowball, folded; of a German verb, that of its infinitive."""
    basic = infinitive(word) if language == "de" else word
    return fold(stemmer(language)(basic.lower()))


@lru_cache(maxsize=200_000)
def grams(word: str) -> tuple[str, ...]:
    """The 4-grams of a word, its edges marked; a shorter word is one gram.

    So is one with a digit: 2022 has nothing of 2023, nor "Halle 12" of "Halle 13".
    """
    marked = f"^{fold(word)}$"
    is_number = any(map(str.isdigit, word))
    last = 1 if is_number else max(1, len(marked) - GRAM_LENGTH + 1)
    length = len(marked) if is_number else GRAM_LENGTH
    return tuple(_GRAM + marked[start : start + length] for start in range(last))


def features(word: str, language: str) -> tuple[str, ...]:
    """A word's stem and its 4-grams."""
    return (stem(word, language), *grams(word))


def bag(text: str, language: str) -> Bag:
    """A text's features, counted."""
    spoken = words(text)
    return Bag(Counter(f for word in spoken for f in features(word, language)), len(spoken))


def stems(text: str, language: str) -> str:
    """The text's stems, for a full-text index."""
    return " ".join(stem(word, language) for word in words(text))


@lru_cache(maxsize=200_000)
def weight(feature: str, language: str) -> float:
    """How much a feature tells: its inverse document frequency in the language, grams at half.

    The idf of Robertson and Spärck Jones, with passages of PASSAGE_WORDS words as documents.
    """
    share = _background(language).get(feature, _UNSEEN)
    passages = 1 - math.exp(-share * PASSAGE_WORDS)
    idf = math.log(1 + (1 - passages) / (passages + 1e-5))
    return idf * GRAM_WEIGHT if feature.startswith(_GRAM) else idf


@cache
def _background(language: str) -> dict[str, float]:
    """Every feature's share of running text, from the BACKGROUND_WORDS most frequent words."""
    shares: defaultdict[str, float] = defaultdict(float)
    for word, share in islice(frequencies(language).items(), BACKGROUND_WORDS):
        for feature in {stem(word, language), *grams(word)}:
            shares[feature] += share
    return shares
