"""On PostgreSQL and a Chroma server, an index survives whatever happens to who keeps it in step."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from index.storage.catalogue import Catalogue
from index.storage.database import place_of
from index.storage.feedback import Feedback
from index.sync import DocumentIndex
from index.vectors.chroma import Chroma, Vectors
from index.vectors.hashed_embedding import HashedEmbedding
from tests.chroma_server import ChromaServer, chroma_server
from tests.conftest import end_chroma, write
from tests.postgres import Postgres
from tests.synced import QUESTIONS, Backwards, Processes, corpus, expected, holds, replace
from tests.synced_together import note, sync_together

KILLS = 3


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server
        end_chroma()


def _opened(
    catalogue: Catalogue, chroma: ChromaServer, in_charge: bool, tokens: int = 320
) -> DocumentIndex:
    served = Chroma.at(chroma.address)
    return DocumentIndex(catalogue, served, HashedEmbedding(), tokens, in_charge=in_charge)


def test_it_survives_kills_at_any_moment(
    tmp_path: Path, postgres_server: Postgres, chroma: ChromaServer
) -> None:
    folder, chance = tmp_path / "seeds", random.Random(21)
    database = postgres_server.database()
    note(tmp_path / "data", database, chroma.address)
    with closing(Processes(tmp_path / "data", folder, sync_together)) as processes:
        write(folder, corpus(0))
        processes.run()
        replace(folder, corpus(1))
        duration = processes.run()
        killed = 0
        for version in range(2, 2 + KILLS):
            replace(folder, corpus(version))
            killed += processes.kill(duration * chance.random())
            processes.run()
    assert killed
    with Catalogue(place_of(database)) as catalogue, Feedback(place_of(database)) as feedback:
        assert holds(_opened(catalogue, chroma, True, 64), expected(folder, 64))
        numbers = [entry.number for entry in feedback.entries()]
        assert len(set(numbers)) == len(numbers) >= 2 + KILLS


def test_no_question_fails_while_another_process_rebuilds_the_index(
    seeds: Path,
    postgres_server: Postgres,
    chroma: ChromaServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, sound = set[str](), Vectors.answers
    monkeypatch.setattr(Vectors, "answers", lambda self: self.name not in broken and sound(self))
    place, over = place_of(postgres_server.database()), Event()
    with Catalogue(place) as written, Catalogue(place) as read:
        writer = _opened(written, chroma, True)
        writer.sync(seeds)
        reader = _opened(read, chroma, False)
        wanted = [reader.nearest([question], 10, None) for question in QUESTIONS]
        failed: list[object] = []
        rounds = 0

        def ask() -> None:
            nonlocal rounds
            while not over.is_set():
                for question, hits in zip(QUESTIONS, wanted, strict=True):
                    some = reader.nearest([question], 10, None)
                    if some.keys() != hits.keys():
                        failed.append((question, some))
                rounds += 1

        thread = Thread(target=ask)
        thread.start()
        try:
            for _ in range(3):
                broken.add(writer.vectors.name)
                writer.take_charge()
        finally:
            over.set()
            thread.join()
        assert len(broken) == 3
        assert writer.vectors.name not in broken
        assert rounds
        assert failed == []


def test_an_index_by_another_embedding_is_not_answered_from(
    seeds: Path, postgres_server: Postgres, chroma: ChromaServer
) -> None:
    with Catalogue(place_of(postgres_server.database())) as catalogue:
        served = Chroma.at(chroma.address)
        DocumentIndex(catalogue, served, Backwards(), 320).sync(seeds)
        reader = DocumentIndex(catalogue, served, HashedEmbedding(), 320, in_charge=False)
        assert reader.nearest([QUESTIONS[0]], 10, None) == {}, "the full text has to do"
