"""Which language a text is in, and how common a word is there.

Both come from wordfreq's small lists: some 30,000 to 40,000 words a language, 10 ms to load.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache

import Stemmer
import wordfreq

LANGUAGES = ("de", "en", "fr")
"""The languages of questions and answers, the first being the default."""

FUNCTION_WORD = 3e-4
"""The share of running text from which on a word carries no content: "auch", "haben", "with"."""
UNLISTED = 2e-8
"""The share of running text below which a word stands in no list: an unheard-of name, say."""

_UNSEEN = 1e-8
_CHARACTERS_NEEDED = 2_000  # of a text, to tell its language
_SNOWBALL = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
}
_WORD = re.compile(r"[^\W\d_]+")


def is_supported(language: str) -> bool:
    """Whether documents in this language can be stemmed and weighed."""
    return language in _SNOWBALL and language in wordfreq.available_languages("small")


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """The Snowball stemmer of a language; it takes one word in lower case."""
    uncached = Stemmer.Stemmer(_SNOWBALL[language], 0)  # who stems much keeps what it needs
    stem: Callable[[str], str] = uncached.stemWord
    return stem


@cache
def frequencies(language: str) -> dict[str, float]:
    """Words of a language, lower case, with their share of running text; most frequent first."""
    return dict(wordfreq.get_frequency_dict(language, wordlist="small"))


def frequency(word: str, language: str) -> float:
    """A word's share of running text; the lists have ß as ss."""
    return frequencies(language).get(word.lower().replace("ß", "ss"), _UNSEEN)


def has_content(word: str, language: str) -> bool:
    """Whether a word is seldom enough to carry content: "Vertrag", but not "auch"."""
    return frequency(word, language) < FUNCTION_WORD


def is_listed(word: str, language: str) -> bool:
    """Whether a word is known at all in a language: "Vertrag" in German, "Quuxtal" in none."""
    return frequency(word, language) > UNLISTED


def identify(text: str, among: Sequence[str] = LANGUAGES) -> str:
    """The most likely language of a text, by the likelihood of its words.

    The first of `among` has a small advantage, for names and words that several languages share.
    """
    words = _WORD.findall(text[:_CHARACTERS_NEEDED])

    def likelihood(language: str) -> float:
        return sum(math.log(frequency(word, language)) for word in words)

    return max(among, key=lambda language: likelihood(language) + (language == among[0]))


def identify_surely(text: str, otherwise: str) -> str:
    """The most likely of LANGUAGES, or `otherwise` if it depends on which has the advantage."""
    orders = [(first, *(each for each in LANGUAGES if each != first)) for first in LANGUAGES]
    told = {identify(text, order) for order in orders}
    return told.pop() if len(told) == 1 else otherwise
