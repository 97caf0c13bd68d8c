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
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from index.errors import StorageError

logger = logging.getLogger(__name__)

SERVER_TIMEOUT = 10.0
"""Seconds that a Chroma server has for an answer; its client would wait for ever."""

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
        held: set[str] = set()
        with _explained():
            for part in self._batches(self._collection.count()):
                page = self._collection.get(
                    limit=self._batch, offset=part.start, include=["embeddings"]
                )
                held.update(page["ids"])
        return held

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
        """Whether the collection finds one of its own vectors; an empty one does."""
        try:
            first = self._collection.get(limit=1, include=["embeddings"])
            embeddings = first["embeddings"]
            if embeddings is None or not len(embeddings):
                return True
            return bool(self.nearest([float(number) for number in embeddings[0]], 1))
        except (StorageError, *_FAULTS):
            return False

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
