"""A text in the form in which texts are compared, and where its characters stand in the original.

The same word may be written with a composed or a decomposed umlaut, with soft hyphens in it, with
blanks of any width beside it. What looks for dates, amounts or names looks into this form, and
tells where in the text of record they stand.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.words import without_invisible

Span = tuple[int, int]
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CHARACTER = re.compile("(?s).[\u0300-\u036f]*")  # with the marks that are written onto it


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` has composed letters and simple blanks and nothing invisible.

    `places` tells for each of its characters, and for its end, where in the original it begins;
    None if each stands where it does there.
    """

    text: str
    places: Sequence[int] | None = None

    @classmethod
    def of(cls, written: str) -> "Plain":
        """The plain form of a text."""
        if written.isascii() or _is_plain(written):
            return cls(_BLANKS.sub(" ", written))
        parts = list(_parts(written))
        text = "".join(part for part, _ in parts)
        places = [place for part, place in parts for _ in part]
        return cls(text, [*places, len(written)])

    def original(self, start: int, end: int) -> Span:
        """Where in the original text stands what is at [start, end) of the plain one."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end]


def _is_plain(written: str) -> bool:
    return without_invisible(written) == written and unicodedata.is_normalized("NFC", written)


def _parts(written: str) -> Iterator[tuple[str, int]]:
    for match in _CHARACTER.finditer(written):
        part = unicodedata.normalize("NFC", without_invisible(match[0]))
        yield _BLANKS.sub(" ", part), match.start()
