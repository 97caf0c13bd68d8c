"""Questions typed in small letters or all in capitals, as the documents would write them.

What is told from capitals (nouns, names, abbreviations) is then told from such questions too. A
word is written as the documents write it most often inside of sentences; of German words that they
have not, HanTa tells the nouns: it takes 0.3 s and 52 MB once, and 2 to 4 ms a question.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from index.documents import Document
from index.facts.places import place_of
from index.text.languages import frequency, has_content

if TYPE_CHECKING:
    from HanTa.HanoverTagger import HanoverTagger

_WORD = re.compile(r"[^\W_]+(?:[-.&’'][^\W_]+)*")
_PART = re.compile(r"[^-’']+")  # of words that hyphens or an élision join
_INSIDE = re.compile(rf"(?<=[a-zäöüßéèàç0-9,;)] )(?:{_WORD.pattern})")
_SENTENCE = 3  # words in capitals that are a sentence and no abbreviation
_NAME = 5e-6  # the share of running text up to which a word may be a name from another language
_TAGGED = 50  # words of a question that HanTa is given, the first ones
# And letters of each, the last ones: it takes 12 ms for 20 of them, 440 for 120.
_LONGEST = 20
# Of the Stuttgart tag set: nouns, and what HanTa takes for names, foreign words and symbols.
_NOUN, _NAMED = "NN", ("NE", "FM", "XY")


class Spellings:
    """How documents write each word, in each language, by its letters in lower case."""

    def __init__(self, documents: Iterable[Document]) -> None:
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            counted[document.language].update(_INSIDE.findall(document.text))
        self._usual = {language: _usual_forms(counts) for language, counts in counted.items()}

    def of(self, text: str, language: str) -> str:
        """A text without capitals in the documents' spelling, letter for letter."""
        text = text.lower() if len(text.lower()) == len(text) and _is_shouted(text) else text
        matches = list(_WORD.finditer(text))
        words = tuple(match[0].lower() for match in matches)
        nouns = _nouns(words) if language == "de" else frozenset()
        pieces, end = [], 0
        for number, match in enumerate(matches):
            pieces += [
                text[end : match.start()],
                self._written(match[0], language, number in nouns),
            ]
            end = match.end()
        return "".join([*pieces, text[end:]])

    def _written(self, word: str, language: str, noun: bool) -> str:
        if not word.islower():
            return word
        if usual := self._usual_form(word, language):
            return usual
        word = _PART.sub(lambda part: self._usual_form(part[0], language) or part[0], word)
        return _capital(word) if noun else word

    def _usual_form(self, word: str, language: str) -> str | None:
        """As documents in the language write it, or others if it is no usual word of it.

        Elsewhere than in German, where a verb may be written like a place, places have capitals.
        """
        if own := self._usual.get(language, {}).get(word):
            return own
        place = None if language == "de" else place_of(word, language)
        if place and place.lower() == word:
            return place
        if frequency(word, language) > _NAME:
            return None
        others = (usual.get(word) for usual in self._usual.values())
        return next(filter(None, others), None)


def lacks_capitals(text: str) -> bool:
    """Whether no word behind the first has one; abbreviations are in capitals with whoever."""
    words = _WORD.findall(text)
    return all(word == word.lower() or word.isupper() for word in words[1:])


def _capital(word: str) -> str:
    first = word[:1].upper()
    return first + word[1:] if len(first) == 1 else word  # which that of "ß" is not


def _is_shouted(text: str) -> bool:
    return text.isupper() and len(_WORD.findall(text)) >= _SENTENCE


def _usual_forms(counts: Counter[str]) -> dict[str, str]:
    """The most frequent form of each word, and of the parts of those that hyphens join."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for written, count in counts.items():
        for form in {written, *_PART.findall(written)}:
            if len(form.lower()) == len(form):  # which "İ" is not
                forms[form.lower()][form] += count
    return {word: counter.most_common(1)[0][0] for word, counter in forms.items()}


@lru_cache(maxsize=1_000)
def _nouns(words: tuple[str, ...]) -> frozenset[int]:
    """Which words of a German sentence, all in lower case, are nouns."""
    asked = [word[-_LONGEST:] for word in words[:_TAGGED]]
    tagged = _german().tag_sent(asked) if asked else []
    return frozenset(
        number
        for number, (_, _, tag) in enumerate(tagged)
        if tag.startswith(_NOUN) or (tag.startswith(_NAMED) and _may_be_name(words[number]))
    )


def _may_be_name(word: str) -> bool:
    """Whether it may be a name: no word of grammar, nor one with "es" drawn to it, as "gibts"."""
    bare = word.removesuffix("s")
    return bool(place_of(word, "de")) or (has_content(word, "de") and has_content(bare, "de"))


@cache
def _german() -> "HanoverTagger":
    # Imported here because it takes 0.15 s, which a question with capitals need not wait.
    from HanTa.HanoverTagger import HanoverTagger

    return HanoverTagger("morphmodel_ger.pgz")
