"""Two hundred files that are damaged, hostile or odd: each is read, or named with its reason.

None of them ends the run, takes more than a gigabyte or a few seconds, or reaches another machine.
"""

import io
import random
import re
import socket
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from index.documents import Document
from index.errors import DocumentError
from index.readers.confined import ConfinedReader, Limits
from index.readers.load import load
from tests.conftest import OpenIndex
from tests.test_formats import RELEASES
from tests.writers import every_format, mail, packed, pdf, saved_page, sheets, table, web_page, word

RELEASE = RELEASES[0]
SENTENCE = "Der Verbund Lerchental hat zwölf Labore und tagt in Husum."
SECONDS = 4
CUTS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999)
FLIPS = range(5)


@pytest.fixture(scope="module")
def reader() -> Iterator[ConfinedReader]:
    with ConfinedReader(Limits(memory=900_000_000, seconds=SECONDS)) as confined:
        yield confined


@cache
def _formats() -> dict[str, bytes]:
    tables = {".xlsx": sheets(RELEASE), ".csv": table(RELEASE)}
    return tables | {written.suffix: written.content for written in every_format(RELEASE)}


SUFFIXES = sorted(
    (".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".rtf", ".html", ".mhtml", ".eml", ".zip", ".csv")
)


def _read_or_named(reader: ConfinedReader, file: str, content: bytes) -> Document | None:
    """The document, or None where the file is refused, with its name, a reason and a remedy."""
    try:
        document = load(file, content, reader.read)
    except DocumentError as error:
        assert str(error).startswith((f"{file}: ", repr(file)))
        assert len(error.problem) > len(file) + 8
        return None
    assert document.text.strip()
    assert all(0 <= block.start <= block.end <= len(document.text) for block in document.blocks)
    return document


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_cut_off(reader: ConfinedReader, suffix: str, cut: float) -> None:
    content = _formats()[suffix]
    _read_or_named(reader, f"a{suffix}", content[: max(1, int(len(content) * cut))])


@pytest.mark.parametrize("seed", FLIPS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_with_wrong_bytes(reader: ConfinedReader, suffix: str, seed: int) -> None:
    chance, content = random.Random(seed), bytearray(_formats()[suffix])
    for _ in range(1 + len(content) // 500):
        content[chance.randrange(len(content))] = chance.randrange(256)
    _read_or_named(reader, f"a{suffix}", bytes(content))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_another_one_begins_or_ends(reader: ConfinedReader, suffix: str) -> None:
    content = _formats()[suffix]
    _read_or_named(reader, f"a{suffix}", pdf(RELEASE)[:500] + content)
    _read_or_named(reader, f"a{suffix}", content + bytes(2_000) + content[:1_000])


@pytest.mark.parametrize("suffix", [".txt", ".md", ".docx", ".pdf", ".xls", ".doc", ".msg", ".csv"])
@pytest.mark.parametrize("of", [".pdf", ".docx", ".xlsx", ".html", ".eml"])
def test_a_wrong_suffix(reader: ConfinedReader, suffix: str, of: str) -> None:
    document = _read_or_named(reader, f"a{suffix}", _formats()[of])
    if of in (".pdf", ".docx", ".html"):
        assert document is not None
        assert RELEASE.facts[0][0] in document.text


def _zip_of(levels: int) -> bytes:
    content = SENTENCE.encode()
    name = "a.txt"
    for _ in range(levels):
        content, name = packed({name: content}), "a.zip"
    return content


def _deep_mail(levels: int) -> bytes:
    head = b"MIME-Version: 1.0\r\nFrom: a@b.example\r\nSubject: x\r\n"
    for level in range(levels):
        head += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return head + b"Content-Type: text/plain\r\n\r\n" + SENTENCE.encode()


def _many_entries(count: int) -> bytes:
    return packed({f"{number}.txt": SENTENCE for number in range(count)})


def _overlapping() -> bytes:
    """An archive whose entries all point to the same bytes, and unpack to much more in all."""
    first = packed({"0.txt": b"a" * 40_000_000})
    start = struct.unpack_from("<I", first, len(first) - 6)[0]
    entry = first[start : len(first) - 22]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(entry) * 50, start, 0)
    return first[:start] + entry * 50 + end


def _with_part(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return made.getvalue()


def _wide_sheet() -> bytes:
    """A sheet that says that it has all columns and rows there are."""
    return _with_part(
        sheets(RELEASE),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml),
    )


def _laughing() -> bytes:
    """Entities that grow to billions of characters."""
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{lines}]><a>&l9;</a>'
    return _with_part(word(RELEASE), "word/document.xml", lambda _: xml.encode())


ODD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a zip in zips": ("a.zip", lambda: _zip_of(3)),
    "a zip in too many zips": ("a.zip", lambda: _zip_of(60)),
    "a zip of many files": ("a.zip", lambda: _many_entries(1_000)),
    "a zip of overlapping files": ("a.zip", _overlapping),
    "a zip that leads out": ("a.zip", lambda: packed({"../../etc/passwd.txt": SENTENCE})),
    "a zip with an absolute name": ("a.zip", lambda: packed({"/etc/passwd.txt": SENTENCE})),
    "a zip with its own name twice": ("a.zip", lambda: packed({"a.zip": packed({"a.txt": "x"})})),
    "a bomb in a zip in a zip": (
        "a.zip",
        lambda: packed({"a.zip": packed({"a.txt": b"\0" * 60_000_000})}),
    ),
    "a mail in many parts": ("a.eml", lambda: _deep_mail(2_000)),
    "a mail of headers": ("a.eml", lambda: b"X-A: b\r\n" * 50_000 + b"\r\n" + SENTENCE.encode()),
    "a mail with a long subject": (
        "a.eml",
        lambda: mail(RELEASE).replace(b"Subject: ", b"Subject: " + b"=?utf-8?q?a?= " * 5_000, 1),
    ),
    "a sheet of all cells": ("a.xlsx", _wide_sheet),
    "a billion laughs": ("a.docx", _laughing),
    "deep xml": (
        "a.odt",
        lambda: _with_part(
            _formats()[".odt"], "content.xml", lambda _: b"<a>" * 100_000 + b"</a>" * 100_000
        ),
    ),
    "deep rich text": ("a.rtf", lambda: b"{\\rtf1 " + b"{" * 100_000 + SENTENCE.encode("cp1252")),
    "rich text with a bomb": ("a.rtf", lambda: b"{\\rtf1 {\\*\\bin999999999 x}" + b"a " * 100_000),
    "deep markdown": ("a.md", lambda: (">" * 20_000 + SENTENCE).encode()),
    "markdown of brackets": ("a.md", lambda: ("[" * 5_000 + SENTENCE).encode()),
    "markdown of emphasis": ("a.md", lambda: ("*a_ " * 3_000 + SENTENCE).encode()),
    "front matter that refers to itself": (
        "a.md",
        lambda: ("---\na: &a [*a, *a]\ntitle: *a\n---\n\n" + SENTENCE).encode(),
    ),
    "html of tables": ("a.html", lambda: b"<table><tr><td>" * 3_000 + SENTENCE.encode()),
    "html of attributes": ("a.html", lambda: b"<p " + b"a=b " * 200_000 + b">" + SENTENCE.encode()),
    "html of entities": ("a.html", lambda: b"<p>" + b"&amp;" * 300_000 + SENTENCE.encode()),
    "html of forms": ("a.html", lambda: b"<form><select>" * 5_000 + SENTENCE.encode()),
    "a page with another inside": (
        "a.mhtml",
        lambda: saved_page(RELEASE).replace(b"<p>", b"<iframe srcdoc='<p>x'></iframe><p>"),
    ),
    "a table of quotes": ("a.csv", lambda: b'"' * 100_001 + b"\n" + SENTENCE.encode()),
    "a table of columns": ("a.csv", lambda: b";" * 200_000 + b"\n" + SENTENCE.encode()),
    "a formula": ("a.csv", lambda: b"Name;Wert\n=cmd|' /C calc'!A0;@SUM(1)\nUlm;12\n"),
    "a pdf that refers to itself": (
        "a.pdf",
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids"
            b"[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>"
        ),
    ),
    "a pdf of a million pages": (
        "a.pdf",
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]"
            b"/Count 1000000>>endobj\ntrailer<</Root 1 0 R>>"
        ),
    ),
    "a pdf with a script": (
        "a.pdf",
        lambda: pdf(RELEASE).replace(
            b"/Type /Catalog", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>/Type /Catalog", 1
        ),
    ),
    "utf-16 without its end": ("a.txt", lambda: SENTENCE.encode("utf-16")[:-1]),
    "a stray byte": ("a.txt", lambda: (SENTENCE * 50).encode() + b"\xff" + SENTENCE.encode()),
    "utf-7": ("a.txt", lambda: SENTENCE.encode("utf-7")),
    "surrogates": ("a.txt", lambda: b"\xed\xa0\x80\xed\xb0\x80 " + SENTENCE.encode()),
    "right to left": ("a.txt", lambda: f"\u202e{SENTENCE}\u202c".encode()),
    "marks upon marks": ("a.txt", lambda: (SENTENCE + "a" + "\u0301" * 50_000).encode()),
    "one line of megabytes": ("a.txt", lambda: b"wort " * 6_000_000),
    "one word of megabytes": ("a.html", lambda: b"<p>" + b"a" * 3_000_000),
    "lines without words": ("a.txt", lambda: b"\n" * 200_000 + SENTENCE.encode()),
    "zeros": ("a.txt", lambda: bytes(20_000_000)),
    "macros": (
        "a.docm",
        lambda: _with_part(word(RELEASE), "nichts", bytes),
    ),
    "an installer": ("a.doc", lambda: b"MZ" + bytes(5_000)),
    "a picture": ("a.pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(5_000)),
}


