"""What the lines of a text are: headings, prose, lists, tables, dates, or a page's furniture.

Told by their form and by what stands around them. What is no heading of something can be quoted.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.documents import Block, BlockKind, Document
from index.text import furniture
from index.text.dates import find_dates
from index.text.tables import Expressions, Table, read_table

_WRAPPED_FROM, _WRAPPED_TO = 25, 120  # characters of the longest line in a wrapped paragraph
_WIDE = 45  # of a line, from which on two lines may be a paragraph though the second has a capital
_SAME_WIDTH = 0.5  # of a text's lines, that are as long as they can be where it has narrow columns
_HEADING_CHARACTERS = 140
_SENTENCE_WORDS = 4
_HEADINGS = 6  # in a row, and they are no headings but a list
_LIST_LINES = 3
_LISTED = 3  # commas in a line that lists something
_DIGITS = 6  # of a line with a telephone number
_SENTENCE_END = (".", "!", "?", "…", ".“", ".”", '."', ".»", "?“", "!“", ".)", ";")
_NAME_END = re.compile(r"\b(?:e\. ?V|Co|Inc|Ltd|S\. ?A)\.$")
_LINE = re.compile(r"[^\n\f\v\x85\u2028\u2029]+")
_MARK = re.compile(r"(?:#{1,6}|[-*+•–▪·]|\d{1,2}[.)]|>)[ \t]+")
_BULLET = re.compile(r"(?:[-*+•–▪·][ \t]|\d{1,2}[.)][ \t])")
_NUMBERED = re.compile(r"\d{1,2}[.)]")
_TABLE_ROW = re.compile(r"\|.*\|.*\|")
_SMALL = re.compile(r"(?:[a-zäöüß]+[\s,.;:)]|[a-zäöüß]+$|\d)")
_LABEL = re.compile(r"(?P<label>[^\s:][^:\n]{0,40}?)\s?:\s+(?P<value>\S.*)")
_VALUE = re.compile(r"[\d@(]|\bwww\.|https?:")
_CONTENT = (BlockKind.PROSE, BlockKind.LIST, BlockKind.TABLE)
# What may stand before a day that is alone on its line: a place, a weekday, "den".
_BEFORE_DATE = re.compile(
    r"\W*(?:[A-ZÄÖÜÉ][\w.()/'’-]*,?\s(?:(?:im|am|an der|sur|en)\s)?){0,4}"
    r"(?:(?:den|le|am|im)\s?)?\W*"
    r"|\W*(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|lundi|mardi|mercredi|jeudi|vendredi)\W*",
)
_DATE_LABEL = re.compile(
    r"\W*(?:stand|datum|date|fassung vom|veröffentlicht(?: am)?|publi(?:shed|é)(?: on| le)?)\W*",
    re.IGNORECASE,
)


class _Words(Table):
    labels: Expressions


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds something, at [start, end) of the text without the blanks around it."""

    text: str
    start: int
    end: int
    indent: int

    @property
    def ends_sentence(self) -> bool:
        return self.text.endswith(_SENTENCE_END)


def blocks_of(document: Document) -> Sequence[Block]:
    """The blocks of a document, as its reader found them, or else as its text shows them."""
    return document.blocks or blocks(document.text)


def left_out(document: Document) -> list[Block]:
    """What of a document is neither quoted nor searched, though it says something."""
    return [
        block
        for block in blocks_of(document)
        if block.kind is BlockKind.FURNITURE
        and not _is_rule(document.text[block.start : block.end])
    ]


def blocks(text: str) -> list[Block]:
    """The blocks of a text without any markup, in order, furniture included."""
    chunks = list(_chunks(text))
    width = _column(chunks)
    separate = [block for chunk in chunks for block in _of_chunk(chunk, width)]
    return with_furniture(_over_pages(separate, text), text)


def with_furniture(found: Sequence[Block], text: str, marked: Collection[int] = ()) -> list[Block]:
    """Blocks with a page's frame marked, and headings that head nothing made quotable.

    `marked` tells where headings begin that are marked as such, and so are nothing else.
    """
    told = _told(_with_lists(furniture.marked(found, text), text), text, marked)
    if any(block.kind in _CONTENT for block in told):
        return told
    # A text with no sentence in it says what it says in its short lines.
    return [_as(b, BlockKind.PROSE) if b.kind is BlockKind.HEADING else b for b in told]


def _as(block: Block, kind: BlockKind) -> Block:
    return replace(block, kind=kind)


# Lines and paragraphs


def _chunks(text: str) -> Iterator[list[_Line]]:
    """Lines that follow each other without an empty one, or a page's end, between them."""
    chunk: list[_Line] = []
    last = 0
    for match in _LINE.finditer(text):
        line = match[0].strip()
        between = text[last : match.start()]
        if chunk and (not line or between.count("\n") > 1 or "\f" in between):
            yield chunk
            chunk = []
        if line:
            indent = len(match[0]) - len(match[0].lstrip())
            start = match.start() + indent
            chunk.append(_Line(line, start, start + len(line), indent))
        last = match.end()
    if chunk:
        yield chunk


