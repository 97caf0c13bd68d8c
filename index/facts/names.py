"""Names in a sentence: of people, of places, and of all else that has one.

No parser tells them. A word is a name by how it is written (D-A-CH, m4), by what stands beside it
("Frau Lund", "die Agentur Polarstern"), or because running text hardly ever has it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from index.facts.fact import MEASURE, Fact, FactKind
from index.facts.people import first_names, follows_title, is_particle, people
from index.text.compounds import cuts
from index.text.german import infinitive
from index.text.languages import FUNCTION_WORD, UNLISTED, frequency
from index.text.months import MONTHS
from index.text.words import fold

# Shares of running text below which a word with a capital is a name, all else being equal:
_RARE = 1e-6  # any word
_SELDOM = 5e-6  # a German noun that is no compound, an English or French word inside a sentence
_PARTICLES = 2  # such as "van der", in a name at most
_RARE_INITIAL = 3e-7  # the first word of a sentence, whose capital says nothing
_USUAL = 2e-5  # an English or French word, though other languages know it too
_LOOK_BACK = 40  # characters before a word that tell whether it begins a sentence
_SHORTEST_WORD = 2  # letters of a name
_SHORTEST_NAME = 4  # letters of a name that is written small

_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.&’'][^\W_]+)*", re.UNICODE)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_DETERMINER = re.compile(
    r"\b(?:d(?:er|ie|as|em|en|es)|k?ein\w*|[sd]?ein\w*|ihr\w*|unser\w*|dies\w+|jed\w+|im|am|zum|zur"
    r"|beim|vom|ins|ans|[a-zäöüß]{3,}(?:e|en|er|es|em))\s$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|ers?|e|ème|ère|re|ern|s)")
# Of words in no list, those with such an ending are verbs and adjectives: in German, and else.
_INFLECTED = (
    re.compile(r"-|(?:e[nrsm]?|t|st|te[nrsm]?|isch|lich|ung)$"),
    re.compile(r"-|(?:e?s|ed|ing|ly|ée?s?|ent|er|e)$"),
)


class Known(Protocol):
    """What dictionaries know of words."""

    def is_place(self, word: str, language: str) -> bool:
        """Whether it is the name of a place."""

    def is_common(self, word: str) -> bool:
        """Whether it is an ordinary word, though it may be rare, or known in other languages."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word at `start` of a text; `begins` says that any word there would have a capital.

    So would "heute" at the start of a sentence, or behind a colon.
    """

    text: str
    start: int
    begins: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def _tokens(text: str) -> list[_Token]:
    """The words of a text, without an article that is part of them: "Alsace" of "l'Alsace"."""
    tokens = []
    for match in _TOKEN.finditer(text):
        word = _ELISION.sub("", match[0])
        start = match.end() - len(word)
        tokens.append(_Token(word, start, _begins(text, start)))
    return tokens


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start].rstrip(' „“"«»(*-–—•')
    return not before or before[-1] in ".:!?\n"


def names(text: str, language: str, known: Known) -> Iterator[Fact]:
    """The names in a text: "Netzwerk Nordlicht" is one of two words, "Ulm, Bonn" are two places.

    A name is soft where all of its words may as well be none: see `_is_soft`.
    """
    tokens = _tokens(text)
    persons = _person_spans(text)
    kinds = [_kind(n, tokens, text, language, persons, known) for n in range(len(tokens))]
    group: list[_Token] = []
    for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True)):
        if kind is None:
            continue
        group.append(token)
        last = number + 1 == len(tokens)
        goes_on = not last and kinds[number + 1] is kind and kind is not FactKind.PLACE
        if not goes_on or text[token.end : tokens[number + 1].start].strip(" ."):
            words = tuple(part.text for part in group)
            soft = kind is FactKind.NAME and all(_is_soft(part, text, language) for part in group)
            written = text[group[0].start : token.end]
            yield Fact(kind, written, group[0].start, words, soft=soft)
            group = []


def _person_spans(text: str) -> list[range]:
    """Where the persons stand that a text names for sure."""
    return [
        range(match.start(), match.end())
        for name in people(text)
        for match in re.finditer(re.escape(name), text)
    ]


def _kind(
    number: int,
    tokens: Sequence[_Token],
    text: str,
    language: str,
    persons: Sequence[range],
    known: Known,
) -> FactKind | None:
    """What kind of name a word is part of: "Anna", "Ulm", "Nordlicht"; None for none: "Verein"."""
    token = tokens[number]
    if len(token.text) < _SHORTEST_WORD or MEASURE.fullmatch(token.text):
        return None
    if any(token.start in span for span in persons):
        return FactKind.PERSON
    if _is_in_name_of_person(number, tokens, language, known):
        return FactKind.PERSON
    if token.capital and follows_title(text, token.start):
        return FactKind.PERSON
    if token.capital and known.is_place(token.text, language):
        return FactKind.PLACE
    beside = [*tokens[number - 1 : number], *tokens[number + 1 : number + 2]]
    in_row = any(other.capital and not MEASURE.fullmatch(other.text) for other in beside)
    if language == "de" and _is_apposed(number, tokens, known):
        return FactKind.NAME
    return FactKind.NAME if _is_name(token, in_row, language, known) else None


def _is_in_name_of_person(
    number: int, tokens: Sequence[_Token], language: str, known: Known
) -> bool:
    """Whether a word is a first name with a surname behind it, that surname, or what is between.

    In "Greta van der Lund kam" that holds for the first four words.
    """
    return any(
        first <= number <= _surname(first, tokens, language, known)
        for first in range(max(0, number - _PARTICLES - 1), number + 1)
    )


def _surname(number: int, tokens: Sequence[_Token], language: str, known: Known) -> int:
    """Where the surname of a first name stands, be "van der" between them; -1 where none does.

    "Greta Lund": 1, if "Greta" is number 0. "Greta in Ulm", "Greta. Lund": -1.
    """
    if fold(tokens[number].text) not in first_names() or not tokens[number].text.istitle():
        return -1
    last = number + 1
    while last < len(tokens) - 1 and is_particle(tokens[last].text):
        last += 1
    parts = tokens[number : last + 1]
    if last >= len(tokens) or any(a.end + 1 != b.start for a, b in pairwise(parts)):
        return -1
    word = tokens[last].text
    fits = word.istitle() and frequency(word, language) < FUNCTION_WORD
    return last if fits and not known.is_place(word, language) else -1


def _is_apposed(number: int, tokens: Sequence[_Token], known: Known) -> bool:
    """Whether a German noun stands right behind another one: "Polarstern" in "Agentur Polarstern".

    Not behind a number's word ("Millionen Euro"), a place's adjective ("Ulmer Verein") or the first
    word of a sentence ("Gestern Abend"), and no month behind any ("Anfang Mai").
    """
    before, token = tokens[number - 1], tokens[number]
    return (
        number > 0
        and before.capital
        and token.capital
        and before.end + 1 == token.start
        and not MEASURE.fullmatch(before.text)
        and not before.begins
        and not (before.text.endswith("er") and known.is_place(before.text, "de"))
        and token.text.lower() not in MONTHS
    )


def _is_name(token: _Token, in_row: bool, language: str, known: Known) -> bool:
    """Whether a word is a name by itself, by its marks or because it is rare.

    "m4" and "BioRegio" are; "3rd" is not, nor "Vertrag". `in_row` says that it stands beside
    another word with a capital, as both of "Harbour Lights" do.
    """
    word = token.text
    if any(mark.isdigit() for mark in word) or any(mark.isupper() for mark in word[1:]):
        return not _ORDINAL.fullmatch(word)
    share = max(frequency(part, language) for part in (word, *re.split(r"[-‐‑]", word)))
    if share > FUNCTION_WORD:
        return False
    if not token.capital:
        unknown = share < UNLISTED and len(word) >= _SHORTEST_NAME
        return unknown and not _INFLECTED[language != "de"].search(word)
    if language != "de" and not token.begins and share < _SELDOM:
        return True
    telling = share < (_RARE_INITIAL if token.begins else _RARE)
    telling |= language == "de" and share < _SELDOM and not (token.begins or cuts(word))
    return (telling or _is_known_abroad(token, share, in_row, language)) and not known.is_common(
        word
    )


def _is_soft(token: _Token, text: str, language: str) -> bool:
    """Whether a name may as well be an ordinary word that is only rare.

    So may a word in small letters ("quuxen"), a form of a usual word ("Vertrages"), and a German
    compound behind an article or in the plural: "die Messehalle", "Hörgeräte". A compound with no
    article is somebody's name: "Hofmann kam".
    """
    if not token.capital:
        return token.text.islower()
    if language != "de" or any(mark.isupper() for mark in token.text[1:]):
        return False
    if _is_form(token.text.lower()):
        return True
    heads = [token.text[cut:] for cut in cuts(token.text)]
    led = bool(_DETERMINER.search(text, max(0, token.start - _LOOK_BACK), token.start))
    return bool(heads) and (led or any(map(_is_plural, heads)))


def _is_form(word: str) -> bool:
    """Whether a German word is a form of a usual one: "vertrages", "gefördert"."""
    bases = [word.removesuffix(ending) for ending in ("en", "n", "e", "s", "es", "er", "ern")]
    return infinitive(word) != word or any(
        base != word and frequency(base, "de") >= _RARE for base in bases
    )


def _is_plural(word: str) -> bool:
    """Whether a German word is less usual than what it is the plural of: "geräte" of "gerät"."""
    share = frequency(word, "de")
    return any(
        frequency(word.removesuffix(end), "de") > share
        for end in ("en", "n", "e")
        if word.endswith(end)
    )


def _is_known_abroad(token: _Token, share: float, in_row: bool, language: str) -> bool:
    """Whether a word that is not rare is used as names are, in other languages as well.

    In German: "Siemens", which English and French texts have too. In English and French: a word
    with a capital inside of a sentence, or beside another: "Aberdeen Harbour".
    """
    if language == "de":
        return all(frequency(token.text, other) >= _RARE for other in ("en", "fr"))
    if token.begins and not in_row:
        return False
    return share < _USUAL or (in_row and frequency(token.text, "de") >= _RARE)
