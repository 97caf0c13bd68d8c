"""When others' services are left alone for a while, and how one waits for them in a thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from pybreaker import CircuitBreaker

FAILURES = 3
"""In a row, after which a service is left alone."""

PAUSE = 60.0
"""Seconds for which it is; then one call tries it."""

Result = TypeVar("Result")


def breaker(
    failures: int = FAILURES,
    pause: float = PAUSE,
    is_none: Callable[[BaseException], bool] | None = None,
) -> CircuitBreaker:
    """What counts the failures of a service: to be used as `with breaker.calling()`.

    Its `call` would hold a lock, and all other threads would wait. A generator that is closed by
    who has enough of it is no failure, nor is an exception of which `is_none` says so.
    """

    def excluded(error: BaseException) -> bool:
        return isinstance(error, GeneratorExit) or (is_none is not None and is_none(error))

    return CircuitBreaker(
        fail_max=failures,
        reset_timeout=pause,
        exclude=[excluded],
        throw_new_error_on_trip=False,
    )


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
