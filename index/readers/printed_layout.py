"""The pieces of a printed page in the order in which they are read: lines, and rows of tables.

Columns are told by a gutter that few lines cross and that has lines of running text on both sides;
tables by the rules between their rows, or by pieces that begin below each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from index.readers.printed import HYPHEN, Box, PrintedPage, PrintedPiece, around

_COLUMN_LINES = 4  # on either side of a gutter, at least
_GUTTER = 0.6  # of the size of letters, at least
_FULL = 0.6  # of a column's width, that lines of running text have
_TEXT_LINES, _TEXT_WORDS = 0.4, 3  # of a column's lines that are full, and words in most of them
_CROSSING = 0.5  # of the lines of the emptier side, that may cross a gutter
_SAME = 3.0  # points that two rules may differ by
_ROWS = 3  # of a table without rules
_BULLET_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text. `column` is the box that the lines of its column have in all."""

    text: str
    box: Box
    size: float
    bold: bool
    column: Box


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of a table, whose rows have the same `table` number on their page."""

    cells: tuple[str, ...]
    table: int


Element = PrintedLine | PrintedRow


def in_order(page: PrintedPage, pieces: Sequence[PrintedPiece]) -> list[Element]:
    """The pieces of a page that are its text, as they are read."""
    return _Order(page).of(pieces)


class _Order:
    """The order of one page; tables are numbered as they are met."""

    def __init__(self, page: PrintedPage) -> None:
        self._page = page
        self._tables = 0
        self._numbers = {piece: number for number, piece in enumerate(page.pieces)}

    def of(self, pieces: Sequence[PrintedPiece]) -> list[Element]:
        """Columns one after the other, in each band between pieces that cross the gutter."""
        elements: list[Element] = []
        rest = list(pieces)
        for grid in sorted(_grids(self._page), key=lambda grid: -grid.box.top):
            inside = [piece for piece in rest if grid.holds(piece)]
            rows = grid.rows(inside)
            if len(rows) < 2 or sum(sum(map(bool, row)) > 1 for row in rows) < 2:
                continue
            above = [piece for piece in rest if piece.box.middle > grid.box.top]
            beside = [p for p in rest if p not in above and not grid.holds(p)]
            if any(grid.box.bottom < piece.box.middle for piece in beside):
                continue  # text beside it: its column decides
            elements += self._regions(above)
            elements += self._numbered(rows)
            rest = beside
        return elements + self._regions(rest)

    def _numbered(self, rows: Sequence[Sequence[str]]) -> list[Element]:
        self._tables += 1
        return [PrintedRow(tuple(row), self._tables) for row in rows if any(row)]

    def _regions(self, pieces: Sequence[PrintedPiece]) -> list[Element]:
        gutter = _gutter(pieces)
        if gutter is None:
            return self._column(pieces)
        elements: list[Element] = []
        for crosses, band in groupby(
            sorted(pieces, key=lambda piece: -piece.box.top),
            key=lambda piece: _crosses(piece, gutter),
        ):
            part = list(band)
            if crosses:
                elements += self._column(part)
                continue
            right = [piece for piece in part if piece.box.left >= gutter]
            behind = self._behind(part, right)
            left = [piece for piece in part if piece not in right and piece not in behind]
            elements += self._regions(left) + self._regions(right) + self._regions(behind)
        return elements

    def _behind(
        self, pieces: Sequence[PrintedPiece], right: Sequence[PrintedPiece]
    ) -> list[PrintedPiece]:
        """What stands below the columns, and in the file behind the right one: it goes on there."""
        if not right:
            return []
        lowest = min(piece.box.bottom for piece in right)
        last = max(self._numbers[piece] for piece in right)
        return [p for p in pieces if p.box.top < lowest and self._numbers[p] > last]

    def _column(self, pieces: Sequence[PrintedPiece]) -> list[Element]:
        if not pieces:
            return []
        column = around([piece.box for piece in pieces])
        elements: list[Element] = []
        for rows, lines in _tables(_lines(pieces)):
            elements += self._numbered(rows) if rows else [_line(line, column) for line in lines]
        return elements


def _line(pieces: Sequence[PrintedPiece], column: Box) -> PrintedLine:
    widest = max(pieces, key=lambda piece: len(piece.text))
    bold = all(piece.bold for piece in pieces if any(map(str.isalnum, piece.text)))
    box = around([piece.box for piece in pieces])
    return PrintedLine(_joined(pieces), box, widest.size, bold, column)


def _joined(pieces: Sequence[PrintedPiece]) -> str:
    return " ".join(piece.text for piece in pieces)


def _lines(pieces: Sequence[PrintedPiece]) -> list[list[PrintedPiece]]:
    """Pieces side by side are one line; lines from the top, pieces from the left."""
    lines: list[list[PrintedPiece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box.middle):
        if lines and _is_beside(lines[-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.box.left) for line in lines]


def _is_beside(line: Sequence[PrintedPiece], piece: PrintedPiece) -> bool:
    """Whether a piece stands in the line, a raised or lowered one too, and over none of it."""
    box = around([other.box for other in line])
    over = min(box.top, piece.box.top) - max(box.bottom, piece.box.bottom)
    if over < 0.5 * min(box.height, piece.box.height):
        return False
    return all(
        min(other.box.right, piece.box.right) - max(other.box.left, piece.box.left)
        < 0.5 * piece.size
        for other in line
    )


# Columns


def _gutter(pieces: Sequence[PrintedPiece]) -> float | None:
    """Where a column ends, if the pieces stand in columns: the gutter with the fewest crossings."""
    if len(pieces) < 2 * _COLUMN_LINES:
        return None
    whole = around([piece.box for piece in pieces])
    begun = Counter(round(piece.box.left) for piece in pieces)
    starts = [start for start, times in begun.items() if times >= _COLUMN_LINES]
    gutters = [
        (crossing, start)
        for start in starts
        if whole.left + 0.2 * whole.width < start < whole.left + 0.85 * whole.width
        if (crossing := _crossings(pieces, start - 1.5)) is not None
    ]
    return min(gutters)[1] - 1.5 if gutters else None


def _crosses(piece: PrintedPiece, gutter: float) -> bool:
    return piece.box.left < gutter < piece.box.right


def _crossings(pieces: Sequence[PrintedPiece], gutter: float) -> int | None:
    """How many pieces cross a gutter; None where it is none."""
    left = [p for p in pieces if p.box.right <= gutter]
    right = [p for p in pieces if p.box.left >= gutter]
    fewer = min(len(left), len(right))
    crossing = len(pieces) - len(left) - len(right)
    if fewer < _COLUMN_LINES or crossing > _CROSSING * fewer:
        return None
    edge = max(p.box.right for p in left)
    size = median(p.size for p in pieces)
    if gutter - edge < _GUTTER * size and crossing:
        left = [p for p in left if gutter - p.box.right >= _GUTTER * size]
        return None if len(left) < _COLUMN_LINES else crossing
    is_text = gutter - edge >= _GUTTER * size and _is_text(left) and _is_text(right)
    return crossing if is_text and _stand_side_by_side(left, right) else None


def _is_text(pieces: Sequence[PrintedPiece]) -> bool:
    """Whether pieces fill their column as running text does: cells are short."""
    width = around([piece.box for piece in pieces]).width
    lines = _lines(pieces)
    full = sum(around([piece.box for piece in line]).width >= _FULL * width for line in lines)
    words = median(len(_joined(line).split()) for line in lines)
    return full >= _TEXT_LINES * len(lines) and words >= _TEXT_WORDS


def _stand_side_by_side(left: Sequence[PrintedPiece], right: Sequence[PrintedPiece]) -> bool:
    one, other = around([p.box for p in left]), around([p.box for p in right])
    over = min(one.top, other.top) - max(one.bottom, other.bottom)
    return over > 0.3 * min(one.height, other.height)


# Tables without rules


def _tables(
    lines: Sequence[list[PrintedPiece]],
) -> Iterator[tuple[list[list[str]], Sequence[list[PrintedPiece]]]]:
    """Runs of lines, each with the rows that it makes if it is a table, and none otherwise."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _may_be_row(lines, start, end):
            end += 1
        rows = _rows(lines[start:end]) if end - start >= _ROWS else []
        if not rows:
            end = max(end, start + 1)
        yield rows, lines[start:end]
        start = end


