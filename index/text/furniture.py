"""What a saved web page has around its text, and a printed one above and below it.

A page that was saved as text carries menus, forms and teasers of other pages. These must never
become an answer. Whether a text is such a page is judged of the whole of it: minutes may have a
heading "Newsletter", and a list an item "Presse".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.documents import Block, BlockKind
from index.text.tables import Expressions, Table, Words, read_table

_TEASER_CHARACTERS = 300  # a longer paragraph is the page's own again
_MENU_ITEMS = 0.5  # of a line's parts, that stand in menus
_FORM_FIELDS = 3
_SIGNS = 2  # that make a text a web page where none is sure
_SEPARATOR = re.compile(r"\s*[|·•▪›»>▾↑\[\]]+\s*|\s+[/–—-]\s+")
_FIELD = re.compile(r".{1,40}[^\s*]\s?\*")
_PATH, _PATH_PARTS = re.compile(r"\s+[>»›]+\s+"), 2  # from the home page to this one
_LABEL = re.compile(r"[^\W\d]{3,20}\s?:\s")
_COUNT = re.compile(r"[\d()]+")
_BARE_NUMBER = re.compile(r"[-–\s]*(\d{1,4})[-–\s]*")
_CONTENT = (BlockKind.PROSE, BlockKind.LIST, BlockKind.TABLE)


class _Lines(Table):
    sure: Expressions
    menu: Words
    menu_phrases: Expressions
    addresses: Expressions
    others_below: Expressions
    links_below: Expressions
    pages: Expressions


@cache
def _lines() -> _Lines:
    return read_table(Path(__file__).with_suffix(".yaml"), _Lines)


@cache
def _menu_words() -> frozenset[str]:
    return frozenset(word.casefold() for word in _lines().menu)


def pages(found: Sequence[Block], text: str) -> list[Block]:
    """The blocks of a text, those that number its pages marked as furniture."""
    marked = [_as(b, BlockKind.FURNITURE) if _is_page(b, text) else b for b in found]
    return _numbered(marked, text)


def marked(blocks: Sequence[Block], text: str) -> list[Block]:
    """The blocks of a text, those of a web page's frame marked as furniture if it is one."""
    page = list(blocks)
    if not _is_web_page(page, text):
        return page
    for mark in (_mark_repeats, _mark_menus, _mark_below):
        page = mark(page, text)
    return page


def _as(block: Block, kind: BlockKind) -> Block:
    return replace(block, kind=kind)


# Pages of paper


def _is_page(block: Block, text: str) -> bool:
    line = text[block.start : block.end]
    return len(line) <= _TEASER_CHARACTERS // 2 and bool(_lines().pages.fullmatch(line))


def _numbered(blocks: list[Block], text: str) -> list[Block]:
    """Numbers alone on their lines that go up by one are those of pages."""
    numbers = {
        position: int(number[1])
        for position, block in enumerate(blocks)
        if (number := _BARE_NUMBER.fullmatch(text[block.start : block.end]))
    }
    pages: set[int] = set()
    for (one, first), (other, second) in pairwise(numbers.items()):
        if second == first + 1 and other > one + 1:
            pages |= {one, other}
    return [_as(b, BlockKind.FURNITURE) if n in pages else b for n, b in enumerate(blocks)]


# Web pages


def _is_web_page(blocks: Sequence[Block], text: str) -> bool:
    signs: set[str] = set()
    lengthy = max((n for n, block in enumerate(blocks) if not _is_short(block)), default=-1)
    for position, block in enumerate(blocks):
        line = text[block.start : block.end]
        if _is_sure(line) or _is_menu(line, 2):
            return True
        edge = position in (0, len(blocks) - 1)
        is_below = lengthy < position + 1 < len(blocks)
        signs |= set(_signs(line, position, edge, is_below))
    fields = sum(bool(_FIELD.fullmatch(text[b.start : b.end])) for b in blocks)
    return len(signs) >= _SIGNS or fields >= _FORM_FIELDS


