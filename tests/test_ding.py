"""Reading the format of Ding, on invented entries and on Debian's dictionary."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from assistant.dictionaries import ding
from assistant.dictionaries.entries import DictionaryEntry, Form, LexiconError

DEBIAN = Path("/usr/share/trans/de-en")


def read(folder: Path, *lines: str) -> list[DictionaryEntry | Form]:
    file = folder / "de-en"
    file.write_text("\n".join(["# Invented", *lines]) + "\n", encoding="utf-8")
    return list(ding.read(file))


def renderings(contents: Sequence[DictionaryEntry | Form], phrase: str) -> list[str]:
    entries = [e for e in contents if isinstance(e, DictionaryEntry) and e.phrase == phrase]
    return [rendering for entry in entries for rendering, _ in entry.renderings]


def test_variants_correspond_in_order_and_both_directions_are_read(tmp_path: Path) -> None:
    contents = read(tmp_path, "Bude {f} [ugs.]; Stand {m} | Buden {pl} :: booth; stall | booths")
    assert renderings(contents, "Bude") == ["booth", "stall"]
    assert renderings(contents, "Buden") == ["booths"]
    assert renderings(contents, "stall") == ["Bude", "Stand"]


def test_what_comes_first_in_an_entry_is_worth_most(tmp_path: Path) -> None:
    contents = read(tmp_path, "Bude; Stand | Buden :: booth; stall | booths")
    worths = {
        (e.phrase, rendering): worth
        for e in contents
        if isinstance(e, DictionaryEntry)
        for rendering, worth in e.renderings
    }
    assert worths["Bude", "booth"] == 1
    assert worths["Bude", "stall"] < 1
    assert worths["Stand", "booth"] < 1
    assert worths["Buden", "booths"] < 1


def test_variants_that_do_not_correspond_leave_the_first(tmp_path: Path) -> None:
    contents = read(tmp_path, "Bude | Buden | Büdchen :: booth | booths")
    assert renderings(contents, "Bude") == ["booth"]
    assert renderings(contents, "Buden") == []


@pytest.mark.parametrize(
    ("printed", "phrase"),
    [
        ("sich an etw. erfreuen {vr} [geh.]", "erfreuen"),
        ("jdm. etw. bringen {vt}", "bringen"),
        ("die Bude (auf dem Markt; klein)", "Bude"),
        ("andere/r/s", "andere"),
    ],
)
def test_a_phrase_is_the_words_to_search_for(tmp_path: Path, printed: str, phrase: str) -> None:
    assert renderings(read(tmp_path, f"{printed} :: thing"), "thing") == [phrase]


def test_an_english_verb_has_no_to_and_no_placeholders(tmp_path: Path) -> None:
    contents = read(tmp_path, "befassen :: to deal with sth. {dealt; dealt}")
    assert renderings(contents, "befassen") == ["deal with"]
    assert renderings(contents, "deal with") == ["befassen"]


def test_alternatives_are_read_in_turn(tmp_path: Path) -> None:
    contents = read(tmp_path, "bringen :: to carry/bring in")
    assert renderings(contents, "bringen") == ["carry in", "bring in"]


def test_irregular_forms_lead_to_their_verb(tmp_path: Path) -> None:
    contents = read(tmp_path, "geben {vt} :: to give {gave; given}; to hand")
    assert Form("en", "gave", "give") in contents
    assert Form("en", "given", "give") in contents


def test_sentences_and_long_phrases_are_left_out(tmp_path: Path) -> None:
    line = (
        "Bude | Das ist die Bude! | eine sehr kleine Bude am alten Markt :: booth | That is it! | x"
    )
    contents = read(tmp_path, line)
    assert {e.phrase for e in contents if isinstance(e, DictionaryEntry)} == {"Bude", "booth"}


@pytest.mark.parametrize(
    ("name", "languages"),
    [("de-en", ("de", "en")), ("ger-eng.txt", ("de", "en")), ("de-xx", None), ("notes.txt", None)],
)
def test_the_name_tells_the_languages(name: str, languages: tuple[str, str] | None) -> None:
    assert ding.languages(Path(name)) == languages


def test_a_file_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="::"):
        read(tmp_path, "nothing of the kind")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "de-en"
    file.write_bytes("Häuser :: houses".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        list(ding.read(file))


@pytest.mark.skipif(not DEBIAN.exists(), reason="needs Debian's package trans-de-en")
def test_debians_dictionary_is_read() -> None:
    contents = list(islice(ding.read(DEBIAN), 50_000))
    assert sum(isinstance(entry, DictionaryEntry) for entry in contents) > 49_000
    phrases = [entry.phrase for entry in contents if isinstance(entry, DictionaryEntry)]
    assert not [phrase for phrase in phrases if set(phrase) & set("{}[]()|;…")]
