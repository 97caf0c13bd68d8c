"""Numbers and dates in a sentence, whichever way German, English and French write them."""

import re
from collections.abc import Iterator
from decimal import Decimal

from text_to_num import alpha2digit

from index.facts.fact import SIGNS, Fact, FactKind
from index.text.dates import find_dates
from index.text.languages import FUNCTION_WORD, frequency
from index.text.words import fold, without_invisible

_SPELLED = ("de", "en", "es", "fr", "it", "nl", "pt")  # languages whose number words are known
_YEARS = range(1900, 2100)

NUMBER = r"(?:\d{1,3}(?:[.'’ ]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?!\d)"
"""Digits as German, English and French group them: 12 500, 1'250'000, 1.200,50."""
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?P<separator>[.,'’ ])\d{3}(?:(?P=separator)\d{3})*(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?)(?![\d])(?=\W|$|(?:er|ern|s|m|bn|k)\b|[€$£])"
)
_MINUS = re.compile(r"(?:^|[^\d\s]\s|\()[-−–]$")
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
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_PER_HUNDRED = re.compile(r"\b(?:pour|per)\s?cent\b", re.IGNORECASE)  # with a number word in it
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2}\.\d{1,2}\.)(\d\d)(?![\d.]\d|\d)")
_CENTURY = ("19", "20")
_SMALLEST = 2  # number that is taken from its word; "ein" and "one" are articles as well
_SINGLE = re.compile(r"(?<!\d)1(?!\d)")


def with_digits(text: str, language: str) -> str:
    """The text without invisible characters, its number words as digits."""
    text = without_invisible(_SPACES.sub(" ", text))
    text = _PER_HUNDRED.sub("%", text)
    text = _SHORT_YEAR.sub(lambda match: f"{match[1]}{_CENTURY[match[2] < '50']}{match[2]}", text)
    return alpha2digit(text, language, _SMALLEST) if language in _SPELLED else text


def dates(text: str) -> Iterator[Fact]:
    for date in find_dates(text):
        written = text[date.start : date.end]
        day = (date.year, date.month, date.day)
        yield Fact(FactKind.DATE, written, date.start, day=day)


def numbers(text: str, language: str) -> Iterator[Fact]:
    end = 0
    for match in _NUMBER.finditer(text):
        if match.start() < end:
            continue
        value = _value(match["digits"], language) * (
            -1 if _MINUS.search(text, max(0, match.start() - 3), match.start()) else 1
        )
        end = match.end()
        scale = _SCALE.match(text, end)
        while scale:
            value *= next(f for n, (f, _) in enumerate(_SCALES) if scale[f"scale{n}"])
            end = scale.end()
            scale = _SCALE.match(text, end)
        unit = _unit(text, match.start(), end, language)
        written = text[match.start() : end]
        is_year = match["digits"].isdigit() and value in _YEARS and unit not in SIGNS
        if is_year and written == match["digits"]:
            yield Fact(FactKind.DATE, written, match.start(), day=(int(value), None, None))
        else:
            yield Fact(FactKind.NUMBER, written, match.start(), value=value, unit=unit)


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
    if before := _BEFORE.search(text, max(0, start - 6), start):
        return "€" if before[1] == "EUR" else before[1]
    counted = _COUNTED.match(text, end)
    if not counted or frequency(counted["word"], language) > FUNCTION_WORD:
        return None
    is_noun = language != "de" or counted["word"][0].isupper()
    return fold(counted["word"]) if is_noun else None


def is_lone_one(fact: Fact, text: str) -> bool:
    """Whether a number is but an "ein" or "one", which is as often an article."""
    return fact.value == 1 and not _SINGLE.search(text)
