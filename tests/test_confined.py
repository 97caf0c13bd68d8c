"""Files that are damaged, hostile or odd: each is read or named with its reason."""

import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from index.errors import DocumentError, FormatError
from index.readers.confined import ConfinedReader, Limits
from index.readers.load import LARGEST, load
from tests.conftest import OpenIndex
from tests.test_formats import RELEASES
from tests.writers import mail, open_text, packed, pdf, saved_page, sheets, slides, web_page, word

RELEASE = RELEASES[0]
LIMITS = Limits(memory=700_000_000, seconds=5)
BOMB = b"\0" * 60_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture(scope="module")
def reader() -> Iterator[ConfinedReader]:
    with ConfinedReader(LIMITS) as confined:
        yield confined


def _without(content: bytes, part: str, instead: bytes) -> bytes:
    """An archive with another content in one of its files."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, instead if name == part else old.read(name))
    return made.getvalue()


def _locked_archive() -> bytes:
    """An archive whose file says that it is encrypted."""
    content = bytearray(packed({"a.txt": "geheim"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + offset, 1)
    return bytes(content)


def _with_entity(content: bytes, part: str) -> bytes:
    told = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return _without(content, part, told)


DAMAGED: dict[str, tuple[str, bytes, str]] = {
    "cut pdf": ("a.pdf", pdf(RELEASE)[:2_000], "cut off"),
    "pdf of nothing": ("a.pdf", b"%PDF-1.7\n", "cut off"),
    "no pdf": ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(200), "cut off"),
    "cut docx": ("a.docx", word(RELEASE)[:9_000], "cut off"),
    "cut xlsx": ("a.xlsx", sheets(RELEASE)[:3_000], "cut off"),
    "cut pptx": ("a.pptx", slides(RELEASE)[:9_000], "cut off"),
    "cut odt": ("a.odt", open_text(RELEASE)[:600], "cut off"),
    "docx without its document": (
        "a.docx",
        packed({"[Content_Types].xml": "<Types/>", "word/x.xml": "<x/>"}),
        "damaged",
    ),
    "docx whose xml breaks off": (
        "a.docx",
        _without(word(RELEASE), "word/document.xml", b"<w:document"),
        "damaged",
    ),
    "locked office": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old word": ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "before 2007"),
    "no outlook": ("a.msg", OLE, "Outlook"),
    "locked zip": ("a.zip", _locked_archive(), "password"),
    "bomb": ("a.zip", packed({"a.txt": BOMB}), "unpacks to"),
    "bomb in docx": ("a.docx", _without(word(RELEASE), "word/styles.xml", BOMB), "unpacks to"),
    "entity in docx": ("a.docx", _with_entity(word(RELEASE), "word/document.xml"), "entities"),
    "entity in xlsx": ("a.xlsx", _with_entity(sheets(RELEASE), "xl/workbook.xml"), "entities"),
    "entity in odt": ("a.odt", _with_entity(open_text(RELEASE), "content.xml"), "entities"),
    "no mail": ("a.eml", b"nur ein Satz", "no mail"),
    "mhtml without a page": ("a.mhtml", b"MIME-Version: 1.0\r\n\r\nnichts", "no web page"),
    "no rtf": ("a.rtf", b"nur Text", "no rich text"),
    "binary csv": ("a.csv", bytes(range(256)) * 9, "binary"),
    "empty pdf": ("a.pdf", b"", "cut off"),
    "empty html": ("a.html", b"", "no text"),
    "html without text": ("a.html", b"<html><body><img src=x></body></html>", "no text"),
    "zip of pictures": ("a.zip", packed({"a.png": b"\x89PNG", "b.exe": b"MZ"}), "no text"),
    "deep nesting": ("a.html", b"<div>" * 20_000 + RELEASE.facts[0][0].encode(), "no text"),
    "deep lists": ("a.html", b"<ul><li>" * 5_000 + RELEASE.facts[0][0].encode(), "no text"),
    "one line": ("a.txt", b"a" * 3_000_000, "a line"),
}


@pytest.mark.parametrize(("file", "content", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_named_with_its_reason(
    reader: ConfinedReader, file: str, content: bytes, reason: str
) -> None:
    with pytest.raises(DocumentError, match=reason) as raised:
        load(file, content, reader.read)
    assert str(raised.value).startswith(f"{file}: ")
    assert raised.value.remedy.endswith(".")


def _scan() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.save()
    return stream.getvalue()


def test_a_scan_without_text_is_named_as_such(reader: ConfinedReader) -> None:
    with pytest.raises(FormatError, match="a scan without text"):
        load("a.pdf", _scan(), reader.read)


def _locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("geheim"))
    canvas.drawString(100, 100, "Nichts zu sehen.")
    canvas.save()
    return stream.getvalue()


def test_a_pdf_with_a_password_is_named_as_such(reader: ConfinedReader) -> None:
    with pytest.raises(DocumentError, match="password"):
        load("a.pdf", _locked_pdf(), reader.read)


WRONG_SUFFIX: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf as docx": ("a.docx", lambda: pdf(RELEASE)),
    "docx as pdf": ("a.pdf", lambda: word(RELEASE)),
    "docx as txt": ("a.txt", lambda: word(RELEASE)),
    "page as xls": ("a.xls", lambda: web_page(RELEASE)),
    "page as txt": ("a.txt", lambda: web_page(RELEASE)),
    "xlsx as xls": ("a.xls", lambda: sheets(RELEASE)),
    "pptx as zip": ("a.zip", lambda: slides(RELEASE)),
    "odt as docx": ("a.docx", lambda: open_text(RELEASE)),
}


@pytest.mark.parametrize(("file", "make"), WRONG_SUFFIX.values(), ids=WRONG_SUFFIX)
def test_a_wrong_suffix_keeps_nothing_from_being_read(
    reader: ConfinedReader, file: str, make: Callable[[], bytes]
) -> None:
    assert RELEASE.facts[0][0] in load(file, make(), reader.read).text


ODD: dict[str, tuple[str, bytes]] = {
    "a stray byte": ("a.html", web_page(RELEASE).replace("ä".encode(), b"\xe4", 1)),
    "right to left": ("\u202eexe.html", web_page(RELEASE)),
    "a mail with a broken date": (
        "a.eml",
        mail(RELEASE).replace(b"Date: ", b"Date: 99 ", 1),
    ),
    "a mail with a bomb": ("a.eml", mail(RELEASE, ("a.zip", packed({"a.txt": BOMB})))),
    "a page of another charset": (
        "a.mhtml",
        saved_page(RELEASE).replace(b"utf-8", b"x-unknown", 1),
    ),
}


@pytest.mark.parametrize(("file", "content"), ODD.values(), ids=ODD)
def test_what_is_odd_is_read(reader: ConfinedReader, file: str, content: bytes) -> None:
    try:
        text = load(file, content, reader.read).text
    except DocumentError as error:
        assert "Rename it." in str(error) and not file.isprintable()
    else:
        assert "Jana Thiessen und Ole Brandt" in text or "Jana" in text


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(DocumentError, match="101 MB"):
        load("a.pdf", bytes(LARGEST + 1_000_000))


# The process


def _pages(count: int) -> bytes:
    return b"<p>" + b"x<br>" * count


def test_what_takes_too_long_is_named_and_the_next_file_is_read() -> None:
    with ConfinedReader(Limits(seconds=1)) as confined:
        with pytest.raises(DocumentError, match="takes more than 1 s"):
            load("a.html", _pages(8_000_000), confined.read)
        assert RELEASE.facts[0][0] in load("b.html", web_page(RELEASE), confined.read).text


def test_what_needs_too_much_memory_is_named() -> None:
    with (
        ConfinedReader(Limits(memory=400_000_000, seconds=60)) as confined,
        pytest.raises(DocumentError, match="needs more than 400 MB of memory"),
    ):
        load("a.html", _pages(12_000_000), confined.read)


def test_one_process_reads_many_files(reader: ConfinedReader) -> None:
    load("a.html", web_page(RELEASE), reader.read)
    first = reader.pid
    load("b.pdf", pdf(RELEASE), reader.read)
    assert reader.pid == first is not None


def test_a_process_that_has_been_ended_is_started_again() -> None:
    with ConfinedReader(LIMITS) as confined:
        load("a.html", web_page(RELEASE), confined.read)
        assert confined.pid is not None
        os.kill(confined.pid, 9)
        assert load("b.html", web_page(RELEASE), confined.read).title == RELEASE.title
        last = confined.pid
    assert confined.pid is None
    assert last is not None and not Path(f"/proc/{last}").exists()


def test_a_file_that_failed_is_not_read_again_until_it_changes(
    open_index: OpenIndex, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = seeds / "kaputt.pdf"
    broken.write_bytes(pdf(RELEASE)[:2_000])
    index = open_index()
    first = index.sync(seeds)
    assert "cut off" in first.failed["kaputt.pdf"]

    def never(*_: object) -> None:
        raise AssertionError("it is read again")

    with monkeypatch.context() as patched:
        patched.setattr(ConfinedReader, "read", never)
        assert index.sync(seeds).failed == first.failed
    broken.write_bytes(pdf(RELEASE))
    assert index.sync(seeds).failed == {}
    assert index.sync(seeds).unchanged == sorted(index.catalogue.files())


def test_a_run_over_odd_files_ends_and_names_each(
    open_index: OpenIndex, seeds: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.pdf"
    elsewhere.write_bytes(pdf(RELEASE))
    made = {
        "gut.docx": word(RELEASE),
        "Gr\u0075\u0308\u00dfe.pdf": pdf(RELEASES[1]),  # decomposed, as macOS writes names
        "\u202efdp.exe.pdf": pdf(RELEASE),
        "bombe.zip": packed({"a.txt": BOMB}),
        "kaputt.pptx": slides(RELEASE)[:5_000],
        "bild.png": b"\x89PNG\r\n\x1a\n",
    }
    for name, content in made.items():
        (seeds / name).write_bytes(content)
    (seeds / "verweis.pdf").symlink_to(elsewhere)
    (seeds / "ins-leere.pdf").symlink_to(tmp_path / "nirgends.pdf")
    (seeds / "schleife.pdf").symlink_to(seeds / "schleife.pdf")
    report = open_index().sync(seeds)
    assert {"gut.docx", "Gr\u0075\u0308\u00dfe.pdf"} <= {*report.added}
    assert {"bombe.zip", "kaputt.pptx", "ins-leere.pdf", "schleife.pdf"} < {*report.failed}
    assert "Rename it." in report.failed["\u202efdp.exe.pdf"]
    assert {"bild.png", "verweis.pdf"} <= {*report.passed_over}
