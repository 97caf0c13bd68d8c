"""Files of others, read in a process that they may bring to an end: one process for many files.

It has a bound on memory, on time and on what comes out, and what a file does to it is told of that
file.
"""

import base64
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Self

from index.errors import DocumentError, FormatError
from index.readers.extract import LONGEST_TEXT, Extract, Lack

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
"""Where our packages lie."""

_MODULE = "index.readers.worker"
# What Python needs to start; keys and passwords that stand in ours are none of a reader's business.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_STARTING_SECONDS = 30.0
_FAREWELL_SECONDS = 1.0


class LackingError(FormatError):
    """A file that another program could help with."""

    def __init__(self, problem: str, remedy: str, lack: Lack) -> None:
        super().__init__(problem, remedy)
        self.lack = lack


def inherited() -> dict[str, str]:
    """What a program needs of our environment, and no more."""
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take to be read: bytes of memory, seconds, and bytes of what comes out."""

    memory: int = 1_000_000_000
    seconds: int = 120
    answer: int = 6 * LONGEST_TEXT


class ConfinedReader:
    """A process that reads files, started when it is first needed, and again where it has ended."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        if self._process:
            _end(self._process)
            self._process = None

    @property
    def pid(self) -> int | None:
        """The process's number, while there is one."""
        return self._process.pid if self._process else None

    def read(self, file: str, content: bytes) -> Extract:
        """What a file says. Raises DocumentError, or FormatError where there is nothing to read."""
        told = self._told(file, content)
        if "extract" not in told:
            raise self._refusal(file, told)
        try:
            return _checked(Extract.from_json(told["extract"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"{file}: its reader answers with nonsense.", _REMEDY) from error

    def picture(self, file: str, content: bytes, page: int) -> bytes | None:
        """A page of a PDF as a PNG, by its number from 0; None where it has fewer.

        Raises DocumentError.
        """
        told = self._told(file, content, page)
        if "picture" not in told:
            raise self._refusal(file, told)
        return base64.b64decode(told["picture"]) if told["picture"] else None

    def _told(self, file: str, content: bytes, page: int | None = None) -> dict[str, Any]:
        with self._asking:
            is_fresh = self._process is None
            told = self._asked(file, content, page)
            if "ended" in told and not is_fresh:
                # What others have left in its memory may be to blame: once more, by itself.
                told = self._asked(file, content, page)
        return told

    def _refusal(self, file: str, told: dict[str, Any]) -> DocumentError:
        if "ended" in told:
            logger.warning("%s: the process that read it %s", file, told["ended"])
            return DocumentError(f"{file}: it can't be read: its reader {told['ended']}.", _REMEDY)
        if told.get("lack"):
            problem = f"{file}: {told['problem']}."
            return LackingError(problem, str(told["remedy"]), Lack(told["lack"]))
        kind = FormatError if told.get("is_format") else DocumentError
        return kind(f"{file}: {told['problem']}.", str(told["remedy"]))

    def _asked(self, file: str, content: bytes, page: int | None) -> dict[str, Any]:
        """The process's answer; {"ended": why} where there is none."""
        process = self._process or self._started()
        late = threading.Event()
        timer = threading.Timer(
            self._limits.seconds + _STARTING_SECONDS, _end_late, (process, late)
        )
        timer.start()
        try:
            told = _exchange(process, PurePath(file).name, content, page, self._limits.answer)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            return {"ended": self._reason(process.returncode, error, late.is_set())}
        finally:
            timer.cancel()
        if told.get("memory"):
            self.close()  # whose memory is in pieces now
            return {"ended": f"needs more than {self._limits.memory // 1_000_000} MB of memory"}
        return told

    def _reason(self, status: int | None, error: Exception, is_late: bool) -> str:
        if is_late or status == -14:  # SIGALRM
            return f"takes more than {self._limits.seconds} s"
        if isinstance(error, _TooLongError):
            return "finds more text than any document has"
        return f"has ended with status {status}"

    def _started(self) -> "subprocess.Popen[bytes]":
        command = (sys.executable, "-P", "-m", _MODULE, str(self._limits.memory))
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        environment = inherited() | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        try:
            self._process = subprocess.Popen(
                (*command, str(self._limits.seconds)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise DocumentError(
                f"The process that reads documents can't be started: {error}.", "Start anew."
            ) from error
        return self._process


_REMEDY = "Save it anew, or in another format; it is tried again once it has changed."


class _TooLongError(ValueError):
    """More comes out than may."""


def _exchange(
    process: "subprocess.Popen[bytes]", name: str, content: bytes, page: int | None, longest: int
) -> dict[str, Any]:
    """Raises EOFError, OSError or ValueError where the process ends, or answers with nonsense."""
    assert process.stdin and process.stdout
    asked = {"name": name, "bytes": len(content), "page": page}
    request = json.dumps(asked).encode("ascii")
    process.stdin.write(request + b"\n" + content)
    process.stdin.flush()
    size = int(process.stdout.readline())
    if size > longest:
        raise _TooLongError
    told = process.stdout.read(size)
    if len(told) < size:
        raise EOFError
    answer: dict[str, Any] = json.loads(told)
    return answer


def _checked(extract: Extract) -> Extract:
    """Raises ValueError where offsets lead out of the text, or back."""
    last = 0
    for block in extract.blocks:
        if not last <= block.start <= block.end <= len(extract.text):
            raise ValueError(block)
        last = block.end
    starts = [place.start for place in extract.places]
    if starts != sorted(starts) or any(not 0 <= start <= len(extract.text) for start in starts):
        raise ValueError("places")
    return extract


def _end_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends it: by itself, as there are no more requests, if it is not reading."""
    assert process.stdin and process.stdout
    with suppress(OSError):  # what was still to be written
        process.stdin.close()
    try:
        process.wait(_FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
