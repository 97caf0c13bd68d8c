"""The documents that were found, cut into what can be quoted, and kept for the next question."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Evidence, MeaningOf, gathered
from assistant.answering.stretch import Array, Stretch, stretches
from assistant.asking.question import Question
from assistant.finding.hit import Hit
from index.storage.catalogue import Catalogue
from index.vectors.scale import Scale

_KEPT = 512  # documents


class Meaning(Protocol):
    """Vectors of questions and of units by an embedding model, where there is one."""

    @property
    def scale(self) -> Scale | None:
        """What the model's cosines mean; None where nobody knows."""

    def vector(self, question: str) -> NDArray[np.float32] | None:
        """A question's unit vector; None where the model has none."""

    def units(self, file: str) -> NDArray[np.float32] | None:
        """The unit vectors of a document's units, a row each; None where they are not made yet."""


class Library:
    """The documents of one revision of the catalogue. Several threads may ask at once."""

    def __init__(self, catalogue: Catalogue, meaning: Meaning | None = None) -> None:
        self._catalogue = catalogue
        self._meaning = meaning
        self._stretches = lru_cache(_KEPT)(self._read)

    def evidence(self, question: Question, hits: Sequence[Hit]) -> Evidence | None:
        """What speaks for each unit of what was found, best first; None where nothing was."""
        scale = self._meaning.scale if self._meaning else None
        meaning_of = self._meaning_of(question, scale)
        return gathered(question, hits, self._stretches, meaning_of, scale)

    def _read(self, file: str) -> Sequence[Stretch]:
        document = self._catalogue.document(file)
        return stretches(document, self._catalogue.units(file)) if document else ()

    def _meaning_of(self, question: Question, scale: Scale | None) -> MeaningOf:
        meaning = self._meaning if scale else None
        asked = meaning.vector(question.query_str) if meaning else None

        def of(stretch: Stretch) -> Array | None:
            vectors = meaning.units(stretch.document.file) if meaning else None
            if scale is None or vectors is None or asked is None:
                return None
            own = vectors[stretch.first : stretch.first + len(stretch.units)]
            is_whole = len(vectors) == stretch.all_units
            return scale.places(own @ asked) if is_whole else None

        return of
