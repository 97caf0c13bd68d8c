"""Figures as a table: for the terminal, and in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head, the first column the rows' names; `notes` say what the figures are."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()

    def as_text(self) -> str:
        """Columns of equal width."""
        cells = [list(self.head), *self._shown()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(_padded(row, widths)).rstrip() for row in cells]
        return "\n".join([self.title, *(f"  {line}" for line in [*lines, *self.notes])])

    def as_markdown(self) -> str:
        """A table without its title, numbers to the right, and the notes below."""
        align = ["---", *["---:"] * (len(self.head) - 1)]
        lines = [f"| {' | '.join(row)} |" for row in [self.head, *self._shown()]]
        lines.insert(1, f"|{'|'.join(align)}|")
        return "\n".join(lines) + "".join(f"\n\n{note}" for note in self.notes)

    def _shown(self) -> list[list[str]]:
        return [[shown(cell) for cell in row] for row in self.rows]


def shown(cell: Cell) -> str:
    """A fraction with three digits after the point; a dash for what is not there."""
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
