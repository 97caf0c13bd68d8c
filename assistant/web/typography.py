"""Dates, numbers and quotation marks as each language writes them."""

from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from assistant.web.page_language import Language

_LOCALES: Final[dict[Language, str]] = {"de": "de", "en": "en_GB", "fr": "fr"}
_QUOTES: Final[dict[str, tuple[str, str]]] = {
    "de": ("„", "“"),
    "en": ("“", "”"),
    "fr": ("«\u202f", "\u202f»"),
}


def long_date(day: date, language: Language) -> str:
    """`1. April 2024`, `1 April 2024`, `1er avril 2024`."""
    written = format_date(day, "long", _LOCALES[language])
    return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written


def quotation_marks(language: str) -> tuple[str, str]:
    """The opening and closing mark of the language that a quote is in; English ones if unknown."""
    return _QUOTES.get(language, _QUOTES["en"])


def count(number: int, language: Language) -> str:
    """A whole number with the language's separator of thousands."""
    return format_decimal(number, locale=_LOCALES[language])
