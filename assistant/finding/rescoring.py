"""Candidates scored exactly, by the words of the question that they have."""

from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.asking.question import Question, QuestionReader
from assistant.finding.analysis import analysis_of, sentence_scores
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of, nodes_of

_BEST_SENTENCE = 0.4  # what the best sentence's score adds to its passage's
_LOOKED_INTO = 10  # passages whose sentences are scored

FULL_SCORE = 1 + _BEST_SENTENCE
"""What a passage scores in which each word of the question stands once, in one sentence."""
_NEAR = FULL_SCORE / 10  # what shares a few letters has less


class Rescoring(BaseNodePostprocessor):
    """Orders passages by their features and by those of their best sentence."""

    _reader: QuestionReader = PrivateAttr()

    def __init__(self, reader: QuestionReader) -> None:
        super().__init__()
        self._reader = reader

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("Passages can be scored for a question only.")
        return nodes_of(rescored(self._reader.of(query_bundle), hits_of(nodes)))


def rescored(question: Question, hits: Sequence[Hit]) -> list[Hit]:
    """The hits with their scores by words, best first."""
    scored = by_score([replace(hit, score=word_score(question, hit)) for hit in hits])
    looked_into = [
        replace(hit, score=score_with_sentences(question, hit)) for hit in scored[:_LOOKED_INTO]
    ]
    return by_score([*looked_into, *scored[_LOOKED_INTO:]])


def word_score(question: Question, hit: Hit) -> float:
    """How much of the question the passage has."""
    return question.score(analysis_of(hit).passage)


def score_with_sentences(question: Question, hit: Hit) -> float:
    """The same, and what its best sentence has."""
    best = max(sentence_scores(question, hit), default=0.0)
    return word_score(question, hit) + _BEST_SENTENCE * best


def by_score(hits: Sequence[Hit]) -> list[Hit]:
    """Best first; equals by id, so that the order is always the same."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def is_near(hit: Hit) -> bool:
    """Whether it has something of the question, or an embedding model takes it for alike."""
    return hit.score > _NEAR or hit.similarity is not None
