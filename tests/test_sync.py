"""Folder, catalogue and Chroma come to the same state, whatever happens in between."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.errors import RemovalError, SeedsError
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex, Report
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from tests.conftest import CORPUS, OpenIndex, write
from tests.synced import QUESTIONS, Backwards, best, corpus, expected, holds, nearest

BINARY = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))


# What a sync does


def test_the_first_sync_takes_over_every_document(open_index: OpenIndex, seeds: Path) -> None:
    index = open_index()
    assert index.sync(seeds) == Report(added=["alpin.txt", "lyon.txt", "nested/kiel.md", "ulm.txt"])
    assert holds(index, expected(seeds))
    assert "600 Euro" in best(index, QUESTIONS[0])


def test_a_second_sync_has_nothing_to_do(index: DocumentIndex, seeds: Path) -> None:
    assert index.sync(seeds) == Report(unchanged=sorted(CORPUS))


def test_a_sync_takes_over_what_is_new_changed_or_gone(index: DocumentIndex, seeds: Path) -> None:
    write(seeds, {"neu.txt": "Das Netz wächst weiter. Es hat nun 80 Mitglieder."})
    write(seeds, {"alpin.txt": CORPUS["alpin.txt"].replace("600 Euro", "750 Euro")})
    (seeds / "lyon.txt").unlink()
    (seeds / "bild.txt").write_bytes(BINARY)
    (seeds / "tabelle.xyz").write_text("1;2;3")
    report = index.sync(seeds)
    assert report.added == ["neu.txt"]
    assert report.changed == ["alpin.txt"]
    assert report.removed == ["lyon.txt"]
    assert report.unchanged == ["nested/kiel.md", "ulm.txt"]
    assert report.failed == {}
    assert sorted(report.passed_over) == ["bild.txt", "tabelle.xyz"]
    assert "tabelle.xyz" in report.passed_over["tabelle.xyz"]
    assert holds(index, expected(seeds))
    assert "750 Euro" in best(index, QUESTIONS[0])


def test_what_was_taken_over_is_there_when_opened_again(
    index: DocumentIndex, open_index: OpenIndex, seeds: Path
) -> None:
    name, before = index.vectors.name, nearest(index)
    again = open_index()
    assert again.vectors.name == name
    assert nearest(again) == before
    assert again.sync(seeds).unchanged == sorted(CORPUS)


def test_a_file_written_again_with_the_same_content_is_unchanged(
    index: DocumentIndex, seeds: Path
) -> None:
    before = index.catalogue.files()["ulm.txt"]
    os.utime(seeds / "ulm.txt", (1, 1))
    assert index.sync(seeds).unchanged == sorted(CORPUS)
    after = index.catalogue.files()["ulm.txt"]
    assert after.digest == before.digest
    assert after.modified == 1_000_000_000


def test_a_passage_that_stands_in_two_documents_is_kept_for_both(
    index: DocumentIndex, seeds: Path
) -> None:
    shutil.copy(seeds / "ulm.txt", seeds / "ulm-kopie.txt")
    index.sync(seeds)
    of = [entry.passage.file for entry in index.catalogue.passages(index.catalogue.ids())]
    assert of.count("ulm.txt") == of.count("ulm-kopie.txt") > 0
    assert holds(index, expected(seeds))


def test_hidden_and_system_files_are_not_documents(index: DocumentIndex, seeds: Path) -> None:
    text = "Dieser Satz soll nicht in den DocumentIndex kommen."
    hidden = (
        ".notiz.txt",
        ".git/a.txt",
        "~$ulm.txt",
        "nested/.b/c.txt",
        "Thumbs.db",
        "desktop.ini",
    )
    write(seeds, dict.fromkeys(hidden, text))
    assert index.sync(seeds) == Report(unchanged=sorted(CORPUS))


def test_progress_is_shown_for_documents_and_vectors(tmp_path: Path, seeds: Path) -> None:
    shown: list[tuple[str, int]] = []

    def track(work: Sequence[Any], name: str) -> Iterable[Any]:
        shown.append((name, len(work)))
        return work

    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        chroma = Chroma.in_folder(tmp_path / "chroma")
        DocumentIndex(catalogue, chroma, HashedEmbedding(), 320, track).sync(seeds)
    assert ("Documents", len(CORPUS)) in shown
    assert shown[-1] == ("Vectors", 1)


# What a sync refuses


def _deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def _emptied(folder: Path) -> None:
    _deleted(folder)
    folder.mkdir()


def _a_file(folder: Path) -> None:
    _deleted(folder)
    folder.write_text("no folder")


def _hidden_only(folder: Path) -> None:
    _emptied(folder)
    (folder / ".gitkeep").touch()


@pytest.mark.parametrize("happens", [_deleted, _emptied, _a_file, _hidden_only])
def test_a_folder_without_documents_deletes_nothing(
    happens: Callable[[Path], None], index: DocumentIndex, seeds: Path
) -> None:
    wanted = expected(seeds)
    happens(seeds)
    for allowed in (False, True):
        with pytest.raises(SeedsError, match=str(seeds)):
            index.sync(seeds, allow_removals=allowed)
    assert holds(index, wanted)


def test_removing_more_than_half_needs_permission(index: DocumentIndex, seeds: Path) -> None:
    wanted = expected(seeds)
    for file in ("ulm.txt", "lyon.txt", "alpin.txt"):
        (seeds / file).unlink()
    write(seeds, {"neu.txt": "Das Netz wächst weiter."})
    with pytest.raises(RemovalError, match=r"3 of 4 documents.*--allow-removals"):
        index.sync(seeds)
    assert holds(index, wanted)
    report = index.sync(seeds, allow_removals=True)
    assert report.removed == ["alpin.txt", "lyon.txt", "ulm.txt"]
    assert report.added == ["neu.txt"]
    assert holds(index, expected(seeds))


def test_removing_half_does_not(index: DocumentIndex, seeds: Path) -> None:
    (seeds / "ulm.txt").unlink()
    (seeds / "lyon.txt").unlink()
    assert index.sync(seeds).removed == ["lyon.txt", "ulm.txt"]
    assert holds(index, expected(seeds))


def _into_a_subfolder(seeds: Path) -> dict[str, str]:
    (seeds / "2024").mkdir()
    names = ("alpin.txt", "lyon.txt", "ulm.txt")
    for name in names:
        (seeds / name).rename(seeds / "2024" / name)
    return {f"2024/{name}": name for name in names}


def _under_other_names(seeds: Path) -> dict[str, str]:
    names = {"bund.txt": "alpin.txt", "pole.txt": "lyon.txt", "ulm (1).txt": "ulm.txt"}
    for new, old in names.items():
        (seeds / old).rename(seeds / new)
    return names


@pytest.mark.parametrize("move", [_into_a_subfolder, _under_other_names])
def test_what_is_moved_is_not_removed_and_stays_what_it_was(
    move: Callable[[Path], dict[str, str]], index: DocumentIndex, seeds: Path
) -> None:
    ids = index.catalogue.ids()
    names = move(seeds)
    report = index.sync(seeds)
    assert report == Report(moved=names, unchanged=["nested/kiel.md"])
    assert set(index.catalogue.files()) == {*names, "nested/kiel.md"}
    assert holds(index, ids), "the same passages, whose vectors are not made again"
    assert index.sync(seeds) == Report(unchanged=sorted({*names, "nested/kiel.md"}))


def test_a_moved_document_can_change_and_another_take_its_former_name(
    index: DocumentIndex, seeds: Path
) -> None:
    (seeds / "alpin.txt").rename(seeds / "bund.txt")
    write(seeds, {"alpin.txt": CORPUS["alpin.txt"].replace("600", "650")})
    assert index.sync(seeds).changed == ["alpin.txt"], "nothing is gone, so nothing has moved"
    (seeds / "ulm.txt").rename(seeds / "treffen.txt")
    index.sync(seeds)
    write(seeds, {"ulm.txt": CORPUS["ulm.txt"]})
    write(seeds, {"treffen.txt": CORPUS["ulm.txt"].replace("sieben", "acht")})
    report = index.sync(seeds)
    assert (report.added, report.changed) == (["ulm.txt"], ["treffen.txt"])
    of = [entry.passage.file for entry in index.catalogue.passages(index.catalogue.ids())]
    assert of.count("ulm.txt") == of.count("treffen.txt") > 0
    assert holds(index, index.catalogue.ids())


def test_of_two_copies_each_finds_its_own(index: DocumentIndex, seeds: Path) -> None:
    shutil.copy(seeds / "ulm.txt", seeds / "kopie.txt")
    index.sync(seeds)
    (seeds / "neu").mkdir()
    for name in ("ulm.txt", "kopie.txt"):
        (seeds / name).rename(seeds / "neu" / name)
    assert index.sync(seeds).moved == {"neu/kopie.txt": "kopie.txt", "neu/ulm.txt": "ulm.txt"}
    (seeds / "neu" / "kopie.txt").unlink()
    assert index.sync(seeds).removed == ["neu/kopie.txt"]


def test_a_file_of_another_kind_is_read_in_its_own_way(index: DocumentIndex, seeds: Path) -> None:
    (seeds / "ulm.txt").rename(seeds / "ulm.md")
    report = index.sync(seeds)
    assert (report.added, report.removed, report.moved) == (["ulm.md"], ["ulm.txt"], {})


def test_a_folder_in_which_nothing_can_be_read_is_named(
    open_index: OpenIndex, tmp_path: Path
) -> None:
    folder = write(tmp_path / "pictures", {"a.xyz": "1", "leer.txt": ""})
    with pytest.raises(SeedsError, match=r"None of the 2 files in .*pictures.*\.txt"):
        open_index().sync(folder)


# Files that can't be read


def test_a_file_that_cannot_be_read_keeps_its_old_version(
    index: DocumentIndex, seeds: Path
) -> None:
    wanted = expected(seeds)
    (seeds / "alpin.txt").unlink()
    (seeds / "alpin.txt").symlink_to(seeds / "nowhere.txt")
    (seeds / "neu.txt").symlink_to(seeds / "nowhere.txt")
    report = index.sync(seeds)
    assert sorted(report.failed) == ["alpin.txt", "neu.txt"]
    assert "alpin.txt can't be read" in report.failed["alpin.txt"]
    assert report.unchanged == ["lyon.txt", "nested/kiel.md", "ulm.txt"]
    assert holds(index, wanted)
    assert "600 Euro" in best(index, QUESTIONS[0])


def test_a_document_that_became_binary_keeps_its_old_version(
    index: DocumentIndex, seeds: Path
) -> None:
    wanted = expected(seeds)
    (seeds / "alpin.txt").write_bytes(BINARY)
    assert list(index.sync(seeds).passed_over) == ["alpin.txt"]
    assert holds(index, wanted)


def test_a_file_that_failed_is_taken_over_when_it_can_be_read(
    index: DocumentIndex, seeds: Path
) -> None:
    (seeds / "neu.txt").symlink_to(seeds / "later.md")
    assert list(index.sync(seeds).failed) == ["neu.txt"]
    write(seeds, {"later.md": "Das Netz wächst weiter."})
    assert index.sync(seeds).added == ["later.md", "neu.txt"]


def test_a_file_whose_name_is_no_text_does_not_stop_the_others(
    index: DocumentIndex, seeds: Path
) -> None:
    name = os.fsencode(seeds) + b"/Gr\xfc\xdfe.txt"
    try:
        Path(os.fsdecode(name)).write_text("Das Netz wächst weiter.")
    except OSError:
        pytest.skip("this file system takes no such name")
    write(seeds, {"neu.txt": "Das Netz wächst weiter."})
    report = index.sync(seeds)
    assert "neu.txt" in report.added
    assert len(report.failed) == 1


@pytest.mark.timeout(10)
def test_a_pipe_with_the_name_of_a_document_is_not_waited_for(
    index: DocumentIndex, seeds: Path
) -> None:
    os.mkfifo(seeds / "neu.txt")
    assert index.sync(seeds).unchanged == sorted(CORPUS)


def test_a_subfolder_that_cannot_be_read_loses_no_document(
    index: DocumentIndex, seeds: Path
) -> None:
    wanted = expected(seeds)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copied = Path(shutil.copytree(seeds, Path(folder, "seeds")))
        (copied / "nested").chmod(0)
        with as_anybody(), pytest.raises(SeedsError, match="nested can't be read"):
            index.sync(copied)
    assert holds(index, wanted)


@contextmanager
def as_anybody() -> Iterator[None]:
    """Without the rights of root, who may read every folder."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


