"""Dates, numbers and quotation marks as each language writes them."""

from datetime import date
from typing import Final

from assistant.web.page_language import Language
from index.text.dates import MONTH_NAMES

_QUOTES: Final[dict[str, tuple[str, str]]] = {
    "de": ("„", "“"),
    "en": ("“", "”"),
    "fr": ("«\u202f", "\u202f»"),
}
_THOUSANDS: Final[dict[Language, str]] = {"de": ".", "en": ",", "fr": "\u202f"}


def long_date(day: date, language: Language) -> str:
    """`1. April 2024`, `1 April 2024`, `1er avril 2024`."""
    month = MONTH_NAMES[language].split()[day.month - 1]
    number = str(day.day)
    if language == "de":
        number += "."
    elif language == "fr" and day.day == 1:
        number += "er"
    return f"{number} {month} {day.year}"


def quotation_marks(language: str) -> tuple[str, str]:
    """The opening and closing mark of the language that a quote is in; English ones if unknown."""
    return _QUOTES.get(language, _QUOTES["en"])


def count(number: int, language: Language) -> str:
    """A whole number with the language's separator of thousands."""
    return f"{number:,}".replace(",", _THOUSANDS[language])
