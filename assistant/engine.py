"""The assistant: a question in, a cited answer or a refusal out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from llama_index.core.callbacks import CallbackManager
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeWithScore

from assistant.citations import Answer, Progress, Retrieved
from assistant.conversation import Turn, spoken, standalone
from assistant.courtesy import is_courtesy
from assistant.dictionaries import Dictionaries, Dictionary, abbreviations
from assistant.examples import examples
from assistant.extract import CitedResponse, ExtractiveSynthesizer
from assistant.fusion import Fusion
from assistant.generate import Generator
from assistant.model import LanguageModel
from assistant.phrases import PHRASES
from assistant.question import MAX_QUESTION_CHARACTERS, Question, QuestionReader
from assistant.retrieve import FULL_SCORE, PassageRetriever, Rescoring
from assistant.scope import Scope
from assistant.support import Checker
from index.documents import Document
from index.language import LANGUAGES, identify
from index.lexical import words
from index.sync import Index

_RETRIEVED = 10  # documents that an answer names as found


class Assistant:
    """Answers questions from an index. Several threads may ask at once."""

    def __init__(
        self, index: Index, dictionary: Dictionary, model: LanguageModel | None = None
    ) -> None:
        self._catalogue = index.catalogue
        known = Dictionaries([abbreviations(self._catalogue.abbreviations()), dictionary])
        self._reader = QuestionReader(known, self._catalogue.languages())
        self._model = model
        self._generator = Generator(model, Checker(self._reader, known)) if model else None
        self._engine = RetrieverQueryEngine(
            PassageRetriever(index, self._reader),
            ExtractiveSynthesizer(self._reader),
            node_postprocessors=[Rescoring(self._reader), Fusion()],
            callback_manager=CallbackManager(),
        )

    @property
    def generates(self) -> bool:
        """Whether an LLM writes the answers."""
        return self._generator is not None

    def llm_is_reachable(self) -> bool | None:
        """Whether the LLM's server can be reached, found out within two seconds; None without."""
        return self._model.is_reachable() if self._model else None

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        generate: bool = True,
    ) -> Answer:
        """The answer to a question, in its own language, or in `language` (de, en or fr).

        What it leaves unsaid is taken from `history`, the turns before, oldest first. Only the
        documents of the `scope` are searched; raises ScopeError where there is none. A question
        that is empty or longer than MAX_QUESTION_CHARACTERS is refused, with the reason. If there
        is an LLM, it writes the answer, unless `generate` is False.
        """
        progress = self.stream(
            question, language=language, history=history, scope=scope, generate=generate
        )
        return next(each for each in progress if isinstance(each, Answer))

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        generate: bool = True,
    ) -> Iterator[Progress | Answer]:
        """As `ask`, with what is known of the answer before; the answer itself comes last."""
        files = self._files(scope)
        if refusal := refused(question, language):
            yield refusal
            return
        started = time.perf_counter()
        generator = self._generator if generate else None
        deadline = generator.deadline() if generator else 0.0
        text = " ".join(question.split())
        told = language if language in LANGUAGES else spoken(text, history)
        rewritten = generator and history and generator.standalone(text, told, history, deadline)
        searched = rewritten or standalone(text, history)
        asked = replace(self._reader.read(searched, told), files=files)
        for each in self._responses(asked, generator, deadline):
            if not isinstance(each, CitedResponse):
                yield each
                continue
            yield Answer(
                question=question,
                searched=question if searched == text else searched,
                language=asked.language,
                answerable=bool(each.citations),
                mode=each.mode,
                answer=str(each),
                citations=each.citations,
                related=each.related,
                retrieved=_retrieved(each.source_nodes),
                seconds=round(time.perf_counter() - started, 4),
                claims=each.claims,
                note=each.note,
            )

    def _responses(
        self, asked: Question, generator: Generator | None, deadline: float
    ) -> Iterator[Progress | CitedResponse]:
        """The quotes that answer a question, or what an LLM writes where there are some."""
        nodes = self._engine.retrieve(asked)
        extracted = self._engine.synthesize(asked, nodes)
        if not isinstance(extracted, CitedResponse):
            raise TypeError(f"An answer without citations: {type(extracted).__name__}")
        if generator and extracted.citations:
            yield from generator.stream(asked, nodes, extracted, deadline)
        else:
            yield extracted

    def _files(self, scope: Scope | None) -> frozenset[str] | None:
        """The files that a scope leaves; None are all."""
        if scope is None or scope == Scope():
            return None
        return scope.of(self._catalogue.dates())

    def examples(self) -> dict[str, list[str]]:
        """Questions that the indexed documents answer, by language."""
        return examples(self.documents(), partial(self.ask, generate=False))

    def documents(self) -> list[Document]:
        """All indexed documents, by their file's name."""
        return self._catalogue.documents()

    def document(self, file: str) -> Document | None:
        """The indexed document of a file, or None."""
        return self._catalogue.document(file)


def refused(question: str, language: str | None = None) -> Answer | None:
    """The refusal of what is no question, or too long, with the reason; None for any other."""
    spoken = language if language in LANGUAGES else identify(question[:MAX_QUESTION_CHARACTERS])
    phrases = PHRASES[spoken]
    if len(question) > MAX_QUESTION_CHARACTERS:
        reason = phrases.too_long.format(MAX_QUESTION_CHARACTERS)
    elif not words(question):
        reason = phrases.empty
    elif is_courtesy(question):
        reason = phrases.courtesy
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
