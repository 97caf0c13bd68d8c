"""The passages' vectors in a Chroma collection. The only module that imports chromadb."""

import logging
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from index.errors import StorageError

logger = logging.getLogger(__name__)

SERVER_TIMEOUT = 10.0
"""Seconds that a Chroma server has for an answer; its client would wait for ever."""

_SEARCHED, _REACHED = 50, 0.8  # how many a sound collection is asked for, and the share it finds
_FAULTS = (ChromaError, httpx.HTTPError, OSError, RuntimeError, ValueError)


class Vectors:
    """One collection: unit vectors by the id of their passage. Raises StorageError on any fault."""

    def __init__(self, collection: Collection, batch: int) -> None:
        self.name = collection.name
        self._collection = collection
        self._batch = batch

    def upsert(self, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Stores vectors; an id that is there already gets the new one."""
        with _explained():
            for part in self._batches(len(ids)):
                self._collection.upsert(ids=list(ids[part]), embeddings=list(vectors[part]))

    def delete(self, ids: Sequence[str]) -> None:
        """Takes vectors out; ids that are not there are passed over."""
        with _explained():
            for part in self._batches(len(ids)):
                self._collection.delete(ids=list(ids[part]))

    def ids(self) -> set[str]:
        """All ids, read together with their vectors, so that what can't be read is found."""
        return {each for ids, _ in self.pages() for each in ids}

    def pages(self) -> Iterator[tuple[list[str], list[list[float]]]]:
        """All ids with their vectors, in batches."""
        for part in self._batches(self.count()):
            with _explained():
                page = self._collection.get(
                    limit=self._batch, offset=part.start, include=["embeddings"]
                )
                found = page["embeddings"]
                vectors = [] if found is None else np.asarray(found).tolist()
            yield page["ids"], vectors

    def count(self) -> int:
        """How many vectors there are."""
        with _explained():
            return self._collection.count()

    def nearest(
        self, vector: Sequence[float], limit: int, among: set[str] | None = None
    ) -> list[tuple[str, float]]:
        """(id, cosine similarity) of the nearest vectors, nearest first.

        With `among` they are of these ids alone, all of which have to be there.
        """
        if among is not None and not among:
            return []
        with _explained():
            found = self._collection.query(
                query_embeddings=[vector],
                ids=None if among is None else list(among),
                n_results=limit,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [(i, 1 - d) for i, d in zip(found["ids"][0], distances, strict=True)]

    def answers(self) -> bool:
        """Whether one of its own vectors leads to as many as it should; an empty one does.

        Deletions can make the graph that Chroma searches fall apart: of 750 vectors alike, the rest
        of 1,500, a search for 50 found 16. A collection that is new finds all.
        """
        try:
            wanted, first = min(self.count(), _SEARCHED), self._first()
            return not wanted or len(self.nearest(first, wanted)) >= _REACHED * wanted
        except StorageError:
            return False

    def dimension(self) -> int | None:
        """How many numbers a vector has; None of an empty collection."""
        return len(self._first()) or None

    def _first(self) -> list[float]:
        """One of the vectors, or nothing."""
        with _explained():
            found = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        return [] if found is None or not len(found) else [float(number) for number in found[0]]

    def _batches(self, total: int) -> Iterator[slice]:
        return (slice(start, start + self._batch) for start in range(0, total, self._batch))


class Chroma:
    """A Chroma database: embedded in a folder, or a server at an address."""

    def __init__(self, client: ClientAPI) -> None:
        self._client = client

    @classmethod
    def in_folder(cls, folder: Path) -> "Chroma":
        """Chroma in this process; a folder that it can't open is emptied, being derived."""
        try:
            return cls(_embedded(folder))
        except _FAULTS as error:
            logger.warning("%s can't be opened and is built again: %s", folder, error)
        shutil.rmtree(folder, ignore_errors=True)
        SharedSystemClient.clear_system_cache()  # it would give the broken client again
        with _explained():
            return cls(_embedded(folder))

    @classmethod
    def at(cls, address: str) -> "Chroma":
        """A Chroma server, such as http://127.0.0.1:8000."""
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        try:
            # Chroma's client asks the server at once and would wait for ever.
            httpx.get(f"{address.rstrip('/')}/api/v2/heartbeat", timeout=SERVER_TIMEOUT)
            client = chromadb.HttpClient(
                host=parts.hostname or "",
                port=parts.port or (443 if secure else 80),
                ssl=secure,
                settings=_settings(),
            )
        except _FAULTS as error:
            raise StorageError(
                f"The Chroma server {address} does not answer: {error}.",
                "Start it, or correct LOTSE_CHROMA_URL.",
            ) from error
        client._server._session.timeout = httpx.Timeout(SERVER_TIMEOUT)  # type: ignore[attr-defined]
        return cls(client)

    def open(self, name: str) -> Vectors | None:
        """The collection of this name, or None where there is none that can be opened."""
        try:
            return self._vectors(self._client.get_collection(name, embedding_function=None))
        except _FAULTS as error:
            logger.info("The collection %s can't be opened: %s", name, error)
            return None

    def create(self, prefix: str) -> Vectors:
        """A new, empty collection; its name is the prefix and a number never used before."""
        with _explained():
            return self._vectors(
                self._client.create_collection(
                    f"{prefix}-{uuid.uuid4().hex}",
                    configuration={"hnsw": {"space": "cosine"}},
                    embedding_function=None,
                )
            )

    def drop_others(self, prefix: str, kept: Vectors) -> None:
        """Deletes the collections of this prefix but one; what can't be deleted is left."""
        try:
            for collection in self._client.list_collections():
                if collection.name.startswith(f"{prefix}-") and collection.name != kept.name:
                    self._client.delete_collection(collection.name)
        except _FAULTS as error:
            logger.warning("An old collection can't be deleted: %s", error)

    def _vectors(self, collection: Collection) -> Vectors:
        return Vectors(collection, self._client.get_max_batch_size())


def _embedded(folder: Path) -> ClientAPI:
    # Chroma keeps a client for each path, as it is written; a relative one may change its meaning.
    client = chromadb.PersistentClient(folder.resolve(), settings=_settings())
    client.heartbeat()
    return client


def _settings() -> ChromaSettings:
    """Without the working folder's .env, which is ours, and without telemetry."""
    without_file: dict[str, Any] = {"_env_file": None}
    return ChromaSettings(anonymized_telemetry=False, **without_file)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise StorageError(
            f"The vector index (Chroma) failed: {error}.",
            "Start the program again: it is repaired from the catalogue.",
        ) from error
