"""The passages by a real embedding server's model: kept up to date, and never in the way."""

import logging
import math
import random
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import chromadb
import pytest
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant import models
from assistant.settings import Settings
from index.errors import StorageError
from index.patience import breaker
from index.storage import holdings
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors import semantic
from index.vectors.chroma import Chroma, Vectors
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.scale import Scale
from index.vectors.semantic import Semantic
from tests.conftest import CORPUS, OpenIndex, end_chroma, write
from tests.model_server import Fault, ModelServer, model_server, nobody_there
from tests.test_sync import Backwards, Processes, corpus, expected, holds, replace

KEY = "sk-geheim-4711"
NEW = {"neu.txt": "Das Netz wächst weiter. Es hat nun 80 Mitglieder."}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def model(server: ModelServer | str, name: str = "one") -> BaseEmbedding:
    """A model of the server's, as the settings make it, but that nothing is tried twice."""
    url = server if isinstance(server, str) else server.url
    made = models.embedding(
        Settings(embedding=f"openai-like:{name}", embedding_url=url, embedding_key=KEY)
    )
    assert made
    made.max_retries = 0  # type: ignore[attr-defined]
    return made


@pytest.fixture
def opened(open_index: OpenIndex, seeds: Path) -> Callable[..., DocumentIndex]:
    """Opens the index with a model as a new process would, and syncs it."""

    def open_it(embedding: BaseEmbedding | None = None, update: bool = True) -> DocumentIndex:
        index = open_index(model=embedding)
        index.sync(seeds)
        if update and index.semantic:
            index.semantic.update()
        return index

    return open_it


def found(index: DocumentIndex, question: str, files: frozenset[str] | None = None) -> list[str]:
    """The files that the model finds, nearest first."""
    assert index.semantic
    near = nearest(index.semantic, question, 10, files)
    of = {entry.passage.id: entry.passage.file for entry in index.catalogue.passages(near)}
    return list(dict.fromkeys(of[key] for key in sorted(near, key=lambda key: -near[key])))


def nearest(
    model: Semantic, question: str, limit: int, files: frozenset[str] | None = None
) -> dict[str, float]:
    """Ids of the passages nearest to a question, if the model answers."""
    vector = model.vector(question)
    return {} if vector is None else model.nearest_to(vector, limit, files)


def embedded(server: ModelServer) -> list[str]:
    """The texts that were sent to the server, and forgets them."""
    sent = [text for asked in server.requests for text in asked.body["input"]]
    server.requests.clear()
    return sent


def passages(index: DocumentIndex, sent: Sequence[str]) -> list[str]:
    """Of texts that were sent, those that are passages; the others are units."""
    ids = index.catalogue.ids()
    stored = {f"{one.context} {one.passage.text}" for one in index.catalogue.passages(ids)}
    wanted = {" ".join(text.split()) for text in stored}
    return [text for text in sent if " ".join(text.split()) in wanted]


def titled(index: DocumentIndex, files: Sequence[str]) -> list[str]:
    """The units of documents, as they are embedded."""
    documents = [index.catalogue.document(file) for file in files]
    return [
        " ".join(f"{document.title}. {document.text[unit.start : unit.end]}".split())
        for document in documents
        if document
        for unit in index.catalogue.units(document.file)
    ]


def is_whole(index: DocumentIndex) -> bool:
    """Whether each passage is there by the model, and no other; our own index is whole as well."""
    ids, (vectors,) = index.catalogue.ids(), by_model(index)
    return holds(index, ids) and vectors.ids() == ids and vectors.answers()


def by_model(index: DocumentIndex) -> list[Vectors]:
    """The collections of a model's that are whole and there."""
    names = [name for name in holdings.whole(index.catalogue) if "semantic" in name]
    return [vectors for name in names if (vectors := index.chroma.open(name))]


def collections(index: DocumentIndex) -> list[str]:
    """What begins the names of all collections that there are."""
    return sorted(name.rpartition("-")[0].rpartition("-")[0] for name in index.chroma.names())


BOTH = ["clusterlotse", "clusterlotse-semantic"]

# What is embedded


