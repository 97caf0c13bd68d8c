"""Clusterlotse's command line: what each command does with the parts of the program."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from assistant.access import EVERYTHING, Scope
from assistant.settings import Settings, user_cache
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
from assistant.terminal.progress import progress, silent, suggest_dictionaries
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
    from assistant.engine import Assistant
    from assistant.evaluate import Ask
    from assistant.generating.language_model import Exchange, Watch
    from index.storage.catalogue import Catalogue
    from index.sync import DocumentIndex
    from index.vectors.collection import Track

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
        from assistant.terminal import wiring
        from assistant.terminal.places import place
        from assistant.web.server import bind, create_app, serve
        from index.storage.keys import Keys

        metrics, listener = Metrics(), bind(settings.host, settings.port)
        with listener, traced(), wiring.opened(settings, progress, monitor=metrics) as index:
            upkeep = wiring.upkeep(settings, index, "serve", options.allow_removals)
            if not upkeep.is_shared:
                print_report(upkeep.sync())
            with (
                wiring.lexicon_of(settings, folder) as lexicon,
                wiring.kept_feedback(settings) as feedback,
                Keys(place(settings)) as keys,
                closing(
                    wiring.assistant_of(index, lexicon, settings, monitor=metrics)
                ) as assistant,
                upkeep.going_on(assistant.ready_examples),
            ):
                wait_for_documents(index.catalogue)
                if wiring.lacks_dictionaries(settings, index, lexicon):
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

    with _opened(settings, "index", progress) as (folder, index):
        from assistant.terminal import wiring

        fetched = fetch(settings.fetched, options.urls, settings.fetch_private == "on", progress)
        print_fetched(fetched)
        upkeep = wiring.upkeep(settings, index, "index", options.allow_removals)
        with wiring.lexicon_of(settings, folder):
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
        with _opened(settings, "check", silent, in_charge=False) as (_, index):
            from assistant.terminal import wiring

            upkeep = wiring.upkeep(settings, index, "check")
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
    with _opened(settings, "restore", silent, in_charge=False) as (_, index):
        from assistant.terminal import wiring

        with wiring.upkeep(settings, index, "restore").reserved():
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
    with _opened(settings, "ask", silent) as (folder, index):
        from assistant.terminal import wiring

        _take_over(settings, index)
        with wiring.lexicon_of(settings, folder) as lexicon:
            if suggest and wiring.lacks_dictionaries(settings, index, lexicon):
                suggest_dictionaries(user_cache())
            yield wiring.assistant_of(index, lexicon, settings, watch)


def _take_over(settings: Settings, index: "DocumentIndex", embed: bool = True) -> None:
    """Takes over what has changed in the folder, unless other processes see to that."""
    from assistant.terminal import wiring

    upkeep = wiring.upkeep(settings, index, "ask")
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
        with _opened(settings, "register", silent) as (_, index):
            _take_over(settings, index, embed=False)
            yield index.catalogue
    except DataInUseError:
        with Catalogue(existing_place(settings)) as catalogue:
            yield catalogue


@contextmanager
def _opened(
    settings: Settings, command: str, track: "Track", in_charge: bool = True
) -> Iterator[tuple[DataFolder, "DocumentIndex"]]:
    """The data folder and the index in it; what that imports waits until the folder is ours."""
    with owned_folder(settings, command) as folder:
        from assistant.terminal import wiring

        with wiring.opened(settings, track, in_charge) as index:
            yield folder, index


if __name__ == "__main__":
    sys.exit(main())
