"""Reading questions from and writing answers, reports and progress to a terminal or a pipe."""

import json
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.answering.wording import PHRASES
from assistant.settings import wants_emphasis
from index.documents import PlaceInFile
from index.text.locations import location

if TYPE_CHECKING:
    from index.fetching.pages import FetchReport
    from index.sync import Report

_WIDTH = 88
_BULLET = re.compile(r"[-*+•–▪·] ")
_BETWEEN = "[\\s„“”‚‘’«»]"  # marks are others within a quotation than by themselves
_HARD_SPACES = "\u00a0\u202f"
_BOLD = "\x1b[1m{}\x1b[22m"


def lines(stream: BinaryIO) -> Iterator[str]:
    """The stream's lines as they come; what is no UTF-8 in them is replaced."""
    for line in stream:
        yield line.decode("utf-8", errors="replace").removeprefix("\ufeff").rstrip("\r\n")


def print_json(answer: dict[str, Any]) -> None:
    """The answer as one line of JSON, at once."""
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def print_answer(answer: dict[str, Any]) -> None:
    """The answer for a reader: its text, and below it where that stands."""
    phrases = PHRASES[answer["language"]]
    if answer["note"]:
        print(filled(answer["note"]), end="\n\n")
    text = "\n".join(_line(line) for line in answer["answer"].splitlines())
    print(_emphasised(text, answer["citations"]) if _can_emphasise() else text)
    if answer["citations"]:
        print(f"\n{phrases.sources}:")
    for citation in answer["citations"]:
        print(_source(f"[{citation['number']}] ", citation, answer["language"]))
    related = {citation["file"]: citation for citation in answer["related"]}
    if related:
        print(f"\n{phrases.on_topic_sources}:")
    for citation in related.values():
        print(_source("- ", citation, answer["language"]))
    print(flush=True)


def _line(line: str) -> str:
    return filled(line, others="  " if _BULLET.match(line) else "")


def _source(mark: str, citation: dict[str, Any], language: str) -> str:
    place = PlaceInFile(**citation["place"]) if citation.get("place") else None
    where = location(place, language) if place else None
    also = PHRASES[language].also_in(citation.get("also_in") or ())
    facts = [citation["title"], citation["file"], where, citation["date"], citation["url"], also]
    described = " · ".join(fact for fact in facts if fact)
    return filled(described, first=mark, others=" " * len(mark))


def _can_emphasise() -> bool:
    """Whether standard output is a terminal that shows bold letters, and may."""
    return sys.stdout.isatty() and wants_emphasis()


def _emphasised(text: str, citations: Sequence[dict[str, Any]]) -> str:
    """What is printed, with the likely answer in each quote in bold."""
    for citation in citations:
        if citation["highlight"]:
            quote = citation["quote"]
            first, last = (offset - citation["start"] for offset in citation["highlight"])
            before, likely, behind = map(_words, (quote[:first], quote[first:last], quote[last:]))
            quoted = re.compile(rf"({before}{_BETWEEN}*)({likely})(?={_BETWEEN}*{behind})")
            text = quoted.sub(lambda part: part[1] + _BOLD.format(part[2]), text, count=1)
    return text


def _words(text: str) -> str:
    """A pattern for the text, wherever its lines are broken, and whatever marks quote in it."""
    return f"{_BETWEEN}+".join(map(re.escape, filter(None, re.split(f"{_BETWEEN}+", text))))


def printable(line: str) -> str:
    """The line without control characters, with which a document could steer the terminal."""
    return "".join(mark for mark in line if mark.isprintable() or mark in _HARD_SPACES)


def filled(line: str, first: str = "", others: str = "") -> str:
    """What is printable of a line, in lines as wide as a terminal; addresses stay whole."""
    return textwrap.fill(
        printable(line),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


def print_report(report: "Report") -> None:
    """How many documents were added, changed, removed, unchanged, failed; and what was not read."""
    groups = ("added", "changed", "removed", "unchanged", "failed")
    counts = ", ".join(f"{len(getattr(report, group))} {group}" for group in groups)
    seldom = {"moved": report.moved, "passed over": report.passed_over}
    others = "".join(f", {len(files)} {name}" for name, files in seldom.items() if files)
    print(f"Documents: {counts}{others}", flush=True)
    if report.left_out:
        lines = sum(map(len, report.left_out.values()))
        print(
            f"left out: {lines} lines of {len(report.left_out)} documents, a web page's frame"
            " (clusterlotse.log lists them)",
            file=sys.stderr,
        )
    for reason in report.passed_over.values():
        print(f"passed over: {reason}", file=sys.stderr)
    print_failures(report)


def print_fetched(report: "FetchReport") -> None:
    """How many pages were fetched, if any were to be, and which were not, with the reason."""
    if report == type(report)():
        return
    groups = ("added", "changed", "removed", "unchanged", "failed")
    print("Pages:", ", ".join(f"{len(getattr(report, group))} {group}" for group in groups))
    for reason in report.failed.values():
        print(f"not fetched: {reason}", file=sys.stderr)


def print_failures(report: "Report") -> None:
    """What could not be read or looked at, with the reason, to standard error."""
    for reason in report.unreachable.values():
        print(f"unreachable: {reason} Its documents stay as they were.", file=sys.stderr)
    for reason in report.failed.values():
        print(f"failed: {reason}", file=sys.stderr)
