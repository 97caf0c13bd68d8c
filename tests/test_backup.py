"""A backup brings back what can't be made again, in a database of either kind."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest

from index.errors import StorageError
from index.storage import backup
from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.dialect import Place
from index.storage.feedback import Asked, Feedback
from index.text.features import stem
from tests.command import Captured, is_plain, main
from tests.postgres import Postgres
from tests.test_catalogue import FIRST, SECOND, document, put

ASKED = Asked("Wer leitet das Zentrum?", "de", True, "generated", ("zentrum.txt",))


@pytest.fixture
def catalogue(place: Place) -> Iterator[Catalogue]:
    with Catalogue(place) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def others(tmp_path: Path, postgres_server: Postgres) -> Iterator[list[Place]]:
    """An empty database of each kind."""
    yield [tmp_path / "other.sqlite", place_of(postgres_server.database())]


def test_feedback_comes_back_in_a_database_of_either_kind(
    place: Place, catalogue: Catalogue, others: list[Place], file: Path
) -> None:
    with Feedback(place) as feedback:
        numbers = [feedback.keep(ASKED) for _ in range(3)]
        feedback.rate(numbers[1], True, "Ö\n" * 900)
        feedback.remove(numbers[:1])
        entries = feedback.entries()
    assert backup.save(catalogue, file).rows["feedback"] == 2
    for other in others:
        with ExitStack() as opened:
            restored = opened.enter_context(Catalogue(other))
            feedback = opened.enter_context(Feedback(other))
            feedback.keep(ASKED)
            assert not backup.restore(restored, file).whole
            assert feedback.entries() == entries
            assert feedback.keep(ASKED) > numbers[-1]


def test_documents_come_back_where_all_was_saved(
    catalogue: Catalogue, others: list[Place], file: Path
) -> None:
    put(catalogue, document(FIRST, SECOND))
    backup.save(catalogue, file, whole=True)
    for other in others:
        with Catalogue(other) as restored:
            put(restored, document(SECOND, file="weg.txt"))
            restored.state(identity="its own")
            before = restored.revision()
            assert backup.restore(restored, file).whole
            assert restored.documents() == catalogue.documents()
            assert restored.passages(restored.ids()) == catalogue.passages(catalogue.ids())
            words = [stem("Verbund", "de")]
            assert restored.search(words, 9) == catalogue.search(words, 9) != []
            assert restored.fact("identity") == "its own"
            assert restored.revision() > before
            put(restored, document(SECOND, file="neu.txt"))


def test_a_backup_is_of_one_moment(place: Place, catalogue: Catalogue, file: Path) -> None:
    over = Event()

    def ask() -> None:
        with Feedback(place) as feedback:
            while not over.is_set():
                feedback.remove([feedback.keep(ASKED)])

    with Feedback(place) as feedback:
        kept = feedback.keep(ASKED)
        thread = Thread(target=ask)
        thread.start()
        try:
            for _ in range(5):
                backup.save(catalogue, file)
        finally:
            over.set()
            thread.join()
        backup.restore(catalogue, file)
        assert kept in [entry.number for entry in feedback.entries()]


def _nonsense(file: Path) -> None:
    file.write_bytes(b"no archive")


def _another_archive(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")


def _cut_off(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[60:80] = bytes(20)
    file.write_bytes(content)


def _newer(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        head = archive.read("backup.json").replace(b'"0001"', b'"9999"')
        lines = archive.read("feedback.jsonl")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("backup.json", head)
        archive.writestr("feedback.jsonl", lines)


def _broken_row(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["feedback.jsonl"] *= 2
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def _lacking(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        head = archive.read("backup.json")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("backup.json", head)


@pytest.mark.parametrize(
    "spoil",
    [_nonsense, _another_archive, _cut_off, _flipped, _newer, _broken_row, _lacking, Path.unlink],
)
def test_what_is_no_sound_backup_changes_nothing(tmp_path: Path, file: Path, spoil: object) -> None:
    place = tmp_path / "catalogue.sqlite"
    with Catalogue(place) as catalogue, Feedback(place) as feedback:
        feedback.keep(ASKED)
        backup.save(catalogue, file)
        entries = feedback.entries()
        assert callable(spoil)
        spoil(file)
        with pytest.raises(StorageError):
            backup.restore(catalogue, file)
        assert feedback.entries() == entries


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        with pytest.raises(StorageError, match=r"missing.*can't be written"):
            backup.save(catalogue, tmp_path / "missing" / "backup.zip")
        assert [path.name for path in tmp_path.glob("*.part")] == []


def test_the_commands_save_and_bring_back(folder: Path, capsys: Captured) -> None:
    assert main("index") == 0
    place = folder / "data" / "catalogue.sqlite"
    with Feedback(place) as feedback:
        feedback.keep(ASKED)
    assert main("backup", "a.zip") == 0
    assert "1 feedback" in capsys.readouterr().out
    assert (folder / "a.zip").stat().st_mode & 0o077 == 0, "others must not read it"
    with Feedback(place) as feedback:
        feedback.remove([1])
    assert main("restore", "a.zip") == 0
    assert "before-restore-" in capsys.readouterr().out
    with Feedback(place) as feedback:
        assert [entry.question for entry in feedback.entries()] == [ASKED.question]
    assert main("backup", "all.zip", "--all") == 0
    assert main("restore", "all.zip") == 0
    capsys.readouterr()
    assert main("check") == 0
    assert main("restore", "none.zip") == 1
    capsys.readouterr()
    assert main("restore", "seeds") == 1
    is_plain(capsys.readouterr(), "seeds")
