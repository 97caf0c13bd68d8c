"""Where in a file something stands, as one says it: "S. 3", "sheet Partners, row 7"."""

from functools import cache
from pathlib import Path

from index.documents import PlaceInFile
from index.text.tables import ByLanguage, Table, read_table


class _Words(Table):
    page: str
    slide: str
    sheet: str
    row: str
    attachment: str


@cache
def _words() -> ByLanguage[_Words]:
    return read_table(Path(__file__).with_suffix(".yaml"), ByLanguage[_Words])


def location(place: PlaceInFile, language: str) -> str:
    """A place in words, its largest part first; `language` is that of the reader: de, en or fr."""
    words, known = _words()[language], place.as_json()
    parts = ("attachment", "sheet", "page", "slide", "row")
    return ", ".join(getattr(words, part).format(known[part]) for part in parts if part in known)
