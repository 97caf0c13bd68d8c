"""PDF: paragraphs in reading order, with pages as places.

Words that a line's end divides are mended, lines joined to paragraphs, also over a page's end, and
what is repeated above and below each page is left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.documents import PlaceInFile
from index.readers.extract import Composer, Extract, Lack, Stated, UnreadableError
from index.readers.printed import HYPHEN, PrintedPage, PrintedPiece, printed
from index.readers.printed_layout import Element, PrintedLine, PrintedRow, in_order
from index.text.dates import find_dates
from index.text.layout import is_sentence

_MARGIN = 0.12  # of a page's height, within which it may have a header or a footer
_FEW_PAGES, _REPEATED = (
    4,
    3,
)  # of more pages, three have the same one: each chapter may have its own
_LARGE = 1.1  # times the size of most of the text, from which on a line is a heading
_HEADING_CHARACTERS, _HEADING_LINES = 140, 3
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:seite|page|s\.|p\.)\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:von|of|sur|de|/)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:\.\s?){5,}\s*\S{1,5}$")  # of a table of contents: dots, and a page
_BULLET = re.compile(r"(?:[•‣▪●○◦■□➢➤✓✔·\uf0b7\uf0a7\uf0d8–*-]|\uf02d)\s+")
_NUMBER = re.compile(r"(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_ENDS = (".", "!", "?", "…", ".“", ".”", '."', ".»", ":", ";")
_DATE_CHARACTERS = 40
_TOGETHER = re.compile(r"(?:und|oder|bzw\.|sowie|and|or|et|ou)\b")
_DAY = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_LOCKED = ("it is locked by a password", "Save it without one.")


def read_pdf(content: bytes) -> Extract:
    """The text of a PDF. Raises UnreadableError, for a scan without text too."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableError(*_LOCKED) from error
        raise UnreadableError(
            "it is damaged or has been cut off", "Copy it again from where it comes from."
        ) from error
    try:
        pages = [_page(document, number) for number in range(len(document))]
        properties = document.get_metadata_dict()
    finally:
        document.close()
    if not any(page.pieces for page in pages):
        raise UnreadableError(
            "it is a scan without text: its pages are pictures",
            "Have the text recognised (`ocrmypdf` does), or ask for the original.",
            is_format=True,
            lack=Lack.RECOGNITION,
        )
    return _Text(pages).extract(properties)


def _page(document: pdfium.PdfDocument, number: int) -> PrintedPage:
    page = document[number]
    try:
        return printed(page)
    finally:
        page.close()


# What every page has

_Repeated = tuple[str, int, int]


def _as_repeated(piece: PrintedPiece) -> _Repeated:
    """What is the same of a header on each page: its words, its height, and its letters' size."""
    return _DIGITS.sub("#", piece.text), round(piece.box.middle / 4), round(piece.size)


def _furniture(pages: Sequence[PrintedPage]) -> list[set[PrintedPiece]]:
    """Of each page the pieces that are its header or its footer."""
    seen: dict[_Repeated, set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for piece in page.pieces:
            if _edge(piece, page) is not None:
                seen[_as_repeated(piece)].add(number)
    least = 2 if len(pages) <= _FEW_PAGES else _REPEATED
    return [
        {piece for piece in page.pieces if _is_furniture(piece, page, seen, least)}
        for page in pages
    ]


def _edge(piece: PrintedPiece, page: PrintedPage) -> bool | None:
    """Whether a piece stands at the top (True) or the bottom of its page; None in between."""
    margin = _MARGIN * page.box.height
    if piece.box.middle > page.box.top - margin:
        return True
    return False if piece.box.middle < page.box.bottom + margin else None


def _is_furniture(
    piece: PrintedPiece, page: PrintedPage, seen: dict[_Repeated, set[int]], least: int
) -> bool:
    edge = _edge(piece, page)
    if edge is None:
        return False
    if _PAGE_NUMBER.fullmatch(piece.text) and _is_alone(piece, page):
        return True
    return len(seen[_as_repeated(piece)]) >= least


def _is_alone(piece: PrintedPiece, page: PrintedPage) -> bool:
    """Whether nothing but other small print stands beside a number at a page's edge."""
    beside = [p for p in page.pieces if abs(p.box.middle - piece.box.middle) < 2 and p is not piece]
    return all(_edge(other, page) is not None for other in beside) and len(beside) < 3


# Paragraphs


@dataclass(slots=True)
class _Paragraph:
    """Lines that are one paragraph, each with the number of its page."""

    lines: list[tuple[int, PrintedLine]] = field(default_factory=list)

    @property
    def first(self) -> PrintedLine:
        return self.lines[0][1]

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1][1]


