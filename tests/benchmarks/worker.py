"""A system in a process of its own, asked question by question, so that its memory is its own."""

import resource
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.benchmarks.systems import CANDIDATES, Found

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system found, and the seconds that it took."""

    found: Found
    seconds: float


class Worker:
    """Starts a system's process and has it index the folder; `build` is what that took, in s."""

    def __init__(self, name: str, folder: Path, work: Path, embedding: str = "") -> None:
        work.mkdir(parents=True)
        spawning = get_context("spawn")  # a fork would begin with this process's memory
        self._name = name
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(
            target=_serve, args=(theirs, name, folder, work, embedding), daemon=True
        )
        self._process.start()
        theirs.close()
        self.build: float = self._receive()

    def ask(self, question: str) -> Reply:
        """What the system finds."""
        self._pipe.send(question)
        reply: Reply = self._receive()
        return reply

    def peak(self) -> float:
        """The most memory that the process has held until now, in MB (a million bytes)."""
        self._pipe.send(None)
        megabytes: float = self._receive()
        return megabytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.close()
        self._process.join()
        self._process.close()

    def _receive(self) -> Any:
        try:
            return self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"The process of {self._name} has ended; see above.") from None


def _serve(pipe: Connection, name: str, folder: Path, work: Path, embedding: str) -> None:
    """The other side: seconds to build, then a reply to each question, the peak to each None."""
    system = CANDIDATES[name].make(work, embedding)
    started = time.perf_counter()
    system.build(folder)
    pipe.send(time.perf_counter() - started)
    while (question := _asked(pipe)) != "":
        pipe.send(peak() if question is None else _timed(system, question))
    system.close()


def _asked(pipe: Connection) -> str | None:
    """The next question; an empty one when there is none any more."""
    try:
        question: str | None = pipe.recv()
    except EOFError:
        return ""
    return question


def _timed(system: Any, question: str) -> Reply:
    query = system.query(question)
    started = time.perf_counter()
    result = system.search(query)
    return Reply(result, time.perf_counter() - started)


def peak() -> float:
    """This process's peak in MB. Linux counts a parent's in getrusage, but not in /proc."""
    if _STATUS.exists():
        lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
