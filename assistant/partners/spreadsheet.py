"""Cells of a table for a spreadsheet, which must take none of them for a formula."""

import re
from collections.abc import Iterable, Sequence
from csv import writer
from io import StringIO
from typing import Any

_YES_NO = {True: "yes", False: "no", None: ""}
# What a spreadsheet takes for a formula, and would run: what readers write may be meant for that.
# Not at a cell's start alone, as one that goes by another separator sees a start after each.
_FORMULA = re.compile(r'(?:^|(?<=[,;\t\r\n]))(?=[\s\0"]*[=+\-@＝＋－＠])|^(?=[\t\r\n])')


def spreadsheet_cell(value: Any) -> str:
    """A value as a spreadsheet shows it, and never as a formula that it would run."""
    match value:
        case bool() | None:
            return _YES_NO[value]
        case tuple():
            return spreadsheet_cell(", ".join(value))
        case _:
            return _FORMULA.sub("'", str(value))


def spreadsheet(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV that Excel opens as it is: semicolons between cells, UTF-8 with its mark."""
    text = StringIO(newline="")
    table = writer(text, delimiter=";")
    table.writerow([spreadsheet_cell(name) for name in head])
    table.writerows([spreadsheet_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")
