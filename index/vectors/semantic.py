"""The second collection: the passages' vectors by an embedding model, for questions in other words.

Our own embedding and the full text answer every question; the model adds to them. Nothing that it
does wrong keeps a question from being answered.
"""

import logging
import time
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import Future, wait
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pybreaker import CircuitBreakerError

from index.errors import DamageError, EmbeddingError, StorageError
from index.patience import begun, breaker
from index.storage.catalogue import Catalogue
from index.storage.holdings import CollectionKind
from index.vectors import collection
from index.vectors.chroma import Chroma
from index.vectors.collection import Passages, Track, signature

logger = logging.getLogger(__name__)

QUERY_SECONDS = 3.0
"""What the model has for a question; then it is answered without."""

_LOOK_SECONDS = 0.1  # between two looks at whether there still is time
_FAREWELL_SECONDS = 5.0  # for what is being written when the program ends
_REMEDY = (
    "See that the model and its server, LOTSE_EMBEDDING_URL, work as they should, "
    "or unset LOTSE_EMBEDDING."
)

Vector = Sequence[float]
Answer = TypeVar("Answer")


class _EndedError(Exception):
    """The program ends: what has been embedded stays, the rest is left to the next start."""


class Semantic:
    """The catalogue's passages by a model, in a collection of its own.

    It is made in the background or in one go; until it is whole, nothing is found in it. What has
    been embedded is never embedded again: a start takes up where the last one ended. So the
    collection stays even where the setting is taken back, since making it costs time or money; the
    one of another model goes once its successor is whole.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        chroma: Chroma,
        embedding: BaseEmbedding,
        track: Track = lambda work, _: work,
    ) -> None:
        self._catalogue = catalogue
        self._chroma = chroma
        self._embedding = embedding
        self._track = track
        self._breaker = breaker()
        self._ending = Event()
        self._whole: Passages | None = None
        self._dimension: int | None = None

    # The catalogue and the collection

    def update(self) -> None:
        """Embeds what the collection lacks, and drops what it has too much.

        Where that fails, a warning is logged, and what was whole before answers questions.
        """
        try:
            self._update()
        except (EmbeddingError, StorageError) as error:
            have = "what it had embedded before" if self._whole else "our own embedding alone"
            logger.warning("%s Until the next start, questions are answered from %s.", error, have)
        except _EndedError:
            logger.info("Embedding has ended with the program; the next start goes on with it.")

    @contextmanager
    def updating(self) -> Iterator[None]:
        """The same in the background, while the block runs, and no longer than that."""
        thread = Thread(target=self.update, name="embedding", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join(_FAREWELL_SECONDS)

    def _update(self) -> None:
        passages = self._found() or self._rescued()
        if passages.held.is_whole():
            self._whole = passages
        self._carry_over(passages)
        if not passages.vectors.answers():
            passages = self._rescued()
            self._carry_over(passages)
        if not passages.held.is_whole():
            collection.switch(self._catalogue, self._chroma, CollectionKind.SEMANTIC, passages)
            self._whole = passages

    def _carry_over(self, passages: Passages) -> None:
        self._dimension = passages.vectors.dimension()
        at_once, name = self._embedding.embed_batch_size, "Vectors of the model"
        passages.carry_over(self._embed, at_once, self._track, name)

    def _found(self) -> Passages | None:
        """What was made of the collection so far, if Chroma can still tell."""
        return next(filter(_answers, self._made()), None)

    def _rescued(self) -> Passages:
        """A new collection, with the vectors of an old one of this model that can still be read."""
        known = self._made()
        new = collection.begun(
            self._catalogue, self._chroma, CollectionKind.SEMANTIC, signature(self._embedding)
        )
        for old in known:
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

    def nearest(self, question: str, limit: int, files: Set[str] | None) -> dict[str, float]:
        """Ids of the passages nearest to a question, with their similarity, from -1 to 1.

        With `files` they are of these files alone. Where the collection is not whole yet, or the
        model or Chroma fails, there are none.
        """
        passages = self._whole
        if passages is None:
            return {}
        try:
            with self._breaker.calling():
                vector = self._query(question)
            return dict(passages.nearest(vector, limit, files))
        except CircuitBreakerError:
            return {}
        except (EmbeddingError, StorageError) as error:
            logger.warning("A question is answered without the model. %s", error)
            return {}

    def _query(self, question: str) -> Vector:
        asked = begun(lambda: self._embedding.get_query_embedding(question))
        vector = self._answer(asked, QUERY_SECONDS)
        self._check([vector], 1)
        return vector

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

    def _check(self, vectors: Sequence[Vector], wanted: int) -> None:
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
