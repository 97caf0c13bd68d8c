"""What changes in the folder while the program serves."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from index import watcher
from index.sync import DocumentIndex
from index.watcher import following
from tests.conftest import write

PATIENCE = 30.0  # seconds; a machine under load is slow
NEW = {"neu.txt": "Ein neues Labor\n\nDas Labor in Husum wurde am 3. Mai 2024 eröffnet."}


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def followed(
    request: pytest.FixtureRequest,
    index: DocumentIndex,
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DocumentIndex]:
    """The index of the folder, which is followed."""
    monkeypatch.setattr(watcher, "_POLL", 100)
    with _following(index, seeds, polling=request.param):
        yield index


@contextmanager
def _following(
    index: DocumentIndex, folder: Path, polling: bool = False, changed: Callable[[], None] = int
) -> Iterator[None]:
    """Follows a folder, and waits until a change is seen, so that none is too early."""
    seen = Event()

    def told() -> None:
        seen.set()
        changed()

    with following(index, folder, told, polling):
        for number in range(60):
            (folder / "erste.txt").write_text(f"Die erste Datei der Probe, Ausgabe {number}.")
            if seen.wait(2):
                break
        _soon(lambda: f"Ausgabe {number}." in _text(index, "erste.txt"), "the first file")
        yield


def _soon(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def _text(index: DocumentIndex, file: str) -> str:
    document = index.catalogue.document(file)
    return document.text if document else ""


def _files(index: DocumentIndex) -> set[str]:
    return set(index.catalogue.files())


def test_a_new_document_is_found(followed: DocumentIndex, seeds: Path) -> None:
    write(seeds, NEW)
    _soon(lambda: "neu.txt" in _files(followed), "the new document")
    _soon(lambda: bool(followed.held.passages(["neu.txt"])), "its passages")
    assert followed.held.passages(["neu.txt"]) <= followed.vectors.ids()


def test_a_changed_one_is_read_anew(followed: DocumentIndex, seeds: Path) -> None:
    write(seeds, {"ulm.txt": "Biocluster treffen sich in Husum.\n"})
    _soon(lambda: "Husum" in _text(followed, "ulm.txt"), "the new text")


def test_one_that_is_gone_is_removed_and_one_that_is_moved_is_not(
    followed: DocumentIndex, seeds: Path
) -> None:
    (seeds / "lyon.txt").unlink()
    _soon(lambda: "lyon.txt" not in _files(followed), "the removal")
    origin = followed.catalogue.origin("alpin.txt")
    (seeds / "alpin.txt").rename(seeds / "nested" / "alpin.txt")
    _soon(lambda: "nested/alpin.txt" in _files(followed), "the new place")
    assert followed.catalogue.origin("nested/alpin.txt") == origin


def test_what_changed_before_the_watch_was_in_place_is_found(
    index: DocumentIndex, seeds: Path
) -> None:
    write(seeds, NEW)
    with following(index, seeds):
        _soon(lambda: "neu.txt" in _files(index), "the new document")


def test_hidden_files_wake_nobody(
    index: DocumentIndex, seeds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changes: list[None] = []
    with _following(index, seeds, changed=lambda: changes.append(None)):
        before = len(changes)
        write(seeds, {".~lock.ulm.txt#": "x", ".git/index": "x"})
        time.sleep(1)
        assert len(changes) == before
    assert ".git/index" not in _files(index)


def test_a_file_is_left_until_it_is_written(index: DocumentIndex, seeds: Path) -> None:
    part = "Der Bericht hat viele Zeilen, und jede davon zählt.\n"
    read: list[int] = []

    def changed() -> None:
        if text := _text(index, "lang.txt"):
            read.append(len(text))

    with _following(index, seeds, changed=changed):
        with (seeds / "lang.txt").open("w", encoding="utf-8") as file:
            for _ in range(30):
                file.write(part)
                file.flush()
                os.fsync(file.fileno())
                time.sleep(watcher.QUIET / 4)
        _soon(lambda: bool(read), "the file")
    assert read[-1] >= len(part * 30) - 1
    assert len(read) <= 2, "it was read while it was written"


def test_an_empty_folder_removes_nothing_and_the_next_change_counts(
    followed: DocumentIndex, seeds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    before = _files(followed)
    kept = {path: path.read_bytes() for path in seeds.rglob("*") if path.is_file()}
    for path in kept:
        path.unlink()
    _soon(lambda: "as it was" in caplog.text, "the warning")
    assert _files(followed) == before
    for path, content in kept.items():
        path.write_bytes(content)
    write(seeds, NEW)
    _soon(lambda: _files(followed) == before | {"neu.txt"}, "the documents and a new one")


def test_it_ends_with_the_program(index: DocumentIndex, seeds: Path) -> None:
    started = time.monotonic()
    with following(index, seeds):
        pass
    assert time.monotonic() - started < 3
    write(seeds, NEW)
    time.sleep(2 * watcher.QUIET)
    assert "neu.txt" not in _files(index)