def _column(chunks: Sequence[Sequence[_Line]]) -> int:
    """How wide a text's narrow columns are; 0 for a text that has none."""
    inner = [
        (len(a.text), len(a.text) + 1 + len(b.text.split()[0]))
        for chunk in chunks
        for a, b in pairwise(chunk)
    ]
    widest = max((own for own, _ in inner), default=0)
    full = sum(with_next > widest for _, with_next in inner)
    fits = _WRAPPED_FROM <= widest <= _WRAPPED_TO and full > _SAME_WIDTH * len(inner)
    return widest if fits and full >= _LIST_LINES else 0


def _of_chunk(chunk: Sequence[_Line], width: int) -> Iterator[Block]:
    for lines in _paragraphs(chunk, width):
        yield _block(lines)


def _paragraphs(chunk: Sequence[_Line], column: int) -> Iterator[list[_Line]]:
    """The lines of a chunk, those of a wrapped paragraph or list item together."""
    width = max((len(line.text) for line in chunk), default=0)
    width = column if width <= column else width
    held: list[_Line] = []
    for line in chunk:
        if held and not _goes_on(held[-1], line, held[0], width):
            yield from _checked(held, column)
            held = []
        held.append(line)
    if held:
        yield from _checked(held, column)


def _goes_on(line: _Line, following: _Line, first: _Line, width: int) -> bool:
    """Whether a line may have been broken only because the next word did not fit."""
    if _is_marked(following.text) or _TABLE_ROW.fullmatch(following.text):
        return False
    if _is_rule(line.text) or _is_rule(following.text):
        return False
    if _is_marked(first.text):
        return first.text[0] != "#" and (
            following.indent > first.indent or bool(_SMALL.match(following.text))
        )
    word = following.text.split(maxsplit=1)[0]
    return len(line.text) + 1 + len(word) > width <= _WRAPPED_TO


def _is_rule(line: str) -> bool:
    return not any(mark.isalnum() for mark in line)


def _is_marked(line: str) -> bool:
    return bool(_MARK.match(line)) and not _begins_with_date(line)


def _begins_with_date(line: str) -> bool:
    if not _NUMBERED.match(line):
        return False
    dates = find_dates(line[:40])
    return bool(dates) and dates[0].start == 0


def _checked(lines: list[_Line], column: int) -> Iterator[list[_Line]]:
    """The lines as one paragraph, or each by itself where they are none."""
    if _is_marked(lines[0].text) or len(lines) == 1 or _is_wrapped(lines, column):
        yield lines
    else:
        yield from ([line] for line in lines)


def _is_wrapped(lines: Sequence[_Line], column: int) -> bool:
    """Whether lines that are as long as they can be are running text."""
    *full, last = lines
    if max(len(line.text) for line in full) < _WRAPPED_FROM:
        return False
    small = sum(bool(_SMALL.match(line.text)) for line in lines[1:])
    if any(_LABEL.fullmatch(line.text) for line in lines[1:]) and not small:
        return False
    ends = last.ends_sentence and not _NAME_END.search(last.text)
    wide = all(len(line.text) >= _WIDE for line in full)
    if len(lines) == 2 and not column:
        return ends and (wide or bool(small))
    return ends or 2 * small >= len(full)


# What a line is


def _block(lines: Sequence[_Line]) -> Block:
    first, last = lines[0], lines[-1]
    if _TABLE_ROW.fullmatch(first.text):
        return Block(BlockKind.TABLE, first.start, last.end)
    if _is_rule(first.text):
        return Block(BlockKind.FURNITURE, first.start, last.end)
    mark = _MARK.match(first.text) if _is_marked(first.text) else None
    start = first.start + (mark.end() if mark else 0)
    line = " ".join(part.text for part in lines)
    return Block(_kind(line, line[mark.end() :] if mark else line), start, last.end)