def _signs(line: str, position: int, edge: bool, is_below: bool) -> Iterator[str]:
    """What may be a sign of a web page: a word of a menu above all or below all, and the like.

    `is_below` says that something follows, and nothing of it is long.
    """
    if edge and _is_menu_item(line):
        yield f"edge {position == 0}"
    if _lines().addresses.fullmatch(line):
        yield "address"
    if is_below and _lines().others_below.fullmatch(line):
        yield "others"
    if is_below and _lines().links_below.fullmatch(line):
        yield "links"


def _is_short(block: Block) -> bool:
    return block.end - block.start <= _TEASER_CHARACTERS


def _is_sure(line: str) -> bool:
    return bool(_lines().sure.fullmatch(line.strip(" \t-–*:.«<»>…"))) and line[-1:] != "."


def _menu_parts(line: str) -> tuple[int, int]:
    """How many parts a line has, and how many of them stand in menus: "Start | Verein | Ziele"."""
    label, colon, rest = line.partition(":")
    labelled = bool(colon) and _is_menu_item(label)
    parts = _SEPARATOR.split(rest if labelled else line)
    parts = [_COUNT.sub("", part).strip() for part in parts if part.strip()]
    items = sum(map(_is_menu_item, parts))
    return len(parts), len(parts) if labelled and len(parts) > 1 else items


def _is_menu(line: str, least: int) -> bool:
    """Whether a line is one of a menu, or of a path through it, with so many known parts."""
    if len(line) > _TEASER_CHARACTERS // 2:
        return False
    path = _PATH.split(line.strip(" <>«»‹›"))
    if len(path) > _PATH_PARTS and _is_menu_item(path[0]):
        return True
    parts, items = _menu_parts(line)
    return parts > 1 and items >= max(least, _MENU_ITEMS * parts)


def _is_menu_item(part: str) -> bool:
    part = part.strip(" \t:.*-–»>…\"'")
    return part.casefold() in _menu_words() or bool(_lines().menu_phrases.fullmatch(part))


def _mark_repeats(blocks: list[Block], text: str) -> list[Block]:
    """A heading that stood there before is the page's title in its frame."""
    seen: set[str] = set()
    marked = []
    for block in blocks:
        line = text[block.start : block.end]
        again = block.kind is BlockKind.HEADING and line in seen
        seen.add(line)
        marked.append(_as(block, BlockKind.FURNITURE) if again else block)
    return marked


def _mark_menus(blocks: list[Block], text: str) -> list[Block]:
    marked = []
    at_top = True  # as long as nothing but the page's frame was there
    for position, block in enumerate(blocks):
        line = text[block.start : block.end]
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        alone = _is_menu_item(line) and (at_top or not _heads(block, following, text))
        out = alone or _is_sure(line) or _is_menu(line, 1) or _FIELD.fullmatch(line)
        out = out or _lines().addresses.fullmatch(line)
        at_top = at_top and bool(out)
        marked.append(_as(block, BlockKind.FURNITURE) if out else block)
    return marked


def _heads(block: Block, following: Block | None, text: str) -> bool:
    """Whether a word of a menu is a heading: what it is above is no further one, and is content."""
    if following is None or block.kind is not BlockKind.HEADING:
        return False
    line = text[following.start : following.end]
    return following.kind in _CONTENT and not _is_menu_item(line)


def _mark_below(blocks: list[Block], text: str) -> list[Block]:
    """Below "Related news" and its like comes what is other pages'; below "Links", no list is."""
    marked = []
    others = links = False
    for position, block in enumerate(blocks):
        line = text[block.start : block.end]
        own = block.kind is BlockKind.PROSE and not _is_short(block)
        others = (others and not own) or (position > 0 and _opens(_lines().others_below, line))
        ends = block.kind is BlockKind.PROSE or _LABEL.match(line)
        links = _opens(_lines().links_below, line) or (links and not ends)
        marked.append(_as(block, BlockKind.FURNITURE) if others or links else block)
    return marked


def _opens(headings: re.Pattern[str], line: str) -> bool:
    """Whether a line is such a heading, or has what stands below it behind its colon."""
    label, colon, rest = line.partition(":")
    behind = bool(colon) and (_SEPARATOR.search(rest) or "[" in rest)
    return bool(headings.fullmatch((label if behind else line).rstrip(" :…")))
