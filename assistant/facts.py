"""The facts in a sentence that can be checked: its numbers, dates, names and quotations.

Each is brought into one form, whichever way German, English and French write it: "1.200" is 1,200,
"fünf" is 5, "3,5 Mio. Euro" are 3,500,000 €, and "5. Juli 2022" is "05.07.2022".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol

from text_to_num import alpha2digit

from assistant.mentions import people
from index.dates import find_dates
from index.german import infinitive
from index.language import LANGUAGES, frequency
from index.lexical import fold, without_invisible

_SPELLED = ("de", "en", "es", "fr", "it", "nl", "pt")  # languages whose number words are known
_YEARS = range(1900, 2100)
_FUNCTION = 3e-4  # the share of running text from which on a word is no name
_UNKNOWN = 2e-8  # the share of running text of a word that is in no list
_RARE = 1e-6  # the share below which a word tells by itself what is spoken of
_SELDOM = 5e-6  # the same for a German noun that is no compound
_PART = 3  # letters that a part of a compound has at least
_RARE_INITIAL = 3e-7  # the same for the first word of a sentence, whose capital says nothing
_SURNAME = 1e-5  # the most that surnames have
_USUAL = 2e-5  # the share up to which an English or French word with a capital is a name
_SHORTEST_WORD = 2  # letters of a name
_SHORTEST_NAME = 4  # letters of a name that is written small

_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?P<separator>[.,'’ ])\d{3}(?:(?P=separator)\d{3})*(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?)(?![\d])(?=\W|$|(?:er|ern|s)\b|[€$£])"
)
_SCALES = (
    (Decimal(10) ** 3, r"Tsd\.?|tausend|thousand|mille|k|1000"),
    (Decimal(10) ** 6, r"Mio\.?|Mill\.|Million(?:en|s)?|m|1000000"),
    (Decimal(10) ** 9, r"Mrd\.?|Milliarden?|milliards?|billions?|bn|1000000000"),
)
_SCALE = re.compile(
    r"\s?(?:" + "|".join(f"(?P<scale{n}>{words})" for n, (_, words) in enumerate(_SCALES)) + r")"
    r"(?!\w)(?<!\d\.)",
    re.IGNORECASE,
)
_UNITS = {
    "%": r"%|v\.\s?H\.|Prozent",
    "€": r"€|EUR|Euros?",
    "$": r"\$|USD|US-Dollars?|dollars?",
    "£": r"£|GBP|pounds?|Pfund",
    "CHF": r"CHF|Franken|francs?",
    "days": r"Tage?n?|days?|jours?",
    "weeks": r"Wochen?|weeks?|semaines?",
    "months": r"Monate?n?|months?|mois",
    "years": r"Jahre?n?|years?|ans?|années?",
}
_UNIT = re.compile(
    r"\s?(?:d['’]\s?|de\s)?(?:"
    + "|".join(f"(?P<u{n}>{w})" for n, w in enumerate(_UNITS.values()))
    + r")(?!\w)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s?(?:(?:d['’]|de\s|of\s|the\s)?(?P<word>[^\W\d_]{3,}))")
_BEFORE = re.compile(r"(€|EUR|\$|£|CHF)\s?$")
_QUOTATION = re.compile(
    r"„(?P<de>[^„“”]+)[“”]|“(?P<en>[^“”]+)”|«\s?(?P<fr>[^«»]+?)\s?»|(?<!\w)\"(?P<typed>[^\"]+)\"(?!\w)"
)
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.&’'][^\W_]+)*", re.UNICODE)
_TITLE = re.compile(
    r"(?:Herrn?|Frau|Dr|Prof|Professor(?:in)?|Ing|Mr|Mrs|Ms|Miss|Mme|Mlle|Madame|Monsieur|Docteur)"
    r"\.?$"
)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|ers?|e|ème|ère|re|ern|s)")
# Of words in no list, those with such an ending are verbs and adjectives: in German, and else.
_INFLECTED = (
    re.compile(r"-|(?:e[nrsm]?|t|st|te[nrsm]?|isch|lich|ung)$"),
    re.compile(r"-|(?:e?s|ed|ing|ly|ée?s?|ent|er|e)$"),
)
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_PER_HUNDRED = re.compile(r"\b(?:pour|per)\s?cent\b", re.IGNORECASE)  # with a number word in it
MEASURE = re.compile(
    r"(?:Mio|Mill|Mrd|Tsd|Million\w*|Milliard\w*|Billion\w*|Euros?|EUR|Prozent|Uhr|Nr|Dr|Prof|Ing"
    r"|Mr|Mrs|Ms|Miss|Mme|Mlle|Herrn?|Frau|Madame|Monsieur|Franken|francs?|(?:US-)?Dollars?|pounds?|Pfund|USD|CHF|GBP|[\d.,/:]+)",
    re.IGNORECASE,
)
_SINGLE = re.compile(r"(?<!\d)1(?!\d)")


class FactKind(Enum):
    """What a fact is; those of different kinds are never the same."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    NAME = "name"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, as it is `written`, beginning at `start` of its sentence.

    `words` are its words (of a name, without marks), `value` a number's value and `unit` what it
    counts: a sign such as "%", or else the next word. `day` has year, month and day of a date as
    far as they are given.
    """

    kind: FactKind
    written: str
    start: int
    words: tuple[str, ...] = ()
    value: Decimal | None = None
    unit: str | None = None
    day: tuple[int | None, int | None, int | None] = (None, None, None)
    soft: bool = False

    @property
    def has_sign(self) -> bool:
        """Whether its unit is a sign, which is the same in each language."""
        return self.unit in _UNITS


class Known(Protocol):
    """What is known of words."""

    def is_place(self, word: str, language: str) -> bool:
        """Whether it is the name of a place."""

    def is_common(self, word: str) -> bool:
        """Whether it is an ordinary word, though it may be rare, or known in other languages."""


def facts(text: str, language: str, known: Known) -> list[Fact]:
    """All facts of a sentence in their order."""
    text = with_digits(text, language)
    days = list(_dates(text))
    counted = [fact for fact in _numbers(text, language) if not _within(fact, days)]
    named = [n for n in _names(text, language, known) if not _within(n, days)]
    return sorted([*days, *counted, *named, *_quotations(text)], key=lambda fact: fact.start)


def with_digits(text: str, language: str) -> str:
    """The text without invisible characters, its number words as digits."""
    text = without_invisible(_SPACES.sub(" ", text))
    text = _PER_HUNDRED.sub("%", text)
    return alpha2digit(text, language) if language in _SPELLED else text


# Numbers and dates


def _dates(text: str) -> Iterator[Fact]:
    for found in find_dates(text):
        written = text[found.start : found.end]
        day = (found.year, found.month, found.day)
        yield Fact(FactKind.DATE, written, found.start, day=day)


def _within(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(o.start <= fact.start < o.start + len(o.written) for o in others)


def _numbers(text: str, language: str) -> Iterator[Fact]:
    end = 0
    for found in _NUMBER.finditer(text):
        if found.start() < end:
            continue
        value = _value(found["digits"], language)
        end = found.end()
        scale = _SCALE.match(text, end)
        while scale:
            value *= next(f for n, (f, _) in enumerate(_SCALES) if scale[f"scale{n}"])
            end = scale.end()
            scale = _SCALE.match(text, end)
        unit = _unit(text, found.start(), end, language)
        written = text[found.start() : end]
        is_year = found["digits"].isdigit() and value in _YEARS and unit not in _UNITS
        if is_year and written == found["digits"]:
            yield Fact(FactKind.DATE, written, found.start(), day=(int(value), None, None))
        else:
            yield Fact(FactKind.NUMBER, written, found.start(), value=value, unit=unit)


def _value(digits: str, language: str) -> Decimal:
    """A number's value, with the language's marks for thousands and decimals."""
    decimal = "." if language == "en" else ","
    whole, mark, rest = digits.rpartition(decimal)
    other = "," if language == "en" else "."
    if not mark and other in digits and not re.fullmatch(r"\d{1,3}(?:\D\d{3})+", digits):
        whole, mark, rest = digits.rpartition(other)  # 3.5 in German: as programs write it
    if not mark:
        return Decimal(re.sub(r"\D", "", digits))
    return Decimal(f"{re.sub(r'[^0-9]', '', whole) or 0}.{rest}")


def _unit(text: str, start: int, end: int, language: str) -> str | None:
    if sign := _UNIT.match(text, end):
        return next(key for n, key in enumerate(_UNITS) if sign[f"u{n}"])
    if before := _BEFORE.search(text, 0, start):
        return "€" if before[1] == "EUR" else before[1]
    counted = _COUNTED.match(text, end)
    if not counted or _share(counted["word"], language) > _FUNCTION:
        return None
    is_noun = language != "de" or counted["word"][0].isupper()
    return fold(counted["word"]) if is_noun else None


def is_lone_one(fact: Fact, text: str) -> bool:
    """Whether a number is but an "ein" or "one", which is as often an article."""
    return fact.value == 1 and not _SINGLE.search(text)


# Quotations


def _quotations(text: str) -> Iterator[Fact]:
    for found in _QUOTATION.finditer(text):
        inner = next(group for group in found.groups() if group)
        yield Fact(FactKind.QUOTATION, inner.strip(" .,;:!?"), found.start())


# Names


@dataclass(frozen=True, slots=True)
class _Token:
    """A word at `start` of a text; `begins` says that any word there would have a capital."""

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
    found = []
    for match in _TOKEN.finditer(text):
        word = _ELISION.sub("", match[0])
        start = match.end() - len(word)
        found.append(_Token(word, start, _begins(text, start)))
    return found


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(' „“"«»(*-–—•')
    return not before or before[-1] in ".:!?\n"


def _names(text: str, language: str, known: Known) -> Iterator[Fact]:
    """Names, of which those of one kind that stand side by side are one."""
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
            words = tuple(each.text for each in group)
            soft = kind is FactKind.NAME and all(_is_soft(each, language) for each in group)
            written = text[group[0].start : token.end]
            yield Fact(kind, written, group[0].start, words, soft=soft)
            group = []


def _person_spans(text: str) -> list[range]:
    return [
        range(found.start(), found.end())
        for name in people(text)
        for found in re.finditer(re.escape(name), text)
    ]


def _kind(
    number: int,
    tokens: Sequence[_Token],
    text: str,
    language: str,
    persons: Sequence[range],
    known: Known,
) -> FactKind | None:
    """What kind of name a token is; None for none."""
    token = tokens[number]
    if len(token.text) < _SHORTEST_WORD or MEASURE.fullmatch(token.text):
        return None
    if any(token.start in span for span in persons):
        return FactKind.PERSON
    if _is_in_name_of_person(number, tokens, language, known):
        return FactKind.PERSON
    if token.capital and _TITLE.search(text, max(0, token.start - 12), token.start - 1):
        return FactKind.PERSON
    if token.capital and known.is_place(token.text, language):
        return FactKind.PLACE
    beside = [*tokens[number - 1 : number], *tokens[number + 1 : number + 2]]
    in_row = any(other.capital and not MEASURE.fullmatch(other.text) for other in beside)
    return FactKind.NAME if _is_name(token, in_row, language, known) else None


def _is_in_name_of_person(
    number: int, tokens: Sequence[_Token], language: str, known: Known
) -> bool:
    """Whether a word is a first name with a surname behind it, or that surname."""
    return _is_first_name(number, tokens, language, known) or (
        number > 0 and _is_first_name(number - 1, tokens, language, known)
    )


def _is_first_name(number: int, tokens: Sequence[_Token], language: str, known: Known) -> bool:
    """Whether a word is known in all languages, as first names are, and a rare one follows."""
    if number + 1 >= len(tokens):
        return False
    first, last = tokens[number], tokens[number + 1]
    if not (first.text.istitle() and last.text.istitle() and first.end + 1 == last.start):
        return False
    shares = [_share(first.text, each) for each in LANGUAGES]
    return (
        min(shares) >= _RARE
        and max(shares) <= _FUNCTION
        and _share(last.text, language) < _SURNAME
        and not known.is_place(first.text, language)
        and not known.is_place(last.text, language)
        and not known.is_common(first.text)
    )


def _is_name(token: _Token, in_row: bool, language: str, known: Known) -> bool:
    """Whether a word is one; `in_row` says that it stands beside another one with a capital."""
    word = token.text
    if any(mark.isdigit() for mark in word) or any(mark.isupper() for mark in word[1:]):
        return not _ORDINAL.fullmatch(word)
    share = max(_share(part, language) for part in (word, *re.split(r"[-‐‑]", word)))
    if share > _FUNCTION:
        return False
    if not token.capital:
        unknown = share < _UNKNOWN and len(word) >= _SHORTEST_NAME
        return unknown and not _INFLECTED[language != "de"].search(word)
    telling = share < (_RARE_INITIAL if token.begins else _RARE)
    telling |= language == "de" and share < _SELDOM and not (token.begins or _is_compound(word))
    return (telling or _is_known_abroad(token, share, in_row, language)) and not known.is_common(
        word
    )


def _is_soft(token: _Token, language: str) -> bool:
    """Whether a name may be none: a word in small letters, a German compound, or a rare form."""
    if not token.capital:
        return token.text.islower()
    if language != "de" or any(mark.isupper() for mark in token.text[1:]):
        return False
    return _is_compound(token.text) or _is_form(token.text.lower())


def _is_form(word: str) -> bool:
    """Whether a German word is a form of a usual one: a plural, a participle."""
    bases = [word.removesuffix(ending) for ending in ("en", "n", "e", "s", "es", "er", "ern")]
    return infinitive(word) != word or any(
        base != word and _share(base, "de") >= _RARE for base in bases
    )


def _is_compound(word: str) -> bool:
    """Whether a German word consists of two that are usual."""
    cuts = range(_PART, len(word) - _PART + 1)
    return any(
        _share(word[cut:], "de") >= _RARE and _share(word[:cut].removesuffix("s"), "de") >= _RARE
        for cut in cuts
    )


def _is_known_abroad(token: _Token, share: float, in_row: bool, language: str) -> bool:
    """Whether a word that is not rare is used as names are: in other languages as well."""
    if language == "de":
        return all(_share(token.text, other) >= _RARE for other in ("en", "fr"))
    if token.begins and not in_row:
        return False
    return share < _USUAL or (in_row and _share(token.text, "de") >= _RARE)


def _share(word: str, language: str) -> float:
    return frequency(word.replace("ß", "ss"), language)
