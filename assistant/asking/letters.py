"""The question in a mail: without whom it is addressed to, who asks, and who signs.

Names that stand there are not what is asked about; taken for that, they would have it refused.
"""

import re
from functools import cache
from pathlib import Path

from index.text.tables import Alternatives, Table, read_table
from index.text.words import words

_NAMES = 60  # characters of a name behind a greeting
_LEAST_WORDS = 2  # of a question that is left
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
_SIGNED = re.compile(r"(?<=\?)\s*\n\s*(?:--[^?]*|(?:[^\w\n?]*(?:[A-ZÄÖÜÉ]|\d)[^\s?]*\s*)+)\Z")


class _Words(Table):
    openings: Alternatives
    closings: Alternatives
    introductions: Alternatives


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    said = read_table(Path(__file__).with_suffix(".yaml"), _Words)
    name = rf"[^,.!?:;\n]{{0,{_NAMES}}}"
    return (
        re.compile(rf"\W*{said.openings}\b(?:{name}[,!:;\n]|(?=\s+\w+\s))\s*", re.IGNORECASE),
        re.compile(
            rf"(?:(?<=[.?!,;\n])|(?<=[.?!,;]\s))\s*(?:und\s)?{said.closings}\b[^?]*\Z",
            re.IGNORECASE,
        ),
        re.compile(rf"\W*{said.introductions}\b[^?]*", re.IGNORECASE),
    )


def question_in(text: str) -> str:
    """What a mail asks, in one line; the whole text where nothing is left without the rest."""
    opening, closing, introduction = _patterns()
    body = text.strip()
    for _ in range(2):  # "Guten Tag, liebe Frau Winter, ..."
        body = _kept(opening.match(body), body, at_end=False)
    body = _kept(closing.search(body), body, at_end=True)
    body = _kept(_SIGNED.search(body), body, at_end=True)
    sentences = _SENTENCE.split(body)
    asked = [sentence for sentence in sentences if not introduction.fullmatch(sentence)]
    told = " ".join(" ".join(asked).split())
    return told if len(words(told)) >= _LEAST_WORDS else " ".join(text.split())


def _kept(found: re.Match[str] | None, text: str, at_end: bool) -> str:
    """The text without what was found at its start or end, unless hardly anything would be left."""
    if not found:
        return text
    rest = text[: found.start()] if at_end else text[found.end() :]
    return rest.strip() if len(words(rest)) >= _LEAST_WORDS else text
