"""The names of months in German, English and French, from Unicode's CLDR (babel)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from babel import Locale

# Austria's "Jänner" and Britain's "Sept" differ from the language's own; "Feber" CLDR has not.
_LOCALES = ("de", "de_AT", "de_CH", "en", "en_GB", "fr", "fr_CH")


def month_names(language: str) -> list[str]:
    """What a language calls the months, in their order."""
    return list(Locale(language).months["format"]["wide"].values())


def _numbers(locales: Iterable[str]) -> dict[str, int]:
    return {
        name.lower().removesuffix("."): number
        for locale in map(Locale.parse, locales)
        for widths in locale.months.values()
        for width in ("wide", "abbreviated")
        for number, name in widths[width].items()
    }


MONTHS: Mapping[str, int] = MappingProxyType({"feber": 2} | _numbers(_LOCALES))
"""Each name of a month, long or short, in small letters and without a full stop -> its number."""
