"""A collection in Chroma together with what the catalogue has noted of it."""

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding

from index.errors import StorageError
from index.storage import holdings
from index.storage.catalogue import Catalogue
from index.storage.holdings import CollectionKind, Holding
from index.vectors.chroma import Chroma, Vectors

_KNOWN_SECONDS = 1.0  # for which it stays known which collection is the one of now

Track = Callable[[Sequence[Any], str], Iterable[Any]]
"""Shows progress: gets what is to be done and its name, and returns it one by one."""

Embed = Callable[[list[str]], list[list[float]]]
"""Makes vectors of texts."""


class Passages:
    """The catalogue's passages in one collection: their `vectors`, and what is noted as `held`."""

    def __init__(self, vectors: Vectors, held: Holding) -> None:
        self.vectors = vectors
        self.held = held

    def nearest(
        self, vector: Sequence[float], limit: int, files: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """(id, cosine similarity) of the nearest passages, of these files alone if any are given.

        Raises StorageError where Chroma fails.
        """
        within = None if files is None else self.held.passages(files)
        return self.vectors.nearest(vector, limit, within)

    def carry_over(self, embed: Embed, at_once: int, track: Track, name: str) -> None:
        """Embeds what the collection lacks, `at_once` at a time, and deletes what is no more.

        Raises StorageError where Chroma fails, and whatever `embed` does; what was written until
        then stays.
        """
        pending, leaving = self.held.pending(), self.held.leaving()
        if not pending and not leaving:
            return
        self.held.writing(True)
        parts = [pending[start : start + at_once] for start in range(0, len(pending), at_once)]
        for part in track(parts, name):
            texts = [f"{entry.context}\n{entry.passage.text}" for entry in part]
            ids = [entry.passage.id for entry in part]
            self.vectors.upsert(ids, embed(texts))
            self.held.entered(ids)
        self.vectors.delete(leaving)
        self.held.left(leaving)
        self.held.writing(False)

    def agrees(self) -> bool:
        """Whether Chroma holds what is noted; after a crash, all of it is read to find out."""
        if self.held.is_being_written():
            return not self.reconciled() and self.vectors.answers()
        return not self.is_in_doubt() and self.vectors.answers()

    def is_in_doubt(self) -> bool:
        """Whether Chroma may hold something else: a write was broken off, or the number differs."""
        return self.held.is_being_written() or self.vectors.count() != len(self.held.ids())

    def reconciled(self) -> set[str]:
        """Notes what Chroma holds in fact; returns the ids of passages that it has lost.

        What it holds of passages that the catalogue has no more is deleted.
        """
        in_chroma, in_catalogue = self.vectors.ids(), self.held.known()
        noted = self.held.passages()
        self.vectors.delete(sorted(in_chroma - in_catalogue))
        self.held.replace(in_chroma & in_catalogue)
        return noted - in_chroma

    def copy(self, old: "Passages") -> None:
        """Takes over the vectors of passages that another collection has, by the same embedding.

        Raises DamageError where that one can't be read further; what was read is kept.
        """
        listed = self.held.known()
        for ids, vectors in old.vectors.pages():
            taken = {i: vector for i, vector in zip(ids, vectors, strict=True) if i in listed}
            self.vectors.upsert(list(taken), list(taken.values()))
            self.held.entered(taken)


class Current:
    """The collection that questions are answered from, whichever process has made it."""

    def __init__(
        self, catalogue: Catalogue, chroma: Chroma, kind: CollectionKind, embedding: str
    ) -> None:
        self._catalogue, self._chroma = catalogue, chroma
        self._kind, self._embedding = kind, embedding
        self._passages: Passages | None = None
        self._until = 0.0

    def look(self, anew: bool = False) -> Passages | None:
        """The collection of now, or of a second ago, unless `anew`; None while there is none.

        Raises StorageError where catalogue or Chroma can't tell.
        """
        if not anew and time.monotonic() < self._until:
            return self._passages
        held = holdings.current(self._catalogue, self._kind, self._embedding)
        if held is None:
            self._passages = None
        elif anew or self._passages is None or self._passages.held.name != held.name:
            vectors = self._chroma.open(held.name)
            self._passages = Passages(vectors, held) if vectors else None
        self._until = time.monotonic() + _KNOWN_SECONDS
        return self._passages


def opened(
    catalogue: Catalogue, chroma: Chroma, kind: CollectionKind, embedding: str
) -> Iterator[Passages]:
    """The collections of a kind that an embedding made, as far as Chroma has them; whole first."""
    for held in holdings.find(catalogue, kind, embedding):
        if vectors := chroma.open(held.name):
            yield Passages(vectors, held)


def begun(catalogue: Catalogue, chroma: Chroma, kind: CollectionKind, embedding: str) -> Passages:
    """A new collection beside those that there are."""
    vectors = chroma.create(_prefix(catalogue, kind))
    return Passages(vectors, holdings.add(catalogue, vectors.name, kind, embedding))


def check(catalogue: Catalogue, passages: Passages) -> None:
    """Raises StorageError where a collection does not hold every passage."""
    if passages.vectors.ids() != catalogue.ids() or not passages.vectors.answers():
        raise StorageError(
            "Chroma does not hold what was just written to it.",
            "See that the disk has room, and start the program again.",
        )


def switch(catalogue: Catalogue, chroma: Chroma, kind: CollectionKind, passages: Passages) -> None:
    """From now on this collection, which has been checked, is the one of its kind."""
    passages.held.take_over()
    chroma.drop_others(_prefix(catalogue, kind), passages.vectors)
    if all(chroma.open(name) for name in holdings.whole(catalogue)):
        chroma.drop_damaged()


def signature(embedding: BaseEmbedding) -> str:
    """What tells whether vectors are of this embedding: its class, and the model's name."""
    return f"{embedding.class_name()} {embedding.model_name}"


def _prefix(catalogue: Catalogue, kind: CollectionKind) -> str:
    """What the names of a kind's collections begin with; a server may have others' too."""
    identity = catalogue.fact("identity") or uuid.uuid4().hex[:12]
    catalogue.state(identity=identity)
    return f"{kind.value}-{identity}"
