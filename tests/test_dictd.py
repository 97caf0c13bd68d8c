"""Reading the format of dictd, on an invented dictionary and on FreeDict's."""

import gzip
from itertools import islice
from pathlib import Path

import pytest

from assistant.dictionaries import dictd
from assistant.dictionaries.entries import DictionaryEntry, LexiconError

DEBIAN = Path("/usr/share/dictd/freedict-fra-deu.index")
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def base64(number: int) -> str:
    digits = DIGITS[number % 64]
    while number := number // 64:
        digits = DIGITS[number % 64] + digits
    return digits


def write(folder: Path, *entries: str, text_suffix: str = ".dict.dz") -> Path:
    """A dictionary of these bodies; its first entry describes the file, as in FreeDict's."""
    text, index = b"", ""
    for body in ("00-database-info\nInvented\n", *entries):
        encoded = body.encode()
        headword = body.partition(" ")[0].partition("\n")[0].replace("00-", "00")
        index += f"{headword}\t{base64(len(text))}\t{base64(len(encoded))}\n"
        text += encoded
    path = folder / "freedict-fra-deu.index"
    path.write_text(index, encoding="utf-8")
    compressed = gzip.compress(text) if text_suffix.endswith(".dz") else text
    path.with_name(f"freedict-fra-deu{text_suffix}").write_bytes(compressed)
    return path


def entries_of(path: Path, language: str) -> dict[str, list[str]]:
    entries: dict[str, list[str]] = {}
    for entry in dictd.read(path):
        if entry.language == language:
            entries.setdefault(entry.phrase, []).extend(r for r, _ in entry.renderings)
    return entries


@pytest.mark.parametrize("suffix", [".dict.dz", ".dict"])
def test_translations_are_read_in_both_directions(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, "bateau /ba.to/ <n, masc>\nBoot, Schiff\n", text_suffix=suffix)
    assert entries_of(path, "fr") == {"bateau": ["Boot", "Schiff"]}
    assert entries_of(path, "de") == {"Boot": ["bateau"], "Schiff": ["bateau"]}


def test_explanations_are_no_translations(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "battant /ba.tɑ̃/ <n>\n1. Klöppel\nmarteau dans une cloche\n2. Türflügel\npartie mobile\n",
        "bateleur /bat.lœʁ/ <n>\nGaukler 2.\noiseau\n 3.\nsaltimbanque\n",
    )
    entries = entries_of(path, "fr")
    assert entries == {"battant": ["Klöppel", "Türflügel"], "bateleur": ["Gaukler"]}


def test_a_later_sense_is_worth_less(tmp_path: Path) -> None:
    path = write(tmp_path, "bas <n>\n1. Strumpf\n2. Unterteil\n")
    first, second = (entry for entry in dictd.read(path) if entry.language == "fr")
    assert first.renderings[0][1] > second.renderings[0][1]


def test_phrases_are_headwords_too(tmp_path: Path) -> None:
    path = write(tmp_path, "avoir lieu /a.vwaʁ ljø/ <v>\nstattfinden; sich ereignen\n")
    assert entries_of(path, "fr") == {"avoir lieu": ["stattfinden", "ereignen"]}


def test_the_name_tells_the_languages() -> None:
    assert dictd.languages(Path("freedict-fra-deu.index")) == ("fr", "de")
    assert dictd.languages(Path("freedict-swh-eng.index")) is None
    assert dictd.languages(Path("freedict-fra-deu.dict.dz")) is None


def test_a_text_that_is_missing_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "bateau\nBoot\n")
    path.with_name("freedict-fra-deu.dict.dz").unlink()
    with pytest.raises(LexiconError, match=r"freedict-fra-deu\.dict\.dz"):
        list(dictd.read(path))


def test_a_text_cut_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "bateau\nBoot\n")
    text = path.with_name("freedict-fra-deu.dict.dz")
    text.write_bytes(text.read_bytes()[:-12])
    with pytest.raises(EOFError):
        list(dictd.read(path))


def test_an_index_of_another_text_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "bateau\nBoot\n")
    with path.open("a", encoding="utf-8") as index:
        index.write("bas\tZZZ\tZ\n")
    with pytest.raises(LexiconError, match="last entry"):
        list(dictd.read(path))


@pytest.mark.parametrize("line", ["bas", "bas\tä\tB"])
def test_an_index_that_is_garbage_is_refused(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, "bateau\nBoot\n")
    path.write_text(line, encoding="utf-8")
    with pytest.raises(LexiconError):
        list(dictd.read(path))


@pytest.mark.skipif(not DEBIAN.exists(), reason="needs Debian's package dict-freedict-fra-deu")
def test_freedicts_dictionary_is_read() -> None:
    entries: list[DictionaryEntry] = list(islice(dictd.read(DEBIAN), 50_000))
    assert len(entries) == 50_000
    assert {entry.language for entry in entries} == {"fr", "de"}
    assert not [entry.phrase for entry in entries if set(entry.phrase) & set("<>[]()|;\n")]
