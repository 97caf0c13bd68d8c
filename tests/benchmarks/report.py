"""What a run has found, as it is printed, written and shown in docs/measured.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import plot
from tests.benchmarks.comparison import Asked, Measured
from tests.benchmarks.plot import Bar, Panel
from tests.benchmarks.table import Cell, Table

BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
"""Between these, a page holds the figures of the last run that was told to write them."""

PICTURE, PAGE = "bench.svg", "bench.md"
_TITLE = "Right paragraph found first, and time per question"


@dataclass(slots=True)
class Report:
    """The comparison, the other tables, and lines about what had to be left out."""

    comparison: Sequence[Measured] = ()
    tables: list[Table] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def figures(self) -> str:
        """All of it in Markdown, for a page in the folder of the picture."""
        parts = []
        if self.comparison:
            parts.append(f"![{described(self.comparison)}]({PICTURE})")
        for table in self.tables:
            parts += [f"### {table.title}", table.as_markdown()]
        return "\n\n".join(parts + self.left_out)

    def write(self, folder: Path) -> None:
        """A page of the figures, and the picture."""
        folder.mkdir(parents=True, exist_ok=True)
        page = f"# What `make bench` found\n\n## Figures\n\n{self.figures()}\n"
        (folder / PAGE).write_text(page, encoding="utf-8")
        self.draw(folder)

    def put_into(self, page: Path) -> None:
        """The figures into a page, in place of its former ones, and the picture beside it."""
        page.write_text(put(self.figures(), page.read_text(encoding="utf-8")), encoding="utf-8")
        self.draw(page.parent)

    def draw(self, folder: Path) -> None:
        """The picture, if systems were compared."""
        if self.comparison:
            (folder / PICTURE).write_text(picture(self.comparison), encoding="utf-8")


def compared(systems: Sequence[Measured], notes: Sequence[str] = ()) -> Table:
    """A row for each system; the columns of a set of questions beside those of the next."""
    sets = list(systems[0].sets)
    columns = ("hit@1", "hit@5", "MRR@10", "ms")
    head = ["system"]
    for title in sets:
        head += [f"{title}: {columns[0]}", *columns[1:]]
    rows = [
        [
            system.label,
            *(cell for asked in system.sets.values() for cell in _cells(asked, system.ranks)),
            f"{system.build:.1f}",
            f"{system.peak:.0f}",
        ]
        for system in systems
    ]
    return Table("Side by side", [*head, "index, s", "MB"], rows, notes)


def _cells(asked: Asked, ranks: bool) -> list[Cell]:
    cells: list[Cell] = [asked.hit(1), asked.hit(5), asked.reciprocal] if ranks else [None] * 3
    return [*cells, f"{asked.median:.1f} / {asked.p95:.1f}"]


def picture(systems: Sequence[Measured]) -> str:
    """Bars for what is found first in each set of questions, and for the time of the first set."""
    panels = [
        Panel(
            f"{title} questions",
            [_share(system.sets[title].hit(1)) if system.ranks else None for system in systems],
            full=1.0,
        )
        for title in systems[0].sets
    ]
    first = next(iter(systems[0].sets))
    times = [system.sets[first] for system in systems]
    panels.append(
        Panel("ms, median; line to p95", [Bar(t.median, f"{t.median:.1f}", t.p95) for t in times])
    )
    names = {system.label: system.ours for system in systems}
    return plot.svg(_TITLE, names, panels)


def described(systems: Sequence[Measured]) -> str:
    """The picture in words, for those who can't see it."""
    said = []
    for system in systems:
        time = f"{next(iter(system.sets.values())).median:.1f} ms"
        shares = [f"{title} {_share(asked.hit(1)).label}" for title, asked in system.sets.items()]
        said.append(f"{system.label}: {', '.join([*(shares if system.ranks else ()), time])}")
    return f"{_TITLE}. {'; '.join(said)}."


def put(block: str, page: str) -> str:
    """The page with the block between its marks. Raises ValueError where they are not there."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"There is no {BEGIN} followed by {END}.")
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def _share(value: float) -> Bar:
    return Bar(value, f"{100 * value:.1f} %")
