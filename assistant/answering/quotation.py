"""Quotation marks as each language writes them, those within a quotation included."""

import re
from typing import Final

_OUTER: Final = {
    "de": ("„", "“"),
    "en": ("“", "”"),
    "fr": ("«\u00a0", "\u00a0»"),
}
# What the outer marks become inside of others. In German, “ closes and opens nothing.
_INNER: Final = {
    "de": str.maketrans("„“”", "‚‘’"),
    "en": str.maketrans("„“”", "‚‘’"),
    "fr": str.maketrans("«»", "“”"),
}
_SPACED: Final = re.compile(r"(?<=«)\s+|\s+(?=»)")


def marks(language: str) -> tuple[str, str]:
    """The opening and closing mark of the language that a quote is in; English ones if unknown."""
    return _OUTER.get(language, _OUTER["en"])


def nested(text: str, language: str) -> str:
    """The text as it stands between marks of its language: the same ones in it are inner ones."""
    if language == "fr":
        text = _SPACED.sub("", text)
    return text.translate(_INNER.get(language, _INNER["en"]))


def in_marks(text: str, language: str) -> str:
    """The text in quotation marks."""
    opening, closing = marks(language)
    return f"{opening}{nested(text, language)}{closing}"
