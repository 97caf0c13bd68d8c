"""Dates, numbers and quotation marks as each language writes them."""

from datetime import date
from typing import Final

from assistant.web.page_language import Language

_MONTHS: Final[dict[Language, str]] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_QUOTES: Final[dict[str, tuple[str, str]]] = {
    "de": ("„", "“"),
    "en": ("“", "”"),
    "fr": ("«\u202f", "\u202f»"),
}
_THOUSANDS: Final[dict[Language, str]] = {"de": ".", "en": ",", "fr": "\u202f"}


def long_date(day: date, language: Language) -> str:
    """`1. April 2024`, `1 April 2024`, `1er avril 2024`."""
    month = _MONTHS[language].split()[day.month - 1]
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
