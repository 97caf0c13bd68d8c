"""What a question speaks of: its nouns, names and other words of content, without a parser.

German tells nouns by their capitals and names by their rarity; English and French tell names by
their capitals. What else carries content is told by how frequent it is in the language.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.asking.grammar import Grammar, grammar_of
from index.text.compounds import ends_in_usual_word
from index.text.languages import FUNCTION_WORD, UNLISTED, frequency

_RARE = 5e-6  # the share up to which a noun tells what is spoken of
_LEADING = 2  # words such as "in der" before a noun
_SHORTEST = 4  # letters of a name that is written small

_TOKEN = re.compile(
    r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu)['’](?=\w)"
    r"|\w+(?:[-‐‑.&](?!(?:t-)?(?:ils?|elles?|on|ce)\b)\w+)*",
    re.IGNORECASE,
)
_INFLECTED = re.compile(r"(?:e[nrsm]?|t|st|te[nrsm]?)$")
_PARTICIPLE = {
    "en": re.compile(r"\w{2,}ed"),
    "fr": re.compile(r"\w+(?:[^t]é|[^té]ée)s?|(?:ont|compte\w*|renouvel\w+|sign[eé]\w*)"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun with its name ("Netzwerk Nordlicht"), or another word of content, at [start, end).

    `leading` are the preposition and article before it, which begin at `reach`; `named` says that
    it is a name, `asked` that it belongs to the question word, as in "Wie viele Mitglieder", and
    `telling` that it says by itself what is spoken of. `phrase` has the "in" before a place.
    """

    text: str
    phrase: str
    start: int
    end: int
    reach: int
    leading: tuple[str, ...]
    noun: bool
    named: bool
    asked: bool
    telling: bool


def mentions(text: str, language: str) -> list[Mention]:
    """All words of content in their order; nouns that follow each other are one mention.

    A capital at the very start says nothing of a word, as every sentence begins with one.
    """
    tokens = list(_TOKEN.finditer(text))
    counted = {match.end() for match in grammar_of(language).counted.finditer(text)}
    return [
        _mention(text, tokens, first, last, language, counted)
        for first, last in _runs(text, tokens, language)
    ]


def words_of(text: str) -> list[str]:
    """The words of a text, without marks; an élision counts as one."""
    return [token[0] for token in _TOKEN.finditer(text)]


def _mention(
    text: str,
    tokens: Sequence[re.Match[str]],
    first: int,
    last: int,
    language: str,
    counted: set[int],
) -> Mention:
    start, end = tokens[first].start(), tokens[last].end()
    run = [token[0] for token in tokens[first : last + 1]]
    leading = _leading(tokens[:first], grammar_of(language))
    noun = _is_noun(run[0], language)
    asked = start in counted
    article = asked or any(token[0].lower() in grammar_of(language).articles for token in leading)
    named = noun and _is_name(run, language, article)
    reach = leading[0].start() if leading else start
    placed = leading and _places(leading, grammar_of(language))
    return Mention(
        text=text[start:end],
        phrase=text[reach if placed else start : end],
        start=start,
        end=end,
        reach=reach,
        leading=tuple(token[0].lower() for token in leading),
        noun=noun,
        named=named,
        asked=asked,
        telling=named or (noun and _is_telling(run, language, article)),
    )


def _runs(text: str, tokens: Sequence[re.Match[str]], language: str) -> Iterator[tuple[int, int]]:
    """The first and the last token of each mention."""
    grammar = grammar_of(language)
    first: int | None = None
    last = 0
    for place, token in enumerate(tokens):
        if not _has_content(token, language):
            continue
        if first is not None and _goes_on(text, tokens[last], token, language, grammar):
            last = place
            continue
        if first is not None:
            yield first, last
        first = last = place
    if first is not None:
        yield first, last


def _goes_on(
    text: str, before: re.Match[str], token: re.Match[str], language: str, grammar: Grammar
) -> bool:
    between = text[before.end() : token.start()]
    alike = before[0][0].islower() == token[0][0].islower()
    nouns = _is_noun(before[0], language) and _is_noun(token[0], language)
    apart = language == "de" and token[0].lower() in grammar.roles
    return nouns and alike and not apart and bool(grammar.linking.fullmatch(between))


def _has_content(token: re.Match[str], language: str) -> bool:
    word = token[0]
    if word.lower() in grammar_of(language).light or grammar_of(language).asking.fullmatch(word):
        return False
    if word[0].isdigit() or word.isupper():
        return len(word) > 1
    if word[0].isupper() and token.start() > 0:
        return True
    limit = _RARE if token.start() == 0 and word[0].isupper() else FUNCTION_WORD
    return len(word) > 1 and frequency(word, language) < limit and word[-1] not in "'’"


def _is_noun(word: str, language: str) -> bool:
    if word[0].isupper() or word[0].isdigit():
        return True
    if language == "de":
        unknown = frequency(word, language) < UNLISTED and len(word) >= _SHORTEST
        return unknown and ("-" in word or not _INFLECTED.search(word))
    return not _PARTICIPLE[language].fullmatch(word)


def _is_name(run: Sequence[str], language: str, article: bool) -> bool:
    """Whether nouns are a name: with capitals, in German several, a rare one, or a place.

    A rare compound is one without an article only: Hofmann, but "der Projektleiter".
    """
    if language != "de":
        return any(word[0].isupper() or word[0].isdigit() for word in run) or any(
            frequency(word, language) < UNLISTED for word in run
        )
    if len(run) > 1 or run[0].isupper() or run[0][0].isdigit() or is_place(run[0]):
        return True
    return frequency(run[0], language) < _RARE and not (article and ends_in_usual_word(run[0]))


def is_place(word: str) -> bool:
    """Whether it is the name of a country or region that German writes like any noun."""
    return word in grammar_of("de").places


def _is_telling(run: Sequence[str], language: str, article: bool) -> bool:
    """Whether a noun says what is spoken of: rare ones do, but "Projektleiter" asks of what."""
    if len(run) > 1:
        return article
    return frequency(run[0], language) < _RARE and not is_role(run[0], language)


def is_role(text: str, language: str) -> bool:
    """Whether nouns say what somebody or something is of another: "Projektleiter", "members"."""
    last = text.lower().split()[-1]
    roles = grammar_of(language).roles
    return last.endswith(tuple(roles)) if language == "de" else last in roles


def _places(leading: Sequence[re.Match[str]], grammar: Grammar) -> bool:
    """Whether it is "in" without an article, as before places; in French with one."""
    first = leading[0][0].lower()
    bare = len(leading) == 1 or first == "dans"
    return bare and first in grammar.locative and first not in grammar.articles


def _leading(tokens: Sequence[re.Match[str]], grammar: Grammar) -> list[re.Match[str]]:
    """The preposition and the article right before a noun."""
    small = grammar.articles | grammar.prepositions
    leading: list[re.Match[str]] = []
    for token in reversed(tokens[-_LEADING:]):
        if token[0].lower() not in small:
            break
        leading.insert(0, token)
    return leading
