"""What a command waits for: documents that another process reads, and its own end."""

import signal
import sys
import time
from threading import Event
from types import FrameType
from typing import Protocol

_LOOK_SECONDS = 0.5


class Counted(Protocol):
    """A catalogue, as far as it is asked here."""

    def count(self) -> int:
        """How many passages there are."""


def wait_for_documents(catalogue: Counted) -> None:
    """Returns when there are any, which the first process of several sees to."""
    if catalogue.count():
        return
    print("Waiting for the first documents to be read.", file=sys.stderr, flush=True)
    while not catalogue.count():
        time.sleep(_LOOK_SECONDS)


def wait_for_signal() -> int:
    """Returns 0 when Ctrl-C or SIGTERM come."""
    over = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    print("Following the folder of documents (Ctrl-C ends it)", flush=True)
    over.wait()
    return 0
