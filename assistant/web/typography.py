"""Dates and numbers as each language writes them; quotation marks are those of answers."""

from datetime import date
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from assistant.web.page_language import Language

_LOCALES: Final[dict[Language, str]] = {"de": "de", "en": "en_GB", "fr": "fr"}


def long_date(day: date, language: Language) -> str:
    """`1. April 2024`, `1 April 2024`, `1er avril 2024`."""
    written = format_date(day, "long", _LOCALES[language])
    return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written


def count(number: int, language: Language) -> str:
    """A whole number with the language's separator of thousands."""
    return format_decimal(number, locale=_LOCALES[language])


def told_day(day: str, language: Language) -> str:
    """A day, a month or a year as far as it is told: `26.04.2024`, `April 2024`, `2024`."""
    match [int(part) for part in day.split("-")]:
        case [year, month]:
            return format_skeleton("yMMMM", date(year, month, 1), locale=_LOCALES[language])
        case [year, month, number]:
            return format_date(date(year, month, number), "medium", _LOCALES[language])
        case _:
            return day
