"""Files that another program helps to read: scans, and Word files of before 2007."""

import io
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from index.documents import PlaceInFile, place_at
from index.errors import DocumentError, FormatError
from index.readers import programs
from index.readers.confined import ConfinedReader
from index.readers.load import load
from index.readers.programs import AssistedReader, Programs
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from tests.test_formats import RELEASES
from tests.writers import pdf

RELEASE = RELEASES[0]
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
ON = Programs(wants_recognition=True)


@pytest.fixture(scope="module")
def confined() -> Iterator[ConfinedReader]:
    with ConfinedReader() as reader:
        yield reader


@cache
def _scan() -> bytes:
    """A press release as pictures of its pages."""
    document = pypdfium2.PdfDocument(pdf(RELEASE))
    pages = [document[number].render(scale=200 / 72).to_pil() for number in range(len(document))]
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    document.close()
    return stream.getvalue()


Script = Callable[[str, str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Writes a program that stands in for another, and returns its path."""

    def written(name: str, lines: str) -> str:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return str(path)

    return written


def test_the_text_of_a_scan_is_recognised_with_its_places(confined: ConfinedReader) -> None:
    reader = AssistedReader(confined, Programs.installed(recognition=True))
    document = load("scan.pdf", _scan(), reader.read)
    fact, _ = RELEASE.facts[0]
    words = fact.split()
    assert sum(word in document.text for word in words) > 0.9 * len(words)
    assert document.language == "de"
    last = document.text.rindex("Greifswald")
    pages = len(pypdfium2.PdfDocument(_scan()))
    assert place_at(document.places, last) == PlaceInFile(page=pages)


@pytest.mark.parametrize(
    ("known", "remedy"),
    [(Programs(), "LOTSE_OCR=on"), (ON, "apt install tesseract-ocr")],
    ids=["off", "not installed"],
)
def test_a_scan_that_is_not_recognised_says_what_would_help(
    confined: ConfinedReader, known: Programs, remedy: str
) -> None:
    with pytest.raises(FormatError, match="a scan without text") as raised:
        load("scan.pdf", _scan(), AssistedReader(confined, known).read)
    assert remedy in raised.value.remedy


def test_a_program_that_fails_is_named(confined: ConfinedReader, script: Script) -> None:
    broken = Programs(True, script("tesseract", "echo deu; [ $1 = --list-langs ]"))
    with pytest.raises(DocumentError, match="tesseract can't read it"):
        load("scan.pdf", _scan(), AssistedReader(confined, broken).read)


def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(
    confined: ConfinedReader, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_CONVERSION_SECONDS", 1)
    slow = script("antiword", f"sleep 60 & echo $! > {tmp_path}/pid; wait")
    began = time.monotonic()
    with pytest.raises(DocumentError, match="antiword takes more than 1 s"):
        load("alt.doc", OLD_WORD, AssistedReader(confined, Programs(converter=slow)).read)
    assert time.monotonic() - began < 30
    pid = (tmp_path / "pid").read_text().strip()
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_old_word_files_are_converted(confined: ConfinedReader, script: Script) -> None:
    says = "Der Verbund Lerchental tagt in Husum.\n\nEr hat zwölf Labore."
    converter = script("antiword", f'[ "$(head -c 4 a.doc | od -An -tx1)" ] && echo "{says}"')
    document = load(
        "alt.doc", OLD_WORD, AssistedReader(confined, Programs(converter=converter)).read
    )
    assert document.text.strip() == says


def test_without_a_converter_old_word_files_are_named(confined: ConfinedReader) -> None:
    with pytest.raises(DocumentError, match="Word's format of before 2007") as raised:
        load("alt.doc", OLD_WORD, AssistedReader(confined, Programs()).read)
    assert "antiword" in raised.value.remedy


def test_programs_get_none_of_our_settings(
    confined: ConfinedReader, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOTSE_LLM_KEY", "sk-geheim")
    told = Programs(converter=script("catdoc", "env"))
    text = load("alt.doc", OLD_WORD, AssistedReader(confined, told).read).text
    assert "PATH" in text
    assert "geheim" not in text


def test_what_is_installed_is_found_on_the_path(script: Script) -> None:
    folder = os.path.dirname(script("tesseract", "true"))  # noqa: PTH120
    catdoc = script("catdoc", "true")
    assert Programs.installed(recognition=False, path=folder).recogniser is None
    wanted = Programs.installed(recognition=True, path=folder)
    assert wanted.recogniser == f"{folder}/tesseract"
    assert wanted.converter == catdoc
    assert Programs.installed(recognition=True, path="/no/such").converter is None


def test_what_was_refused_is_tried_again_once_a_program_is_there(
    tmp_path: Path, script: Script
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "alt.doc").write_bytes(OLD_WORD)
    (tmp_path / "seeds" / "neu.txt").write_text("Der Verbund tagt.")
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        chroma = Chroma.in_folder(tmp_path / "chroma")

        def index(known: Programs) -> DocumentIndex:
            return DocumentIndex(catalogue, chroma, HashedEmbedding(), 320, programs=known)

        assert "before 2007" in index(Programs()).sync(tmp_path / "seeds").failed["alt.doc"]
        converter = script("antiword", "echo Der Bund zu Husum hat Labore.")
        report = index(Programs(converter=converter)).sync(tmp_path / "seeds")
        assert (report.added, report.unchanged) == (["alt.doc"], ["neu.txt"])
