"""Collections of a model's vectors that are damaged, and processes that are killed."""

import random
import resource
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import chromadb
import pytest
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings

from index.errors import StorageError
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors.chroma import Chroma, Vectors
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.semantic import Semantic
from tests.conftest import CORPUS, OpenIndex, end_chroma, write
from tests.model_server import ModelServer, model_server
from tests.semantic_index import (
    BOTH,
    NEW,
    by_model,
    collections,
    embedded,
    found,
    is_whole,
    model,
    opening,
    passages,
)
from tests.synced import Backwards, Processes, corpus, expected, replace


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def opened(open_index: OpenIndex, seeds: Path) -> Callable[..., DocumentIndex]:
    """Opens the index with a model as a new process would, and syncs it."""

    return opening(open_index, seeds)


# Collections that are damaged


def _raw(data: Path) -> Any:
    """Chroma's own collection of the model's vectors, and its client."""
    end_chroma()
    settings = ChromaSettings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(data / "chroma", settings=settings)
    (ours,) = [
        collection for collection in client.list_collections() if "semantic" in collection.name
    ]
    return client, ours


def _some_lost(client: Any, ours: Any) -> int:
    ours.delete(ids=ours.get()["ids"][:2])
    return 2


def _all_lost(client: Any, ours: Any) -> int:
    client.delete_collection(ours.name)
    return len(CORPUS)


def _some_too_many(client: Any, ours: Any) -> int:
    ours.add(ids=["foreign"], embeddings=[[1.0] * 64])
    return 0


@pytest.mark.parametrize("damage", [_some_lost, _all_lost, _some_too_many])
def test_what_chroma_has_lost_is_embedded_again_and_no_more(
    damage: Callable[[Any, Any], int],
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    tmp_path: Path,
) -> None:
    opened(model(server))
    embedded(server)
    lost = damage(*_raw(tmp_path / "data"))
    index = opened(model(server))
    assert len(embedded(server)) == (index.catalogue.count() if lost == len(CORPUS) else lost)
    assert is_whole(index)
    assert collections(index) == BOTH


def test_a_collection_that_no_longer_finds_its_own_is_copied_and_not_embedded_again(
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (before,) = by_model(opened(model(server)))
    broken, sound = before.name, Vectors.answers
    monkeypatch.setattr(Vectors, "answers", lambda self: self.name != broken and sound(self))
    embedded(server)
    write(seeds, NEW)
    index = opened(model(server))
    assert len(passages(index, embedded(server))) == 1, "what is new alone"
    assert is_whole(index)
    assert found(index, "Jahresbeitrag")[0] == "alpin.txt"
    assert collections(index) == BOTH


def test_a_damaged_folder_is_kept_until_all_that_was_in_it_is_there_again(
    server: ModelServer, opened: Callable[..., DocumentIndex], tmp_path: Path
) -> None:
    opened(model(server))
    end_chroma()
    database = tmp_path / "data" / "chroma" / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[:20_000])
    index = opened(model(server), update=False)
    (aside,) = (tmp_path / "data").glob("chroma.damaged*")
    assert (aside / "chroma.sqlite3").stat().st_size == 20_000
    assert index.semantic
    index.semantic.update()
    assert is_whole(index)
    assert not aside.exists()


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond some bytes, as if there were no room left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_costs_no_vector(
    server: ModelServer, opened: Callable[..., DocumentIndex], tmp_path: Path
) -> None:
    opened(model(server))
    embedded(server)
    end_chroma()
    with full_disk(), pytest.raises(StorageError, match="room"):
        Chroma.in_folder(tmp_path / "data" / "chroma")
    assert is_whole(opened(model(server)))
    assert embedded(server) == []
    assert not list((tmp_path / "data").glob("chroma.damaged*"))


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), PermissionError(13)])
@pytest.mark.parametrize("call", ["get", "query", "count", "upsert"])
def test_a_fault_that_passes_costs_no_vector(
    fault: OSError,
    call: str,
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(model(server))
    embedded(server)

    def failing(*_: Any, **__: Any) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(Collection, call, failing)
        with suppress(StorageError):
            opened(model(server))
    assert is_whole(opened(model(server)))
    assert embedded(server) == []


# A process that is killed


def update_once(data: Path, folder: Path, check: bool) -> None:
    """What `index` does with a model, in a process of its own."""
    with Catalogue(data / "catalogue.sqlite") as catalogue:
        chroma = Chroma.in_folder(data / "chroma")
        by_model = Semantic(catalogue, chroma, Backwards())
        index = DocumentIndex(catalogue, chroma, HashedEmbedding(), 64, semantic=by_model)
        index.sync(folder)
        by_model.update()
        assert not check or is_whole(index)


def test_a_process_killed_at_any_moment_leaves_nothing_broken(
    open_index: OpenIndex, tmp_path: Path
) -> None:
    folder, chance, kills = tmp_path / "seeds", random.Random(7), 12
    with closing(Processes(tmp_path / "data", folder, update_once)) as processes:
        write(folder, corpus(0))
        duration = processes.run()
        killed = 0
        for version in range(1, kills + 1):
            replace(folder, corpus(version))
            killed += processes.kill(duration * (version - chance.random()) / kills)
            if version % 2:
                processes.run()
        processes.run()
    assert killed > kills / 3
    index = open_index(passage_tokens=64, model=Backwards())
    assert index.semantic
    index.semantic.update()
    assert index.catalogue.ids() == expected(folder, 64)
    assert is_whole(index)
    assert collections(index) == BOTH
