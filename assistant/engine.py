"""The assistant: a question in, a cited answer or a refusal out."""

import time
from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.callbacks import CallbackManager
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeWithScore

from assistant.citations import Answer, Retrieved
from assistant.conversation import Turn, spoken, standalone
from assistant.dictionaries import Dictionaries, Dictionary, abbreviations
from assistant.examples import examples
from assistant.extract import CitedResponse, ExtractiveSynthesizer
from assistant.phrases import PHRASES
from assistant.question import MAX_QUESTION_CHARACTERS, QuestionReader
from assistant.retrieve import FULL_SCORE, PassageRetriever, Rescoring
from assistant.scope import Scope
from index.documents import Document
from index.language import LANGUAGES, identify
from index.lexical import words
from index.sync import Index

_RETRIEVED = 10  # documents that an answer names as found


class Assistant:
    """Answers questions from an index. Several threads may ask at once."""

    def __init__(self, index: Index, dictionary: Dictionary) -> None:
        self._catalogue = index.catalogue
        known = Dictionaries([abbreviations(self._catalogue.abbreviations()), dictionary])
        self._reader = QuestionReader(known, self._catalogue.languages())
        self._engine = RetrieverQueryEngine(
            PassageRetriever(index.catalogue, index.vectors, index.embedding, self._reader),
            ExtractiveSynthesizer(self._reader),
            node_postprocessors=[Rescoring(self._reader)],
            callback_manager=CallbackManager(),
        )

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
    ) -> Answer:
        """The answer to a question, in its own language, or in `language` (de, en or fr).

        What it leaves unsaid is taken from `history`, the turns before, oldest first. Only the
        documents of the `scope` are searched; raises ScopeError where there is none. A question
        that is empty or longer than MAX_QUESTION_CHARACTERS is refused, with the reason.
        """
        files = self._files(scope)
        if refusal := refused(question, language):
            return refusal
        started = time.perf_counter()
        text = " ".join(question.split())
        searched = standalone(text, history)
        told = language if language in LANGUAGES else spoken(text, history)
        asked = self._reader.read(searched, told)
        response = self._engine.query(replace(asked, files=files))
        if not isinstance(response, CitedResponse):
            raise TypeError(f"An answer without citations: {type(response).__name__}")
        return Answer(
            question=question,
            searched=question if searched == text else searched,
            language=asked.language,
            answerable=bool(response.citations),
            mode="extractive",
            answer=str(response),
            citations=response.citations,
            related=response.related,
            retrieved=_retrieved(response.source_nodes),
            seconds=round(time.perf_counter() - started, 4),
        )

    def _files(self, scope: Scope | None) -> frozenset[str] | None:
        """The files that a scope leaves; None are all."""
        if scope is None or scope == Scope():
            return None
        return scope.of(self._catalogue.dates())

    def examples(self) -> dict[str, list[str]]:
        """Questions that the indexed documents answer, by language."""
        return examples(self.documents(), self.ask)

    def documents(self) -> list[Document]:
        """All indexed documents, by their file's name."""
        return self._catalogue.documents()

    def document(self, file: str) -> Document | None:
        """The indexed document of a file, or None."""
        return self._catalogue.document(file)


def refused(question: str, language: str | None = None) -> Answer | None:
    """The refusal of a question that is empty or too long, with the reason; None for any other."""
    spoken = language if language in LANGUAGES else identify(question[:MAX_QUESTION_CHARACTERS])
    phrases = PHRASES[spoken]
    if len(question) > MAX_QUESTION_CHARACTERS:
        reason = phrases.too_long.format(MAX_QUESTION_CHARACTERS)
    elif not words(question):
        reason = phrases.empty
    else:
        return None
    return Answer(question, question, spoken, False, "extractive", reason, (), (), 0.0)


def _retrieved(nodes: Sequence[NodeWithScore]) -> tuple[Retrieved, ...]:
    """The best documents, each with the score of its best passage; `nodes` come best first."""
    best: dict[str, float] = {}
    for found in nodes:
        best.setdefault(found.node.metadata["file"], min(1.0, found.get_score() / FULL_SCORE))
    return tuple(
        Retrieved(file, round(score, 4)) for file, score in list(best.items())[:_RETRIEVED]
    )
