"""The child process that reads files: bytes in, an extract out, by standard streams, within bounds.

Run as a module with the bytes of memory that it may have and the seconds that a file may take. A
request is a line of JSON, {"name": "a.pdf", "bytes": 1234}, and the file; its answer a line with
the length of what follows, JSON again: {"extract": ...} or {"problem": ..., "remedy": ...}. With a
"page", it is {"picture": ...} of that page, in base64.

It opens no connection, starts no program and writes no file, whatever a library is made to try.
"""

import base64
import json
import logging
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from index.readers.extract import UnreadableError
from index.readers.formats import read_file
from index.readers.pictures import picture_of

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
)
_FULL = 0.85
_WRITING = os.O_WRONLY | os.O_RDWR


def answer(name: str, content: bytes, page: int | None = None) -> dict[str, Any]:
    """What is told of a file, or the picture of a page."""
    try:
        if page is not None:
            picture = picture_of(content, page)
            return {"picture": base64.b64encode(picture).decode("ascii") if picture else None}
        return {"extract": read_file(name, content).as_json()}
    except UnreadableError as error:
        return {
            "problem": error.problem,
            "remedy": error.remedy,
            "is_format": error.is_format,
            "lack": error.lack,
        }
    except MemoryError:
        return {"memory": True}
    except RecursionError:
        return _unreadable("it is nested too deeply")
    except Exception as error:  # of others' code, whatever it makes of a file that is damaged
        if _is_full():
            return {"memory": True}  # libraries in C have their own words for that
        return _unreadable(f"it is damaged ({type(error).__name__}: {str(error)[:200]})")


def _is_full() -> bool:
    """Whether this process has once had about all the memory that it may have."""
    if sys.platform != "linux":
        return False
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    peak = re.search(r"VmPeak:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii", "replace"))
    return limit > 0 and peak is not None and int(peak[1]) * 1024 > _FULL * limit


def _unreadable(problem: str) -> dict[str, Any]:
    return {"problem": problem, "remedy": "Save it anew, or in another format.", "is_format": False}


def serve(requests: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    """Answers requests until there are no more."""
    for line in requests:
        asked = json.loads(line)
        _alarm(seconds)  # ends this process, in the middle of a library's C code too
        content = requests.read(asked["bytes"])
        told = json.dumps(answer(asked["name"], content, asked.get("page"))).encode("ascii")
        _alarm(0)
        answers.write(b"%d\n" % len(told))
        answers.write(told)
        answers.flush()


def _alarm(seconds: int) -> None:
    if sys.platform != "win32":
        signal.alarm(seconds)


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # macOS knows the limit, and does not keep it
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook of Python's: what a reader has no business with fails."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event.startswith(_REFUSED):
        raise PermissionError(f"a reader may not do this: {event}")


def _answers() -> BinaryIO:
    """Standard output, which no library can write to any more."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which then ends this
    logging.disable(logging.CRITICAL)
    stream = _answers()
    _limit_memory(int(sys.argv[1]))
    sys.addaudithook(_refuse)
    serve(sys.stdin.buffer, stream, int(sys.argv[2]))
