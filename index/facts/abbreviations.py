"""What abbreviations stand for, as documents introduce them: Long Form (LF), or the reverse.

After Schwartz and Hearst 2003, A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text: the letters of the short form are looked for in the long one from its end.
"""

import re
from collections.abc import Iterator

_PARENTHESIS = re.compile(r"\s\(([^()\n]{2,80})\)")
_SHORT = re.compile(r"(?=.*[A-ZÄÖÜ].*[A-ZÄÖÜ])[A-ZÄÖÜ][\w.&-]{0,8}\w")
_BREAK = re.compile(r"[\n()„“”\"»«]")
_REACH = 400  # characters that the long form may have
_LONGEST = 8  # words of a long form


def abbreviations(text: str) -> set[tuple[str, str]]:
    """(short form, long form) pairs that the text introduces."""
    return set(_found(text))


def _found(text: str) -> Iterator[tuple[str, str]]:
    for match in _PARENTHESIS.finditer(text):
        inside = match.group(1).strip()
        reach = text[max(0, match.start() - _REACH) : match.start()]
        before = _BREAK.split(reach)[-1].split()[-_LONGEST:]
        if _SHORT.fullmatch(inside):
            if long := _long_form(inside, " ".join(before)):
                yield inside, long
        elif before and _SHORT.fullmatch(before[-1]) and _long_form(before[-1], inside) == inside:
            yield before[-1], inside


def _long_form(short: str, text: str) -> str | None:
    """The end of the text that the short form abbreviates, or None."""
    letters = re.sub(r"\W", "", short).lower()
    lowered = text.lower()
    position = len(text)
    for place in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and not _is_letter(lowered, position, letters[place], place == 0):
            position -= 1
        if position < 0:
            return None
    long = text[position:]
    words = len(long.split())
    fits = len(long) > len(short) and words <= min(len(letters) + 5, 2 * len(letters))
    return long if fits else None


def _is_letter(text: str, position: int, letter: str, first: bool) -> bool:
    """Whether the letter stands there; the first of the short form has to begin a word."""
    begins = position == 0 or not text[position - 1].isalnum()
    return text[position] == letter and (begins or not first)
