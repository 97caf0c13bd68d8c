"""Clusterlotse's command line, and the only place where its parts are wired together."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.access import EVERYTHING, Scope
from assistant.settings import OFF, Settings, user_cache, variable
from assistant.terminal.arguments import parser
from assistant.terminal.logs import log_to, speak
from assistant.terminal.output import lines, print_answer, print_failures, print_json, print_report
from assistant.terminal.progress import progress, progress_once, silent, suggest_dictionaries
from index.errors import DataInUseError, LotseError, RemovalError, StorageError, UsageError
from index.storage.owner import DataFolder, owned

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
    from index.vectors.chroma import Chroma
    from index.vectors.collection import Track
    from index.vectors.semantic import Semantic

logger = logging.getLogger("clusterlotse")

_CATALOGUE = "catalogue.sqlite"  # in the data folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    try:
        options = parser().parse_args(arguments)
        settings = _settings(options)
        speak(settings.log_level)
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
    with _owned(settings, "serve") as folder:
        from assistant.web.server import bind, create_app, serve

        listener = bind(settings.host, settings.port)
        with listener, _opened(settings, folder, progress) as index:
            print_report(index.sync(settings.seeds, options.allow_removals))
            with (
                _updating(index),
                _lexicon(settings, folder) as lexicon,
                _kept_feedback(settings, folder) as feedback,
                closing(_assistant(index, lexicon, settings)) as assistant,
            ):
                if _lacks_dictionaries(settings, index, lexicon):
                    suggest_dictionaries(user_cache())
                assistant.ready_examples()  # are found out while the page is made
                app = create_app(assistant, settings, feedback=feedback, register=index.register)

                def ready() -> None:
                    folder.serves(settings.page)
                    print(f"Clusterlotse: {settings.page} (Ctrl-C ends it)", flush=True)

                with _following(settings, index, assistant):
                    serve(app, listener, ready, settings)
    return 0


def _index(settings: Settings, options: argparse.Namespace) -> int:
    with _owned(settings, "index") as folder, _opened(settings, folder, progress) as index:
        report = index.sync(settings.seeds, options.allow_removals)
        _update(index)
        with _lexicon(settings, folder):
            pass  # their store is there now
    print_report(report)
    return 1 if report.failed else 0


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
    from assistant.terminal.explanation import as_fields, print_explanation

    exchanges: list[Exchange] = []
    with opened_assistant(settings, watch=exchanges.append) as assistant:
        for question in questions:
            exchanges.clear()
            answer = assistant.ask(question, scope=scope).as_json()
            if as_json:
                print_json(answer | {"exchanges": [as_fields(part) for part in exchanges]})
            else:
                print_answer(answer)
                print_explanation(answer, exchanges)
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

    return manage_feedback(_existing_catalogue(settings.data), options)


def _listed(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.terminal.register import print_register

    with _catalogue(settings) as catalogue:
        print_register(catalogue, options)
    return 0


def _register(settings: Settings, options: argparse.Namespace) -> int:
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
    "feedback": _feedback,
    "organisations": _listed,
    "partners": _listed,
    "register": _register,
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
        yield partial(ask_server, error.url, scope=scope, llm_seconds=seconds)


@contextmanager
def opened_assistant(
    settings: Settings, suggest: bool = False, watch: "Watch | None" = None
) -> Iterator["Assistant"]:
    """An assistant over the folder of documents as it is now, for as long as the block runs.

    With `suggest`, the user is told once what to install where dictionaries are missing. `watch`
    gets to see what is exchanged with an LLM.
    """
    with _owned(settings, "ask") as folder, _opened(settings, folder, silent) as index:
        try:
            print_failures(index.sync(settings.seeds))
        except RemovalError as error:
            logger.warning("The index is as it was: %s", error)
        _update(index)
        with _lexicon(settings, folder) as lexicon:
            if suggest and _lacks_dictionaries(settings, index, lexicon):
                suggest_dictionaries(user_cache())
            yield _assistant(index, lexicon, settings, watch)


@contextmanager
def _catalogue(settings: Settings) -> Iterator["Catalogue"]:
    """The catalogue of the folder of documents as it is now, or as the server has it."""
    from index.storage.catalogue import Catalogue

    try:
        with _owned(settings, "register") as folder, _opened(settings, folder, silent) as index:
            print_failures(index.sync(settings.seeds))
            yield index.catalogue
    except DataInUseError:
        with Catalogue(_existing_catalogue(settings.data)) as catalogue:
            yield catalogue


@contextmanager
def _owned(settings: Settings, command: str) -> Iterator[DataFolder]:
    """The data folder, with the log in it; only its owner writes there."""
    with owned(settings.data, command) as folder:
        log_to(folder.path / "clusterlotse.log")
        yield folder


def _existing_catalogue(data: Path) -> Path:
    """The catalogue in a data folder; it isn't made, as another folder is likely to be meant."""
    path = data / _CATALOGUE
    if not path.is_file():
        raise StorageError(
            f"The data folder {data} has no catalogue.",
            "Name the folder that the server uses, with --data or LOTSE_DATA.",
        )
    return path