def _may_be_row(lines: Sequence[list[PrintedPiece]], start: int, position: int) -> bool:
    """Whether a line has several pieces, below those of the line before it."""
    line = lines[position]
    if len(line) < 2 or (len(line[0].text) <= _BULLET_CHARACTERS and not line[0].text.isalnum()):
        return False
    if position == start:
        return True
    above = lines[position - 1]
    starts = [piece.box.left for piece in lines[start]] + [piece.box.left for piece in above]
    ends = [piece.box.right for piece in above]
    aligned = sum(
        any(abs(piece.box.left - edge) < piece.size for edge in starts)
        or any(abs(piece.box.right - edge) < piece.size for edge in ends)
        for piece in line
    )
    gap = above[0].box.bottom - line[0].box.top
    return aligned >= min(2, len(line)) and gap < 3 * line[0].size


def _rows(lines: Sequence[Sequence[PrintedPiece]]) -> list[list[str]]:
    """The cells of lines that are rows; none where they have no columns."""
    columns = _columns([piece for line in lines for piece in line])
    return [_cells(line, columns) for line in lines] if len(columns) > 1 else []


def _columns(pieces: Sequence[PrintedPiece]) -> list[float]:
    """Where columns begin: behind each strip that nothing stands in."""
    reach, starts = float("-inf"), []
    for piece in sorted(pieces, key=lambda piece: piece.box.left):
        if piece.box.left > reach + 0.3 * piece.size:
            starts.append(piece.box.left)
        reach = max(reach, piece.box.right)
    return starts


