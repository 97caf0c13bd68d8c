"""What tests ask of an index that follows a folder: alone, and in processes that are killed."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from index.errors import FormatError
from index.readers.load import load
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.text.passages import passages
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from index.watcher import following
from tests.conftest import write

QUESTIONS = (
    "Wie hoch ist der Jahresbeitrag im Alpenbund?",
    "Who signed the letter of intent?",
    "Quels pôles ont signé un accord ?",
    "gemeinsames Verzeichnis der Geräte",
)
DOCUMENTS = 30
TOPICS = ("Sensoren", "Pumpen", "Implantate", "Diagnostik", "Robotik", "Zellkulturen", "Bildgebung")


def expected(folder: Path, passage_tokens: int = 320) -> set[str]:
    """The ids of all passages of the folder's documents."""
    ids: set[str] = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        try:
            document = load(path.relative_to(folder).as_posix(), path.read_bytes())
        except FormatError:
            continue
        ids.update(passage.id for passage in passages(document, passage_tokens))
    return ids


def holds(index: DocumentIndex, wanted: set[str]) -> bool:
    """Whether catalogue and Chroma hold exactly these passages, and nothing is left to do."""
    assert index.held.pending() == []
    assert index.held.leaving() == []
    assert index.vectors.answers()
    return wanted == index.catalogue.ids() == index.held.ids() == index.vectors.ids()


def nearest(index: DocumentIndex, questions: Sequence[str] = QUESTIONS) -> list[dict[str, float]]:
    """For each question the nearest ten passages and their similarity, less a tie at the end."""
    answers = []
    for question in questions:
        vector = index.embedding.get_query_embedding(question)
        hits = {key: round(cosine, 4) for key, cosine in index.vectors.nearest(vector, 10)}
        last = min(hits.values())
        answers.append({key: cosine for key, cosine in hits.items() if cosine > last})
        assert answers[-1]
    return answers


def best(index: DocumentIndex, question: str) -> str:
    """The text of the passage that is nearest to a question."""
    ((key, _),) = index.vectors.nearest(index.embedding.get_query_embedding(question), 1)
    (entry,) = index.catalogue.passages([key])
    return entry.passage.text


class Backwards(HashedEmbedding):
    """Another embedding: its vectors are those of the words read backwards."""

    model_name: str = "backwards-1"

    def _vector(self, text: str) -> list[float]:
        return super()._vector(text[::-1])


def corpus(version: int) -> dict[str, str]:
    """Thirty documents less one; of the half of them, in turns, each version has another text."""
    files = {}
    for number in range(DOCUMENTS):
        edition = (version + number % 2) // 2
        topic = TOPICS[(number + edition) % len(TOPICS)]
        sentences = (
            f"Das Labor {number} stellt in Ausgabe {edition} {count} Geräte für {topic} vor."
            for count in range(2, 10)
        )
        files[f"{number:02}.txt"] = f"Bericht {number} über {topic}\n\n{' '.join(sentences)}\n"
    del files[f"{version % DOCUMENTS:02}.txt"]
    return files


def replace(folder: Path, files: dict[str, str]) -> None:
    for path in folder.glob("*"):
        if path.name not in files:
            path.unlink()
    write(folder, files)


def sync_once(data: Path, folder: Path, check: bool) -> None:
    """What `index` does, in a process of its own."""
    with Catalogue(data / "catalogue.sqlite") as catalogue:
        index = DocumentIndex(catalogue, Chroma.in_folder(data / "chroma"), HashedEmbedding(), 64)
        index.sync(folder)
        assert not check or holds(index, expected(folder, 64))


def follow(data: Path, folder: Path, check: bool) -> None:
    """What `serve` does with the folder: it syncs, and follows until it is killed."""
    if check:
        sync_once(data, folder, check)
        return
    with Catalogue(data / "catalogue.sqlite") as catalogue:
        index = DocumentIndex(catalogue, Chroma.in_folder(data / "chroma"), HashedEmbedding(), 64)
        index.sync(folder)
        with following(index, folder):
            time.sleep(60)


def nursery(parent: Connection) -> None:
    """Reads what every process needs, and then forks one whenever it is told what to do in it.

    It sends the process's id and, when the process has ended, its exit code.
    """
    passages(load("a.txt", b"Ein Satz."), 64)
    HashedEmbedding().get_text_embedding("Ein Satz.")
    for once, *work in iter(parent.recv, None):
        process = multiprocessing.get_context("fork").Process(target=once, args=work)
        process.start()
        parent.send(process.pid)
        process.join()
        parent.send(process.exitcode)


class Processes:
    """Processes that sync a folder, one after the other, each by a call of `once`."""

    def __init__(self, data: Path, folder: Path, once: Callable[..., None] = sync_once) -> None:
        forkserver = multiprocessing.get_context("forkserver")
        self._work = (once, data, folder)
        self._child, theirs = forkserver.Pipe()
        self._nursery = forkserver.Process(target=nursery, args=(theirs,))
        self._nursery.start()
        theirs.close()

    def run(self, check: bool = True) -> float:
        """Lets one run to its end and returns how many seconds that took."""
        self._child.send((*self._work, check))
        self._child.recv()
        begun = time.monotonic()
        assert self._child.recv() == 0
        return time.monotonic() - begun

    def kill(self, after: float, meanwhile: Callable[[], None] = lambda: None) -> bool:
        """Kills one so many seconds after its start, and returns whether it was still running.

        `meanwhile` is done over and over until then.
        """
        self._child.send((*self._work, False))
        process = self._child.recv()
        end = time.monotonic() + after
        while not self._child.poll(min(0.05, max(0.0, end - time.monotonic()))):
            if time.monotonic() >= end:
                break
            meanwhile()
        if not self._child.poll():
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.kill(process, signal.SIGKILL)
        return bool(self._child.recv() == -signal.SIGKILL)

    def close(self) -> None:
        self._child.send(None)
        self._nursery.join()
        self._child.close()
