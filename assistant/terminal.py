"""Reading questions from and writing answers, reports and progress to a terminal or a pipe."""

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.phrases import PHRASES
from index.errors import ServerError

if TYPE_CHECKING:
    from index.sync import Report

_WIDTH = 88
_SERVER_SECONDS = 60.0


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
    """The answer for a reader: its text, and below it the sources."""
    phrases = PHRASES[answer["language"]]
    print(textwrap.fill(answer["answer"], _WIDTH))
    if answer["citations"]:
        print(f"\n{phrases.sources}:")
    for citation in answer["citations"]:
        facts = [citation["title"], citation["file"], citation["date"], citation["url"]]
        known = " · ".join(fact for fact in facts if fact)
        number = f"[{citation['number']}] "
        print(textwrap.fill(known, _WIDTH, initial_indent=number, subsequent_indent="    "))
    print(flush=True)


def print_report(report: "Report") -> None:
    """How many documents were added, changed, removed, unchanged, failed; and what was not read."""
    groups = ("added", "changed", "removed", "unchanged", "failed")
    counts = ", ".join(f"{len(getattr(report, group))} {group}" for group in groups)
    passed_over = f", {len(report.passed_over)} passed over" if report.passed_over else ""
    print(f"Documents: {counts}{passed_over}", flush=True)
    print_failures(report)


def print_failures(report: "Report") -> None:
    """What could not be read, with the reason, to standard error."""
    for kind, reasons in (("failed", report.failed), ("passed over", report.passed_over)):
        for reason in reasons.values():
            print(f"{kind}: {reason}", file=sys.stderr)


def progress(work: Sequence[Any], name: str) -> Iterable[Any]:
    """A bar on standard error, once something takes longer than a second; none in a pipe."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    bar: Iterable[Any] = tqdm(work, name, delay=1, disable=hidden, leave=False, file=sys.stderr)
    return bar


def silent(work: Sequence[Any], _name: str) -> Iterable[Any]:
    """No progress: for what is over in a moment."""
    return work


def ask_server(url: str, question: str) -> dict[str, Any]:
    """The answer of the server that has the data folder open."""
    import httpx

    from assistant.engine import refused

    if refusal := refused(question):
        return refusal.as_json()
    try:
        response = httpx.post(
            f"{url}/api/ask", json={"question": question}, timeout=_SERVER_SECONDS, trust_env=False
        )
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise ServerError(
            f"The server {url}, which has the data folder open, does not answer: {error}.",
            "Stop it or start it again.",
        ) from error
    answer: dict[str, Any] = response.json()
    return answer
