"""Candidates for a question, by all finders: vectors, full text, and a model if there is one."""

import logging

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.asking.question import Question, QuestionReader
from assistant.finding.hit import Hit
from assistant.finding.nodes import nodes_of
from index.errors import StorageError
from index.sync import DocumentIndex
from index.vectors.semantic import Vector

logger = logging.getLogger(__name__)

CANDIDATES = 50
"""Passages that each finder brings; of the right ones, 99 % are among them on XQuAD-de."""


class PassageRetriever(BaseRetriever):
    """Candidates by vectors, ours and those of a model if there is one, and by full text."""

    def __init__(self, index: DocumentIndex, reader: QuestionReader) -> None:
        self._index = index
        self._reader = reader
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return nodes_of(self._hits(self._reader.of(query_bundle)))

    def _hits(self, question: Question) -> list[Hit]:
        catalogue = self._index.catalogue
        by_words, by_meaning = self._nearest(question), self._nearest_by_meaning(question)
        stemmed = catalogue.search(question.rarest_stems(), CANDIDATES, question.files)
        ids = {*by_words, *by_meaning, *stemmed}
        similarities = self._similarities(question, ids)
        return [
            Hit(
                indexed, by_words.get(indexed.passage.id, 0.0), similarities.get(indexed.passage.id)
            )
            for indexed in catalogue.passages(ids)
        ]

    def _nearest(self, question: Question) -> dict[str, float]:
        """Passages by vector; where Chroma fails, the full text has to do alone."""
        if not question.terms:
            return {}
        try:
            return self._index.nearest(question.embedding_strs, CANDIDATES, question.files)
        except StorageError as error:
            logger.error("The question is answered from the full text alone. %s", error)
            return {}

    def _nearest_by_meaning(self, question: Question) -> dict[str, float]:
        semantic, vector = self._index.semantic, self._vector(question)
        if not semantic or vector is None:
            return {}
        return semantic.nearest_to(vector, CANDIDATES, question.files)

    def _similarities(self, question: Question, ids: set[str]) -> dict[str, float]:
        """The cosine of every candidate, whoever has found it."""
        semantic, vector = self._index.semantic, self._vector(question)
        if not semantic or vector is None:
            return {}
        return semantic.similarities(vector, ids)

    def _vector(self, question: Question) -> Vector | None:
        semantic = self._index.semantic
        return semantic.vector(question.query_str) if semantic and question.terms else None
