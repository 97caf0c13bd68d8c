"""Markdown -> the text that its readers see, and what it consists of.

That text is the text of record: quotes are slices of it, so that they read "AT&T" and not
"AT&amp;T", and what Markdown hides (a comment, the marks of emphasis) is not in it. Bullets and the
bars of tables stay, so that it can be read as plain text too.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from index.documents import Block, BlockKind
from index.text.dates import find_dates
from index.text.layout import is_date, is_sentence, with_furniture

_HEADING_CHARACTERS = 140
# A comment that is never closed hides nothing: else it would take the rest of the document along.
_HIDDEN = re.compile(
    r"<!--.*?-->|<!--|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MAIL = "mailto:"


@cache
def _parser() -> MarkdownIt:
    # Lines that are set in are no code: texts that were typed or converted are full of them.
    return MarkdownIt("commonmark").enable("table").disable("code").use(footnote_plugin)


def read_markdown(written: str) -> tuple[str, Sequence[Block]]:
    """The text of record of a Markdown text, and its blocks."""
    page = _Page()
    page.add_all(_parser().parse(written))
    text = page.text()
    return text, with_furniture(page.told(), text, page.headings)


class _Page:
    """The text and the blocks as they are written, one token after the other."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._lists: list[list[str]] = []  # of each open list the bullet of its next paragraph
        self._cells: list[str] | None = None
        self._heading = False
        self.headings: set[int] = set()  # where those begin that are marked as such
        self._short: set[int] = set()  # where a short line begins that may be one

    def text(self) -> str:
        return "".join([*self._parts, "\n"]) if self._parts else ""

    def told(self) -> list[Block]:
        """The blocks; in a text that marks no headings at all, short lines may be some."""
        if self.headings:
            return self.blocks
        return [
            replace(block, kind=BlockKind.HEADING) if block.start in self._short else block
            for block in self.blocks
        ]

    def add_all(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            self._add(token)

    def _add(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._add_inline(token)
            case "fence" | "code_block":
                self._write(token.content.strip("\n"), BlockKind.PROSE)
            case "html_block":
                self._write(_visible(token.content), BlockKind.PROSE)
            case "heading_open" | "heading_close":
                self._heading = token.type == "heading_open"
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append([""])
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._lists[-1][0] = f"{token.info}{token.markup} " if token.info else "- "
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._add_row()
            case _:
                pass

    def _add_inline(self, token: Token) -> None:
        said = _said(token.children or [])
        if self._cells is not None:
            self._cells.append(" ".join(said.split()))
        elif self._heading:
            self._write(said, _kind_of_heading(said))
        elif self._lists:
            self._add_item(said)
        else:
            is_short = len(said) <= _HEADING_CHARACTERS and not is_sentence(said)
            is_title = is_short and _is_strong(token.children or [])
            self._write(said, BlockKind.HEADING if is_title else BlockKind.PROSE)
            if is_short and self.blocks:
                self._short.add(self.blocks[-1].start)

    def _add_item(self, said: str) -> None:
        bullet, indent = self._lists[-1][0], "  " * (len(self._lists) - 1)
        self._lists[-1][0] = "  "
        days = find_dates((bullet + said)[:40])
        if days and days[0].start == 0 and bullet[0].isdigit():
            self._write(bullet + said, BlockKind.PROSE)  # a day that was taken for a number
        else:
            self._write(said, BlockKind.LIST, indent + bullet)

    def _add_row(self) -> None:
        cells, self._cells = self._cells or [], None
        self._write(f"| {' | '.join(cells)} |", BlockKind.TABLE)

    def _write(self, said: str, kind: BlockKind, before: str = "") -> None:
        said = said.strip()
        if not said:
            return
        close = kind in (BlockKind.LIST, BlockKind.TABLE) and self._follows(kind)
        gap = "" if not self._parts else "\n" if close else "\n\n"
        start = self._length + len(gap) + len(before)
        self.blocks.append(Block(kind, start, start + len(said)))
        if kind is BlockKind.HEADING:
            self.headings.add(start)
        self._parts += [gap, before, said]
        self._length = start + len(said)

    def _follows(self, kind: BlockKind) -> bool:
        return bool(self.blocks) and self.blocks[-1].kind is kind


def _kind_of_heading(said: str) -> BlockKind:
    """What a heading is: two hyphens below a sentence make it one without being meant to."""
    if is_date(said):
        return BlockKind.DATE
    return BlockKind.PROSE if is_sentence(said) else BlockKind.HEADING


def _said(tokens: Sequence[Token]) -> str:
    """What a paragraph says, without marks; its lines are joined but where it breaks them."""
    parts: list[str] = []
    links: list[str] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "code_inline":
                parts.append(token.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline":
                parts.append(_visible(token.content))
            case "image":
                parts.append(_said(token.children or []))
            case "link_open":
                links.append(str(token.attrs.get("href", "")))
            case "link_close":
                parts.append(_address(links.pop(), "".join(parts)))
            case _:
                pass
    return _HIDDEN.sub("", "".join(parts))


def _address(link: str, said: str) -> str:
    """The address for mail that a link hides behind other words."""
    address = link.removeprefix(_MAIL).split("?")[0]
    return f" ({address})" if link.startswith(_MAIL) and address not in said else ""


def _visible(markup: str) -> str:
    """What a reader sees of HTML; a comment is not seen."""
    shown = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", markup)))
    return html.unescape(shown)


def _is_strong(tokens: Sequence[Token]) -> bool:
    """Whether a paragraph is one strong emphasis and no more."""
    told = [token for token in tokens if token.content.strip() or token.nesting]
    return (
        len(told) > 2
        and told[0].type == "strong_open"
        and told[-1].type == "strong_close"
        and (sum(token.type == "strong_open" for token in told) == 1)
    )
