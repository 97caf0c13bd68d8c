"""The store of dictionaries: what is found in it, when it is built, and what it survives."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from assistant.dictionaries.dictionary import Dictionaries, Glossary, Renderings
from assistant.dictionaries.installed import TargetedLexicon
from assistant.dictionaries.lexicon import Lexicon
from assistant.dictionaries.store import found, installed
from assistant.setting_forms import DICTIONARY_PLACES

Open = Callable[..., Lexicon]

DING = """\
Bude {f}; Stand {m} | Buden {pl} :: booth; stall | booths
Budenzauber {m} :: booth magic
geben {vt} :: to give {gave; given}
aufgeben {vt} :: to give up
Häuschen {n}; Hütte {f} :: cottage
"""
THESAURUS = "UTF-8\nbude|1\n-|Bude|Hütte (ugs.)\n"
DEBIAN = {
    "trans-de-en": "trans/de-en",
    "dict-freedict-fra-deu": "dictd/freedict-fra-deu.index",
    "mythes-de": "mythes/th_de_DE_v2.dat",
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "de-en").write_text(DING, encoding="utf-8")
    (folder / "th_de_DE_v2.dat").write_text(THESAURUS, encoding="utf-8")
    (folder / "README").write_text("not a dictionary", encoding="utf-8")
    return folder


@pytest.fixture
def opened() -> Iterator[Open]:
    """`installed`, with what it opens closed after the test."""
    with ExitStack() as stack:

        def open_(paths: Sequence[Path], *folders: Path) -> Lexicon:
            lexicon = installed(paths, folders)
            stack.callback(lexicon.close)
            return lexicon

        yield open_


@pytest.fixture
def lexicon(sources: Path, opened: Open) -> Lexicon:
    return opened([sources])


def built(sources: Path, cache: Path) -> list[str]:
    """What had to be read when the dictionaries were opened, and closes them."""
    read: list[str] = []

    def track(work: Sequence[Any], _name: str) -> Sequence[Any]:
        read.extend(source.path.name for source in work)
        return work

    installed([sources], [cache], track).close()
    return read


def stores(folder: Path) -> list[Path]:
    """The stores in a folder; an empty lock may lie beside them."""
    return [file for file in folder.iterdir() if file.name != "lexica.lock"]


# Looking up


def test_a_phrase_is_found_with_its_renderings_by_language(lexicon: Lexicon) -> None:
    hit = lexicon.lookup(["booth"], "en")
    assert hit == Renderings(1, {"de": ("Bude", "Stand")})


def test_synonyms_and_translations_stand_side_by_side(lexicon: Lexicon) -> None:
    hit = lexicon.lookup(["Bude"], "de")
    assert hit == Renderings(1, {"en": ("booth", "stall"), "de": ("Hütte",)})


def test_only_renderings_in_the_wanted_languages_count(lexicon: Lexicon) -> None:
    assert lexicon.lookup(["Stand"], "de", into=["de"]) is None
    assert TargetedLexicon(lexicon, ["de"]).lookup(["Bude"], "de") == Renderings(
        1, {"de": ("Hütte",)}
    )


def test_the_longest_run_of_words_is_found(lexicon: Lexicon) -> None:
    assert lexicon.lookup(["give", "up", "the", "booth"], "en") == Renderings(
        2, {"de": ("aufgeben",)}
    )
    assert lexicon.lookup(["give", "the", "booth"], "en") == Renderings(1, {"de": ("geben",)})


def test_inflected_words_are_found(lexicon: Lexicon) -> None:
    assert lexicon.lookup(["COTTAGES"], "en") == Renderings(1, {"de": ("Häuschen", "Hütte")})
    assert lexicon.lookup(["Haeuschen"], "de") == lexicon.lookup(["Häuschen"], "de")


def test_irregular_forms_are_found_in_phrases_too(lexicon: Lexicon) -> None:
    assert lexicon.lookup(["gave", "up"], "en") == Renderings(2, {"de": ("aufgeben",)})


def test_the_form_asked_for_comes_before_others_of_its_stem(opened: Open, sources: Path) -> None:
    (sources / "de-en").write_text("Klasse :: class\nklassisch :: classes\n", encoding="utf-8")
    hit = opened([sources]).lookup(["classes"], "en")
    assert hit == Renderings(1, {"de": ("klassisch", "Klasse")})


def test_what_is_in_no_dictionary_is_not_found(lexicon: Lexicon) -> None:
    assert lexicon.lookup(["quux"], "en") is None
    assert lexicon.lookup(["booth"], "fr") is None
    assert lexicon.lookup([], "en") is None


def test_it_tells_what_it_serves(lexicon: Lexicon) -> None:
    assert lexicon.directions == {("de", "en"), ("en", "de"), ("de", "de")}


def test_threads_may_ask_at_once(lexicon: Lexicon) -> None:
    answers: list[Renderings | None] = []
    ask = [
        threading.Thread(target=lambda: answers.append(lexicon.lookup(["booth"], "en")))
        for _ in range(8)
    ]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert answers == [Renderings(1, {"de": ("Bude", "Stand")})] * 8


# Together with the glossary


def test_of_several_dictionaries_the_first_ones_renderings_come_first(lexicon: Lexicon) -> None:
    glossary = Glossary([{"de": ["Messestand", "Bude"], "en": ["booth"]}])
    hit = Dictionaries([glossary, lexicon]).lookup(["booths"], "en")
    assert hit
    assert hit.renderings["de"][:2] == ("Messestand", "Bude")
    assert "Stand" in hit.renderings["de"]


def test_of_several_dictionaries_the_longest_phrase_counts(lexicon: Lexicon) -> None:
    glossary = Glossary([{"de": ["spenden"], "en": ["give"]}])
    hit = Dictionaries([glossary, lexicon]).lookup(["give", "up"], "en")
    assert hit == Renderings(2, {"de": ("aufgeben",)})
    assert Dictionaries([]).lookup(["give"], "en") is None


# The file


def test_a_second_start_reads_nothing(sources: Path, tmp_path: Path) -> None:
    cache = tmp_path / "data"
    assert built(sources, cache) == ["de-en", "th_de_DE_v2.dat"]
    assert built(sources, cache) == []


@pytest.mark.parametrize("change", ["size", "time", "another", "gone"])
def test_a_change_of_the_dictionaries_builds_anew(
    sources: Path, tmp_path: Path, change: str
) -> None:
    cache, file = tmp_path / "data", sources / "de-en"
    built(sources, cache)
    if change == "size":
        file.write_text(DING + "Laube :: arbour\n", encoding="utf-8")
    elif change == "time":
        os.utime(file, ns=(0, 0))
    elif change == "another":
        (sources / "ger-eng.txt").write_text("Laube :: arbour\n", encoding="utf-8")
    else:
        file.unlink()
    assert built(sources, cache)
    assert len(stores(cache)) == 1


@pytest.mark.parametrize("damage", ["empty", "cut short", "garbage"])
def test_a_damaged_file_is_built_anew(
    opened: Open, sources: Path, tmp_path: Path, damage: str
) -> None:
    cache = tmp_path / "data"
    built(sources, cache)
    (store,) = stores(cache)
    content = {"empty": b"", "cut short": store.read_bytes()[:-100], "garbage": b"x" * 9_000}
    store.write_bytes(content[damage])
    assert built(sources, cache)
    assert opened([sources], cache).lookup(["booth"], "en")


def test_a_folder_that_cannot_be_written_is_done_without(
    opened: Open, sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "data"
    cache.write_text("a file, where the folder should be", encoding="utf-8")
    assert opened([sources], cache).lookup(["booth"], "en")
    assert str(cache) in caplog.text


def test_where_the_first_folder_cannot_be_written_the_store_is_in_the_next(
    opened: Open, sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache, data = tmp_path / "cache", tmp_path / "data"
    cache.write_text("a file, where the folder should be", encoding="utf-8")
    assert opened([sources], cache, data).lookup(["booth"], "en")
    assert len(stores(data)) == 1
    assert caplog.text == ""


def test_a_store_in_a_folder_that_is_no_longer_needed_is_removed(
    opened: Open, sources: Path, tmp_path: Path
) -> None:
    cache, data = tmp_path / "cache", tmp_path / "data"
    built(sources, data)
    (other := data / "catalogue.sqlite").touch()
    opened([sources], cache, data)
    assert len(stores(cache)) == 1
    assert stores(data) == [other]


def test_without_dictionaries_no_folder_is_made(opened: Open, tmp_path: Path) -> None:
    assert opened([], tmp_path / "cache").directions == frozenset()
    assert not (tmp_path / "cache").exists()


def test_of_two_that_build_at_once_the_second_waits_for_the_first(
    opened: Open, sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "data"
    begun, may_go_on = threading.Event(), threading.Event()

    def slowly(work: Sequence[Any], _name: str) -> Sequence[Any]:
        begun.set()
        assert may_go_on.wait(30)
        return work

    first = threading.Thread(target=lambda: installed([sources], [cache], slowly).close())
    first.start()
    assert begun.wait(30)
    read: list[str] = []
    second = threading.Thread(target=lambda: read.extend(built(sources, cache)))
    second.start()
    second.join(0.3)
    assert second.is_alive(), "it waits"
    may_go_on.set()
    first.join()
    second.join()
    assert read == []
    assert "Another process" in caplog.text
    assert len(stores(cache)) == 1
    assert opened([sources], cache).lookup(["booth"], "en")


def test_what_a_killed_process_left_is_cleared_away_later(sources: Path, tmp_path: Path) -> None:
    cache = tmp_path / "data"
    cache.mkdir()
    (left := cache / "lexica-1.part").touch()
    (under_way := cache / "lexica-2.part").touch()
    os.utime(left, (0, 0))
    built(sources, cache)
    assert not left.exists()
    assert under_way.exists()


def test_a_store_that_fails_later_answers_nothing(
    opened: Open, sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lexicon = opened([sources], tmp_path / "data")
    lexicon.close()
    assert lexicon.lookup(["booth"], "en") is None
    assert "can't be read" in caplog.text


# Dictionaries that can't be read


def test_a_bad_dictionary_is_named_at_each_start_and_passed_over(
    opened: Open, sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad = sources / "th_de_DE_v2.dat"
    bad.write_text(THESAURUS + "laube|2\n-|Laube|Hütte\n", encoding="utf-8")
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            lexicon = opened([sources], tmp_path / "data")
        assert str(bad) in caplog.text
        assert lexicon.lookup(["Bude"], "de", into=["de"]) is None
        assert lexicon.lookup(["booth"], "en")
        assert ("de", "de") not in lexicon.directions


def test_a_place_that_does_not_exist_holds_nothing(opened: Open, tmp_path: Path) -> None:
    lexicon = opened([tmp_path / "nowhere"], tmp_path / "data")
    assert lexicon.lookup(["booth"], "en") is None
    assert lexicon.directions == frozenset()


def test_a_file_may_be_named_itself(sources: Path) -> None:
    assert [source.path for source in found([sources / "de-en"])] == [sources / "de-en"]


def test_no_index_of_the_database_is_left_out(sources: Path, tmp_path: Path) -> None:
    installed([sources], [tmp_path]).close()
    (store,) = tmp_path.glob("lexica-*.sqlite")
    connection = sqlite3.connect(store)
    query = "EXPLAIN QUERY PLAN SELECT entry FROM entries WHERE language = 'de' AND key = 'x'"
    plan = str(connection.execute(query).fetchall())
    connection.close()
    assert "PRIMARY KEY" in plan


# Debian's


# Words that are looked up in Debian's dictionaries, and a part of what they are rendered as.
RENDERED = [
    ("trans-de-en", "en", "memory cards", "Speicherkarte"),
    ("trans-de-en", "en", "universities", "Universität"),
    ("trans-de-en", "de", "Universitäten", "universit"),
    ("dict-freedict-fra-deu", "fr", "avoir lieu", "stattfinden"),
    ("dict-freedict-fra-deu", "de", "Universität", "université"),
    ("mythes-de", "de", "Förderung", "Unterstützung"),
]


@pytest.fixture(scope="session")
def debians(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    """All dictionaries of this machine, built once for all tests; of the longest, a tenth."""
    folder = tmp_path_factory.mktemp("lexica")
    places = [*DICTIONARY_PLACES]
    ding = Path("/usr/share", DEBIAN["trans-de-en"])
    if ding in (source.path for source in found(DICTIONARY_PLACES)):
        lines = ding.read_text("utf-8").splitlines(keepends=True)
        asked = [rendering for package, _, _, rendering in RENDERED if package == "trans-de-en"]
        kept = [
            line
            for number, line in enumerate(lines)
            if number % 10 == 0 or any(rendering in line for rendering in asked)
        ]
        (folder / ding.name).write_text("".join(kept), "utf-8")
        places = [folder / ding.name, *(place for place in places if place != ding.parent)]
    lexicon = installed(places, [folder])
    yield lexicon
    lexicon.close()


@pytest.mark.parametrize(("package", "language", "phrase", "rendering"), RENDERED)
def test_debians_dictionaries_answer(
    request: pytest.FixtureRequest, package: str, language: str, phrase: str, rendering: str
) -> None:
    if not Path("/usr/share", DEBIAN[package]).exists():
        pytest.skip(f"needs Debian's package {package}")
    debians: Lexicon = request.getfixturevalue("debians")
    hit = debians.lookup(phrase.split(), language)
    assert hit
    phrases = [phrase for phrases in hit.renderings.values() for phrase in phrases]
    assert any(rendering in phrase for phrase in phrases)


def test_a_named_place_without_a_dictionary_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert found([tmp_path / "nowhere"]) == []
    assert str(tmp_path / "nowhere") in caplog.text
