"""Texts as vectors with no model: their weighted features, hashed."""

import hashlib
from functools import lru_cache

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.text.features import PASSAGE_WORDS, bag, weight
from index.text.languages import identify

DIMENSIONS = 1024


@lru_cache(maxsize=500_000)
def _bucket(feature: str) -> tuple[int, float]:
    """The dimension that a feature is hashed to, and the sign it has there."""
    number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
    return (number >> 1) % DIMENSIONS, 1.0 if number & 1 else -1.0


class HashedEmbedding(BaseEmbedding):
    """Features hashed with signs into a unit vector of DIMENSIONS numbers.

    The signs make two features that meet in a dimension cancel out on average
    (Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning).
    """

    model_name: str = f"hashed-4-{DIMENSIONS}"

    @classmethod
    def class_name(cls) -> str:
        return "HashedEmbedding"

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    def _vector(self, text: str) -> list[float]:
        language = identify(text)
        contents = bag(text, language)
        vector = np.zeros(DIMENSIONS)
        for feature in contents.counts:
            dimension, sign = _bucket(feature)
            tells = weight(feature, language)
            vector[dimension] += sign * tells * contents.saturation(feature, PASSAGE_WORDS)
        length = float(np.linalg.norm(vector))
        unit: list[float] = (vector / length if length else vector).tolist()
        return unit