def _cells(pieces: Sequence[PrintedPiece], columns: Sequence[float]) -> list[str]:
    """What stands in each column, from the top to the bottom of the row."""
    cells: list[list[PrintedPiece]] = [[] for _ in columns]
    for piece in pieces:
        within = sum(piece.box.left >= start - 2 for start in columns) - 1
        cells[max(0, within)].append(piece)
    return [_cell(cell) for cell in cells]


def _cell(pieces: Sequence[PrintedPiece]) -> str:
    told = " ".join(_joined(line) for line in _lines(pieces))
    return told.replace(f"{HYPHEN} ", "").replace(HYPHEN, "-")


# Tables with rules


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table's rules: the heights of those across, from the top, and where those down stand."""

    box: Box
    heights: tuple[float, ...]
    down: tuple[float, ...]

    def holds(self, piece: PrintedPiece) -> bool:
        box = piece.box
        middle = (box.left + box.right) / 2
        return (
            self.box.bottom - 1 < box.middle < self.box.top + 1
            and self.box.left - _SAME < middle < self.box.right + _SAME
        )

    def rows(self, pieces: Sequence[PrintedPiece]) -> list[list[str]]:
        """The cells of each row."""
        columns = list(self.down[:-1]) if len(self.down) > 2 else _columns(pieces)
        bands = [
            [piece for piece in pieces if low < piece.box.middle <= high]
            for high, low in pairwise(self.heights)
        ]
        if len(columns) < 2:
            return []
        return [row for band in bands if any(row := _cells(band, columns))]


def _grids(page: PrintedPage) -> Iterator[_Grid]:
    """Rules across the page, at least three, that begin and end below each other."""
    across = _merged([(box.middle, box.left, box.right) for box in page.across])
    across = [rule for rule in across if rule[2] - rule[1] > 30]
    same = sorted(
        across, key=lambda rule: (round(rule[1] / _SAME), round(rule[2] / _SAME), -rule[0])
    )
    for _, group in groupby(
        same, key=lambda rule: (round(rule[1] / _SAME), round(rule[2] / _SAME))
    ):
        rules = list(group)
        heights = tuple(height for height, _, _ in rules)
        if len(heights) < _ROWS:
            continue
        box = Box(rules[0][1], heights[-1], rules[0][2], heights[0])
        yield _Grid(box, heights, _down(page, box))


def _down(page: PrintedPage, box: Box) -> tuple[float, ...]:
    """Where rules down a table stand, those that have half of its height and more."""
    uprights = [
        ((upright.left + upright.right) / 2, upright.bottom, upright.top)
        for upright in page.down
        if upright.bottom < box.top and upright.top > box.bottom
        if box.left - _SAME <= upright.left and upright.right <= box.right + _SAME
    ]
    long = [rule for rule in _merged(uprights) if rule[2] - rule[1] >= 0.5 * box.height]
    return tuple(sorted(position for position, _, _ in long))


_Rule = tuple[float, float, float]


def _merged(rules: Sequence[_Rule]) -> list[_Rule]:
    """Rules (position, from, to) in one line that touch each other as one."""
    merged: list[_Rule] = []
    by_position = sorted(rules)
    lines: list[list[_Rule]] = []
    for rule in by_position:
        if lines and rule[0] - lines[-1][0][0] <= 1.5:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        position = line[0][0]
        start, end = None, 0.0
        for _, first, last in sorted(line, key=lambda rule: rule[1]):
            if start is None:
                start, end = first, last
            elif first <= end + _SAME:
                end = max(end, last)
            else:
                merged.append((position, start, end))
                start, end = first, last
        if start is not None:
            merged.append((position, start, end))
    return merged
