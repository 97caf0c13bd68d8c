"""The commands, their options, and what --help says of them."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_ABOUT = """\
Clusterlotse answers questions from your own documents and cites the file, word for word.

Without a command it takes over what is new in the folder of documents, serves the chat in the
browser and tells its address. It needs no key, no model and no internet."""

_EXAMPLES = """\
examples:
  python app.py                            serve the chat on http://127.0.0.1:7860
  python app.py --seeds ~/Papers           the same, for the documents in another folder
  python app.py ask "Wer ist Mitglied?"    one answer, here in the terminal
  python app.py ask --json - < many.txt    many questions, one a line
  python app.py feedback --unanswered      what the documents don't answer

Settings can also be given as LOTSE_SEEDS, LOTSE_DATA, ...; docs/settings.md lists them all.
exit status: 0 done, 1 the job failed, 2 wrong usage"""

_EVALUATION = """\
each line is an object with
  question     what is asked
  files        names of the files that have to be cited
  answer       regular expressions that the answer or its quotes have to match
  answerable   false where the documents don't answer the question (default: true)
  history      questions that are asked before it, where it follows up on them"""


def parser() -> argparse.ArgumentParser:
    """The parser of a command line. What it returns has the name of the `command`."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--seeds", metavar="DIR", help="folder of the documents, or NAME:DIR,... (default: seeds)"
    )
    common.add_argument("--data", metavar="DIR", help="folder of the index (default: data)")
    serving = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    serving.add_argument("--host", help="address to serve on (default: 127.0.0.1, this machine)")
    serving.add_argument("--port", help="port to serve on (default: 7860)")
    syncing = argparse.ArgumentParser(add_help=False)
    syncing.add_argument(
        "--allow-removals",
        action="store_true",
        help="remove documents whose files are gone, even if they are more than half of all",
    )
    raw = argparse.RawDescriptionHelpFormatter
    whole = argparse.ArgumentParser(
        "clusterlotse",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=raw,
        parents=[common, serving, syncing],
    )
    whole.set_defaults(command="serve")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND")

    _add_index(commands, [common, syncing])
    _add_care(commands, common)
    _add_ask(commands, common)
    _add_eval(commands, common)
    _add_mcp(commands, common)
    _add_feedback(commands, common)
    _add_register(commands, common, "organisations", "organisations, with their people")
    _add_register(commands, common, "partners", "partnerships, with their parties")
    _add_keys(commands, common)
    _add_forget(commands, common)
    _add_corrections(commands, common)
    return whole


def _add_index(commands: Commands, parents: list[argparse.ArgumentParser]) -> None:
    index = commands.add_parser(
        "index",
        parents=parents,
        help="take over new and changed documents, and no more",
        description="Brings the index to the state of the folder and reports what it did.",
    )
    index.add_argument(
        "--follow",
        action="store_true",
        dest="follow_on",
        help="go on taking over what changes, until Ctrl-C or SIGTERM",
    )
    index.add_argument(
        "--url",
        metavar="URL",
        dest="urls",
        action="append",
        default=[],
        help="fetch this page first, or those that a sitemap or feed lists; repeatable",
    )
    index.set_defaults(command="index")


def _add_forget(commands: Commands, common: argparse.ArgumentParser) -> None:
    forget = commands.add_parser(
        "forget",
        parents=[common],
        help="delete what the audit file (LOTSE_AUDIT) has of a user",
        description="Deletes the lines of a user from the audit file, beside a running server too.",
    )
    forget.add_argument("user", metavar="USER", help="the user, as the audit file names them")
    forget.set_defaults(command="forget")


def _add_care(commands: Commands, common: argparse.ArgumentParser) -> None:
    check = commands.add_parser(
        "check",
        parents=[common],
        help="compare catalogue, vectors, register and files, and mend them",
        description="Says what of the stored index does not fit together; exit status 1 if any.",
    )
    check.add_argument("--repair", action="store_true", help="mend it, and take over new documents")
    check.set_defaults(command="check")
    backup = commands.add_parser(
        "backup",
        parents=[common],
        help="write what can't be made again into a file, beside a running server too",
        description="Writes feedback and whatever else can't be made again from the documents.",
    )
    backup.add_argument("file", metavar="FILE", type=Path)
    backup.add_argument(
        "--all", action="store_true", help="the documents' texts and what was made of them as well"
    )
    backup.set_defaults(command="backup")
    restore = commands.add_parser(
        "restore",
        parents=[common],
        help="put a backup back, in place of what is there",
        description="Puts a backup back; what is there is written to a backup of its own before.",
    )
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.set_defaults(command="restore")


def _add_corrections(commands: Commands, common: argparse.ArgumentParser) -> None:
    register = commands.add_parser(
        "register",
        parents=[common],
        help="correct what the documents tell of organisations and partnerships",
        description="Corrects the register; it holds at once, and after each sync. ROW is the id "
        "of a partnership or an organisation, as `partners` and `organisations` print it with "
        "--json, or an organisation's name.",
    )
    register.set_defaults(command="register")
    deeds = register.add_subparsers(dest="deed", required=True, metavar="WHAT")

    def deed(name: str, what: str, *arguments: tuple[str, str]) -> argparse.ArgumentParser:
        command = deeds.add_parser(name, parents=[common], help=what, description=what)
        for argument, meaning in arguments:
            command.add_argument(argument, help=meaning, metavar=argument.upper())
        return command

    row = ("row", "id of a partnership or organisation, or an organisation's name")
    name = ("row", "an organisation's id or name")
    deed("list", "list all decisions, with those that were taken back").add_argument(
        "--json", action="store_true", help="one JSON object for each decision"
    )
    deed("confirm", "mark a partnership as checked and right", ("row", "its id"))
    deed("hide", "show a row no longer", row)
    deed("merge", "make another organisation one with this", name, ("other", "the other one"))
    deed("split", "make names an organisation of their own", name).add_argument(
        "names", nargs="+", metavar="NAME", help="names that are another organisation's"
    )
    deed("rename", "give an organisation another name", name, ("value", "the new name"))
    deed("kind", "say of what kind a row is", row, ("value", "such as agreement, or cluster"))
    deed("status", "say how a partnership stands", ("row", "its id"), ("value", "such as ended"))
    deed("undo", "take a decision back", ("number", "its number, as `list` prints it"))
    deed("export", "write all decisions that hold as JSON")
    deed("import", "take over what `export` wrote", ("file", "the file, or - for standard input"))


