"""The passages' vectors in a Chroma collection."""

import glob
import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from index.errors import DamageError, StorageError
from index.vectors.calls import Call, direct, explained, within

logger = logging.getLogger(__name__)

SERVER_TIMEOUT = 10.0
"""Seconds that a Chroma server has for an answer; its client would wait for ever."""

QUESTION_TIMEOUT = 2.0
"""What it has while somebody waits; silent once, it is not asked again for `QUESTION_PAUSE`."""

QUESTION_PAUSE = 5.0

_SEARCHED, _REACHED = 50, 0.8  # how many a sound collection is asked for, and the share it finds
_ASIDE = ".damaged-"
_TOKEN = {"Authorization": "Bearer {}", "X-Chroma-Token": "{}"}  # as proxies and Chroma take it
_SERVED = 500  # vectors in one request, so that a server is done with it in time


class Vectors:
    """One collection: unit vectors by the id of their passage.

    Every fault is a StorageError, and a DamageError if what is stored can't be read any more.
    """

    def __init__(
        self, collection: Collection, batch: int, call: Call = direct, asking: Call | None = None
    ) -> None:
        """While somebody waits for an answer, it is called by `asking`."""
        self.name = collection.name
        self._collection = collection
        self._batch = batch
        self._call = call
        self._asking = asking or call

    def upsert(self, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Stores vectors; an id that is there already gets the new one."""
        for part in self._batches(len(ids)):
            self._call(partial(self._collection.upsert, list(ids[part]), list(vectors[part])))

    def delete(self, ids: Sequence[str]) -> None:
        """Takes vectors out; ids that are not there are passed over."""
        for part in self._batches(len(ids)):
            self._call(partial(self._collection.delete, ids=list(ids[part])))

    def ids(self) -> set[str]:
        """All ids, read together with their vectors, so that what can't be read is found."""
        return {i for ids, _ in self.pages() for i in ids}

    def pages(self) -> Iterator[tuple[list[str], list[list[float]]]]:
        """All ids with their vectors, in batches."""
        for part in self._batches(self.count()):
            yield self._call(partial(self._page, self._batch, part.start))

    def _page(self, limit: int, offset: int = 0) -> tuple[list[str], list[list[float]]]:
        page = self._collection.get(limit=limit, offset=offset, include=["embeddings"])
        vectors = page["embeddings"]
        return page["ids"], [] if vectors is None else np.asarray(vectors).tolist()

    def of(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of these ids, as far as they are there."""
        wanted = partial(self._collection.get, ids=list(ids), include=["embeddings"])
        result = self._asking(wanted)
        vectors = np.asarray(result["embeddings"], np.float32)
        return dict(zip(result["ids"], vectors, strict=True))

    def count(self) -> int:
        """How many vectors there are."""
        return self._call(self._collection.count)

    def nearest(
        self, vector: Sequence[float], limit: int, among: set[str] | None = None
    ) -> list[tuple[str, float]]:
        """(id, cosine similarity) of the nearest vectors, nearest first.

        With `among` they are of these ids alone, all of which have to be there.
        """
        if among is not None and not among:
            return []
        return self._nearest(self._asking, vector, limit, among)

    def _nearest(
        self, call: Call, vector: Sequence[float], limit: int, among: set[str] | None = None
    ) -> list[tuple[str, float]]:
        query = partial(
            self._collection.query,
            query_embeddings=[vector],
            ids=None if among is None else list(among),
            n_results=limit,
            include=["distances"],
        )
        result = call(query)
        distances = (result["distances"] or [[]])[0]
        return [(i, 1 - d) for i, d in zip(result["ids"][0], distances, strict=True)]

    def answers(self) -> bool:
        """Whether one of its own vectors leads to as many as it should; an empty one does.

        Raises StorageError where something else keeps it from answering.

        Deletions can make the graph that Chroma searches fall apart: of 750 vectors alike, the rest
        of 1,500, a search for 50 found 16. A collection that is new finds all.
        """
        try:
            wanted, first = min(self.count(), _SEARCHED), self._first()
            return not wanted or len(self._nearest(self._call, first, wanted)) >= _REACHED * wanted
        except DamageError:
            return False

    def dimension(self) -> int | None:
        """How many numbers a vector has; None of an empty collection."""
        return len(self._first()) or None

    def _first(self) -> list[float]:
        """One of the vectors, or nothing."""
        _, vectors = self._call(partial(self._page, 1))
        return vectors[0] if vectors else []

    def _batches(self, total: int) -> Iterator[slice]:
        return (slice(start, start + self._batch) for start in range(0, total, self._batch))


class Chroma:
    """A Chroma database: embedded in a folder, or a server at an address."""

    def __init__(
        self,
        client: ClientAPI,
        call: Call = direct,
        folder: Path | None = None,
        asking: Call | None = None,
    ) -> None:
        self._client = client
        self._call = call
        self._asking = asking or call
        self._folder = folder
        most = call(client.get_max_batch_size)
        self._batch = most if folder else min(most, _SERVED)

    @classmethod
    def in_folder(cls, folder: Path) -> "Chroma":
        """Chroma in this process. A folder that is damaged is set aside, and a new one begun.

        Raises StorageError where something else keeps it from being opened, such as a full disk.
        """
        try:
            return cls(direct(partial(_embedded, folder)), folder=folder)
        except DamageError as error:
            SharedSystemClient.clear_system_cache()  # it would give the broken client again
            aside = _set_aside(folder)
            logger.warning("%s is built again; what was in it is in %s. %s", folder, aside, error)
            return cls(direct(partial(_embedded, folder)), folder=folder)
        except StorageError:
            SharedSystemClient.clear_system_cache()
            raise

    @classmethod
    def at(cls, address: str, token: str | None = None, ca: Path | None = None) -> "Chroma":
        """A Chroma server, such as http://127.0.0.1:8000. Raises StorageError if it is away.

        It is sent the `token`, and its certificate has to be signed by one in the file `ca`, or
        else by one that the system trusts.
        """
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        # Its client takes the address as a whole, which may be one of IPv6 in brackets.
        client = partial(
            chromadb.HttpClient,
            host=f"{parts.scheme}://{parts.netloc}",
            port=parts.port or (443 if secure else 80),
            ssl=secure,
            headers={name: form.format(token) for name, form in _TOKEN.items()} if token else {},
            settings=_settings(chroma_server_ssl_verify=str(ca) if ca else None),
        )
        try:
            call = within(SERVER_TIMEOUT)
            asking = within(QUESTION_TIMEOUT, 1, QUESTION_PAUSE)
            return cls(call(client), call, asking=asking)
        except StorageError as error:
            raise StorageError(
                f"The Chroma server {address} does not answer: {error.problem}",
                "Start it, or correct LOTSE_CHROMA_URL.",
            ) from error

    def open(self, name: str) -> Vectors | None:
        """The collection of this name, or None where there is none that can be read."""
        try:
            return self._vectors(partial(self._client.get_collection, name))
        except DamageError as error:
            logger.info("The collection %s can't be opened: %s", name, error)
            return None

    def create(self, prefix: str) -> Vectors:
        """A new, empty collection; its name is the prefix and a number never used before."""
        creating = partial(
            self._client.create_collection,
            f"{prefix}-{uuid.uuid4().hex}",
            configuration={"hnsw": {"space": "cosine"}},
        )
        return self._vectors(creating)

    def names(self) -> list[str]:
        """The names of all collections, those of others on a server included."""
        return [collection.name for collection in self._call(self._client.list_collections)]

    def drop_others(self, prefix: str, kept: Vectors) -> None:
        """Deletes the collections of this prefix but one; what can't be deleted is left."""
        try:
            for name in self.names():
                if name.startswith(f"{prefix}-") and name != kept.name:
                    self._call(partial(self._client.delete_collection, name))
        except StorageError as error:
            logger.warning("An old collection can't be deleted: %s", error)

    def drop_damaged(self) -> None:
        """Deletes the folders that were set aside, once all that they held is there again."""
        for folder in _set_aside_before(self._folder) if self._folder else ():
            shutil.rmtree(folder, ignore_errors=True)

    def _vectors(self, collection: Callable[..., Collection]) -> Vectors:
        opened = self._call(partial(collection, embedding_function=None))
        return Vectors(opened, self._batch, self._call, self._asking)


def _embedded(folder: Path) -> ClientAPI:
    # Chroma keeps a client for each path, as it is written; a relative one may change its meaning.
    client = chromadb.PersistentClient(folder.resolve(), settings=_settings())
    client.heartbeat()
    return client


def _set_aside(folder: Path) -> Path:
    """Renames a damaged folder; one that was set aside before is left as it is."""
    names = (folder.with_name(f"{folder.name}{_ASIDE}{number}") for number in count(1))
    free = next(name for name in names if not name.exists())
    with explained():
        return folder.rename(free)


def _set_aside_before(folder: Path) -> Iterator[Path]:
    return folder.parent.glob(f"{glob.escape(folder.name)}{_ASIDE}*")


def _settings(**more: Any) -> ChromaSettings:
    """Without the working folder's .env, which is ours, and without telemetry."""
    without_file: dict[str, Any] = {"_env_file": None}
    return ChromaSettings(anonymized_telemetry=False, **without_file, **more)
