"""Starts another program within bounds: `-m index.readers.bounded BYTES SECONDS PROGRAM ...`.

The bounds on memory and on processor time are those of the process that becomes the program.
"""

import os
import sys
from contextlib import suppress


def _bound(memory: int, seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # macOS knows the limit, and does not keep it
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    _bound(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