class _Text:
    """The text of all pages, as it is put together."""

    def __init__(self, pages: Sequence[PrintedPage]) -> None:
        left_out = _furniture(pages)
        self._elements: list[tuple[int, Element]] = [
            (number, element)
            for number, (page, out) in enumerate(zip(pages, left_out, strict=True), 1)
            for element in in_order(page, [piece for piece in page.pieces if piece not in out])
            if not isinstance(element, PrintedLine) or not _CONTENTS.search(element.text)
        ]
        lines = [element for _, element in self._elements if isinstance(element, PrintedLine)]
        sizes = Counter[float]()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        self._size = sizes.most_common(1)[0][0] if sizes else 0.0
        self._leading = _leading(lines)
        self._words = {word for line in lines for word in re.findall(r"\w+-\w+", line.text)}
        self._page = Composer()

    def extract(self, known: dict[str, str]) -> Extract:
        """The text, with what the file states."""
        first: list[_Paragraph] = []
        for element in self._paragraphs():
            if isinstance(element, _Paragraph):
                first += [element] if element.lines[0][0] == 1 else []
                self._write(element)
            else:
                number, row = element
                self._page.at(PlaceInFile(page=number))
                self._page.row(row.cells)
        day = _day(known.get("CreationDate", ""))
        title = known.get("Title") or None
        return self._page.extract(Stated(title, self._title(first), written=day))

    def _paragraphs(self) -> Iterator["_Paragraph | tuple[int, PrintedRow]"]:
        held = _Paragraph()
        for number, element in self._elements:
            if isinstance(element, PrintedRow):
                if held.lines:
                    yield held
                held = _Paragraph()
                yield number, element
                continue
            if held.lines and not self._goes_on(held, number, element):
                yield held
                held = _Paragraph()
            held.lines.append((number, element))
        if held.lines:
            yield held

    def _goes_on(self, held: _Paragraph, number: int, line: PrintedLine) -> bool:
        """Whether a line goes on with the paragraph before it."""
        last = held.last
        if abs(last.size - line.size) > 0.08 * line.size and not self._is_small_print(held, line):
            return False
        if last.bold != line.bold and (
            (last.bold and _is_short(last)) or (line.bold and _is_short(line))
        ):
            return False
        if _BULLET.match(line.text) or _begins_item(held, line):
            return False
        if last.text.endswith(HYPHEN):
            return True
        if held.lines[-1][0] != number or last.column != line.column:
            return self._flows(last, line)
        below = last.box.bottom - line.box.bottom
        if below > 1.3 * self._leading.get(round(line.size), 1.4 * line.size) or below < 0:
            return False
        return not _begins_paragraph(held, line)

    def _is_small_print(self, held: _Paragraph, line: PrintedLine) -> bool:
        """Whether a list's item has a bullet of another size than its text."""
        return bool(_BULLET.match(held.first.text)) and line.size <= held.first.size

    def _flows(self, last: PrintedLine, line: PrintedLine) -> bool:
        """Whether a sentence goes on in the next column or on the next page."""
        if last.text.endswith(_ENDS) or self._is_large(line):
            return False
        return line.text[0].islower() or (_is_full(last) and line.text[0].isdigit())

    def _is_large(self, line: PrintedLine) -> bool:
        return line.size >= _LARGE * self._size

    def _write(self, paragraph: _Paragraph) -> None:
        text, pages = self._joined(paragraph)
        self._page.at(PlaceInFile(page=pages[0][1]))
        bullet, number = _BULLET.match(text), _number(text)
        before = 0
        if bullet:
            before = bullet.end()
            self._page.item(text[before:])
        elif self._is_heading(paragraph, text):
            self._page.heading(text)
        elif number:
            before = number.end()
            self._page.item(text[before:], bullet=text[:before].rstrip() + " ")
        else:
            self._page.paragraph(text)
        for offset, page in pages[1:]:
            self._page.reaches_within(PlaceInFile(page=page), offset - before)

    def _is_heading(self, paragraph: _Paragraph, text: str) -> bool:
        if len(text) > _HEADING_CHARACTERS or len(paragraph.lines) > _HEADING_LINES:
            return False
        if self._is_large(paragraph.first):
            return True
        return paragraph.first.bold and paragraph.last.bold and not is_sentence(text)

    def _joined(self, paragraph: _Paragraph) -> tuple[str, list[tuple[int, int]]]:
        """A paragraph's text, and where in it the lines of each page begin."""
        text = paragraph.first.text
        pages = [(0, paragraph.lines[0][0])]
        for (before, _), (number, line) in pairwise(paragraph.lines):
            text = self._with(text, line.text)
            if number != before:
                pages.append((len(text) - len(line.text), number))
        return text.replace(HYPHEN, "-"), pages

    def _with(self, text: str, following: str) -> str:
        """The text with a further line, mended where a word was divided between the two."""
        if not text.endswith((HYPHEN, "-", "‐")) or len(text) < 2 or not text[-2].isalpha():
            return f"{text} {following}"
        if _TOGETHER.match(following):
            return f"{text[:-1]}- {following}"
        first, second = re.search(r"\w*\W$", text), re.match(r"\w+", following)
        whole = f"{first[0][:-1] if first else ''}-{second[0] if second else ''}"
        if following[0].isupper() or following[0].isdigit() or whole in self._words:
            return f"{text[:-1]}-{following}"
        return text[:-1] + following

    def _title(self, paragraphs: Sequence[_Paragraph]) -> str | None:
        """What stands in the largest letters of the first page, if they are larger than others."""
        largest = max((paragraph.first.size for paragraph in paragraphs), default=0.0)
        if largest < _LARGE * self._size:
            return None
        titles = (paragraph for paragraph in paragraphs if paragraph.first.size > 0.97 * largest)
        return next((self._joined(paragraph)[0] for paragraph in titles), None)