def test_the_model_finds_every_passage(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    index = opened(model(server))
    assert is_whole(index)
    assert found(index, "Jahresbeitrag")[0] == "alpin.txt"
    assert collections(index) == BOTH
    sent = embedded(server)
    assert any(text.startswith("Biocluster treffen sich in Ulm ") for text in sent), "with title"


def test_without_a_model_there_is_one_collection(opened: Callable[..., DocumentIndex]) -> None:
    index = opened()
    assert index.semantic is None
    assert collections(index) == ["clusterlotse"]


def test_a_second_start_embeds_nothing(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    opened(model(server))
    embedded(server)
    index = opened(model(server))
    assert embedded(server) == []
    assert is_whole(index)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known what the model's cosines mean."""
    monkeypatch.setattr(Semantic, "scale", Scale(0.0, 1.0))


def test_of_a_model_of_unknown_scale_only_passages_are_embedded(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    index = opened(model(server))
    sent = embedded(server)
    assert passages(index, sent) == sent
    assert all(index.semantic.units(file) is None for file in CORPUS)  # type: ignore[union-attr]


@pytest.mark.usefixtures("measured")
def test_what_is_new_is_embedded_and_what_is_gone_is_taken_out(
    server: ModelServer, opened: Callable[..., DocumentIndex], seeds: Path
) -> None:
    opened(model(server))
    embedded(server)
    write(seeds, NEW)
    write(seeds, {"alpin.txt": CORPUS["alpin.txt"].replace("600 Euro", "750 Euro")})
    (seeds / "lyon.txt").unlink()
    index = opened(model(server))
    sent = embedded(server)
    assert len(passages(index, sent)) == 2
    units = [" ".join(text.split()) for text in sent if text not in passages(index, sent)]
    assert sorted(units) == sorted(titled(index, ["alpin.txt", "neu.txt"]))
    assert is_whole(index)
    assert index.catalogue.ids() == expected(seeds)
    assert "lyon.txt" not in found(index, "Lyon Turin")


@pytest.mark.usefixtures("measured")
def test_progress_is_shown(server: ModelServer, tmp_path: Path, seeds: Path) -> None:
    shown: list[tuple[str, int]] = []

    def track(work: Sequence[Any], name: str) -> Sequence[Any]:
        shown.append((name, len(work)))
        return work

    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        chroma = Chroma.in_folder(tmp_path / "chroma")
        by_model = Semantic(catalogue, chroma, model(server), track)
        DocumentIndex(catalogue, chroma, HashedEmbedding(), 320).sync(seeds)
        by_model.update()
    (vectors, parts), units = shown
    assert vectors == "Vectors of the model"
    assert units == ("Sentences of the model", len(CORPUS))
    assert parts + len(CORPUS) == len(server.requests)


# Another model


def test_another_model_makes_another_collection_and_drops_the_old_one(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    opened(model(server, "one"))
    embedded(server)
    server.dimension = 32
    index = opened(model(server, "two"))
    assert len(passages(index, embedded(server))) == index.catalogue.count()
    assert is_whole(index)
    assert collections(index) == BOTH


def test_the_old_collection_stays_until_the_new_one_is_whole(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    opened(model(server, "one"))
    server.fault = Fault.FAILED
    index = opened(model(server, "two"))
    assert index.semantic
    assert found(index, "Ulm") == []
    server.fault = None
    embedded(server)
    back = opened(model(server, "one"))
    assert embedded(server) == []
    assert is_whole(back)


def test_what_was_embedded_before_a_failure_is_not_embedded_again(
    server: ModelServer, opened: Callable[..., DocumentIndex], seeds: Path
) -> None:
    write(seeds, corpus(0))
    answered: list[str] = []

    def fail_after_three(texts: list[str]) -> list[list[float]]:
        if len(answered) >= 30:
            return []
        answered.extend(texts)
        return [server._hashed(text) for text in texts]

    server.embed = fail_after_three
    assert found(opened(model(server)), "Ulm") == []
    server.embed = None
    embedded(server)
    index = opened(model(server))
    again = embedded(server)
    assert len(answered) == 30
    assert not set(answered) & set(again)
    assert len(passages(index, again)) == index.catalogue.count() - 30
    assert is_whole(index)


def test_taking_the_setting_back_drops_nothing_that_was_paid_for(
    server: ModelServer, opened: Callable[..., DocumentIndex], seeds: Path
) -> None:
    opened(model(server))
    embedded(server)
    write(seeds, NEW)
    (seeds / "lyon.txt").unlink()
    assert collections(opened()) == BOTH
    index = opened(model(server))
    assert len(passages(index, embedded(server))) == 1
    assert is_whole(index)


def test_questions_are_answered_while_the_model_is_changed(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    """Eight threads ask from before the new collection is there until it is switched to."""
    opened(model(server, "one"))
    server.fault, server.pause = Fault.SLOW, 0.0005
    index = opened(model(server, "two"), update=False)
    assert index.semantic
    by_model, done = index.semantic, threading.Event()

    def ask() -> set[int]:
        sizes = set()
        while not done.is_set():
            assert index.nearest(["Jahresbeitrag"], 3, None)
            sizes.add(len(nearest(by_model, "Jahresbeitrag", 3)))
        return sizes

    with ThreadPoolExecutor(8) as threads, by_model.updating():
        asking = [threads.submit(ask) for _ in range(8)]
        try:
            until(lambda: bool(nearest(by_model, "Jahresbeitrag", 3)))
            server.fault = None
            time.sleep(0.3)
        finally:
            done.set()
        sizes = set[int]().union(*(future.result() for future in asking))
    assert sizes == {0, 3}, "nothing before it is whole, and then all"
    assert is_whole(index)


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)


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


# A server that fails while passages are embedded


def _nan(server: ModelServer) -> None:
    server.embed = lambda texts: [[math.nan] * 8 for _ in texts]


def _infinite(server: ModelServer) -> None:
    server.embed = lambda texts: [[1e39] * 8 for _ in texts]


def _zeros(server: ModelServer) -> None:
    server.embed = lambda texts: [[0.0] * 8 for _ in texts]


def _ragged(server: ModelServer) -> None:
    server.embed = lambda texts: [[1.0] * (8 + number) for number, _ in enumerate(texts)]


def _too_few(server: ModelServer) -> None:
    server.embed = lambda texts: [[1.0] * 8 for _ in texts[1:]]


def _no_numbers(server: ModelServer) -> None:
    server.embed = lambda texts: [[] for _ in texts]


def _fault(fault: Fault) -> Callable[[ModelServer], None]:
    def happens(server: ModelServer) -> None:
        server.fault = fault

    happens.__name__ = fault.name.lower()
    return happens


FAULTS = (Fault.UNAUTHORISED, Fault.BUSY, Fault.FAILED, Fault.STOPS, Fault.EMPTY, Fault.INVALID)


@pytest.mark.parametrize(
    "happens",
    [*map(_fault, FAULTS), _nan, _infinite, _zeros, _ragged, _too_few, _no_numbers],
)
def test_a_server_that_fails_is_warned_of_and_taken_up_again(
    happens: Callable[[ModelServer], None],
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    caplog: pytest.LogCaptureFixture,
) -> None:
    happens(server)
    index = opened(model(server))
    (warning,) = [
        record.getMessage() for record in caplog.records if record.name == semantic.__name__
    ]
    for part in ("LOTSE_EMBEDDING", "'one'", "LOTSE_EMBEDDING_URL", "our own embedding alone"):
        assert part in warning
    assert KEY not in caplog.text
    assert found(index, "Ulm") == []
    assert index.nearest(["Jahresbeitrag"], 1, None)
    server.fault = server.embed = None
    assert is_whole(opened(model(server)))


def test_a_server_that_is_not_there_is_warned_of(
    opened: Callable[..., DocumentIndex], caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(model(nobody_there()))
    assert caplog.text.count("LOTSE_EMBEDDING ") == 1
    assert index.nearest(["Jahresbeitrag"], 1, None)


def test_another_number_of_dimensions_is_refused_and_what_there_is_goes_on(
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    seeds: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = found(opened(model(server)), "Jahresbeitrag")
    server.dimension = 32
    write(seeds, NEW)
    index = opened(model(server))
    assert "32 numbers a vector, and not 64" in caplog.text
    assert "what it had embedded before" in caplog.text
    server.dimension = 64
    assert found(index, "Jahresbeitrag") == before
    assert is_whole(opened(model(server)))


def test_the_end_of_the_program_does_not_wait_for_a_server_that_hangs(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    server.fault = Fault.SILENT
    index = opened(model(server), update=False)
    assert index.semantic
    with index.semantic.updating():
        until(lambda: bool(server.requests))
        ended = time.monotonic()
    assert time.monotonic() - ended < 1
    server.fault = None
    assert is_whole(opened(model(server)))


def test_embedding_that_is_ended_goes_on_at_the_next_start(
    server: ModelServer, opened: Callable[..., DocumentIndex], seeds: Path
) -> None:
    write(seeds, corpus(0))
    server.fault, server.pause = Fault.SLOW, 0.001
    index = opened(model(server), update=False)
    assert index.semantic
    with index.semantic.updating():
        until(lambda: len(server.requests) >= 3)
    server.fault = None
    embedded(server)
    again = opened(model(server))
    sent = passages(again, embedded(server))
    assert 0 < len(sent) <= again.catalogue.count() - 20
    assert is_whole(again)


# Questions


def test_files_that_a_question_is_asked_of_hold_for_the_model_too(
    server: ModelServer, opened: Callable[..., DocumentIndex]
) -> None:
    index = opened(model(server))
    assert found(index, "Jahresbeitrag")[0] == "alpin.txt"
    within = frozenset({"lyon.txt", "ulm.txt"})
    assert set(found(index, "Jahresbeitrag", within)) == within
    assert found(index, "Jahresbeitrag", frozenset()) == []


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.HANGS, Fault.FAILED, Fault.INVALID])
def test_a_question_does_not_wait_for_a_server_that_fails(
    fault: Fault,
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(semantic, "QUERY_SECONDS", 0.3)
    index = opened(model(server))
    server.fault = fault
    started = time.monotonic()
    assert found(index, "Jahresbeitrag") == []
    assert time.monotonic() - started < 1
    assert "A question is answered without the model." in caplog.text
    assert KEY not in caplog.text
    server.fault = None
    assert found(index, "Jahresbeitrag")[0] == "alpin.txt"


def test_a_server_that_fails_again_and_again_is_left_alone_for_a_while(
    server: ModelServer,
    opened: Callable[..., DocumentIndex],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(semantic, "breaker", partial(breaker, pause=0.5))
    index = opened(model(server))
    server.fault = Fault.FAILED
    embedded(server)
    for _ in range(10):
        assert found(index, "Jahresbeitrag") == []
    assert len(server.requests) == 3
    assert caplog.text.count("A question is answered without the model.") == 3
    server.fault = None
    assert found(index, "Jahresbeitrag") == []
    time.sleep(0.5)
    assert found(index, "Jahresbeitrag")[0] == "alpin.txt"


def test_many_questions_do_not_wait_for_each_other(
    server: ModelServer, opened: Callable[..., DocumentIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "QUERY_SECONDS", 0.5)
    index = opened(model(server))
    server.fault = Fault.SILENT
    started = time.monotonic()
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: found(index, "Jahresbeitrag"), range(12)))
    assert answers == [[]] * 12
    assert time.monotonic() - started < 1.5


def test_nonsense_for_a_question_is_not_searched_for(
    server: ModelServer, opened: Callable[..., DocumentIndex], caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(model(server))
    for happens in (_nan, _zeros, _no_numbers):
        happens(server)
        with caplog.at_level(logging.WARNING):
            assert found(index, "Jahresbeitrag") == []
    assert caplog.text.count("A question is answered without the model.") == 3


def test_without_its_collection_a_question_is_answered_without_the_model(
    server: ModelServer, opened: Callable[..., DocumentIndex], caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(model(server))
    chroma = index.chroma
    chroma.drop_others("clusterlotse-semantic", chroma.create("other"))
    assert found(index, "Jahresbeitrag") == []
    assert "A question is answered without the model." in caplog.text