# Another way of making the index


class Failing(HashedEmbedding):
    """The same embedding on a service that has just gone away."""

    def _vector(self, text: str) -> list[float]:
        raise ConnectionError("gone away")


def test_another_embedding_makes_another_collection(
    index: DocumentIndex, open_index: OpenIndex, seeds: Path
) -> None:
    name, before = index.vectors.name, nearest(index)
    again = open_index(Backwards())
    assert again.vectors.name != name
    assert holds(again, expected(seeds))
    assert "600 Euro" in best(again, QUESTIONS[0])
    assert nearest(again) != before
    back = open_index()
    assert nearest(back) == before


def test_another_length_of_passages_cuts_all_documents_anew(
    open_index: OpenIndex, seeds: Path
) -> None:
    write(seeds, {"lang.txt": "Es gibt viele Treffen, und alle sind in Ulm. " * 40})
    index = open_index(passage_tokens=320)
    index.sync(seeds)
    again = open_index(passage_tokens=64)
    assert again.sync(seeds).changed == sorted([*CORPUS, "lang.txt"])
    assert holds(again, expected(seeds, 64))


def test_a_file_that_could_not_be_read_is_cut_anew_when_it_can_be(
    index: DocumentIndex, open_index: OpenIndex, seeds: Path
) -> None:
    write(seeds, corpus(0))
    index.sync(seeds)
    (seeds / "alpin.txt").rename(seeds / "alpin.away")
    (seeds / "alpin.txt").symlink_to(seeds / "nowhere.txt")
    short = open_index(passage_tokens=64)
    assert list(short.sync(seeds).failed) == ["alpin.txt"]
    (seeds / "alpin.txt").unlink()
    (seeds / "alpin.away").rename(seeds / "alpin.txt")
    assert short.sync(seeds).changed == ["alpin.txt"]
    assert holds(short, expected(seeds, 64))


def test_an_embedding_that_fails_in_the_middle_leaves_an_index_that_goes_on(
    index: DocumentIndex, open_index: OpenIndex, seeds: Path
) -> None:
    write(seeds, {"neu.txt": "Das Netz wächst weiter.", "ulm.txt": "Nun ist alles anders in Ulm."})
    with pytest.raises(ConnectionError):
        open_index(Failing()).sync(seeds)
    again = open_index()
    again.sync(seeds)
    assert holds(again, expected(seeds))
