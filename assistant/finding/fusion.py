"""Two scores of a passage made into one: that of its words, and that of its meaning.

A sum, not a fusion of ranks: how much better the best one is tells more than that it is the best.
"""

from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of, nodes_of
from assistant.finding.rescoring import FULL_SCORE, by_score
from index.vectors.scale import Scale

_MEANING = 0.75  # what a passage that means what is asked has beside its words' score
_SHARE = FULL_SCORE / (FULL_SCORE + _MEANING)  # so that the sum is FULL_SCORE at most, too


class Fusion(BaseNodePostprocessor):
    """Orders passages that were scored by their words by their meaning as well.

    `scale` is the model's, if it is known. Where no model has answered, all stays as it is.
    """

    _scale: Scale | None = PrivateAttr()

    def __init__(self, scale: Scale | None = None) -> None:
        super().__init__()
        self._scale = scale

    def _postprocess_nodes(
        self,
        nodes: list[NodeWithScore],
        query_bundle: QueryBundle | None = None,  # noqa: ARG002
    ) -> list[NodeWithScore]:
        return nodes_of(joined(hits_of(nodes), self._scale))


def joined(hits: Sequence[Hit], scale: Scale | None = None) -> list[Hit]:
    """Hits by their words, scored by words and meaning, best first.

    One that the model does not know yet counts as much as they do on average.
    """
    similarities = [hit.similarity for hit in hits if hit.similarity is not None]
    if not similarities:
        return list(hits)
    used = scale or Scale.of(similarities)
    average = sum(similarities) / len(similarities)

    def score(hit: Hit) -> float:
        similarity = average if hit.similarity is None else hit.similarity
        return _SHARE * (hit.score + _MEANING * used.share(similarity))

    return by_score([replace(hit, score=score(hit)) for hit in hits])
