"""What passages and their sentences mean, by an embedding model, for questions in other words.

The passages' vectors are a second collection in Chroma; those of the units, the sentences and lines
that answers are chosen among, lie in the catalogue's database. Our own embedding and the full text
answer every question; the model adds to them. Nothing that it does wrong keeps a question from
being answered.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import lru_cache
from threading import Event, Thread
from typing import TypeVar

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pybreaker import CircuitBreakerError

from index.errors import DamageError, EmbeddingError, StorageError
from index.patience import begun, breaker
from index.storage.catalogue import Catalogue
from index.storage.holdings import CollectionKind
from index.storage.unit_vectors import UnitVectors
from index.vectors import collection
from index.vectors.chroma import Chroma
from index.vectors.collection import Current, Passages, Track, signature
from index.vectors.scale import Scale, Scaled

logger = logging.getLogger(__name__)

QUERY_SECONDS = 3.0
"""What the model has for a question; then it is answered without."""

_LOOK_SECONDS = 0.1  # between two looks at whether there still is time
_FAREWELL_SECONDS = 5.0  # for what is being written when the program ends
_UNIT_FORM = "1"  # another one, where what is embedded of a unit changes
_KEPT_QUESTIONS = 64  # vectors in memory
_KEPT_DOCUMENTS = 256
_KEPT_PASSAGES = 100_000
_REMEDY = (
    "See that the model and its server, LOTSE_EMBEDDING_URL, work as they should, "
    "or set LOTSE_EMBEDDING=off."
)

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]
"""A row each."""

Answer = TypeVar("Answer")


class _EndedError(Exception):
    """The program ends: what has been embedded stays, the rest is left to the next start."""


class Semantic:
    """The catalogue's passages by a model, in a collection of its own, and their documents' units.

    Both are made in the background or in one go, the passages first; until their collection is
    whole, nothing is found in it. Units have vectors only of a model whose cosines are known to
    mean something by themselves: without that they tell no answer from what is merely near it.

    What has been embedded is never embedded again: a start takes up where the last one ended. So
    the collection stays even where the setting is taken back, since making it costs time or money;
    the one of another model goes once its successor is whole.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        chroma: Chroma,
        embedding: BaseEmbedding,
        track: Track = lambda work, _: work,
        faulted: Callable[[str, str], None] = lambda _service, _fault: None,
        elsewhere: bool = False,
    ) -> None:
        """`faulted` is told when the "embedding" fails at "documents" or at a "question".

        With `elsewhere`, another process embeds, but while this one does its `updating`.
        """
        self._faulted = faulted
        self._catalogue = catalogue
        self._chroma = chroma
        self._embedding = embedding
        self._track = track
        self._units = UnitVectors(catalogue, f"{signature(embedding)} {_UNIT_FORM}")
        self._unit_vectors = lru_cache(_KEPT_DOCUMENTS)(self._read_units)
        self._vectors_of_questions = lru_cache(_KEPT_QUESTIONS)(self._query)
        self._known: dict[str, NDArray[np.float16]] = {}
        self._breaker = breaker()
        self._ending = Event()
        self._wanted = Event()
        self._updating = False
        self._elsewhere = elsewhere
        self._current = Current(catalogue, chroma, CollectionKind.SEMANTIC, signature(embedding))
        self._whole: Passages | None = None
        self._dimension: int | None = None

    @property
    def scale(self) -> Scale | None:
        """What the model's cosines mean; None where nobody knows."""
        return self._embedding.scale if isinstance(self._embedding, Scaled) else None

    # The catalogue and the collection

    @property
    def is_updating(self) -> bool:
        """Whether the background is still embedding what there was at the start.

        It is over then: what changes later is answered from meanwhile by our own embedding.
        """
        return self._updating

    def pending(self, documents: int) -> int:
        """How many of the documents the model has not seen yet: all, until it is whole."""
        if self._whole is None:
            return documents
        return self._units.waiting() if self.scale else 0

    def update(self) -> None:
        """Embeds what the collection lacks, and drops what it has too much.

        Where that fails, a warning is logged, and what was whole before answers questions.
        """
        try:
            self._update()
        except (EmbeddingError, StorageError) as error:
            have = "what it had embedded before" if self._whole else "our own embedding alone"
            self._faulted("embedding", "documents")
            logger.warning("%s Until it can be, questions are answered from %s.", error, have)
        except _EndedError:
            logger.info("Embedding has ended with the program; the next start goes on with it.")
        finally:
            self._updating = False

    @contextmanager
    def updating(self) -> Iterator[None]:
        """The same in the background, while the block runs, and whenever it is wanted again."""
        self._updating = True
        self._ending = Event()
        self.update_soon()
        thread = Thread(
            target=self._keep_updated, args=(self._ending,), name="embedding", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            self._wanted.set()
            thread.join(_FAREWELL_SECONDS)
            if self._elsewhere:
                self._whole, self._ending = None, Event()

    def update_soon(self) -> None:
        """Has the background embed what was changed."""
        self._wanted.set()

    def _keep_updated(self, ending: Event) -> None:
        while self._wanted.wait() and not ending.is_set():
            self._wanted.clear()
            self.update()

    def _update(self) -> None:
        passages = self._found() or self._rescued()
        self._dimension = passages.vectors.dimension()
        if passages.held.is_whole():
            self._whole = passages
        self._carry_over(passages)
        if not passages.vectors.answers():
            passages = self._rescued()
            self._carry_over(passages)
        if not passages.held.is_whole():
            collection.check(self._catalogue, passages)
            self._whole = passages
            collection.switch(self._catalogue, self._chroma, CollectionKind.SEMANTIC, passages)
        if self.scale:
            for file in self._track(self._units.pending(), "Sentences of the model"):
                self._embed_units(file)
        self._units.drop_others()

    def _embed_units(self, file: str) -> None:
        """The vectors of one document's units, unless it is gone by now."""
        source = self._units.source(file)
        if source is None:
            return
        texts = [f"{source.title}. {text}" for text in source.texts]
        size = self._embedding.embed_batch_size
        parts = [texts[start : start + size] for start in range(0, len(texts), size)]
        vectors = [_unit(np.asarray(self._embed(part), np.float32)) for part in parts]
        empty = np.empty((0, 0), np.float32)
        self._units.put(file, source.version, np.concatenate(vectors) if vectors else empty)

    def _carry_over(self, passages: Passages) -> None:
        at_once, name = self._embedding.embed_batch_size, "Vectors of the model"
        passages.carry_over(self._embed, at_once, self._track, name)

    def _found(self) -> Passages | None:
        """What was made of the collection so far, if Chroma can still tell."""
        return next(filter(_answers, self._made()), None)

    def _rescued(self) -> Passages:
        """A new collection, with the vectors of an old one of this model that can still be read."""
        earlier = self._made()
        new = collection.begun(
            self._catalogue, self._chroma, CollectionKind.SEMANTIC, signature(self._embedding)
        )
        for old in earlier:
            try:
                new.copy(old)
            except DamageError as error:
                logger.warning("Passages are embedded again that can't be read. %s", error)
        return new

    def _made(self) -> list[Passages]:
        return list(
            collection.opened(
                self._catalogue, self._chroma, CollectionKind.SEMANTIC, signature(self._embedding)
            )
        )

    def _embed(self, texts: list[str]) -> list[list[float]]:
        vectors = self._answer(begun(lambda: self._embedding.get_text_embedding_batch(texts)))
        self._check(vectors, len(texts))
        self._dimension = len(vectors[0])
        return vectors

    # A question

    def _answering(self, anew: bool = False) -> Passages | None:
        """The collection that a question is answered from; None while there is none.

        Raises StorageError where Chroma or the catalogue can't tell.
        """
        if self._whole or not self._elsewhere:
            return self._whole
        passages = self._current.look(anew)
        if passages and self._dimension is None:
            self._dimension = passages.vectors.dimension()
        return passages

    def vector(self, question: str) -> Vector | None:
        """A question's unit vector, made once however often it is asked for.

        None where the collection is not whole yet, or the model fails or is late.
        """
        try:
            return self._vectors_of_questions(question) if self._answering() else None
        except CircuitBreakerError:
            return None
        except (EmbeddingError, StorageError) as error:
            self._faulted("embedding", "question")
            logger.warning("A question is answered without the model. %s", error)
            return None

    def nearest_to(self, vector: Vector, limit: int, files: Set[str] | None) -> dict[str, float]:
        """Ids of the passages nearest to a question's vector, with their cosine, from -1 to 1.

        With `files` they are of these files alone. Where Chroma fails, there are none.
        """
        try:
            return self._nearest(vector, limit, files)
        except StorageError as error:
            logger.warning("A question is answered without the model. %s", error)
            return {}

    def _nearest(self, vector: Vector, limit: int, files: Set[str] | None) -> dict[str, float]:
        passages = self._answering()
        try:
            return dict(passages.nearest(vector.tolist(), limit, files)) if passages else {}
        except DamageError:
            other = self._answering(anew=True)
            if other is None or other is passages:
                raise
            return dict(other.nearest(vector.tolist(), limit, files))  # it was switched to

    def similarities(self, vector: Vector, ids: Iterable[str]) -> dict[str, float]:
        """The cosines of these passages, as far as the collection has them."""
        vectors = self._rows(list(ids))
        if not vectors:
            return {}
        rows = np.stack([*vectors.values()]).astype(np.float32)
        return dict(zip(vectors, (rows @ vector).tolist(), strict=True))

    def _rows(self, ids: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Unit vectors of passages, read once.

        An id is made of all that its vector depends on, so that one that was read holds for ever.
        """
        kept = self._known if len(self._known) < _KEPT_PASSAGES else {}
        missing = [key for key in ids if key not in kept]
        if missing:
            try:
                passages = self._answering()
                read = passages.vectors.of(missing) if passages else {}
            except StorageError as error:
                logger.warning("Passages are ordered without the model. %s", error)
                return {}
            kept.update({key: _unit(vector).astype(np.float16) for key, vector in read.items()})
        self._known = kept
        return {key: kept[key] for key in ids if key in kept}

    def units(self, file: str) -> Vectors | None:
        """The unit vectors of a document's units, in their order, a row each.

        None where they are not made yet, or where the document is another than they were made of.
        """
        version = self._units.version(file)
        if version is None or self._dimension is None:
            return None
        return self._unit_vectors(file, version, self._dimension)

    def _read_units(self, file: str, version: str, dimension: int) -> Vectors | None:
        return self._units.vectors(file, version, dimension)

    def _query(self, question: str) -> Vector:
        with self._breaker.calling():
            asked = begun(lambda: self._embedding.get_query_embedding(question))
            vector = self._answer(asked, QUERY_SECONDS)
            self._check([vector], 1)
        return _unit(np.asarray(vector, np.float32))

    # The model

    def _answer(self, answer: "Future[Answer]", seconds: float | None = None) -> Answer:
        """What the model answers. Raises EmbeddingError for what it raises, and if it is late."""
        started = time.monotonic()
        while not wait([answer], _LOOK_SECONDS).done:
            if self._ending.is_set():
                raise _EndedError
            if seconds is not None and time.monotonic() - started > seconds:
                raise self._error(f"has not answered within {seconds:g} s")
        if error := answer.exception():
            raise self._error(f"has failed ({type(error).__name__})")  # its words may have the key
        return answer.result()

    def _check(self, vectors: Sequence[Sequence[float]], wanted: int) -> None:
        """Raises EmbeddingError for what are no vectors: too few, of another length, or empty."""
        try:
            with np.errstate(over="ignore"):
                numbers = np.asarray(vectors, dtype=np.float32)  # as Chroma has them
        except (TypeError, ValueError) as error:
            raise self._error("has sent something other than vectors") from error
        if numbers.ndim != 2 or len(numbers) != wanted:
            raise self._error(f"has not sent {wanted} vectors for as many texts")
        if not np.isfinite(numbers).all() or not numbers.any(axis=1).all():
            raise self._error("has sent vectors of zeros, or of what is no number")
        if self._dimension not in (None, numbers.shape[1]):
            raise self._error(
                f"has sent {numbers.shape[1]} numbers a vector, and not {self._dimension} as before"
            )

    def _error(self, problem: str) -> EmbeddingError:
        what = f"The embedding model {self._embedding.model_name!r} of LOTSE_EMBEDDING"
        return EmbeddingError(f"{what} {problem}.", _REMEDY)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same vectors, one or several, with length 1."""
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / lengths


def _answers(passages: Passages) -> bool:
    """Whether a collection can be used; what Chroma has lost of it is embedded again.

    Raises StorageError where only circumstances keep it from being read.
    """
    try:
        if passages.is_in_doubt() and (lost := passages.reconciled()):
            logger.warning("Chroma has lost %d passages; they are embedded again.", len(lost))
        return passages.vectors.answers()
    except DamageError as error:
        logger.warning("%s", error)
        return False
