"""How fast files of each format are read, and what memory that takes, beside PDFium alone."""

import io
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from index.readers.confined import ConfinedReader
from index.readers.load import load
from index.readers.pdf import read_pdf
from tests.benchmarks.table import Table
from tests.writers import Release, every_format, sheets
from tests.writers import table as table_of

_SECONDS = 1.0  # that a format is read for
_PAGES = 10  # of the long PDF
_ROUNDS = 5
_SENTENCE = (
    "Das Cluster {} hat am 6. März 2024 in Greifswald mit zwölf Partnern ein Labor für "
    "Plasmamedizin eröffnet, das 2,3 Millionen Euro kostet und 24 Arbeitsplätze bietet."
)


def table() -> Table:
    """Documents a second and MB for each format, and the long PDF beside what PDFium takes."""
    release = _release()
    files = {written.suffix: written.content for written in every_format(release)}
    files |= {".xlsx": sheets(release), ".csv": table_of(release)}
    rows: list[tuple[str, str, str]] = []
    for suffix, content in sorted(files.items()):
        rate, peak = _read(f"a{suffix}", content)
        name = ".pdf in two columns" if suffix.startswith("-") else suffix
        rows.append((name, f"{rate:.0f}", f"{peak:.0f}"))
    long = _long_pdf()
    rate, peak = _read("a.pdf", long)
    rows.append((f".pdf of {_PAGES} pages", f"{rate:.1f}", f"{peak:.0f}"))
    bare, ours = _fastest(lambda: _bare(long)), _fastest(lambda: read_pdf(long))
    note = (
        f"A PDF of {_PAGES} pages takes {1000 * ours:.0f} ms, {ours / bare:.1f} times what PDFium "
        f"takes to tell its text ({1000 * bare:.0f} ms), which knows neither columns, headings, "
        "tables nor paragraphs."
    )
    return Table("Reading files", ("format", "documents a second", "MB"), rows, (note,))


def _release() -> Release:
    said = tuple(_SENTENCE.format(name) for name in ("Ostsee", "Nordlicht", "Alpenblick"))
    return Release(
        "Ein neues Labor in Greifswald",
        date(2024, 3, 7),
        "Greifswald, 7. März 2024",
        "de",
        ("Das Labor", "Die Partner"),
        (said, said),
        ((said[0], 0),),
        ("Partner", "Region"),
        (("Plasma Nord", "Greifswald"), ("Herzkammer", "Bregenz")),
    )


def _read(file: str, content: bytes) -> tuple[float, float]:
    """Documents a second, and the MB that the process had at most."""
    with ConfinedReader() as reader:
        load(file, content, reader.read)  # libraries are imported
        count, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < _SECONDS:
            load(file, content, reader.read)
            count += 1
        status = Path(f"/proc/{reader.pid}/status")
        peak = re.search(r"VmHWM:\s*(\d+)", status.read_text()) if status.exists() else None
        return count / passed, int(peak[1]) / 1_000 if peak else 0.0


def _long_pdf() -> bytes:
    stream, style = io.BytesIO(), getSampleStyleSheet()["BodyText"]
    said = " ".join(_SENTENCE.format(number) for number in range(5))
    SimpleDocTemplate(stream).build([Paragraph(said, style) for _ in range(9 * _PAGES)])
    return stream.getvalue()


def _bare(content: bytes) -> None:
    document = pypdfium2.PdfDocument(content)
    for page in document:
        page.get_textpage().get_text_range()
    document.close()


def _fastest(work: Callable[[], object]) -> float:
    """Seconds of this thread, the least of several rounds."""
    return min(_took(work) for _ in range(_ROUNDS))


def _took(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
