"""Passages for a question: two finders, or three, whose findings are scored exactly."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from assistant.question import Question, QuestionReader
from index.catalogue import Entry
from index.errors import StorageError
from index.lexical import PASSAGE_WORDS, Bag, Profile, bag, words
from index.sync import Index

logger = logging.getLogger(__name__)

CANDIDATES = 50
"""Passages that each finder brings; of the right ones, 99 % are among them on XQuAD-de."""

SENTENCE_WORDS = 20  # of a usual sentence
_CONTEXT = 0.5  # what a word of the headings counts beside one of the passage
_BEST_SENTENCE = 0.4  # what the best sentence's score adds to its passage's
_LOOKED_INTO = 10  # passages whose sentences are scored

FULL_SCORE = 1 + _BEST_SENTENCE
"""What a passage scores in which each word of the question stands once, in one sentence."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a passage is about, and each of its sentences, and the words of it and its headings."""

    passage: Profile
    sentences: tuple[Profile, ...]
    words: frozenset[str]


class PassageRetriever(BaseRetriever):
    """Candidates by vectors, ours and those of a model if there is one, and by full text."""

    def __init__(self, index: Index, reader: QuestionReader) -> None:
        self._index = index
        self._reader = reader
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = as_question(query_bundle, self._reader)
        catalogue = self._index.catalogue
        similarities, by_model = self._nearest(question), self._nearest_by_model(question)
        stemmed = catalogue.search(question.rarest_stems(), CANDIDATES, question.files)
        entries = catalogue.entries({*similarities, *by_model, *stemmed})
        return [
            NodeWithScore(
                node=node_of(entry, by_model.get(entry.passage.id)),
                score=similarities.get(entry.passage.id, 0.0),
            )
            for entry in entries
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

    def _nearest_by_model(self, question: Question) -> dict[str, float]:
        semantic = self._index.semantic
        if not semantic or not question.terms:
            return {}
        return semantic.nearest(question.query_str, CANDIDATES, question.files)


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
        question = as_question(query_bundle, self._reader)
        for found in nodes:
            found.score = question.score(analysis_of(found).passage)
        nodes = by_score(nodes)
        for found in nodes[:_LOOKED_INTO]:
            best = max(sentence_scores(question, found), default=0.0)
            found.score = found.get_score() + _BEST_SENTENCE * best
        return by_score(nodes)


def by_score(nodes: Sequence[NodeWithScore]) -> list[NodeWithScore]:
    """Best first; equals by id, so that the order is always the same."""
    return sorted(nodes, key=lambda found: (-found.get_score(), found.node.node_id))


def as_question(query: QueryBundle, reader: QuestionReader) -> Question:
    """What was understood of a query; one that comes from elsewhere is read now."""
    return query if isinstance(query, Question) else reader.read(query.query_str)


def node_of(entry: Entry, similarity: float | None = None) -> TextNode:
    """A passage as llama-index has it; `similarity` is the model's, if it found the passage."""
    passage = entry.passage
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata={
            "file": passage.file,
            "title": entry.title,
            "date": entry.date,
            "language": entry.language,
            "url": entry.url,
            "context": entry.context,
            "start": passage.start,
            "sentences": passage.sentences,
            "similarity": similarity,
        },
    )


def sentence_scores(question: Question, found: NodeWithScore) -> list[float]:
    """The score of each sentence of a passage."""
    return [question.score(s) for s in analysis_of(found).sentences]


def analysis_of(found: NodeWithScore) -> Analysis:
    """The features of a passage, kept for the next question."""
    known: dict[str, Any] = found.node.metadata
    return _analysis(
        found.node.get_content(),
        known["context"],
        known["language"],
        known["start"],
        tuple(tuple(span) for span in known["sentences"]),
    )


@lru_cache(maxsize=1_000)
def _analysis(
    text: str, context: str, language: str, offset: int, spans: tuple[tuple[int, int], ...]
) -> Analysis:
    around = bag(context, language)

    def profile(part: str, usual_words: int) -> Profile:
        return Profile.of(_within(bag(part, language), around), usual_words)

    return Analysis(
        passage=profile(text, PASSAGE_WORDS),
        sentences=tuple(profile(text[a - offset : b - offset], SENTENCE_WORDS) for a, b in spans),
        words=frozenset(words(f"{context} {text}")),
    )


def _within(inner: Bag, around: Bag) -> Bag:
    """A text's features together with those of the headings above it, which count less."""
    counts = defaultdict(float, inner.counts)
    for feature, count in around.counts.items():
        counts[feature] += count * _CONTEXT
    return Bag(counts, inner.words)
