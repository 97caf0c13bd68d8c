"""Writing the stored feedback to a terminal, or for a spreadsheet or another program."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from assistant.access import Scope
from assistant.partners.spreadsheet import spreadsheet
from assistant.terminal.output import filled, print_json
from index.errors import StorageError, UsageError
from index.storage.dialect import Place
from index.storage.feedback import Feedback, FeedbackEntry

Form = Literal["json", "csv"]

_FIELDS = (
    *("number", "day", "question", "language", "answerable", "mode"),
    *("files", "helpful", "comment"),
)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A question as it was asked last, how often it was asked, and the last day."""

    question: str
    times: int
    last: date


def manage_feedback(catalogue: Place, options: argparse.Namespace) -> int:
    """Lists and deletes what the options of `feedback` select, beside a running server too.

    Raises UsageError where all would be deleted without a word of which.
    """
    days = Scope.read(since=options.since, until=options.until)
    is_chosen = options.unanswered or options.form or options.all or days != Scope()
    if options.delete and not is_chosen:
        raise UsageError(
            "--delete alone would delete all feedback.",
            "Say which (--until 2025, --unanswered), have it written first (--csv), or add --all.",
        )
    # Without the folder's lock, which a server has: SQLite lets several processes in.
    with Feedback(catalogue) as feedback:
        entries = feedback.entries(
            unanswered=options.unanswered, since=days.since, until=days.until
        )
        if options.form or not options.delete:
            print_feedback(entries, options.form, options.unanswered)
        if options.delete:
            feedback.remove(entry.number for entry in entries)
    if not entries:
        such = "such " if options.unanswered or days != Scope() else ""
        print(f"No {such}feedback is stored.", file=sys.stderr)
    elif options.delete:
        print(f"Feedback: {len(entries)} deleted", file=sys.stderr)
    return 0


def repeated(entries: Iterable[FeedbackEntry]) -> list[Repeated]:
    """The questions of entries, which come oldest first; the most frequent first, then the latest.

    Questions are one where only case, white space and the final punctuation differ.
    """
    alike: dict[str, list[FeedbackEntry]] = {}
    for entry in entries:
        alike.setdefault(_essence(entry.question), []).append(entry)
    questions = [
        Repeated(same[-1].question, len(same), max(entry.day for entry in same))
        for same in alike.values()
    ]
    return sorted(questions, key=lambda question: (-question.times, -question.last.toordinal()))


def _essence(question: str) -> str:
    return _one_line(question).casefold().rstrip(" .,:;?!…")


def print_entries(entries: Iterable[FeedbackEntry]) -> None:
    """Each entry for a reader: day, verdict and question, below them comment and files."""
    for entry in entries:
        head = f"{entry.day} · {_verdict(entry)} · {_one_line(entry.question)}"
        print(filled(head, others="  "))
        files = "cited" if entry.answerable else "nearest"
        for name, text in (("comment", entry.comment), (files, ", ".join(entry.files))):
            if text:
                print(filled(_one_line(text), first=f"  {name}: ", others="    "))


def _verdict(entry: FeedbackEntry) -> str:
    said = {True: ["helpful"], False: ["not helpful"], None: []}[entry.helpful]
    return ", ".join([*([] if entry.answerable else ["refused"]), *said]) or "not rated"


def print_questions(entries: Iterable[FeedbackEntry]) -> None:
    """Each question for a reader, once: how often it was asked, the last day, and itself."""
    for asked in repeated(entries):
        head = f"{asked.times:3}× · last {asked.last} · "
        print(filled(_one_line(asked.question), first=head, others=" " * len(head)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def print_lines(entries: Iterable[FeedbackEntry]) -> None:
    """Each entry, whole, as one line of JSON."""
    for entry in entries:
        print_json(_row(entry) | {"day": entry.day.isoformat()})


def print_csv(entries: Iterable[FeedbackEntry]) -> None:
    """The entries as a table for a spreadsheet, with semicolons, as Excel reads it in Europe."""
    rows = (list(_row(entry).values()) for entry in entries)
    sys.stdout.buffer.write(spreadsheet(_FIELDS, rows))
    sys.stdout.buffer.flush()


def _row(entry: FeedbackEntry) -> dict[str, Any]:
    return {field: getattr(entry, field) for field in _FIELDS}


def print_feedback(
    entries: Sequence[FeedbackEntry], form: Form | None = None, only_questions: bool = False
) -> None:
    """The entries in a form for programs, each whole; without one for a reader.

    A reader may get the questions alone, each once. Raises StorageError where the place that the
    output goes to is full.
    """
    try:
        _print(entries, form, only_questions)
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # who reads it has had enough
    except OSError as error:
        raise StorageError(
            f"The feedback can't be written: {error.strerror}.",
            "Have it written to a place that has room; all of it is still stored.",
        ) from error


def _print(entries: Sequence[FeedbackEntry], form: Form | None, only_questions: bool) -> None:
    match form:
        case "json":
            print_lines(entries)
        case "csv":
            print_csv(entries)
        case None if only_questions:
            print_questions(entries)
        case None:
            print_entries(entries)
