"""Which documents there are and what is new -> a list, each document cited by itself."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from assistant.answer import Citation, quoted_from
from assistant.answering.extractive import CitedResponse
from index.documents import Document, Listed
from index.text.tables import ByLanguage, Table, read_table

_MOST: Final = 10  # documents of an answer
_LONGEST: Final = 200  # characters of a document's beginning
_LOCALE: Final = {"de": "de", "en": "en_GB", "fr": "fr"}

Asked = Literal["all", "new"]


class _DocumentsWording(Table):
    all: str
    new: str
    undated: str


class _DocumentQuestions(Table):
    all: tuple[str, ...]
    new: tuple[str, ...]
    wording: ByLanguage[_DocumentsWording]


@cache
def _table() -> _DocumentQuestions:
    return read_table(Path(__file__).with_name("catalogue.yaml"), _DocumentQuestions)


@cache
def _forms() -> dict[Asked, re.Pattern[str]]:
    table = _table()
    return {"new": re.compile("|".join(table.new)), "all": re.compile("|".join(table.all))}


def asked_of_the_documents(question: str) -> Asked | None:
    """Whether a question asks for all documents or for the new ones; None if for neither."""
    said = " ".join(question.replace("'", "’").lower().split()).strip(" ?!.\u00a0\u202f")
    return next((asked for asked, form in _forms().items() if form.fullmatch(said)), None)


@dataclass(frozen=True, slots=True)
class DocumentsTold:
    """Answers which documents there are; `documents` are all, `document_of` gives one's text."""

    documents: Sequence[Listed]
    document_of: Callable[[str], Document | None]

    def answer(
        self, question: str, language: str, files: Collection[str] | None
    ) -> CitedResponse | None:
        """The newest documents of these files; None where something else is asked."""
        asked = asked_of_the_documents(question)
        listed = [each for each in self.documents if files is None or each.file in files]
        if not asked or not listed:
            return None
        newest = sorted(listed, key=lambda one: (one.date or date.min, one.changed), reverse=True)
        cited = list(self._cited(newest[:_MOST]))
        wording = _table().wording[language]
        count = format_decimal(len(listed), locale=_LOCALE[language])
        lines = [getattr(wording, asked).format(n=count)]
        for citation in cited:
            day = citation.date
            told = format_date(day, "long", _LOCALE[language]) if day else wording.undated
            lines.append(f"- {citation.title} ({told}) [{citation.number}]")
        return CitedResponse("\n".join(lines), [], citations=tuple(cited), mode="register")

    def _cited(self, listed: Sequence[Listed]) -> Iterator[Citation]:
        documents = filter(None, (self.document_of(each.file) for each in listed))
        for number, document in enumerate(documents, 1):
            start, end = _beginning(document)
            yield quoted_from(number, document, start, end)


def _beginning(document: Document) -> tuple[int, int]:
    """Where its title stands in its text, or else its first line."""
    start = document.text.find(document.title)
    if document.title and start >= 0:
        return start, start + len(document.title)
    start = len(document.text) - len(document.text.lstrip())
    line = document.text[start:].split("\n", 1)[0][:_LONGEST].rstrip()
    return start, start + len(line)
