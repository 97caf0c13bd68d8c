"""Answers from the register, as the engine takes them."""

from collections.abc import Callable, Collection, Sequence

from assistant.answer import Citation, quoted_from
from assistant.answering.extractive import CitedResponse
from assistant.overview.answers import Line, Teller
from assistant.overview.asked import Typed, read
from assistant.overview.documents import DocumentsTold
from index.documents import Document, Listed
from index.register.kept import ReadRegister
from index.register.rows import Proof


class Overview:
    """Answers what the register of a revision answers, and which documents there are.

    `document_of` gives a file's document, `listed` are all.
    """

    def __init__(
        self,
        kept: ReadRegister,
        document_of: Callable[[str], Document | None],
        listed: Sequence[Listed] = (),
    ) -> None:
        self._kept = kept
        self._document_of = document_of
        self._documents = DocumentsTold(listed, document_of)
        self._typed = Typed(kept.lexicon)

    def answer(
        self, question: str, language: str, files: Collection[str] | None
    ) -> CitedResponse | None:
        """The answer with its citations; None where the register has nothing sure."""
        if listed := self._documents.answer(question, language, files):
            return listed
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
        """The lines with the numbers of their citations; a piece of evidence has one number."""
        numbers: dict[Proof, int] = {}
        citations: list[Citation] = []
        lines = []
        for line in told:
            marks = []
            for piece in line.evidence:
                if piece not in numbers and (document := self._document_of(piece.file)):
                    numbers[piece] = len(citations) + 1
                    citations.append(quoted_from(numbers[piece], document, piece.start, piece.end))
                if piece in numbers:
                    marks.append(f"[{numbers[piece]}]")
            lines.append(f"{line.text} {' '.join(marks)}")
        return lines, citations
