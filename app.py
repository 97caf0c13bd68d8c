"""Clusterlotse's command line, and the only place where its parts are wired together."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from assistant.access import EVERYTHING, Scope
from assistant.monitoring.monitor import NOBODY, Monitor
from assistant.settings import OFF, Settings, user_cache, variable
from assistant.terminal.arguments import parser
from assistant.terminal.folder import owned_folder
from assistant.terminal.logs import speak
from assistant.terminal.output import (
    lines,
    print_answer,
    print_failures,
    print_fetched,
    print_json,
    print_report,
)
from assistant.terminal.progress import progress, progress_once, silent, suggest_dictionaries
from assistant.terminal.waiting import wait_for_documents, wait_for_signal
from index.errors import (
    DataInUseError,
    LotseError,
    RemovalError,
    UsageError,
)
from index.storage.owner import DataFolder

# What takes long to import (llama-index, Chroma, Gradio) is imported where it is needed, so that
# --help answers at once, and so does a second process that finds the data folder in use.
if TYPE_CHECKING:
    from assistant.dictionaries.lexicon import Lexicon
    from assistant.engine import Assistant
    from assistant.evaluate import Ask
    from assistant.generating.language_model import Exchange, LanguageModel, Watch
    from index.storage.catalogue import Catalogue
    from index.storage.feedback import Feedback
    from index.sync import DocumentIndex
    from index.upkeep import Upkeep
    from index.vectors.chroma import Chroma
    from index.vectors.collection import Track
    from index.vectors.semantic import Semantic

logger = logging.getLogger("clusterlotse")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    try:
        options = parser().parse_args(arguments)
        settings = _settings(options)
        speak(settings.log_level, settings.log)
        return _COMMANDS[options.command](settings, options)
    except LotseError as error:
        print(f"clusterlotse: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the answers has had enough of them
        return 1
    except KeyboardInterrupt:
        print(
            "clusterlotse: interrupted; the next start takes up where this one ended.",
            file=sys.stderr,
        )
        return 1
    except Exception:
        logger.exception("An error in the program; clusterlotse.log in the data folder tells more.")
        return 1


def _settings(options: argparse.Namespace) -> Settings:
    given = {key: value for key, value in vars(options).items() if key in Settings.model_fields}
    return Settings.read(given=given)


# Commands


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    with owned_folder(settings, "serve") as folder:
        from assistant.monitoring.metrics import Metrics
        from assistant.monitoring.tracing import traced
        from assistant.terminal.places import place
        from assistant.web.server import bind, create_app, serve
        from index.storage.keys import Keys

        metrics, listener = Metrics(), bind(settings.host, settings.port)
        with listener, traced(), _opened(settings, progress, monitor=metrics) as index:
            upkeep = _upkeep(settings, index, "serve", options.allow_removals)
            if not upkeep.is_shared:
                print_report(upkeep.sync())
            with (
                _lexicon(settings, folder) as lexicon,
                _kept_feedback(settings) as feedback,
                Keys(place(settings)) as keys,
                closing(_assistant(index, lexicon, settings, monitor=metrics)) as assistant,
                upkeep.going_on(assistant.ready_examples),
            ):
                wait_for_documents(index.catalogue)
                if _lacks_dictionaries(settings, index, lexicon):
                    suggest_dictionaries(user_cache())
                assistant.ready_examples()  # are found out while the page is made
                app = create_app(
                    assistant,
                    settings,
                    feedback=feedback,
                    keys=keys,
                    register=index.register,
                    metrics=metrics,
                    shared=index.catalogue if upkeep.is_shared else None,
                )

                def ready() -> None:
                    folder.serves(settings.page)
                    print(f"Clusterlotse: {settings.page} (Ctrl-C ends it)", flush=True)

                serve(app, listener, ready)
    return 0


def _index(settings: Settings, options: argparse.Namespace) -> int:
    from index.fetching.pages import fetch

    with owned_folder(settings, "index") as folder, _opened(settings, progress) as index:
        fetched = fetch(settings.fetched, options.urls, settings.fetch_private == "on", progress)
        print_fetched(fetched)
        upkeep = _upkeep(settings, index, "index", options.allow_removals)
        with _lexicon(settings, folder):
            pass  # their store is there now
        if not (options.follow_on and upkeep.is_shared):
            with upkeep.alone():
                report = upkeep.sync()
                upkeep.embed()
            print_report(report)
        if options.follow_on:
            with upkeep.going_on():
                return wait_for_signal()
    return 1 if report.failed or fetched.failed else 0


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    many = options.question == "-"
    if not many and not options.question.strip():
        raise UsageError("The question is empty.", 'Ask one: python app.py ask "Wer ist ...?"')
    scope = Scope.read(options.files, options.since, options.until)
    questions = lines(sys.stdin.buffer) if many else [options.question]
    if options.explain:
        return _explain(settings, scope, questions, options.json)
    show = print_json if options.json else print_answer
    with _asking(settings, scope, suggest=not options.json) as ask:
        for question in questions:
            show(ask(question))
    return 0


def _explain(settings: Settings, scope: Scope, questions: Iterable[str], as_json: bool) -> int:
    """Answers with how they came about, which no server tells."""
    from assistant.terminal.explanation import print_explained

    exchanges: list[Exchange] = []
    with opened_assistant(settings, watch=exchanges.append) as assistant:
        for question in questions:
            exchanges.clear()
            answer = assistant.ask(question, scope=scope).as_json()
            print_explained(answer, exchanges, as_json)
    return 0


def _eval(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.evaluate import evaluate, read_questions

    questions = read_questions(options.questions)
    with _asking(settings) as ask:
        print(evaluate(questions, ask, progress).as_text())
    return 0


def _mcp(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001
    from assistant.web.mcp.stdio import serve_engine, serve_through

    try:
        with opened_assistant(settings) as assistant:
            return serve_engine(assistant)
    except DataInUseError as error:
        return serve_through(error)


def _feedback(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.feedback import manage_feedback
    from assistant.terminal.places import existing_place

    return manage_feedback(existing_place(settings), options)


def _check(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal import care

    try:
        with owned_folder(settings, "check"), _opened(settings, silent, in_charge=False) as index:
            upkeep = _upkeep(settings, index, "check")
            return care.check(index, upkeep, settings.folders, options.repair)
    except DataInUseError:
        if options.repair or settings.catalogue:
            raise
        return care.check_beside_server(settings)


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.care import save

    return save(settings, options.file, options.all)


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal import care

    if not care.is_whole(options.file):
        return care.restore(settings, options.file)
    with (
        owned_folder(settings, "restore"),
        _opened(settings, silent, in_charge=False) as index,
        _upkeep(settings, index, "restore").reserved(),
    ):
        return care.restore(settings, options.file)


def _keys(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.keys import manage_keys
    from assistant.terminal.places import existing_place

    return manage_keys(existing_place(settings), options)


def _forget(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.keys import forget

    return forget(settings.audit, settings.audit_days, options.user)


def _register(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.register import print_register

    with _catalogue(settings) as catalogue:
        return print_register(catalogue, options)


def _corrected(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.corrections import correct

    with _catalogue(settings) as catalogue:
        from index.register.kept import KeptRegister

        return correct(KeptRegister(catalogue), options)


_COMMANDS: Final[Mapping[str, Callable[[Settings, argparse.Namespace], int]]] = {
    "serve": _serve,
    "index": _index,
    "ask": _ask,
    "eval": _eval,
    "mcp": _mcp,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
    "feedback": _feedback,
    "keys": _keys,
    "forget": _forget,
    "organisations": _register,
    "partners": _register,
    "register": _corrected,
}


# Wiring


@contextmanager
def _asking(
    settings: Settings, scope: Scope = EVERYTHING, suggest: bool = False
) -> Iterator["Ask"]:
    """Something that answers from a scope: the index, or else the server that has it."""
    try:
        with opened_assistant(settings, suggest) as assistant:
            yield lambda question, history=(): assistant.ask(
                question, history=history, scope=scope
            ).as_json()
    except DataInUseError as error:
        if not error.url:
            raise
        from assistant.terminal.client import ask_server

        seconds = settings.llm_timeout if settings.llm else 0.0
        key = settings.key.get_secret_value() if settings.key else ""
        yield partial(ask_server, error.url, scope=scope, llm_seconds=seconds, key=key)


@contextmanager
def opened_assistant(
    settings: Settings, suggest: bool = False, watch: "Watch | None" = None
) -> Iterator["Assistant"]:
    """An assistant over the folder of documents as it is now, for as long as the block runs.

    With `suggest`, the user is told once what to install where dictionaries are missing. `watch`
    gets to see what is exchanged with an LLM.
    """
    with owned_folder(settings, "ask") as folder, _opened(settings, silent) as index:
        _take_over(settings, index)
        with _lexicon(settings, folder) as lexicon:
            if suggest and _lacks_dictionaries(settings, index, lexicon):
                suggest_dictionaries(user_cache())
            yield _assistant(index, lexicon, settings, watch)


def _take_over(settings: Settings, index: "DocumentIndex", embed: bool = True) -> None:
    """Takes over what has changed in the folder, unless other processes see to that."""
    upkeep = _upkeep(settings, index, "ask")
    if not upkeep.is_shared:
        try:
            print_failures(upkeep.sync())
        except RemovalError as error:
            logger.warning("The index is as it was: %s", error)
        if embed:
            upkeep.embed()


@contextmanager
def _catalogue(settings: Settings) -> Iterator["Catalogue"]:
    """The catalogue of the folder of documents as it is now, or as the server has it."""
    from assistant.terminal.places import existing_place
    from index.storage.catalogue import Catalogue

    try:
        with owned_folder(settings, "register"), _opened(settings, silent) as index:
            _take_over(settings, index, embed=False)
            yield index.catalogue
    except DataInUseError:
        with Catalogue(existing_place(settings)) as catalogue:
            yield catalogue


@contextmanager
def _opened(
    settings: Settings, track: "Track", in_charge: bool = True, monitor: Monitor = NOBODY
) -> Iterator["DocumentIndex"]:
    """The index, repaired if this process is in charge of it."""
    from assistant.terminal import places
    from index.readers.programs import Programs
    from index.storage.catalogue import Catalogue
    from index.sync import DocumentIndex
    from index.vectors.hashed_embedding import HashedEmbedding

    with Catalogue(places.place(settings)) as catalogue:
        chroma = places.chroma(settings)
        with _semantic(settings, catalogue, chroma, monitor) as semantic:
            yield DocumentIndex(
                catalogue,
                chroma,
                HashedEmbedding(),
                settings.passage_tokens,
                track=track,
                semantic=semantic,
                in_charge=in_charge and not catalogue.dialect.is_shared,
                programs=Programs.installed(recognition=settings.ocr == "on"),
            )


@contextmanager
def _semantic(
    settings: Settings, catalogue: "Catalogue", chroma: "Chroma", monitor: Monitor
) -> Iterator["Semantic | None"]:
    """The passages by the model of LOTSE_EMBEDDING, if there is one; it takes long at first."""
    if settings.embedding.lower() == OFF:
        yield None
        return
    from assistant.models import embedding
    from index.vectors.bundled import BundledEmbedding
    from index.vectors.semantic import Semantic

    model = embedding(settings)
    try:
        elsewhere = catalogue.dialect.is_shared
        yield (
            Semantic(catalogue, chroma, model, progress, monitor.faulted, elsewhere)
            if model
            else None
        )
    finally:
        if isinstance(model, BundledEmbedding):
            model.close()


def _upkeep(
    settings: Settings, index: "DocumentIndex", command: str, allow_removals: bool = False
) -> "Upkeep":
    """What keeps the index in step with the folder of documents."""
    from index.upkeep import Upkeep

    return Upkeep(index, settings.folders, command, settings.follow, allow_removals)


def _lexicon(settings: Settings, folder: DataFolder) -> AbstractContextManager["Lexicon"]:
    """The installed dictionaries, read into their store the first time."""
    from assistant.dictionaries.store import installed

    folders = [user_cache(), folder.path]
    return closing(installed(settings.dictionaries, folders, progress_once))


def _kept_feedback(settings: Settings) -> AbstractContextManager["Feedback | None"]:
    """Where feedback is stored, if it is to be."""
    if settings.feedback == "off":
        return nullcontext()
    from assistant.terminal.places import place
    from index.storage.feedback import Feedback

    return Feedback(place(settings))


def _lacks_dictionaries(settings: Settings, index: "DocumentIndex", lexicon: "Lexicon") -> bool:
    """Whether they are wanted, and none translates into the documents' languages."""
    return bool(settings.dictionaries) and not lexicon.leads_into(index.catalogue.languages())


def _assistant(
    index: "DocumentIndex",
    lexicon: "Lexicon",
    settings: Settings,
    watch: "Watch | None" = None,
    monitor: Monitor = NOBODY,
) -> "Assistant":
    from assistant.dictionaries.dictionary import glossary
    from assistant.engine import Assistant
    from assistant.generating.withheld import Withheld

    withheld = Withheld(settings.llm_exclude)
    for name in withheld.idle(index.catalogue.dates()):
        logger.warning("%s: no document is called %s.", variable("llm_exclude"), name)
    model = _model(settings, watch, monitor)
    return Assistant(index, glossary(), model, lexicon, withheld, monitor)


def _model(settings: Settings, watch: "Watch | None", monitor: Monitor) -> "LanguageModel | None":
    """The LLM of LOTSE_LLM, if there is one."""
    if not settings.llm:
        return None
    from assistant.generating.language_model import LanguageModel
    from assistant.models import llm, llm_address

    model, address = llm(settings), llm_address(settings)
    seconds, context = settings.llm_timeout, settings.llm_context
    return LanguageModel(model, seconds, context, address, watch, monitor) if model else None


if __name__ == "__main__":
    sys.exit(main())
