"""Answers from the register, as the engine takes them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answer import Citation, quoted_from
from assistant.answering.extractive import CitedResponse
from assistant.overview.answers import Line, Teller
from assistant.overview.asked import Typed, read
from index.documents import Document
from index.register.kept import ReadRegister
from index.register.rows import Proof
from index.text.alike import wording

_KEPT = 256  # documents


class Overview:
    """Answers what the register of a revision answers; `document_of` gives a file's document."""

    def __init__(self, kept: ReadRegister, document_of: Callable[[str], Document | None]) -> None:
        self._kept = kept
        self._document_of = document_of
        self._typed = Typed(kept.lexicon)
        self._wording = lru_cache(_KEPT)(wording)

    def answer(
        self, question: str, language: str, files: Collection[str] | None
    ) -> CitedResponse | None:
        """The answer with its citations; None where the register has nothing sure."""
        asked = read(question, self._typed)
        if not asked:
            return None
        told = Teller(self._kept.of(files), language, self._text_of).told(asked)
        if not told:
            return None
        lines, citations = self._cited(told.lines)
        text = "\n".join([told.introduction, *(f"- {line}" for line in lines)])
        return CitedResponse(text, [], citations=tuple(citations), mode="register")

    def _text_of(self, file: str) -> str:
        document = self._document_of(file)
        return document.text if document else ""

    def _cited(self, told: Sequence[Line]) -> tuple[list[str], list[Citation]]:
        """The lines with the numbers of their citations; a piece of evidence has one number.

        What stands in copies of a document is cited once.
        """
        citations: dict[tuple[bytes, str], Citation] = {}
        lines = []
        for line in told:
            marks: dict[int, None] = {}
            for piece in line.evidence:
                if document := self._document_of(piece.file):
                    marks[self._number(citations, document, piece)] = None
            lines.append(f"{line.text} {' '.join(f'[{number}]' for number in marks)}")
        return lines, list(citations.values())

    def _number(
        self, citations: dict[tuple[bytes, str], Citation], document: Document, piece: Proof
    ) -> int:
        """The number of a piece of evidence, which it gets where it has none."""
        key = self._wording(document.text), document.text[piece.start : piece.end]
        cited = citations.get(key)
        if cited is None:
            cited = quoted_from(len(citations) + 1, document, piece.start, piece.end)
        elif document.file not in (cited.file, *cited.also_in):
            cited = replace(cited, also_in=(*cited.also_in, document.file))
        citations[key] = cited
        return cited.number
