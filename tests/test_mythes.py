"""Reading the format of MyThes, on an invented thesaurus and on OpenThesaurus."""

from itertools import islice
from pathlib import Path

import pytest

from assistant.dictionaries import mythes
from assistant.dictionaries.entries import DictionaryEntry, LexiconError

DEBIAN = Path("/usr/share/mythes/th_de_DE_v2.dat")


def read(folder: Path, text: str, encoding: str = "UTF-8") -> list[DictionaryEntry]:
    file = folder / "th_de_DE_v2.dat"
    file.write_bytes(f"{encoding}\n{text}".encode(encoding))
    return list(mythes.read(file))


def synonyms(entries: list[DictionaryEntry], word: str) -> list[list[str]]:
    return [[synonym for synonym, _ in e.renderings] for e in entries if e.phrase == word]


def test_each_meaning_has_its_synonyms(tmp_path: Path) -> None:
    entries = read(tmp_path, "bank|2\n-|Bank|Sitzbank\n-|Bank|Geldinstitut\n")
    assert synonyms(entries, "bank") == [["Sitzbank"], ["Geldinstitut"]]
    assert {(entry.language, entry.into) for entry in entries} == {("de", "de")}


def test_annotations_are_dropped_and_so_is_what_is_merely_related(tmp_path: Path) -> None:
    entries = read(tmp_path, "bude|1\n-|Bude|Hütte (ugs.)|(sich) Kate|Gebäude (Oberbegriff)\n")
    assert set(synonyms(entries, "bude")[0]) == {"Hütte", "Kate"}


def test_usual_words_come_first(tmp_path: Path) -> None:
    entries = read(tmp_path, "leute|1\n-|Leute|Erdbewohnerschaft|Menschen\n")
    assert synonyms(entries, "leute") == [["Menschen", "Erdbewohnerschaft"]]


def test_the_first_line_tells_the_encoding(tmp_path: Path) -> None:
    assert synonyms(read(tmp_path, "tür|1\n-|Tür|Pforte\n", "ISO8859-1"), "tür") == [["Pforte"]]


def test_the_name_tells_the_language() -> None:
    assert mythes.languages(Path("th_de_DE_v2.dat")) == ("de", "de")
    assert mythes.languages(Path("th_fr_FR.dat")) == ("fr", "fr")
    assert mythes.languages(Path("th_xx_XX.dat")) is None
    assert mythes.languages(Path("th_de_DE_v2.idx")) is None


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="bank"):
        read(tmp_path, "bank|2\n-|Bank|Sitzbank\n")


@pytest.mark.parametrize("text", ["bank\n", "bank|viele\n"])
def test_garbage_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LexiconError):
        read(tmp_path, text)


@pytest.mark.parametrize("content", [b"", b"no encoding\nbank|1\n"])
def test_a_file_without_an_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "th_de_DE_v2.dat"
    file.write_bytes(content)
    with pytest.raises(LexiconError):
        list(mythes.read(file))


@pytest.mark.skipif(not DEBIAN.exists(), reason="needs Debian's package mythes-de")
def test_openthesaurus_is_read() -> None:
    entries = list(islice(mythes.read(DEBIAN), 20_000))
    assert len(entries) == 20_000
    synonyms = [synonym for entry in entries for synonym, _ in entry.renderings]
    assert not [synonym for synonym in synonyms if set(synonym) & set("()[]|")]
