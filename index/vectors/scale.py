"""What a model's cosines mean: each has a range of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

_USUAL, _BEST = -1.0, 4.0  # in standard deviations from the mean
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
    """The cosine of a text that has nothing to do with a question, and of one that answers it."""

    unrelated: float
    alike: float

    @classmethod
    def of(cls, cosines: Sequence[float]) -> Self:
        """A guess from the cosines of the candidates for one question."""
        mean, deviation = fmean(cosines), max(pstdev(cosines), _LEAST)
        return cls(mean + _USUAL * deviation, mean + _BEST * deviation)

    def places(self, cosines: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Where cosines lie: 0 for unrelated, 1 for alike, and beyond."""
        return np.asarray((cosines - self.unrelated) / (self.alike - self.unrelated), float)

    def share(self, cosine: float) -> float:
        """From 0 to 1, how much of the way from the one to the other a cosine is."""
        return min(1.0, max(0.0, (cosine - self.unrelated) / (self.alike - self.unrelated)))


@runtime_checkable
class Scaled(Protocol):
    """An embedding model of which it is known what its cosines mean."""

    @property
    def scale(self) -> Scale:
        """What they mean."""
