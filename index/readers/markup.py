"""A tree of HTML -> blocks: headings, paragraphs, lists and tables as one who reads it has them.

Used for web pages, mails and what a library renders as HTML. Nothing is ever fetched: pictures,
frames and scripts are not looked at.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lxml import etree, html

from index.readers.extract import Composer
from index.text.tables import Table, Words, read_table

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LeaveOut = Callable[[html.HtmlElement], bool]
_BLANKS = re.compile(r"\s+")
_DEEPEST = 100  # elements within each other, below which their text alone is taken
_HIDDEN = ("display:none", "visibility:hidden")


class _Elements(Table):
    unseen: Words
    blocks: Words


@cache
def _elements() -> _Elements:
    return read_table(Path(__file__).with_suffix(".yaml"), _Elements)


def tree_of(markup: str) -> html.HtmlElement | None:
    """The tree of a page, None where there is nothing in it; what it refers to is left alone."""
    # A declaration of an encoding in what is decoded already is an error to lxml.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    content = markup.encode("utf-8", "replace")
    return html.document_fromstring(content, parser=parser) if content.strip() else None


def write_tree(tree: html.HtmlElement, page: Composer, leave_out: LeaveOut | None = None) -> None:
    """Writes what a page shows, but for the elements that are to be left out."""
    _Writer(page, leave_out or is_unseen).write(tree)


class _Writer:
    """Blocks as they are met; what stands between two blocks is a paragraph of its own."""

    def __init__(self, page: Composer, leave_out: LeaveOut) -> None:
        self._page = page
        self._leave_out = leave_out
        self._held: list[str] = []
        self._bullets: list[str] = []  # of each open list that of its next paragraph

    def write(self, element: html.HtmlElement) -> None:
        self._block(element, 0)
        self._flush()

    def _block(self, element: html.HtmlElement, depth: int) -> None:
        match element.tag:
            case "table":
                self._flush()
                self._table(element, depth)
            case "ul" | "ol":
                self._flush()
                self._list(element, depth)
            case tag if tag in _HEADINGS:
                self._flush()
                self._page.heading(text_of(element))
            case _:
                self._flush()
                self._content(element, depth)
                self._flush()

    def _content(self, element: html.HtmlElement, depth: int) -> None:
        if depth > _DEEPEST:
            self._held.append(text_of(element))
            return
        self._hold(element.text)
        for child in element:
            if isinstance(child.tag, str) and not self._leave_out(child):
                self._child(child, depth)
            self._hold(child.tail)

    def _child(self, child: html.HtmlElement, depth: int) -> None:
        if child.tag in _elements().blocks:
            self._block(child, depth + 1)
        elif child.tag == "br":
            self._held.append("\n")
        elif child.tag == "hr":
            self._flush()
        else:
            self._content(child, depth + 1)

    def _hold(self, text: str | None) -> None:
        if text:
            self._held.append(_BLANKS.sub(" ", text))

    def _flush(self) -> None:
        said, self._held = "".join(self._held), []
        if not said.strip():
            return
        if not self._bullets:
            self._page.paragraph(said)
            return
        self._page.item(said, len(self._bullets) - 1, self._bullets[-1])
        self._bullets[-1] = " " * len(self._bullets[-1])

    def _list(self, element: html.HtmlElement, depth: int) -> None:
        shown = (
            child for child in element if isinstance(child.tag, str) and not self._leave_out(child)
        )
        for number, child in enumerate(shown, 1):
            self._bullets.append("- " if element.tag == "ul" else f"{number}. ")
            self._content(child, depth + 1)
            self._flush()
            self._bullets.pop()

    def _table(self, table: html.HtmlElement, depth: int) -> None:
        rows = list(_rows(table))
        widest = max(map(len, rows), default=0)
        if widest < 2 or any(_is_layout(cell) for row in rows for cell in row):
            for row in rows:
                for cell in row:
                    if not self._leave_out(cell):
                        self._block(cell, depth + 1)
            return
        caption = table.find("caption")
        if caption is not None:
            self._page.paragraph(text_of(caption))
        for row in rows:
            self._page.row([text_of(cell) for cell in row])


def _rows(table: html.HtmlElement) -> Iterator[list[html.HtmlElement]]:
    """A table's rows with their cells, those of tables within it left out."""
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is table:
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            if cells:
                yield cells


def _is_layout(cell: html.HtmlElement) -> bool:
    """Whether a table has whole parts of a page in its cells, as newsletters do."""
    return next(cell.iter("table", *_HEADINGS), None) is not None or len(list(cell.iter("p"))) > 2


def is_menu(cell: html.HtmlElement) -> bool:
    """Whether a cell has links alone, in a table that whole parts of a page stand in."""
    links = list(cell.iter("a"))
    said = "".join(filter(str.isalnum, text_of(cell)))
    linked = "".join(filter(str.isalnum, "".join(map(text_of, links))))
    table = next(cell.iterancestors("table"), None)
    return (
        len(links) > 1
        and said == linked
        and table is not None
        and any(_is_layout(other) for row in _rows(table) for other in row)
    )


def is_unseen(element: html.HtmlElement) -> bool:
    """Whether a page doesn't show an element, or shows it for something to be typed."""
    style = (element.get("style") or "").replace(" ", "").lower()
    hidden = element.get("hidden") is not None or any(style_rule in style for style_rule in _HIDDEN)
    return element.tag in _elements().unseen or hidden


def text_of(element: html.HtmlElement) -> str:
    """All that an element shows, with a blank where a line or a block ends."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: html.HtmlElement) -> Iterator[str]:
    """Without recursion: trees may be of any depth."""
    skipping: html.HtmlElement | None = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if skipping is None and node is not element:
                yield node.tail or ""
        elif event == "start" and skipping is None:
            if is_unseen(node):
                skipping = node
            else:
                yield " " if node.tag in _elements().blocks or node.tag == "br" else ""
                yield node.text or ""
        elif event == "end":
            skipping = None if skipping is node else skipping
            if skipping is None and node is not element:
                yield " " if node.tag in _elements().blocks else ""
                yield node.tail or ""
