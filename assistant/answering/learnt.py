"""Weights that `make learn` has learnt from questions with known answers, in YAML to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.text.tables import Table

Array = NDArray[np.float64]


class Weight(Table):
    """What a feature counts, and its mean and standard deviation among the examples."""

    weight: float
    mean: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Linear:
    """A weighted sum of standardised features, by their names."""

    weights: Mapping[str, Weight]

    def of(self, features: Mapping[str, Array]) -> Array:
        """The sum for each row. Raises KeyError where a feature is lacking."""
        rows = np.stack([features[name] for name in self.names], axis=-1)
        return np.asarray((rows - self._means) / self._scales @ self._weights, float)

    @property
    def names(self) -> Sequence[str]:
        """The features that it knows."""
        return list(self.weights)

    @cached_property
    def _weights(self) -> Array:
        return np.array([feature.weight for feature in self.weights.values()])

    @cached_property
    def _means(self) -> Array:
        return np.array([feature.mean for feature in self.weights.values()])

    @cached_property
    def _scales(self) -> Array:
        return np.array([feature.scale for feature in self.weights.values()])


def shares(scores: Array) -> Array:
    """The scores as probabilities that add up to 1 (softmax)."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), float)


def probability(score: Array) -> Array:
    """Log odds as a probability."""
    return np.asarray(1 / (1 + np.exp(-score)), float)
