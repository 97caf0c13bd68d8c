"""Rows of a table are shown as a table, with the heads of their columns."""

from datetime import date
from html.parser import HTMLParser

import pytest

from assistant.answer import Citation, quoted_from
from assistant.web.chat.row_html import heads, is_of_rows, rows_html
from index.documents import Document

TABLE = """Mitglieder

| Firma | Ort | Beitritt |
| Lindenlabor GmbH | Potsdam | 2019 |
| Spreezell <AG> | Berlin | 2021 |

Danach.
"""
DOCUMENT = Document("liste.md", TABLE, "Mitglieder", date(2024, 5, 3), "de", None)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("td", "th"):
            self.cells.append((tag, ""))

    def handle_data(self, data: str) -> None:
        self.cells[-1] = (self.cells[-1][0], self.cells[-1][1] + data)


def _citation(first: str, last: str, marked: str = "") -> Citation:
    start, end = TABLE.index(first), TABLE.index(last) + len(last)
    mark = (TABLE.index(marked), TABLE.index(marked) + len(marked)) if marked else None
    return quoted_from(1, DOCUMENT, start, end, mark)


def _cells(html: str) -> list[tuple[str, str]]:
    parser = _Text()
    parser.feed(html)
    return parser.cells


def test_a_row_has_the_heads_of_its_columns_and_the_likely_answer_emphasised() -> None:
    citation = _citation("| Spreezell", "2021 |", "2021")
    html = rows_html(citation, heads(citation, DOCUMENT), " [1]")
    assert _cells(html.removesuffix(" [1]")) == [
        *(("th", "Firma"), ("th", "Ort"), ("th", "Beitritt")),
        *(("td", "Spreezell <AG>"), ("td", "Berlin"), ("td", "2021")),
    ]
    assert "<mark>2021</mark>" in html
    assert html.endswith("</table> [1]")


def test_rows_that_are_quoted_with_the_first_one_have_no_other_heads() -> None:
    citation = _citation("| Firma", "2019 |")
    assert heads(citation, DOCUMENT) == []
    assert [text for _, text in _cells(rows_html(citation, []))] == [
        *("Firma", "Ort", "Beitritt"),
        *("Lindenlabor GmbH", "Potsdam", "2019"),
    ]


def test_without_its_document_a_row_has_no_heads() -> None:
    assert heads(_citation("| Spreezell", "2021 |"), None) == []


@pytest.mark.parametrize("quote", ["Ein Satz.", "| Ulm | 12 |\nEin Satz.", "|", "||", ""])
def test_what_has_more_than_rows_is_no_table(quote: str) -> None:
    assert not is_of_rows(quote)