def _add_register(
    commands: Commands, common: argparse.ArgumentParser, name: str, what: str
) -> None:
    command = commands.add_parser(
        name,
        parents=[common],
        help=f"list the {what}, that the documents tell of",
        description=f"Lists {what}, each with the sentences that say so.",
    )
    command.add_argument("--org", default="", metavar="NAME", help="only what has to do with it")
    command.add_argument("--kind", default="", help="only of this kind, such as agreement")
    command.add_argument("--country", default="", metavar="CODE", help="only with one, as FR")
    command.add_argument("--status", default="", help="only active, ended, planned or unknown")
    _add_days(command, "partnerships")
    _add_forms(command, "row")
    command.set_defaults(command=name)


def _add_forms(command: argparse.ArgumentParser, what: str) -> None:
    forms = command.add_mutually_exclusive_group()
    forms.add_argument(
        "--json",
        action="store_const",
        const="json",
        dest="form",
        help=f"one JSON object for each {what}, whole",
    )
    forms.add_argument(
        "--csv",
        action="store_const",
        const="csv",
        dest="form",
        help="the same for a spreadsheet, with semicolons",
    )


def _add_ask(commands: Commands, common: argparse.ArgumentParser) -> None:
    ask = commands.add_parser(
        "ask",
        parents=[common],
        help="answer a question in the terminal",
        description="Answers a question with its sources, through the server where one is running.",
    )
    ask.add_argument("question", help="the question, or - for one a line on standard input")
    ask.add_argument("--json", action="store_true", help="one JSON object for each question")
    ask.add_argument(
        "--explain",
        action="store_true",
        help="show what was found, how sentences were judged, and what an LLM was sent and said",
    )
    ask.add_argument(
        "--file",
        metavar="NAME",
        dest="files",
        action="append",
        default=[],
        help='only this document, as answers name it, or a pattern ("protokolle/*.md"); repeatable',
    )
    _add_days(ask, "documents")
    ask.set_defaults(command="ask")


def _add_days(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--since", metavar="DATE", help=f"only {what} from this date on")
    command.add_argument(
        "--until",
        metavar="DATE",
        help=f"only {what} up to this date: 2026, 2026-04 or 2026-04-26, which is included",
    )


def _add_eval(commands: Commands, common: argparse.ArgumentParser) -> None:
    evaluate = commands.add_parser(
        "eval",
        parents=[common],
        help="measure the answers to questions of your own",
        description="Asks the questions of a file and compares the answers with those in it.",
        epilog=_EVALUATION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.add_argument("questions", metavar="QUESTIONS.jsonl", type=Path)
    evaluate.set_defaults(command="eval")


def _add_mcp(commands: Commands, common: argparse.ArgumentParser) -> None:
    mcp = commands.add_parser(
        "mcp",
        parents=[common],
        help="serve the tools of an assistant (MCP) on standard input and output",
        description="Serves questions, search, documents and the register by the Model Context "
        "Protocol on standard input and output, through the server where one is running.",
    )
    mcp.set_defaults(command="mcp")


def _add_feedback(commands: Commands, common: argparse.ArgumentParser) -> None:
    feedback = commands.add_parser(
        "feedback",
        parents=[common],
        help="list what readers said of answers, and refused questions",
        description="Lists what the chat has stored, oldest first, beside a running server too.",
    )
    feedback.add_argument(
        "--unanswered",
        action="store_true",
        help="only questions that the documents don't answer, each once, the most frequent first",
    )
    _add_days(feedback, "entries")
    _add_forms(feedback, "answer or question")
    feedback.add_argument(
        "--delete",
        action="store_true",
        help="delete what the other options select; with --json or --csv, once it is written",
    )
    feedback.add_argument(
        "--all", action="store_true", help="with --delete: everything, without writing it first"
    )
    feedback.set_defaults(command="feedback")


def _add_keys(commands: Commands, common: argparse.ArgumentParser) -> None:
    keys = commands.add_parser(
        "keys",
        help="make, list and revoke API keys",
        description="Keys with which programs ask, each with the documents that it may read.",
    )
    actions = keys.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    new = actions.add_parser("new", parents=[common], help="make a key and show it, this once")
    new.add_argument("name", metavar="NAME", help="what it is called, such as intranet-search")
    new.add_argument(
        "--scope",
        metavar="PATTERN",
        nargs="+",
        required=True,
        help='folders, files or patterns that it may read, such as presse or "*" for all',
    )
    actions.add_parser("list", parents=[common], help="list the keys that hold")
    revoke = actions.add_parser("revoke", parents=[common], help="take a key back, at once")
    revoke.add_argument("name", metavar="NAME")
    keys.set_defaults(command="keys")