def _kind(whole: str, line: str) -> BlockKind:
    if whole.startswith("#"):
        return BlockKind.HEADING
    if line is not whole and _BULLET.match(whole):
        return BlockKind.LIST
    if is_date(line):
        return BlockKind.DATE
    if len(line) > _HEADING_CHARACTERS or is_sentence(line):
        return BlockKind.PROSE
    return BlockKind.HEADING


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, and is none of a name's or a question's few words."""
    if not line.endswith(_SENTENCE_END) or _NAME_END.search(line):
        return False
    return len(line.split()) >= _SENTENCE_WORDS - line.endswith((".", "!"))


def is_date(line: str) -> bool:
    """Whether a line has but a date, beside the place and the like."""
    if len(line) > 80 or len(dates := find_dates(line)) != 1:
        return False
    before, after = line[: dates[0].start], line[dates[0].end :].strip(" .)(,–-")
    if after or not before.strip(" ("):
        return not after
    is_place = dates[0].day and _BEFORE_DATE.fullmatch(before)
    return bool(is_place or _DATE_LABEL.fullmatch(before))


def has_contact(line: str) -> bool:
    """Whether a line has an address or as many digits as a telephone number or a date."""
    return "@" in line or "http" in line or sum(mark.isdigit() for mark in line) >= _DIGITS


def has_value(line: str) -> bool:
    """Whether a short line says something: a contact, names in a row, a value behind its label."""
    if has_contact(line) or line.endswith(",") or line.count(",") >= _LISTED:
        return True
    label = _LABEL.fullmatch(line)
    return bool(label and (_VALUE.search(label["value"]) or is_labelled(line)))


def is_labelled(line: str) -> bool:
    """Whether a line begins with what forms and minutes have before a colon."""
    label = _LABEL.fullmatch(line)
    return bool(label and _words().labels.fullmatch(label["label"]))


# What stands around it


def _over_pages(blocks: Sequence[Block], text: str) -> list[Block]:
    """A sentence that goes on behind a page's foot is one, with the foot in it."""
    joined: list[Block] = []
    own = -1  # where the last block stands that is no foot
    for block in furniture.pages(blocks, text):
        is_foot = block.kind is BlockKind.FURNITURE
        if not is_foot and own >= 0 and _is_rest(joined[own], block, text, own < len(joined) - 1):
            joined[own:] = [Block(BlockKind.PROSE, joined[own].start, block.end)]
            continue
        own = own if is_foot else len(joined)
        joined.append(block)
    return joined


def _is_rest(before: Block, block: Block, text: str, has_foot: bool) -> bool:
    """Whether a block goes on with the sentence that a page's end has cut."""
    if not has_foot and "\f" not in text[before.end : block.start]:
        return False
    line, following = text[before.start : before.end], text[block.start : block.end]
    return (
        before.kind in (BlockKind.PROSE, BlockKind.HEADING)
        and len(line) >= _WRAPPED_FROM
        and not line.endswith((*_SENTENCE_END, ":"))
        and bool(_SMALL.match(following))
        and text[block.start - 1 : block.start] in "\n\f"
    )


def _with_lists(blocks: Sequence[Block], text: str) -> list[Block]:
    """Short lines that follow each other directly are a list with no bullets.

    Three of them are, and two where one has a value. One that ends with a colon is its heading.
    """
    marked = list(blocks)
    for run in _runs(blocks, text):
        lines = [text[blocks[n].start : blocks[n].end] for n in run]
        first = 1 if lines[0].endswith(":") else 0
        rest = lines[first:]
        if len(rest) >= _LIST_LINES or (len(rest) > 1 and any(map(has_value, rest))):
            for position in run[first:]:
                marked[position] = _as(blocks[position], BlockKind.LIST)
    return marked


def _runs(blocks: Sequence[Block], text: str) -> Iterator[list[int]]:
    """Positions of headings with nothing but one line break between them."""
    run: list[int] = []
    for position, block in enumerate(blocks):
        adjoins = run and text.count("\n", blocks[run[-1]].end, block.start) <= 1
        is_heading = block.kind is BlockKind.HEADING and not _has_sign(block, text)
        if is_heading and (adjoins or not run):
            run.append(position)
            continue
        if run:
            yield run
        run = [position] if is_heading else []
    if run:
        yield run


def _has_sign(heading: Block, text: str) -> bool:
    return "#" in text[max(0, heading.start - 7) : heading.start]


def _told(blocks: Sequence[Block], text: str, marked: Collection[int]) -> list[Block]:
    """Headings and dates that head nothing, and those that say something, are to be quoted."""
    told = list(blocks)
    first = next((n for n, b in enumerate(blocks) if b.kind is not BlockKind.FURNITURE), 0)
    for run, heads in _headings(blocks):
        for position in run:
            block, is_sure = blocks[position], _is_sure(blocks[position], text, marked)
            line = text[block.start : block.end]
            tells = has_contact if position == first else has_value
            says = tells(line) or is_labelled(line) or len(run) >= _HEADINGS
            if not heads or (says and not is_sure):
                told[position] = _as(block, BlockKind.PROSE)
    return told


def _is_sure(heading: Block, text: str, marked: Collection[int]) -> bool:
    """Whether it is marked as a heading, or a date."""
    is_date = heading.kind is BlockKind.DATE
    return heading.start in marked or _has_sign(heading, text) or is_date


def _headings(blocks: Sequence[Block]) -> Iterator[tuple[list[int], bool]]:
    """Positions of headings and dates that follow each other, and whether content follows them.

    Furniture between them counts as nothing.
    """
    run: list[int] = []
    for position, block in enumerate(blocks):
        if block.kind in (BlockKind.HEADING, BlockKind.DATE):
            run.append(position)
        elif block.kind is not BlockKind.FURNITURE and run:
            yield run, True
            run = []
    if run:
        yield run, False
