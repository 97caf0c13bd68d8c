"""The assistant: a question in, a cited answer or a refusal out."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from llama_index.core.callbacks import CallbackManager
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.access import EVERYTHING, Scope
from assistant.answer import Answer, Progress, Retrieved
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import CitedResponse, ExtractiveSynthesizer
from assistant.answering.library import Library
from assistant.answering.replies import courteous, refused, spoken_in
from assistant.asking.courtesy import courtesy_in
from assistant.asking.follow_ups import Turn, spoken, standalone
from assistant.asking.letters import question_in
from assistant.asking.limits import unaskable
from assistant.asking.question import Question, QuestionReader
from assistant.asking.spellings import Spellings, lacks_capitals
from assistant.checking import Checker
from assistant.dictionaries.dictionary import Dictionaries, Dictionary, abbreviations
from assistant.dictionaries.installed import TargetedLexicon
from assistant.dictionaries.lexicon import Lexicon
from assistant.examples import examples
from assistant.finding.fusion import Fusion
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of
from assistant.finding.passages import FoundPassage, found_passages
from assistant.finding.rescoring import FULL_SCORE, Rescoring
from assistant.finding.retriever import PassageRetriever
from assistant.generating.generator import Generator
from assistant.generating.language_model import LanguageModel
from assistant.generating.withheld import NOTHING, Withheld
from assistant.overview.overview import Overview
from assistant.revision import PerRevision
from index.documents import Document, Listed
from index.register.register import Register
from index.storage.contents import Contents
from index.sync import DocumentIndex
from index.text.languages import LANGUAGES

_RETRIEVED = 10  # documents that an answer names as found
_NEAR = FULL_SCORE / 10  # from which on an LLM is asked; what shares a few letters has less
_FOUND = 0.15 * FULL_SCORE  # from which on a search brings it; nonsense reaches .14 by e5
_KEPT = 256  # documents whose text stays in memory
_SCOPES = 32  # readers' parts of the documents whose examples and spellings are kept


@dataclass(frozen=True, slots=True)
class _Stages:
    """What answers questions from one revision of the documents."""

    reader: QuestionReader
    library: Library
    overview: Overview
    quoting: RetrieverQueryEngine
    generator: Generator | None


class Assistant:
    """Answers questions from an index. Several threads may ask at once.

    `glossary` holds for all documents; of the installed dictionaries in `lexicon` only what leads
    into the documents' languages. With a `model`, it writes the answers, but of documents that are
    `withheld` from it.
    """

    def __init__(
        self,
        index: DocumentIndex,
        glossary: Dictionary,
        model: LanguageModel | None = None,
        lexicon: Lexicon | None = None,
        withheld: Withheld = NOTHING,
    ) -> None:
        self._index = index
        self._catalogue = index.catalogue
        self._glossary = glossary
        self._lexicon = lexicon
        self._model = model
        self._withheld = withheld
        revision = self._catalogue.revision
        self._language = PerRevision(revision, self._usual_language)
        self._spellings = PerRevision(revision, lambda: lru_cache(_SCOPES)(self._made_spellings))
        self._register = PerRevision(revision, lambda: self._index.register.read())
        self._listing = PerRevision(revision, lambda: Contents(self._catalogue).documents())
        self._registers = PerRevision(revision, lambda: lru_cache(_SCOPES)(self._register_within))
        self._stages = PerRevision(revision, self._made)
        self._kept = PerRevision(revision, lambda: lru_cache(_KEPT)(self._catalogue.document))
        self._examples = PerRevision(revision, lambda: lru_cache(_SCOPES)(self._begun_examples))
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="examples")

    def _made(self) -> _Stages:
        languages = self._catalogue.languages()
        dictionaries: list[Dictionary] = [
            abbreviations(self._catalogue.abbreviations()),
            self._glossary,
        ]
        if self._lexicon:
            dictionaries.append(TargetedLexicon(self._lexicon, languages))
        dictionary = Dictionaries(dictionaries)
        reader = QuestionReader(dictionary, languages)
        semantic = self._index.semantic
        library = Library(self._catalogue, semantic)
        quoting = RetrieverQueryEngine(
            PassageRetriever(self._index, reader),
            ExtractiveSynthesizer(reader, library),
            node_postprocessors=[Rescoring(reader), Fusion(semantic.scale if semantic else None)],
            callback_manager=CallbackManager(),
        )
        checker = Checker(reader, dictionary)
        passages_of = lru_cache(_KEPT)(self._catalogue.passages_of)
        generator = (
            Generator(self._model, checker, passages_of, self._withheld) if self._model else None
        )
        overview = Overview(
            self._register.get(), lambda file: self._kept.get()(file), self._listing.get()
        )
        return _Stages(reader, library, overview, quoting, generator)

    def close(self) -> None:
        """Wait for what is done beside the questions; to be called before the index is closed."""
        self._aside.shutdown(cancel_futures=True)

    def _usual_language(self) -> str:
        """The language of most documents that is one of questions as well."""
        return next(filter(LANGUAGES.__contains__, self._catalogue.languages()), LANGUAGES[0])

    def _made_spellings(self, scope: Scope) -> Spellings:
        return Spellings(self.documents(scope))

    def _spelt(self, question: str, language: str, scope: Scope) -> str:
        """The question with the capitals that its words have in documents, if it has none."""
        if not lacks_capitals(question):
            return question
        return self._spellings.get()(scope).of(question, language)

    @property
    def generates(self) -> bool:
        """Whether an LLM writes the answers."""
        return self._model is not None

    def llm_is_reachable(self) -> bool | None:
        """Whether the LLM's server can be reached, found out within two seconds; None without."""
        return self._model.is_reachable() if self._model else None

    def is_embedding(self) -> bool:
        """Whether documents are still being embedded, and answers come without their meaning."""
        semantic = self._index.semantic
        return semantic is not None and semantic.is_updating

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        generate: bool = True,
    ) -> Answer:
        """The answer to a question, in its own language, or in `language` (de, en or fr).

        A question whose words don't tell, as names, is in the language of the conversation, or
        `otherwise` in that of the page where it was typed, or else of most documents.

        What it leaves unsaid is taken from `history`, the turns before, oldest first. Only the
        documents of the `scope` are searched; raises ScopeError where there is none. A question
        that is empty or longer than MAX_QUESTION_CHARACTERS is refused, with the reason. If there
        is an LLM, it writes the answer, unless `generate` is False.
        """
        progress = self.stream(
            question,
            language=language,
            otherwise=otherwise,
            history=history,
            scope=scope,
            generate=generate,
        )
        return next(step for step in progress if isinstance(step, Answer))

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        generate: bool = True,
    ) -> Iterator[Progress | Answer]:
        """As `ask`, with what is known of the answer before; the answer itself comes last."""
        files = self._files(scope)
        otherwise = otherwise or self._language.get()
        if reason := unaskable(question):
            yield refused(question, reason, language, otherwise)
            return
        if courtesy := courtesy_in(question):
            told = language if language in LANGUAGES else spoken_in(question, courtesy, otherwise)
            yield courteous(question, courtesy, told, self.examples(scope).get(told, ()))
            return
        history = [turn for turn in history if not courtesy_in(turn.question)]
        started = time.perf_counter()
        stages = self._stages.get()
        generator = stages.generator if generate else None
        deadline = generator.deadline() if generator else 0.0
        text = question_in(question)
        told = language if language in LANGUAGES else spoken(text, history, otherwise)
        rewritten = generator and history and generator.standalone(text, told, history, deadline)
        searched = rewritten or standalone(text, history, otherwise)
        asked = replace(stages.reader.read(self._spelt(searched, told, scope), told), files=files)
        for response in _responses(asked, searched, stages, generator, deadline):
            if not isinstance(response, CitedResponse):
                yield response
                continue
            yield replace(
                _answer(response, asked, time.perf_counter() - started),
                question=question,
                searched=question if searched == text else searched,
            )

    def search(
        self, query: str, *, scope: Scope = EVERYTHING, written_in: str | None = None
    ) -> list[FoundPassage]:
        """The passages for a query, best first; with `written_in`, of documents in that language.

        There are as many as the finders bring, some hundreds at most. Raises ScopeError where the
        scope names no document; what can't be asked finds nothing.
        """
        files = self._files(scope)
        if written_in:
            spoken_there = self._catalogue.written_in(written_in)
            files = spoken_there if files is None else spoken_there & files
        if unaskable(query) or files == frozenset():
            return []
        text, stages = question_in(query), self._stages.get()
        told = spoken(text, (), self._language.get())
        asked = replace(stages.reader.read(self._spelt(text, told, scope), told), files=files)
        hits = [hit for hit in hits_of(stages.quoting.retrieve(asked)) if hit.score > _FOUND]
        return found_passages(asked, hits)

    def evidence(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> Evidence | None:
        """What an answer would be chosen by: for `make learn`. None where nothing was found."""
        stages, otherwise = self._stages.get(), self._language.get()
        told = spoken(question, history, otherwise)
        searched = standalone(" ".join(question.split()), history, otherwise)
        spelt = self._spelt(searched, told, scope)
        asked = replace(stages.reader.read(spelt, told), files=self._files(scope))
        return stages.library.evidence(asked, hits_of(stages.quoting.retrieve(asked)))

    def _files(self, scope: Scope) -> frozenset[str] | None:
        """The files that a scope leaves; None are all."""
        return None if scope == EVERYTHING else scope.of(self._catalogue.dates())

    def examples(self, scope: Scope = EVERYTHING) -> Mapping[str, Sequence[str]]:
        """Questions that the documents of the scope answer, by language."""
        return self._examples.get()(scope).result()

    def ready_examples(self, scope: Scope = EVERYTHING) -> Mapping[str, Sequence[str]]:
        """As `examples`, without waiting: none until they are found out, which begins now."""
        begun = self._examples.get()(scope)
        return begun.result() if begun.done() else {}

    def _begun_examples(self, scope: Scope) -> Future[Mapping[str, Sequence[str]]]:
        """They are found out beside what is asked: one scope after the other."""
        return self._aside.submit(self._made_examples, scope)

    def _made_examples(self, scope: Scope) -> Mapping[str, Sequence[str]]:
        return examples(self.documents(scope), partial(self.ask, scope=scope, generate=False))

    def documents(self, scope: Scope = EVERYTHING) -> list[Document]:
        """The documents of the scope, by their file's name."""
        return [
            document
            for document in self._catalogue.documents()
            if scope.admits(document.file, document.date)
        ]

    def listing(self, scope: Scope = EVERYTHING) -> list[Listed]:
        """The documents of the scope as a list shows them, by their file's name."""
        return [each for each in self._listing.get() if scope.admits(each.file, each.date)]

    def unreadable(self, scope: Scope = EVERYTHING) -> dict[str, str]:
        """Why files of the scope could not be read, by their name."""
        told = Contents(self._catalogue).unreadable()
        return {file: problem for file, problem in told.items() if scope.admits(file, None)}

    def document(self, file: str, scope: Scope = EVERYTHING) -> Document | None:
        """The document of a file; None where there is none, or the scope has it not."""
        document = self._kept.get()(file)
        return document if document and scope.admits(document.file, document.date) else None

    def partners(self, scope: Scope = EVERYTHING) -> Register:
        """The register of what the documents of the scope tell."""
        return self._registers.get()(scope)

    def _register_within(self, scope: Scope) -> Register:
        if scope == EVERYTHING:
            return self._register.get().of(None)
        dates = self._catalogue.dates()
        return self._register.get().of({file for file in dates if scope.admits(file, dates[file])})


def _responses(
    asked: Question,
    wording: str,
    stages: _Stages,
    generator: Generator | None,
    deadline: float,
) -> Iterator[Progress | CitedResponse]:
    """What the register tells, or else quotes, or what an LLM writes where anything is near."""
    if told := stages.overview.answer(asked.query_str, asked.language, asked.files):
        yield told
        return
    nodes = stages.quoting.retrieve(asked)
    extracted = stages.quoting.synthesize(asked, nodes)
    if not isinstance(extracted, CitedResponse):
        raise TypeError(f"An answer without citations: {type(extracted).__name__}")
    hits = hits_of(nodes)
    if generator and any(map(_is_near, hits)):
        yield from generator.stream(asked, wording, hits, extracted, deadline)
    else:
        yield extracted


def _is_near(hit: Hit) -> bool:
    """Whether it has something of the question, or an embedding model takes it for alike."""
    return hit.score > _NEAR or hit.similarity is not None


def _answer(response: CitedResponse, asked: Question, seconds: float) -> Answer:
    return Answer(
        question=asked.query_str,
        searched=asked.query_str,
        language=asked.language,
        answerable=bool(response.citations),
        mode=response.mode,
        answer=str(response),
        citations=response.citations,
        related=response.related,
        retrieved=_retrieved(hits_of(response.source_nodes)),
        seconds=round(seconds, 4),
        claims=response.claims,
        note=response.note,
    )


def _retrieved(hits: Sequence[Hit]) -> tuple[Retrieved, ...]:
    """The best documents, each with the score of its best passage; `hits` come best first."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.document.file, min(1.0, hit.score / FULL_SCORE))
    return tuple(
        Retrieved(file, round(score, 4)) for file, score in list(best.items())[:_RETRIEVED]
    )
