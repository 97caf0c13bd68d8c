"""An answer with its sources, to be pasted elsewhere: as text, and as Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.answer import Answer, Citation
from assistant.web.addresses import source_address
from assistant.web.markdown import escaped
from assistant.web.texts import Texts
from assistant.web.typography import long_date
from assistant.web.view import View

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
    question = escaped(" ".join(answer.searched.split()))  # it may have been typed in lines
    parts: list[Part] = [f"**{question}**\n\n", *_linked(answer, texts), "\n"]
    for citation in _sources(answer):
        mark = f"\\[{citation.number}\\] " if answer.answerable else ""
        place = f" ({escaped(_day(citation, texts))}, {escaped(citation.file)})"
        title = f"\n- {mark}[{escaped(citation.title)}]("
        parts += [title, _address(citation, texts), f"){place}"]
    return parts


def _sources(answer: Answer) -> list[Citation]:
    return list(answer.citations if answer.answerable else answer.related)


def _linked(answer: Answer, texts: Texts) -> Iterator[Part]:
    by_number = {str(citation.number): citation for citation in answer.citations}
    pieces = _MARKER.split("\n\n".join(filter(str.strip, answer.answer.splitlines())))
    yield escaped(pieces[0])
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if number in by_number:
            yield from (f"[\\[{number}\\]](", _address(by_number[number], texts), ")")
        else:
            yield escaped(f"[{number}]")
        yield escaped(text)


def _day(citation: Citation, texts: Texts) -> str:
    return long_date(citation.date, texts.language) if citation.date else texts.no_date


def _address(citation: Citation, texts: Texts) -> Address:
    span = (citation.start, citation.end)
    return Address(source_address(citation.file, View(texts.language), span))
