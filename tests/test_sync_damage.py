"""An index that is damaged, or whose process is killed, comes to the folder's state again."""

import itertools
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import chromadb
import pytest
from chromadb.config import Settings as ChromaSettings

from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex, Report
from index.vectors.chroma import Chroma, Vectors
from index.vectors.hashed_embedding import HashedEmbedding
from tests.conftest import CORPUS, OpenIndex, end_chroma, write
from tests.synced import Processes, corpus, expected, follow, holds, nearest, replace

KILLS = 20
FOLLOWED = 4  # times that one is killed which follows a folder
REPORTS = ("Bericht 7 über Robotik", "Labor 23 Geräte für Pumpen", "Ausgabe 10 Bildgebung")


# An index that is damaged


def _raw(folder: Path) -> Any:
    """Chroma's own client, as if another program had opened the folder."""
    end_chroma()
    return chromadb.PersistentClient(folder, settings=ChromaSettings(anonymized_telemetry=False))


def _collection_deleted(folder: Path) -> None:
    client = _raw(folder)
    for collection in client.list_collections():
        client.delete_collection(collection.name)


def _ids_missing(folder: Path) -> None:
    (collection,) = _raw(folder).list_collections()
    collection.delete(ids=collection.get()["ids"][:2])


def _ids_too_many(folder: Path) -> None:
    (collection,) = _raw(folder).list_collections()
    collection.add(ids=["foreign"], embeddings=[[1.0] * 1024])


def _folder_gone(folder: Path) -> None:
    shutil.rmtree(folder)


def _folder_garbled(folder: Path) -> None:
    for path in (path for path in folder.rglob("*") if path.is_file()):
        path.write_bytes(b"\xde\xad\xbe\xef" * 5000)


def _database_cut(folder: Path) -> None:
    database = folder / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[: 3 * 4096])


def _database_overwritten(folder: Path) -> None:
    database = folder / "chroma.sqlite3"
    size = database.stat().st_size
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * (size - 4096))


@pytest.mark.parametrize("writing", [False, True], ids=["at rest", "while it was written"])
@pytest.mark.parametrize(
    "damage",
    [
        _collection_deleted,
        _ids_missing,
        _ids_too_many,
        _folder_gone,
        _folder_garbled,
        _database_cut,
        _database_overwritten,
    ],
)
def test_a_damaged_chroma_is_repaired_when_it_is_opened(
    damage: Callable[[Path], None],
    writing: bool,
    index: DocumentIndex,
    open_index: OpenIndex,
    tmp_path: Path,
    seeds: Path,
) -> None:
    before = nearest(index)
    index.held.writing(writing)
    end_chroma()
    damage(tmp_path / "data" / "chroma")
    repaired = open_index()
    assert holds(repaired, expected(seeds))
    assert nearest(repaired) == before
    assert repaired.sync(seeds) == Report(unchanged=sorted(CORPUS))
    assert len(_raw(tmp_path / "data" / "chroma").list_collections()) == 1


def test_a_collection_that_no_longer_finds_its_own_is_rebuilt_at_the_next_change(
    index: DocumentIndex, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = index.vectors.name, Vectors.answers
    monkeypatch.setattr(Vectors, "answers", lambda self: self.name != broken and sound(self))
    write(seeds, {"neu.txt": "Das Netz wächst weiter."})
    index.sync(seeds)
    assert index.vectors.name != broken
    assert holds(index, expected(seeds))


def test_a_catalogue_that_is_gone_is_built_again(
    index: DocumentIndex, open_index: OpenIndex, tmp_path: Path, seeds: Path
) -> None:
    before = nearest(index)
    index.catalogue.close()
    for path in (tmp_path / "data").glob("catalogue*"):
        path.unlink()
    again = open_index()
    assert again.sync(seeds).added == sorted(CORPUS)
    assert holds(again, expected(seeds))
    assert nearest(again) == before


# A process that is killed


def test_an_index_survives_being_killed_at_any_moment(
    open_index: OpenIndex, tmp_path: Path
) -> None:
    folder, chance = tmp_path / "seeds", random.Random(20)
    with closing(Processes(tmp_path / "data", folder)) as processes:
        write(folder, corpus(0))
        processes.run()
        replace(folder, corpus(1))
        duration = processes.run(check=False)
        moments = [duration * (part + chance.random()) / KILLS for part in range(KILLS)]
        chance.shuffle(moments)
        killed = 0
        for version, moment in enumerate(moments, start=2):
            replace(folder, corpus(version))
            killed += processes.kill(moment)
            processes.run()
    assert killed > KILLS / 2
    index = open_index(passage_tokens=64)
    assert holds(index, expected(folder, 64))
    with Catalogue(tmp_path / "fresh.sqlite") as catalogue:
        chroma = Chroma.in_folder(tmp_path / "fresh")
        fresh = DocumentIndex(catalogue, chroma, HashedEmbedding(), 64)
        fresh.sync(folder)
        assert nearest(index, REPORTS) == nearest(fresh, REPORTS)


def test_an_index_survives_being_killed_while_it_follows_a_folder(tmp_path: Path) -> None:
    folder, chance = tmp_path / "seeds", random.Random(7)
    (tmp_path / "data").mkdir()
    write(folder, corpus(0))
    versions = itertools.count(1)

    def change() -> None:
        replace(folder, corpus(next(versions)))

    with closing(Processes(tmp_path / "data", folder, follow)) as processes:
        processes.run()
        killed = [processes.kill(0.3 + 2 * chance.random(), change) for _ in range(FOLLOWED)]
        processes.run()
    assert all(killed)
