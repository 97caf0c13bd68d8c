"""An answer with its sources, to be pasted elsewhere: as text, and as Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.answer import Answer, Citation
from assistant.web.addresses import source_address
from assistant.web.texts import Texts
from assistant.web.typography import long_date
from assistant.web.view import View

# What means something in Markdown (CommonMark, GitHub's strikethrough) where it stands. A backslash
# before anything else would be seen by who pastes the text where no Markdown is read.
_INLINE: Final = re.compile(
    r"[\\`\[\]<~]|(?<!\s)\*|\*(?!\s|$)|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,32};)|\|(?=.*\|)"
)
_LINE_START: Final = re.compile(r"^(\s*)([#>|]|[-+*](?=[\s-]|$)|=(?==*\s*$))", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_MARKER: Final = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a source, relative to the chat's; only the browser knows it in full."""

    relative: str


Part = str | Address


def as_text(answer: Answer, texts: Texts) -> list[Part]:
    """The question that was searched for, the answer, and a line for each source."""
    parts: list[Part] = [f"{answer.searched}\n\n{answer.answer}\n"]
    for citation in _sources(answer):
        mark = f"[{citation.number}]" if answer.answerable else "-"
        source = f"{citation.title}, {_day(citation, texts)}, {citation.file}"
        parts += [f"\n{mark} {source}: ", _address(citation, texts)]
    return parts


def as_markdown(answer: Answer, texts: Texts) -> list[Part]:
    """The same with links: each marker, and each source's title, leads to the quote."""
    question = _escaped(" ".join(answer.searched.split()))  # it may have been typed in lines
    parts: list[Part] = [f"**{question}**\n\n", *_linked(answer, texts), "\n"]
    for citation in _sources(answer):
        mark = f"\\[{citation.number}\\] " if answer.answerable else ""
        place = f" ({_escaped(_day(citation, texts))}, {_escaped(citation.file)})"
        title = f"\n- {mark}[{_escaped(citation.title)}]("
        parts += [title, _address(citation, texts), f"){place}"]
    return parts


def _sources(answer: Answer) -> list[Citation]:
    return list(answer.citations if answer.answerable else answer.related)


def _linked(answer: Answer, texts: Texts) -> Iterator[Part]:
    by_number = {str(citation.number): citation for citation in answer.citations}
    pieces = _MARKER.split("\n\n".join(filter(str.strip, answer.answer.splitlines())))
    yield _escaped(pieces[0])
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if number in by_number:
            yield from (f"[\\[{number}\\]](", _address(by_number[number], texts), ")")
        else:
            yield _escaped(f"[{number}]")
        yield _escaped(text)


def _escaped(text: str) -> str:
    """The text as Markdown that shows exactly it."""
    escaped = _INLINE.sub(r"\\\g<0>", text)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", escaped))


def _day(citation: Citation, texts: Texts) -> str:
    return long_date(citation.date, texts.language) if citation.date else texts.no_date


def _address(citation: Citation, texts: Texts) -> Address:
    span = (citation.start, citation.end)
    return Address(source_address(citation.file, View(texts.language), span))
