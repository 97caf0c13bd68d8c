"""Spreadsheets (.xlsx, .xls, .ods) and tables as text (.csv): each row is a place."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from index.documents import BlockKind, PlaceInFile
from index.readers import packed
from index.readers.decoding import decode
from index.readers.extract import Composer, Extract, Stated, UnreadableError

Cell = str | int | float | bool | date | datetime | time | timedelta | None
PlaceOfRow = Callable[[int], PlaceInFile]

_SAMPLE = 20_000  # characters that a table's separator is told from
_SEPARATORS = ";,\t|"
_ZIP = b"PK\x03\x04"


def read_sheets(content: bytes) -> Extract:
    """The visible sheets of a spreadsheet. Raises UnreadableError."""
    stated = Stated()
    if content.startswith(_ZIP):
        with packed.opened(content) as archive:
            packed.refuse_entities(archive)
            stated = packed.core_properties(archive)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise UnreadableError("it is locked by a password", "Save it without one.") from error
    except CalamineError as error:
        raise UnreadableError(f"it is damaged ({error})", "Save it anew.") from error
    page = Composer()
    for sheet in book.sheets_metadata:
        if sheet.visible is SheetVisibleEnum.Visible:
            _write_sheet(page, book, sheet.name, alone=len(book.sheet_names) == 1)
    return page.extract(stated)


def _write_sheet(page: Composer, book: CalamineWorkbook, name: str, *, alone: bool) -> None:
    try:
        sheet = book.get_sheet_by_name(name)
    except CalamineError:  # a diagram, which has no cells
        return
    if sheet.start is None:
        return
    rows = ([written(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True))
    page.at(PlaceInFile(sheet=name, row=sheet.start[0] + 1))
    if not alone:
        page.heading(name)
    write_rows(page, rows, lambda row: PlaceInFile(sheet=name, row=row), sheet.start[0] + 1)


def read_csv(content: bytes) -> Extract:
    """The rows of a table that is written as text. Raises UnreadableError."""
    try:
        text = decode(content)
    except ValueError as error:
        raise UnreadableError(str(error), "Save it as text in UTF-8.") from error
    page = Composer()
    rows = csv.reader(io.StringIO(text), delimiter=_separator(text))
    try:
        write_rows(page, rows, lambda row: PlaceInFile(row=row))
    except csv.Error as error:
        raise UnreadableError(f"it is no table ({error})", "Save it as .txt.") from error
    return page.extract()


def _separator(text: str) -> str:
    """What stands as often in each of the first lines, and most often."""
    lines = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:20]
    counts = {mark: [line.count(mark) for line in lines] for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: (min(counts[mark], default=0), sum(counts[mark])))


def write_rows(
    page: Composer, rows: Iterable[Sequence[str]], place: PlaceOfRow, first: int = 1
) -> None:
    """Writes the rows that hold something; `place` tells where each is, by its number.

    A cell that stands alone in its row, before any table, is a line of text: a title, say.
    """
    within = False
    for number, cells in enumerate(rows, first):
        page.at(place(number))
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) == 1 and not within:
            page.write(" ".join(filled[0].split()), BlockKind.HEADING)
        elif filled:
            page.row(_trimmed(cells))
        within = bool(filled) and (within or len(filled) > 1)


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """The cells without the empty ones behind the last."""
    filled = [position for position, cell in enumerate(cells) if cell.strip()]
    return cells[: filled[-1] + 1]


def written(cell: Cell) -> str:
    """A cell as one reads it: 12 and not 12.0, a day without midnight."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
