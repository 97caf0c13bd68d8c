"""An embedding server that fails: while passages are embedded, and while questions are asked."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from index.patience import breaker
from index.sync import DocumentIndex
from index.vectors import semantic
from tests.conftest import OpenIndex, write
from tests.model_server import Fault, ModelServer, model_server, nobody_there
from tests.semantic_index import (
    KEY,
    NEW,
    embedded,
    found,
    is_whole,
    model,
    opening,
    passages,
    until,
)
from tests.synced import corpus


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def opened(open_index: OpenIndex, seeds: Path) -> Callable[..., DocumentIndex]:
    """Opens the index with a model as a new process would, and syncs it."""

    return opening(open_index, seeds)


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
