"""Dates in German, English and French text, to the day or to the month.

A field that holds nothing but a date may give a year alone, or two digits of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from index.text.months import MONTHS
from index.text.plain import Plain

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_ALONE = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = r"\b(?P<day>[0-3]?\d)(?:\.|er|st|nd|rd|th)?"
_NUMBERED_DAY = r"(?<![\d.,/])(?P<day>[0-3]?\d)\.\s?(?P<number>[01]?\d)\."
# What stands before a day such as "3.4.", so that it is none of the numbers of chapters.
_BEFORE_DAY = r"(?<=\bam )|(?<=\bvom )|(?<=\bzum )|(?<=\bden )|(?<=\bdem )|(?<=\bbis )|(?<=\bab )"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"\b(?P<day>[0-3]?\d)[./]\s?(?P<number>[01]?\d)[./]\s?{_YEAR}",
        r"(?<![\d./])(?P<day>[0-3]?\d)(?P<mark>[./])\s?(?P<number>[01]?\d)(?P=mark)\s?"
        r"(?P<year>\d\d)(?![\d.,]*\d)",
        rf"{_DAY}\s?{_MONTH},?\s{_YEAR}",
        rf"\b{_MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"\b{_MONTH},?\s{_YEAR}",
        rf"{_DAY}\s?{_MONTH}",
        r"(?<![\d.,/])(?P<day>[0-3]\d)\.\s?(?P<number>[01]\d)\.(?!\s?\d)",
        rf"(?:{_BEFORE_DAY}){_NUMBERED_DAY}(?!\s?\d)",
    )
)
_ALSO_VERBS = ("march", "may")  # "2 may leave": in small letters no month, unless more says so
_SHORT_YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)"
_FIELDS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)(?:T.*)?",
        r"(?P<year>(?:19|20)\d\d)[-/.](?P<number>\d\d?)[-/.](?P<day>\d\d?)(?:[T\s].*)?",
        r"(?P<year>(?:19|20)\d\d)[-/.](?P<number>\d\d?)",
        r"(?P<number>\d\d?)[-/.]\s?(?P<year>(?:19|20)\d\d)",
        rf"(?P<day>\d\d?)[-/.]\s?(?P<number>\d\d?)[-/.]\s?{_SHORT_YEAR}",
        rf"(?:{_DAY}\s?)?{_MONTH},?\s{_SHORT_YEAR}",
        r"\D*(?P<year>(?:19|20)\d\d)\D*",
    )
)
_THIS_CENTURY = 69  # two digits below it are of this century, as in POSIX


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, at [start, end); `year` or `day` is None where the text doesn't give it."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    def as_date(self, year: int | None = None) -> date | None:
        """The date, with `year` where none is given, the first where no day is; None if neither."""
        year = self.year or year
        try:
            return date(year, self.month, self.day or 1) if year else None
        except ValueError:
            return None


_DIGIT = re.compile(r"\d")  # every form has one


def find_dates(text: str) -> list[FoundDate]:
    """All dates in a text, in order; of forms that overlap, the most complete one."""
    if not _DIGIT.search(text):
        return []
    plain = Plain.of(text)
    taken = bytearray(len(plain.text))
    dates: list[FoundDate] = []
    for form in _FORMS:
        for candidate in _matches(form, plain.text):
            if not any(taken[candidate.start : candidate.end]):
                taken[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
                dates.append(candidate)
    return [_in_place(plain, hit) for hit in sorted(dates, key=lambda hit: hit.start)]


def _in_place(plain: Plain, hit: FoundDate) -> FoundDate:
    start, end = plain.original(hit.start, hit.end)
    return replace(hit, start=start, end=end)


def _matches(form: re.Pattern[str], text: str) -> Iterator[FoundDate]:
    for match in form.finditer(text):
        parts = match.groupdict()
        name = parts.get("month")
        month = MONTHS[name.lower()] if name else int(parts["number"])
        year, day = parts.get("year"), parts.get("day")
        if name in _ALSO_VERBS and not year and text[match.end("day")].isspace():
            continue
        if 1 <= month <= 12 and (not day or 1 <= int(day) <= 31):
            yield FoundDate(
                *match.span(), _in_full(year) if year else None, month, int(day) if day else None
            )


def years_in(text: str) -> frozenset[str]:
    """The years of this century and the last that a text names."""
    return frozenset(_ALONE.findall(text))


def date_in_field(text: str) -> date | None:
    """The date that a field holds: to the day, the month or the year, whose first day it is then.

    None where there is no date, or one that no calendar has.
    """
    text = " ".join(text.split())
    if whole := next(filter(None, (form.fullmatch(text) for form in _FIELDS)), None):
        return _read(whole.groupdict()) or _first_date(text)
    return _first_date(text)


def _first_date(text: str) -> date | None:
    dates = find_dates(text)
    return dates[0].as_date() if dates else None


def _read(parts: dict[str, str | None]) -> date | None:
    name, number, day = (parts.get(part) for part in ("month", "number", "day"))
    month = MONTHS[name.lower()] if name else int(number or 1)
    if month > 12 and day:  # 12/31/2024, as it is written in America
        month, day = int(day), str(month)
    try:
        return date(_in_full(parts["year"] or ""), month, int(day or 1))
    except ValueError:
        return None


def _in_full(year: str) -> int:
    short = int(year.lstrip("'"))
    if short > 99:
        return short
    return short + (2000 if short < _THIS_CENTURY else 1900)
