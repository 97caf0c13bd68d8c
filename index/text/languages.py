"""Which language a text is in, and how common a word is there.

Both come from wordfreq's small lists: some 30,000 to 60,000 words a language, 30 ms to load. Of 240
sentences in twelve languages (tests/golden/languages.jsonl) all are told right, as by lingua and
py3langid, with 18 MB where these take 413 and 106; of short questions, more than by either.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice

import Stemmer
import wordfreq
from babel import Locale

LANGUAGES = ("de", "en", "fr")
"""The languages of questions and answers, the first being the default."""

FUNCTION_WORD = 3e-4
"""The share of running text from which on a word carries no content: "auch", "haben", "with"."""
UNLISTED = 2e-8
"""The share of running text below which a word stands in no list: an unheard-of name, say."""

_UNSEEN = 1e-8
_CHARACTERS_NEEDED = 2_000  # of a text, to tell its language
_TELLING_WORDS = 5_000  # the most frequent of each language, which tell it
_OF_NO_LANGUAGE = 3e-7  # the share of running text of any name, added to each word's
_ADVANTAGE = 2.0  # of what is likely beforehand: the logarithm of how much likelier it is
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
DOCUMENT_LANGUAGES = (*LANGUAGES, *(code for code in _SNOWBALL if code not in LANGUAGES))
"""The languages that a document can be in: those that have a stemmer and a list of words."""

# What hyphens join is a word of its own, as names are ("go-cluster"), but "reste-t-il" is three.
_WORD = re.compile(
    r"[^\W\d_]+(?:-(?!(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous)\b)\w+)*", re.IGNORECASE
)


def is_supported(language: str) -> bool:
    """Whether documents in this language can be stemmed and weighed."""
    return language in DOCUMENT_LANGUAGES


def language_name(language: str, spoken: str) -> str:
    """What a language is called in another one: "Italienisch"; its code where that has no name."""
    return str(Locale(spoken).languages.get(language, language))


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """The Snowball stemmer of a language; it takes one word in lower case."""
    uncached = Stemmer.Stemmer(_SNOWBALL[language], 0)  # who stems much keeps what it needs
    stem: Callable[[str], str] = uncached.stemWord
    return stem


@cache
def frequencies(language: str) -> dict[str, float]:
    """Words of a language, case folded, with their share of running text; most frequent first."""
    return _read(language)


def frequency(word: str, language: str) -> float:
    """A word's share of running text; the lists have ß as ss."""
    return frequencies(language).get(word.casefold(), _UNSEEN)


def has_content(word: str, language: str) -> bool:
    """Whether a word is seldom enough to carry content: "Vertrag", but not "auch"."""
    return frequency(word, language) < FUNCTION_WORD


def is_listed(word: str, language: str) -> bool:
    """Whether a word is known at all in a language: "Vertrag" in German, "Quuxtal" in none."""
    return frequency(word, language) > UNLISTED


def identify(text: str, among: Sequence[str] = LANGUAGES, *, otherwise: str | None = None) -> str:
    """The most likely language of a text, by the likelihood of its words.

    `otherwise` is the likeliest of them beforehand, the first if none is given: a text that hardly
    tells, such as a name, is in that.
    """
    words = [word.casefold() for word in _WORD.findall(text[:_CHARACTERS_NEEDED])]
    before = otherwise if otherwise in among else among[0]

    def likelihood(language: str) -> float:
        shares = _telling(language)
        return sum(math.log(shares.get(word, 0.0) + _OF_NO_LANGUAGE) for word in words)

    return max(among, key=lambda language: likelihood(language) + _ADVANTAGE * (language == before))


@cache
def _telling(language: str) -> dict[str, float]:
    if language in LANGUAGES:
        return frequencies(language)
    return dict(islice(_read(language).items(), _TELLING_WORDS))


def _read(language: str) -> dict[str, float]:
    shares: dict[str, float] = wordfreq.get_frequency_dict(language, wordlist="small")
    wordfreq.get_frequency_dict.cache_clear()  # it would keep each list twice
    wordfreq.get_frequency_list.cache_clear()
    return shares
