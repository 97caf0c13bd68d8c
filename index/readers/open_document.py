"""LibreOffice's texts and presentations (.odt, .odp), as their XML has them."""

from collections.abc import Iterator
from datetime import date

from lxml import etree

from index.documents import PlaceInFile
from index.readers import packed
from index.readers.extract import Composer, Extract, Stated, UnreadableError
from index.text.dates import date_in_field

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LEFT_OUT = (
    f"{_TEXT}tracked-changes",
    f"{_TEXT}table-of-content",
    f"{_OFFICE}annotation",
    f"{_PRESENTATION}date-time",
    f"{_PRESENTATION}footer",
)
_BLANKS = (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break")
_TITLES = ("title", "subtitle")
_DEEPEST = 100


def read_open_document(content: bytes) -> Extract:
    """The text of a document or a presentation. Raises UnreadableError."""
    with packed.opened(content) as archive:
        manifest = packed.part(archive, "META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise UnreadableError("it is locked by a password", "Save it without one.")
        written = packed.part(archive, "content.xml")
        about = packed.part(archive, "meta.xml")
    if not written:
        raise UnreadableError("there is no document in it", "Save it anew.")
    body = packed.xml(written).find(f"{_OFFICE}body")
    page = Composer()
    if body is not None:
        _Writer(page).write(body, 0)
    return page.extract(_stated(about))


def _stated(about: bytes | None) -> Stated:
    if not about:
        return Stated()
    root = packed.xml(about)
    fields = {name: root.findtext(f".//{name}") for name in (f"{_DC}title", f"{_DC}language")}
    day = root.findtext(f".//{_DC}date") or root.findtext(f".//{_META}creation-date")
    return Stated(fields[f"{_DC}title"], written=_day(day), language=fields[f"{_DC}language"])


def _day(written: str | None) -> date | None:
    return date_in_field(written[:10]) if written else None


class _Writer:
    """Blocks as they are met."""

    def __init__(self, page: Composer) -> None:
        self._page = page
        self._slide = 0

    def write(self, parent: etree._Element, depth: int, lists: int = 0) -> None:
        """Writes what stands in an element, within so many lists."""
        first = True
        for element in parent:
            if element.tag in _LEFT_OUT or depth > _DEEPEST:
                continue
            if element.tag == f"{_TEXT}h":
                self._page.heading(_said(element))
            elif element.tag == f"{_TEXT}p":
                self._paragraph(element, lists, first=first)
                first = False
            elif element.tag == f"{_TEXT}list":
                self.write(element, depth + 1, lists + 1)
            elif element.tag == f"{_TABLE}table":
                self._table(element)
            else:
                if element.tag == f"{_DRAW}page":
                    self._slide += 1
                    self._page.at(PlaceInFile(slide=self._slide))
                self._other(element, depth, lists)

    def _other(self, element: etree._Element, depth: int, lists: int) -> None:
        if element.get(f"{_PRESENTATION}class") in _TITLES:
            self._page.heading(_said(element))
        else:
            self.write(element, depth + 1, lists)

    def _paragraph(self, element: etree._Element, lists: int, *, first: bool) -> None:
        if lists:
            self._page.item(_said(element), lists - 1, "- " if first else "  ")
        else:
            self._page.paragraph(_said(element))

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(f"{_TABLE}table-row"):
            self._page.row([_said(cell) for cell in row.iterchildren(f"{_TABLE}table-cell")])


def _said(element: etree._Element) -> str:
    return "".join(_parts(element, 0))


def _parts(element: etree._Element, depth: int) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _BLANKS:
            yield " "
        elif child.tag not in _LEFT_OUT and depth < _DEEPEST and isinstance(child.tag, str):
            yield from _parts(child, depth + 1)
            yield " " if child.tag in (f"{_TEXT}p", f"{_TEXT}h") else ""
        yield child.tail or ""
