"""How Chroma is called, and what its faults mean: damage, or something that passes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

import httpx
from chromadb.errors import (
    AuthorizationError,
    ChromaAuthError,
    ChromaError,
    QuotaError,
    RateLimitError,
)
from pybreaker import CircuitBreakerError

from index.errors import DamageError, StorageError
from index.patience import FAILURES, begun, breaker

_SQLITE = re.compile(r"\(code: (\d+)\)")
_SYSTEM = re.compile(r"os error (\d+)|Os \{ code: (\d+)")
# SQLite's primary result codes: no permission, busy, locked, no memory, read only, input or output
# error, full, can't be opened, file too large, not authorised (sqlite.org/rescode.html).
_SQLITE_PASSES = frozenset({3, 5, 6, 7, 8, 10, 13, 14, 22, 23})
_NOT_THERE = 2  # ENOENT: a file of Chroma's own that is gone is damage
_REFUSED = (AuthorizationError, ChromaAuthError, QuotaError, RateLimitError)
_PASSES = (OSError, httpx.HTTPError, httpx.InvalidURL, CircuitBreakerError, *_REFUSED)
_FAULTS = (ChromaError, *_PASSES, RuntimeError, ValueError)

Result = TypeVar("Result")


class Call(Protocol):
    """Calls Chroma. Raises StorageError on any fault, DamageError for what can't be read."""

    def __call__(self, call: Callable[[], Result]) -> Result: ...


def direct(call: Callable[[], Result]) -> Result:
    """Calls Chroma in this process."""
    with explained():
        return call()


def within(seconds: float, failures: int = FAILURES, pause: float | None = None) -> Call:
    """Calls a server, which has so many seconds; its own client would wait for ever.

    One that has been silent for several `failures` is left alone for a `pause`, which is as long
    as it had.
    """
    silent = breaker(
        failures, pause or seconds, is_none=lambda error: not isinstance(error, TimeoutError)
    )

    def called(call: Callable[[], Result]) -> Result:
        with explained(), silent.calling():
            return begun(call).result(seconds)

    return called


@contextmanager
def explained() -> Iterator[None]:
    """Turns Chroma's faults into ours."""
    try:
        yield
    except _FAULTS as error:
        problem = f"The vector index (Chroma) failed: {str(error) or type(error).__name__}."
        if passes(error):
            remedy = "See that the disk has room, the data folder can be written, the server runs."
            raise StorageError(problem, remedy) from error
        remedy = "Start the program again: it is repaired from the catalogue."
        raise DamageError(problem, remedy) from error


def passes(error: BaseException) -> bool:
    """Whether a fault comes from circumstances, such as a full disk, a lock or missing rights."""
    if isinstance(error, _PASSES):
        return True
    told = str(error)
    if code := _SQLITE.search(told):
        return int(code[1]) & 0xFF in _SQLITE_PASSES  # extended codes add to the primary ones
    if system := _SYSTEM.search(told):
        return int(system[1] or system[2]) != _NOT_THERE
    return False
