"""Which of its languages a page is shown in."""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["de", "en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en", "fr")
DEFAULT: Final[Language] = "de"


def as_language(code: object) -> Language:
    """The language of an ISO 639-1 code or a tag such as `fr-CA`; German for any other value."""
    base = str(code).strip().lower().partition("-")[0]
    return next((language for language in LANGUAGES if language == base), DEFAULT)


def preferred(accept_language: str) -> Language:
    """The best of our languages for an Accept-Language header (RFC 9110, section 12.5.4)."""
    wishes = [_wish(part) for part in accept_language.split(",")]
    ours = [(weight, code) for code, weight in wishes if code in LANGUAGES and weight > 0]
    # max() keeps the first of equals, which is the order that the reader gave them.
    return as_language(max(ours, key=lambda wish: wish[0])[1]) if ours else DEFAULT


def of_request(query: Mapping[str, str], headers: Mapping[str, str]) -> Language:
    """What the address asks for (`?lang=fr`), or else the browser."""
    if query.get("lang") in LANGUAGES:
        return as_language(query["lang"])
    return preferred(headers.get("accept-language", ""))


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    code = tag.strip().lower().partition("-")[0]
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return code, 1.0
    try:
        return code, float(value)
    except ValueError:
        return code, 0.0
