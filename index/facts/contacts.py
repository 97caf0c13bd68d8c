"""Telephone numbers in a text, as libphonenumber knows them."""

from collections.abc import Iterator, Sequence

from phonenumbers import Leniency, PhoneNumberMatcher

Span = tuple[int, int]

_REGION = "DE"  # whose numbers need no country code; those of its neighbours look alike
_BEGINNING = ("+", "0", "(0", "(+")  # amounts, years and numbers of things begin otherwise
_DIGITS = 7  # that a number has at least


def telephones(text: str, dates: Sequence[Span] = ()) -> Iterator[Span]:
    """Where telephone numbers stand, [start, end), in order; none where one of the `dates` does."""
    for match in PhoneNumberMatcher(text, _REGION, leniency=Leniency.POSSIBLE):
        span = match.start, match.end
        dated = any(start < span[1] and span[0] < end for start, end in dates)
        part = text[max(0, match.start - 2) : match.start].rstrip()[-1:].isdigit()
        if not (dated or part) and _is_dialled(match.raw_string):
            yield span


def _is_dialled(written: str) -> bool:
    return written.startswith(_BEGINNING) and sum(map(str.isdigit, written)) >= _DIGITS
