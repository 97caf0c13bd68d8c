"""How long others' services are waited for, and when they are left alone for a while."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

FAILURES = 3
"""In a row, after which a service is left alone."""

PAUSE = 60.0
"""Seconds for which it is."""

Result = TypeVar("Result")


class Patience:
    """With one service, asked by several threads.

    pybreaker's breaker does the same, but holds its lock during a call: all others would wait.
    """

    def __init__(self, failures: int = FAILURES, pause: float = PAUSE) -> None:
        self._failures, self._pause = failures, pause
        self._lock = threading.Lock()
        self._failed = 0
        self._again = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the service is not to be asked just now."""
        return time.monotonic() < self._again

    def answered(self) -> None:
        """The service did as it should."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """It did not; the first failure after a pause is followed by another pause."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._failures:
                self._again = time.monotonic() + self._pause


def begun(call: Callable[[], Result]) -> "Future[Result]":
    """A call in a thread of its own, which never keeps the process from ending.

    That sets it apart from the pools of concurrent.futures: a service that hangs may be left.
    """
    future: Future[Result] = Future()
    threading.Thread(target=_do, args=(call, future), daemon=True).start()
    return future


def _do(call: Callable[[], Result], future: "Future[Result]") -> None:
    try:
        future.set_result(call())
    except Exception as error:  # of others' code, whatever it is: for who waits
        future.set_exception(error)
