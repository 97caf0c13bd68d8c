"""What stands on a printed page: pieces of lines with their corners, and the rules between them.

Of PDFium's characters only the first and the last of each word are asked where they stand: that is
what makes reading a page a matter of milliseconds.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

HYPHEN = "\u00ad"
"""At the end of a piece: a hyphen that its line's end may have made."""

_GAP = 0.9  # of the size of letters, from which on two words are two pieces
_LINE = re.compile(r"[^\r\n\x02\ufffe]+")
_BROKEN = "\x02\ufffe"  # what PDFium has in place of a hyphen at a line's end
_WORD = re.compile(r"\S+")
_BOLD_FROM = 600
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_MOST_PATHS = 3_000  # of a page: a map has more, and no tables
_THIN = 2.5  # points, of a rule
_LONG = 12.0  # points, of a rule


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def turned(self, quarters: int) -> "Box":
        """Where it is once text that PDFium says is turned so many quarters is upright."""
        match quarters:
            case 3:
                return Box(self.bottom, -self.right, self.top, -self.left)
            case 2:
                return Box(-self.right, -self.top, -self.left, -self.bottom)
            case 1:
                return Box(-self.top, self.left, -self.bottom, self.right)
            case _:
                return self


def around(boxes: Sequence[Box]) -> Box:
    """The smallest rectangle that holds all of them."""
    left, bottom, right, top = boxes[0].left, boxes[0].bottom, boxes[0].right, boxes[0].top
    for box in boxes:  # written out, as it is done for every word
        left = box.left if box.left < left else left
        bottom = box.bottom if box.bottom < bottom else bottom
        right = box.right if box.right > right else right
        top = box.top if box.top > top else top
    return Box(left, bottom, right, top)


@dataclass(frozen=True, slots=True)
class PrintedPiece:
    """Words of one line with no wide gap between them; `size` is that of its letters, in points."""

    text: str
    box: Box
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page's pieces as they follow each other in the file, and its rules."""

    box: Box
    pieces: tuple[PrintedPiece, ...]
    across: tuple[Box, ...]
    down: tuple[Box, ...]


@dataclass(frozen=True)
class _Characters:
    """The characters of a page."""

    page: pdfium.PdfTextPage

    @cached_property
    def _found(self) -> Any:
        return raw.FS_RECTF()

    @cached_property
    def text(self) -> str:
        """One character for each of PDFium's."""
        count = self.page.count_chars()
        text = self.page.get_text_range() if count else ""
        if len(text) == count:
            return text
        codes = (raw.FPDFText_GetUnicode(self.page, index) for index in range(count))
        return "".join(chr(code) if code < 0x110000 else " " for code in codes)

    def box(self, index: int) -> Box | None:
        """Where a character stands, with the height that its font's letters have."""
        rectangle = self._found
        if not raw.FPDFText_GetLooseCharBox(self.page, index, rectangle):
            return None
        return Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)

    def word(self, word: re.Match[str]) -> Box | None:
        """Where a word stands, by its first and its last character."""
        first, last = self.box(word.start()), self.box(word.end() - 1)
        if first is None or last is None or first == last:
            return first
        return around([first, last])

    def quarters(self, index: int) -> int:
        """By how many quarter turns a character is turned; -1 for one that stands obliquely."""
        turns = raw.FPDFText_GetCharAngle(self.page, index) / (math.pi / 2)
        return round(turns) % 4 if abs(turns - round(turns)) < 0.1 else -1

    def is_bold(self, index: int) -> bool:
        """Whether a character's font is a bold one."""
        if raw.FPDFText_GetFontWeight(self.page, index) >= _BOLD_FROM:
            return True
        name = ctypes.create_string_buffer(80)
        flags = ctypes.c_int()
        raw.FPDFText_GetFontInfo(self.page, index, name, len(name), flags)
        return bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))


