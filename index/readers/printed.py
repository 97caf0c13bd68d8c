"""What stands on a printed page: pieces of lines with their corners, and the rules between them.

Of PDFium's characters only the first and the last of each word are asked where they stand: that is
what makes reading a page a matter of milliseconds.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

HYPHEN = "\u00ad"
"""At the end of a piece: a hyphen that its line's end may have made."""

_GAP = 0.9  # of the size of letters, from which on two words are two pieces
_LINE = re.compile(r"[^\r\n\x02\ufffe]+")
_BROKEN = "\x02\ufffe"  # what PDFium has in place of a hyphen at a line's end
_WORD = re.compile(r"\S+")
_BOLD_FROM = 600
_loose_box = raw.FPDFText_GetLooseCharBox  # asked for twice a word
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_MOST_PATHS = 3_000  # of a page: a map has more, and no tables
_THIN = 2.5  # points, of a rule
_LONG = 12.0  # points, of a rule


class Box(NamedTuple):
    """A rectangle in points, from the lower left corner of the page.

    A tuple, which is made in a quarter of the time: there are several for each word.
    """

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
        if not quarters:
            return self
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
    if len(boxes) == 1:
        return boxes[0]
    left, bottom, right, top = boxes[0]
    for one, below, other, above in boxes:  # written out, as it is done for every word
        if one < left:
            left = one
        if below < bottom:
            bottom = below
        if other > right:
            right = other
        if above > top:
            top = above
    return Box(left, bottom, right, top)


class PrintedPiece(NamedTuple):
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
    def _handle(self) -> Any:
        return self.page.raw

    @cached_property
    def _rectangle(self) -> Any:
        return raw.FS_RECTF()

    @cached_property
    def _name(self) -> Any:
        return ctypes.create_string_buffer(80)

    @cached_property
    def _flags(self) -> Any:
        return ctypes.c_int()

    @cached_property
    def _by_reference(self) -> Any:
        return ctypes.byref(self._rectangle)

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
        rectangle = self._rectangle
        if not _loose_box(self._handle, index, self._by_reference):
            return None
        return Box(*_sides(rectangle))

    def word(self, word: re.Match[str]) -> Box | None:
        """Where a word stands, by its first and its last character."""
        start, end = word.span()
        rectangle = self._rectangle
        if not _loose_box(self._handle, start, self._by_reference):
            return None
        left, bottom, right, top = _sides(rectangle)
        if end - start > 1 and _loose_box(self._handle, end - 1, self._by_reference):
            one, below, other, above = _sides(rectangle)
            left, bottom = min(left, one), min(bottom, below)
            right, top = max(right, other), max(top, above)
        return Box(left, bottom, right, top)

    def quarters(self, index: int) -> int:
        """By how many quarter turns a character is turned; -1 for one that stands obliquely."""
        turns = raw.FPDFText_GetCharAngle(self.page, index) / (math.pi / 2)
        return round(turns) % 4 if abs(turns - round(turns)) < 0.1 else -1

    def is_bold(self, index: int) -> bool:
        """Whether a character's font is a bold one."""
        if raw.FPDFText_GetFontWeight(self._handle, index) >= _BOLD_FROM:
            return True
        name = self._name
        name.value = b""
        raw.FPDFText_GetFontInfo(self._handle, index, name, len(name), self._flags)
        return bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))


def _sides(rectangle: Any) -> tuple[float, float, float, float]:
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top


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
    pieces = [p._replace(box=p.box.turned(quarters)) for turn, p in with_turns if turn == most]
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
    before: Box | None = None
    turn = max(0, quarters)
    for word in words:
        box = characters.word(word)
        if box is None:
            continue
        upright = box.turned(turn)
        if before and _is_apart(before, upright, size, uprights):
            yield run
            run = []
        run.append((word, box))
        before = upright
    if run:
        yield run


def _is_apart(before: Box, box: Box, size: float, uprights: Sequence[Box]) -> bool:
    """Whether a word stands far from the one before it, or a rule stands between the two."""
    gap = box.left - before.right
    if gap > _GAP * size or gap < -2 * size or abs(box.middle - before.middle) > 0.7 * size:
        return True
    return bool(uprights) and any(
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