@contextmanager
def _opened(settings: Settings, folder: DataFolder, track: "Track") -> Iterator["DocumentIndex"]:
    from index.storage.catalogue import Catalogue
    from index.sync import DocumentIndex
    from index.vectors.chroma import Chroma
    from index.vectors.hashed_embedding import HashedEmbedding

    address = settings.chroma_url
    with Catalogue(folder.path / _CATALOGUE) as catalogue:
        chroma = Chroma.at(str(address)) if address else Chroma.in_folder(folder.path / "chroma")
        with _semantic(settings, catalogue, chroma) as semantic:
            yield DocumentIndex(
                catalogue,
                chroma,
                HashedEmbedding(),
                settings.passage_tokens,
                track=track,
                semantic=semantic,
            )


@contextmanager
def _semantic(
    settings: Settings, catalogue: "Catalogue", chroma: "Chroma"
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
        yield Semantic(catalogue, chroma, model, progress) if model else None
    finally:
        if isinstance(model, BundledEmbedding):
            model.close()


def _update(index: "DocumentIndex") -> None:
    """Has the model's vectors brought to the state of the catalogue, which it waits for."""
    if index.semantic:
        index.semantic.update()


def _updating(index: "DocumentIndex") -> AbstractContextManager[None]:
    """The same in the background, for as long as the block runs."""
    return index.semantic.updating() if index.semantic else nullcontext()


def _following(
    settings: Settings, index: "DocumentIndex", assistant: "Assistant"
) -> AbstractContextManager[None]:
    """Takes over what changes in the folder of documents, for as long as the block runs."""
    if settings.follow == OFF:
        return nullcontext()
    from index.watcher import following

    def changed() -> None:
        if index.semantic:
            index.semantic.update_soon()
        assistant.ready_examples()

    return following(index, settings.seeds, changed, polling=settings.follow == "polling")


def _lexicon(settings: Settings, folder: DataFolder) -> AbstractContextManager["Lexicon"]:
    """The installed dictionaries, read into their store the first time."""
    from assistant.dictionaries.store import installed

    folders = [user_cache(), folder.path]
    return closing(installed(settings.dictionaries, folders, progress_once))


def _kept_feedback(
    settings: Settings, folder: DataFolder
) -> AbstractContextManager["Feedback | None"]:
    """Where feedback is stored, if it is to be."""
    if settings.feedback == "off":
        return nullcontext()
    from index.storage.feedback import Feedback

    return Feedback(folder.path / _CATALOGUE)


def _lacks_dictionaries(settings: Settings, index: "DocumentIndex", lexicon: "Lexicon") -> bool:
    """Whether they are wanted, and none translates into the documents' languages."""
    return bool(settings.dictionaries) and not lexicon.leads_into(index.catalogue.languages())


def _assistant(
    index: "DocumentIndex", lexicon: "Lexicon", settings: Settings, watch: "Watch | None" = None
) -> "Assistant":
    from assistant.dictionaries.dictionary import glossary
    from assistant.engine import Assistant
    from assistant.generating.withheld import Withheld

    withheld = Withheld(settings.llm_exclude)
    for name in withheld.idle(index.catalogue.dates()):
        logger.warning("%s: no document is called %s.", variable("llm_exclude"), name)
    return Assistant(index, glossary(), _model(settings, watch), lexicon, withheld)


def _model(settings: Settings, watch: "Watch | None") -> "LanguageModel | None":
    """The LLM of LOTSE_LLM, if there is one."""
    if not settings.llm:
        return None
    from assistant.generating.language_model import LanguageModel
    from assistant.models import llm, llm_address

    model, address = llm(settings), llm_address(settings)
    seconds, context = settings.llm_timeout, settings.llm_context
    return LanguageModel(model, seconds, context, address, watch) if model else None


if __name__ == "__main__":
    sys.exit(main())