def printed(page: pdfium.PdfPage) -> PrintedPage:
    """What stands on a page. Text that is turned otherwise than most of it is left out."""
    textpage = page.get_textpage()
    rules = list(_rules(page))
    uprights = [box for box in rules if box.width <= _THIN < box.height]
    try:
        with_turns = list(_pieces(_Characters(textpage), uprights))
    finally:
        textpage.close()
    turned = Counter[int]()
    for quarters, piece in with_turns:
        turned[quarters] += len(piece.text)
    most = max(turned, key=lambda turn: turned[turn], default=0)
    quarters = max(0, most)
    pieces = [replace(p, box=p.box.turned(quarters)) for turn, p in with_turns if turn == most]
    rules = [box.turned(quarters) for box in rules]
    return PrintedPage(
        Box(*page.get_bbox()).turned(quarters),
        tuple(pieces),
        tuple(box for box in rules if box.height <= _THIN),
        tuple(box for box in rules if box.width <= _THIN < box.height),
    )


def _pieces(characters: _Characters, uprights: Sequence[Box]) -> Iterator[tuple[int, PrintedPiece]]:
    """Pieces with the quarter turns that they are turned by."""
    text = characters.text
    for line in _LINE.finditer(text):
        words = list(_WORD.finditer(text, *line.span()))
        if not words:
            continue
        quarters = characters.quarters(words[0].start())
        size = _size(characters, words[0].start())
        broken = text[line.end() : line.end() + 1] in tuple(_BROKEN)
        for run in _runs(characters, words, quarters, size, uprights):
            said = text[run[0][0].start() : run[-1][0].end()]
            ends = broken and run[-1][0] is words[-1]
            middle = run[len(run) // 2][0].start()
            box = around([box for _, box in run])
            yield (
                quarters,
                PrintedPiece(
                    " ".join(said.split()) + (HYPHEN if ends else ""),
                    box,
                    round(size, 1),
                    characters.is_bold(middle),
                ),
            )


def _size(characters: _Characters, index: int) -> float:
    """The height of a character's line, which its font's size need not tell."""
    box = characters.box(index)
    size: float = raw.FPDFText_GetFontSize(characters.page, index)
    if box is None:
        return max(size, 1.0)
    across, high = sorted((box.width, box.height))
    return size if 0.5 * high <= size <= 2 * high else max(high, across, 1.0) * 0.85


_Placed = tuple[re.Match[str], Box]


def _runs(
    characters: _Characters,
    words: Sequence[re.Match[str]],
    quarters: int,
    size: float,
    uprights: Sequence[Box],
) -> Iterator[list[_Placed]]:
    """The words of a line up to the next wide gap, or to where the line jumps."""
    run: list[_Placed] = []
    turn = max(0, quarters)
    for word in words:
        box = characters.word(word)
        if box is None:
            continue
        if run and _is_apart(run[-1][1].turned(turn), box.turned(turn), size, uprights):
            yield run
            run = []
        run.append((word, box))
    if run:
        yield run


def _is_apart(before: Box, box: Box, size: float, uprights: Sequence[Box]) -> bool:
    """Whether a word stands far from the one before it, or a rule stands between the two."""
    gap = box.left - before.right
    if gap > _GAP * size or gap < -2 * size or abs(box.middle - before.middle) > 0.7 * size:
        return True
    return any(
        before.right - 1 <= upright.left <= box.left + 1
        and upright.bottom < box.middle < upright.top
        for upright in uprights
    )


def _rules(page: pdfium.PdfPage) -> Iterator[Box]:
    """Thin lines, and the edges of boxes, as pages draw them around the cells of tables."""
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    for path in islice(paths, _MOST_PATHS):
        box = Box(*path.get_bounds())
        if max(box.width, box.height) < _LONG:
            continue
        if min(box.width, box.height) <= _THIN:
            yield box
        else:
            yield Box(box.left, box.top, box.right, box.top)
            yield Box(box.left, box.bottom, box.right, box.bottom)
            yield Box(box.left, box.bottom, box.left, box.top)
            yield Box(box.right, box.bottom, box.right, box.top)