@pytest.mark.parametrize(("file", "make"), ODD.values(), ids=ODD)
def test_a_file_that_is_odd(reader: ConfinedReader, file: str, make: Callable[[], bytes]) -> None:
    content = make()
    began = time.monotonic()
    _read_or_named(reader, file, content)
    assert time.monotonic() - began < 20 * SECONDS, "it is given up in time"
    if reader.pid:
        status = Path(f"/proc/{reader.pid}/status").read_text()
        peak = re.search(r"VmHWM:\s*(\d+) kB", status)
        assert peak and int(peak[1]) < 1_000_000


def test_there_are_two_hundred_of_them() -> None:
    cuts, flips, joined, suffixes = len(CUTS), len(FLIPS), 2, 8 * 5
    assert len(SUFFIXES) * (cuts + flips + joined) + suffixes + len(ODD) >= 200


def test_remote_pictures_and_templates_are_not_fetched(reader: ConfinedReader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        relation = f'<Relationship Id="r9" Type="t" TargetMode="External" Target="{url}/a.dotm"/>'

        def link(xml: bytes) -> bytes:
            return xml.replace(b"</Relationships>", relation.encode() + b"</Relationships>")

        files = {
            "a.html": web_page(RELEASE).replace(b"<p>", f"<img src={url}><p>".encode()),
            "b.html": f"<link rel=stylesheet href={url}/a.css><base href={url}>".encode()
            + web_page(RELEASE),
            "a.docx": _with_part(word(RELEASE), "word/_rels/document.xml.rels", link),
            "a.eml": mail(RELEASE, ("a.html", f"<p>{SENTENCE}<img src={url}>".encode())),
            "a.odt": _with_part(
                _formats()[".odt"],
                "content.xml",
                lambda xml: xml.replace(
                    b"<?xml", f'<!-- --><!DOCTYPE a SYSTEM "{url}"><?xml'.encode()
                ),
            ),
            "a.md": f"![x]({url}/a.png)\n\n{SENTENCE}".encode(),
        }
        for file, content in files.items():
            _read_or_named(reader, file, content)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_folder_of_odd_files_is_gone_through(open_index: OpenIndex, tmp_path: Path) -> None:
    seeds = tmp_path / "odd"
    seeds.mkdir()
    (seeds / "gut.txt").write_text(SENTENCE)
    with (seeds / "riesig.txt").open("wb") as file:
        file.truncate(1_000_000_000)  # sparse: a gigabyte of one line
    (seeds / "ordner.pdf").mkdir()
    (seeds / "leer.docx").touch()
    names = (
        "Gr\u0075\u0308\u00dfe.txt",
        "\u202efdp.txt",
        "a\tb.txt",
        "x" * 200 + ".txt",
        "üß'\"$(id).txt",
    )
    for name in names:
        (seeds / name).write_text(f"{SENTENCE} {name!r}")
    began = time.monotonic()
    report = open_index().sync(seeds)
    assert time.monotonic() - began < 120
    assert {"gut.txt", names[0], names[3], names[4]} <= {*report.added}
    assert "1000 MB" in report.failed["riesig.txt"]
    told = {**report.failed, **report.passed_over}
    assert {"leer.docx", names[1], names[2]} <= {*told}
    assert "ordner.pdf" not in {*told, *report.added}
