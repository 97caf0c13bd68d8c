"""The passages by a real embedding server's model: kept up to date, and never in the way."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.scale import Scale
from index.vectors.semantic import Semantic
from tests.conftest import CORPUS, OpenIndex, write
from tests.model_server import Fault, ModelServer, model_server
from tests.semantic_index import (
    BOTH,
    NEW,
    collections,
    embedded,
    found,
    is_whole,
    model,
    nearest,
    opening,
    passages,
    titled,
    until,
)
from tests.synced import corpus, expected


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def opened(open_index: OpenIndex, seeds: Path) -> Callable[..., DocumentIndex]:
    """Opens the index with a model as a new process would, and syncs it."""

    return opening(open_index, seeds)


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
