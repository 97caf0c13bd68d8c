"""Reading questions from and writing answers, reports and progress to a terminal or a pipe."""

import copy
import io
import json
import logging
import re
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.phrases import PHRASES
from index.errors import ServerError, UsageError
from index.settings import DICTIONARY_PACKAGES, wants_emphasis

if TYPE_CHECKING:
    import httpx

    from assistant.conversation import Turn
    from assistant.scope import Scope
    from index.sync import Report

_SUGGESTION = f"""\
With dictionaries, questions in another language or in other words than the documents' are
understood better. On Debian: apt install {DICTIONARY_PACKAGES}
(LOTSE_DICTIONARIES=off does without them. This is said only once.)"""

_WIDTH = 88
_BULLET = re.compile(r"[-*+•–▪·] ")
_HARD_SPACES = "\u00a0\u202f"
_BOLD = "\x1b[1m{}\x1b[22m"
_LOG_BYTES = 1_000_000
_SERVER_SECONDS = 60.0  # that a server has besides what its LLM takes
_COME_AGAIN = (429, 503)


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
        print(_source(f"[{citation['number']}] ", citation))
    related = {citation["file"]: citation for citation in answer["related"]}
    if related:
        print(f"\n{phrases.on_topic_sources}:")
    for citation in related.values():
        print(_source("- ", citation))
    print(flush=True)


def _line(line: str) -> str:
    return filled(line, others="  " if _BULLET.match(line) else "")


def _source(mark: str, citation: dict[str, Any]) -> str:
    facts = [citation["title"], citation["file"], citation["date"], citation["url"]]
    known = " · ".join(fact for fact in facts if fact)
    return filled(known, first=mark, others=" " * len(mark))


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
            found = re.compile(rf"({before}\s*)({likely})(?=\s*{behind})")
            text = found.sub(lambda part: part[1] + _BOLD.format(part[2]), text, count=1)
    return text


def _words(text: str) -> str:
    """A pattern for the text, wherever its lines are broken."""
    return r"\s+".join(map(re.escape, text.split()))


def filled(line: str, first: str = "", others: str = "") -> str:
    """The line in lines as wide as a terminal; addresses and compounds stay whole.

    Control characters, with which a document could steer the terminal, are left out.
    """
    return textwrap.fill(
        "".join(mark for mark in line if mark.isprintable() or mark in _HARD_SPACES),
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
    passed_over = f", {len(report.passed_over)} passed over" if report.passed_over else ""
    print(f"Documents: {counts}{passed_over}", flush=True)
    for reason in report.passed_over.values():
        print(f"passed over: {reason}", file=sys.stderr)
    print_failures(report)


def print_failures(report: "Report") -> None:
    """What could not be read, with the reason, to standard error."""
    for reason in report.failed.values():
        print(f"failed: {reason}", file=sys.stderr)


def progress(work: Sequence[Any], name: str) -> Iterable[Any]:
    """A bar on standard error, once something takes longer than a second; none in a pipe."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    bar: Iterable[Any] = tqdm(work, name, delay=1, disable=hidden, leave=False, file=sys.stderr)
    return bar


def progress_once(work: Sequence[Any], name: str) -> Iterable[Any]:
    """The same for what takes a while and is done once; a line says so, in a pipe too."""
    print(f"{name}: read once on this machine, which may take half a minute.", file=sys.stderr)
    return progress(work, name)


def suggest_dictionaries(folder: Path) -> None:
    """Says what to install for questions to be understood better; once, as `folder` remembers."""
    said = folder / "dictionaries-suggested"
    if said.exists():
        return
    print(_SUGGESTION, file=sys.stderr)
    with suppress(OSError):  # then it is said again
        folder.mkdir(parents=True, exist_ok=True)
        said.touch()


def silent(work: Sequence[Any], _name: str) -> Iterable[Any]:
    """No progress: for what is over in a moment."""
    return work


def speak(level: str) -> None:
    """Sends messages to standard error; what a terminal has no letters for is replaced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    plain = logging.StreamHandler()
    plain.setFormatter(_WithoutTrace("%(levelname)s: %(message)s"))
    logging.raiseExceptions = False  # a log that can't be written is not the user's problem
    logging.basicConfig(level=level, handlers=[plain], force=True)


def log_to(file: Path) -> None:
    """Sends messages to the file as well, from now on, with their traces."""
    whole = RotatingFileHandler(file, "a", _LOG_BYTES, 2, encoding="utf-8", delay=True)
    whole.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(whole)


class _WithoutTrace(logging.Formatter):
    """The message alone: a trace helps who mends the program, and not who uses it."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return super().format(bare)


def ask_server(
    url: str,
    question: str,
    history: "Sequence[Turn]" = (),
    scope: "Scope | None" = None,
    llm_seconds: float = 0.0,
) -> dict[str, Any]:
    """The answer of the server that has the data folder open, and an LLM with that much time.

    Raises UsageError for what the server refuses, such as a scope, and ServerError if it fails.
    """
    import httpx

    from assistant.engine import refused

    question = _as_text(question)
    if refusal := refused(question):
        return refusal.as_json()
    body: dict[str, Any] = {"question": question, "store": False}
    body |= scope.as_json() if scope else {}
    if history:
        body["history"] = [
            {"question": _as_text(turn.question), "answer": _as_text(turn.answer)}
            for turn in history
        ]
    try:
        response = _posted(f"{url}/api/ask", body, _SERVER_SECONDS + llm_seconds)
        if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise UsageError(response.json()["detail"], f"(So says the server {url}.)")
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise ServerError(
            f"The server {url}, which has the data folder open, does not answer: {error}.",
            "Stop it or start it again.",
        ) from error
    return answer


def _posted(address: str, body: dict[str, Any], seconds: float) -> "httpx.Response":
    """What a server answers within the time; one that says when to come again is asked again."""
    import httpx

    deadline = time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        response = httpx.post(address, json=body, timeout=left, trust_env=False)
        if response.status_code not in _COME_AGAIN:
            return response
        pause = _retry_after(response.headers.get("retry-after", ""))
        if time.monotonic() + pause >= deadline:
            return response
        time.sleep(pause)


def _retry_after(told: str) -> float:
    """Seconds of a Retry-After header; one where it says nothing that is understood."""
    return max(1.0, float(told)) if told.isascii() and told.isdecimal() else 1.0


def _as_text(text: str) -> str:
    """The text without halves of characters, which can't be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
