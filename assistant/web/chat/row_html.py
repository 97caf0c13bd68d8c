"""Rows of a table as a table, with the heads of the columns that they have in their document."""

import re
from collections.abc import Iterator, Sequence

from assistant.answer import Citation
from assistant.web.html import plain, tag
from assistant.web.paragraphs import Span, pieces
from index.documents import Document

_CELL = re.compile(r"(?<=\|)[^|\n]*(?=\|)")


def is_row(line: str) -> bool:
    """Whether a line is written as a row: "| Ulm | 12 |"."""
    line = line.strip()
    return len(line) > 2 and line[0] == line[-1] == "|"


def is_of_rows(quote: str) -> bool:
    """Whether a quote consists of rows alone."""
    lines = quote.splitlines()
    return bool(lines) and all(map(is_row, lines))


def heads(citation: Citation, document: Document | None) -> list[str]:
    """What stands in the first row of the quote's table; nothing where it is quoted itself."""
    above = document.text[: citation.start].split("\n") if document else []
    first = ""
    for line in reversed(above[:-1]):
        if not is_row(line):
            break
        first = line
    return [match[0].strip() for match in _CELL.finditer(first)]


def rows_html(citation: Citation, columns: Sequence[str], marker: str = "") -> str:
    """The quote as a table, the likely answer emphasised, with `marker` behind it."""
    head = "".join(tag("th", "", plain(column), scope="col") for column in columns)
    rows = "".join(tag("tr", "", _cells(citation, span)) for span in _lines(citation.quote))
    top = tag("thead", "", tag("tr", "", head)) if head else ""
    return tag("table", "rows", top + tag("tbody", "", rows)) + marker


def _lines(quote: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", quote):
        yield match.span()


def _cells(citation: Citation, line: Span) -> str:
    return "".join(
        tag("td", "", _emphasised(citation, match.span()))
        for match in _CELL.finditer(citation.quote, *line)
    )


def _emphasised(citation: Citation, cell: Span) -> str:
    first, last = citation.highlight or (citation.start, citation.start)
    marked = (first - citation.start, last - citation.start)
    return "".join(
        tag("mark", "", plain(piece.text)) if piece.is_marked else plain(piece.text)
        for piece in pieces(citation.quote, cell, marked)
    ).strip()