def _leading(lines: Sequence[PrintedLine]) -> dict[int, float]:
    """From line to line in a column, of letters of each size: what most have."""
    steps: dict[int, list[float]] = defaultdict(list)
    for line, following in pairwise(lines):
        step = line.box.bottom - following.box.bottom
        same = line.column == following.column and abs(line.size - following.size) < 0.5
        if same and 0 < step < 3 * line.size:
            steps[round(line.size)].append(step)
    return {
        size: min(median(measured), 2 * size)
        for size, measured in steps.items()
        if len(measured) > 2
    }


def _is_short(line: PrintedLine) -> bool:
    return line.box.right < line.column.right - 2 * line.size


def _is_full(line: PrintedLine) -> bool:
    return not _is_short(line)


def _number(text: str) -> re.Match[str] | None:
    """The number of a list's item that a text begins with, if it is not that of a day."""
    number = _NUMBER.match(text)
    if number and (days := find_dates(text[:_DATE_CHARACTERS])) and days[0].start == 0:
        return None
    return number


def _begins_item(held: _Paragraph, line: PrintedLine) -> bool:
    """Whether a line begins with a number as list items do, and not as a sentence that goes on."""
    if not _number(line.text):
        return False
    begun = _number(held.first.text) or held.last.text.endswith((":", *_ENDS))
    return bool(begun) or _is_short(held.last)


def _begins_paragraph(held: _Paragraph, line: PrintedLine) -> bool:
    """Whether a line is set in, or the one before it would have had room for its first word."""
    last, is_item = held.last, _BULLET.match(held.first.text) or _number(held.first.text)
    if not is_item and line.box.left > last.box.left + 0.8 * line.size and _is_left(last):
        return True
    if is_item and line.box.left > held.first.box.left + 0.4 * line.size:
        return False  # set in below its bullet
    if is_item and line.box.left < held.first.box.left - 0.5 * line.size:
        return True
    word = len(line.text.split(maxsplit=1)[0]) / len(line.text) * line.box.width
    has_room = last.box.right + word + 0.6 * line.size < last.column.right
    ends = last.text.endswith(_ENDS)
    return has_room and (ends or not line.text[0].islower())


def _is_left(line: PrintedLine) -> bool:
    return line.box.left < line.column.left + 0.5 * line.size


def _day(written: str) -> date | None:
    match = _DAY.match(written)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
