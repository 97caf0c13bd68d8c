"""The assistant: a question in, a cited answer or a refusal out."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from llama_index.core.callbacks import CallbackManager
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.access import EVERYTHING, Readable, Rights, Scope, readable
from assistant.answer import Answer, Progress
from assistant.answering.answered import answer_of
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
from assistant.finding.copies import Copies
from assistant.finding.fusion import Fusion
from assistant.finding.nodes import hits_of
from assistant.finding.passages import FoundPassage, found_passages
from assistant.finding.rescoring import FULL_SCORE, Rescoring, is_near
from assistant.finding.retriever import PassageRetriever
from assistant.generating.generator import Generator
from assistant.generating.language_model import LanguageModel
from assistant.generating.withheld import NOTHING, Withheld
from assistant.monitoring.monitor import NOBODY, Monitor, watched
from assistant.overview.overview import Overview
from assistant.revision import PerPart, PerRevision
from index.documents import Counts, Document, Listed
from index.register.kept import ReadRegister
from index.register.register import Register
from index.storage.contents import Contents
from index.sync import DocumentIndex
from index.text.languages import LANGUAGES, identify

_FOUND = 0.15 * FULL_SCORE  # from which on a search brings it; nonsense reaches .14 by e5
_KEPT = 256  # documents whose text stays in memory
_PARTS = 64  # of the documents, each all that some readers may read, of which it is kept


@dataclass(frozen=True, slots=True)
class _Stages:
    """What answers questions from what one may read of one revision of the documents.

    All that is derived from several documents is derived from these files alone (None are all):
    to their reader, no others exist. `language` is that of most of them.
    """

    files: frozenset[str] | None
    language: str
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
        monitor: Monitor = NOBODY,
    ) -> None:
        self._monitor = monitor
        self._index = index
        self._catalogue = index.catalogue
        self._glossary = glossary
        self._lexicon = lexicon
        self._model = model
        self._withheld = withheld
        revision = self._catalogue.revision
        self._library = PerRevision(revision, lambda: Library(self._catalogue, index.semantic))
        self._listing = PerRevision(revision, lambda: Contents(self._catalogue).documents())
        self._kept = PerRevision(revision, lambda: lru_cache(_KEPT)(self._catalogue.document))
        self._passages = PerRevision(
            revision, lambda: lru_cache(_KEPT)(self._catalogue.passages_of)
        )
        self._readable = PerPart[Rights | None, Readable](
            revision, lambda rights: readable(self._catalogue.dates(), rights), _PARTS
        )
        self._registers = PerPart(revision, self._read_register, _PARTS)
        self._stages = PerPart(revision, self._made, _PARTS)
        self._spellings = PerPart(revision, self._made_spellings, _PARTS)
        self._examples = PerPart(revision, self._begun_examples, _PARTS)
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="examples")

    def _read_register(self, files: frozenset[str] | None) -> ReadRegister:
        register = self._index.register
        return register.read() if files is None else register.read_alone(files)

    def _made(self, files: frozenset[str] | None) -> _Stages:
        languages = self._catalogue.languages(files)
        dictionaries: list[Dictionary] = [
            abbreviations(self._catalogue.abbreviations(files)),
            self._glossary,
        ]
        if self._lexicon:
            dictionaries.append(TargetedLexicon(self._lexicon, languages))
        dictionary = Dictionaries(dictionaries)
        reader = QuestionReader(dictionary, languages)
        semantic, library = self._index.semantic, self._library.get()
        quoting = RetrieverQueryEngine(
            PassageRetriever(self._index, reader),
            ExtractiveSynthesizer(reader, library),
            node_postprocessors=[
                Rescoring(reader),
                Fusion(semantic.scale if semantic else None),
                Copies(self._text_of),
            ],
            callback_manager=CallbackManager(),
        )
        checker, passages_of = Checker(reader, dictionary), self._passages.get()
        generator = (
            Generator(self._model, checker, passages_of, self._withheld) if self._model else None
        )
        listing = [one for one in self._listing.get() if files is None or one.file in files]
        register = self._registers.of(files)
        overview = Overview(register, lambda file: self._kept.get()(file), listing)
        usual = next(filter(LANGUAGES.__contains__, languages), LANGUAGES[0])
        return _Stages(files, usual, reader, library, overview, quoting, generator)

    def _text_of(self, file: str) -> str:
        document = self._kept.get()(file)
        return document.text if document else ""

    def close(self) -> None:
        """Wait for what is done beside the questions; to be called before the index is closed."""
        self._aside.shutdown(cancel_futures=True)

    def _made_spellings(self, files: frozenset[str] | None) -> Spellings:
        documents = self._catalogue.documents()
        return Spellings(each for each in documents if files is None or each.file in files)

    def _spelt(self, question: str, language: str, files: frozenset[str] | None) -> str:
        """The question with the capitals that its words have in documents, if it has none."""
        if not lacks_capitals(question):
            return question
        return self._spellings.of(files).of(question, language)

    def _spelt_turns(self, turns: Sequence[Turn], files: frozenset[str] | None) -> list[Turn]:
        """Turns whose questions have capitals, by which names and nouns are told in them."""
        return [
            replace(turn, question=self._spelt(turn.question, identify(turn.question), files))
            for turn in turns
        ]

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

    def counts(self) -> Counts:
        """How many documents there are, and what is missing. Raises StorageError."""
        return self._index.counts()

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
        with watched(self._monitor):
            for step in self._steps(question, language, otherwise, history, scope, generate):
                if isinstance(step, Answer):
                    self._monitor.answered(step)
                yield step

    def _steps(
        self,
        question: str,
        language: str | None,
        otherwise: str | None,
        history: Sequence[Turn],
        scope: Scope,
        generate: bool,
    ) -> Iterator[Progress | Answer]:
        files, stages = self._files(scope), self._stages_within(scope)
        otherwise = otherwise or stages.language
        if reason := unaskable(question):
            yield refused(question, reason, language, otherwise)
            return
        if courtesy := courtesy_in(question):
            told = language if language in LANGUAGES else spoken_in(question, courtesy, otherwise)
            yield courteous(question, courtesy, told, self.examples(scope).get(told, ()))
            return
        history = [turn for turn in history if not courtesy_in(turn.question)]
        started = time.perf_counter()
        generator = stages.generator if generate else None
        deadline = generator.deadline() if generator else 0.0
        text = question_in(question)
        told = language if language in LANGUAGES else spoken(text, history, otherwise)
        rewritten = generator and history and generator.standalone(text, told, history, deadline)
        spelt = self._spelt(text, told, files)
        searched = rewritten or standalone(spelt, self._spelt_turns(history, files), otherwise)
        if searched == spelt:
            searched = text  # as it was typed
        with self._monitor.stage("reading"):
            read = stages.reader.read(self._spelt(searched, told, files), told)
        asked = replace(read, files=files)
        for response in _responses(asked, searched, stages, generator, deadline, self._monitor):
            if not isinstance(response, CitedResponse):
                yield response
                continue
            yield replace(
                answer_of(response, asked, time.perf_counter() - started),
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
        files = within = self._files(scope)
        if written_in:
            spoken_there = self._catalogue.written_in(written_in)
            files = spoken_there if files is None else spoken_there & files
        if unaskable(query) or files == frozenset():
            return []
        text, stages = question_in(query), self._stages_within(scope)
        told = spoken(text, (), stages.language)
        asked = replace(stages.reader.read(self._spelt(text, told, within), told), files=files)
        hits = [hit for hit in hits_of(stages.quoting.retrieve(asked)) if hit.score > _FOUND]
        return found_passages(asked, hits)

    def evidence(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> Evidence | None:
        """What an answer would be chosen by: for `make learn`. None where nothing was found."""
        files, stages = self._files(scope), self._stages_within(scope)
        told = spoken(question, history, stages.language)
        text = self._spelt(" ".join(question.split()), told, files)
        searched = standalone(text, self._spelt_turns(history, files), stages.language)
        asked = replace(stages.reader.read(searched, told), files=files)
        return stages.library.evidence(asked, hits_of(stages.quoting.retrieve(asked)))

    def _stages_within(self, scope: Scope) -> _Stages:
        return self._stages.of(self._readable.of(scope.within).files)

    def _files(self, scope: Scope) -> frozenset[str] | None:
        """The files that a scope leaves; None are all."""
        readable, wish = self._readable.of(scope.within), replace(scope, within=None)
        return readable.files if wish == EVERYTHING else wish.of(readable.dates)

    def examples(self, scope: Scope = EVERYTHING) -> Mapping[str, Sequence[str]]:
        """Questions that the documents of the scope answer, by language."""
        return self._examples.of(scope).result()

    def ready_examples(self, scope: Scope = EVERYTHING) -> Mapping[str, Sequence[str]]:
        """As `examples`, without waiting: none until they are found out, which begins now."""
        begun = self._examples.of(scope)
        return begun.result() if begun.done() else {}

    def _begun_examples(self, scope: Scope) -> Future[Mapping[str, Sequence[str]]]:
        """They are found out beside what is asked: one scope after the other."""
        return self._aside.submit(self._made_examples, scope)

    def _made_examples(self, scope: Scope) -> Mapping[str, Sequence[str]]:
        return examples(self.documents(scope), partial(self._asked_aside, scope=scope))

    def _asked_aside(self, question: str, scope: Scope) -> Answer:
        """The answer to a question that no reader has asked, which nobody counts."""
        steps = self._steps(question, None, None, (), scope, generate=False)
        return next(step for step in steps if isinstance(step, Answer))

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
        files, readable = self._files(scope), self._readable.of(scope.within).files
        return self._registers.of(readable).of(None if files == readable else files)


def _responses(
    asked: Question,
    wording: str,
    stages: _Stages,
    generator: Generator | None,
    deadline: float,
    monitor: Monitor,
) -> Iterator[Progress | CitedResponse]:
    """What the register tells, or else quotes, or what an LLM writes where anything is near."""
    files = None if asked.files == stages.files else asked.files
    with monitor.stage("register"):
        told = stages.overview.answer(asked.query_str, asked.language, files)
    if told:
        yield told
        return
    with monitor.stage("finding"):
        nodes = stages.quoting.retrieve(asked)
    with monitor.stage("choosing"):
        extracted = stages.quoting.synthesize(asked, nodes)
    if not isinstance(extracted, CitedResponse):
        raise TypeError(f"An answer without citations: {type(extracted).__name__}")
    hits = hits_of(nodes)
    if generator and any(map(is_near, hits)):
        started = time.perf_counter()
        yield from generator.stream(asked, wording, hits, extracted, deadline)
        monitor.lasted("writing", time.perf_counter() - started)
    else:
        yield extracted
