"""One process of several keeps the index in step, and another one takes over when it dies."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Event, Thread

from index.errors import DataInUseError, LotseError, StorageError
from index.storage.leases import SECONDS, Lease

logger = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two looks at whose turn it is; three may fail before the lease is over."""

_FAREWELL = 10.0  # seconds for the work when the turn or the program ends

Work = Callable[[], AbstractContextManager[None]]
"""Keeps the index in step for as long as its block runs."""


@contextmanager
def in_turn(lease: Lease, work: Work) -> Iterator[None]:
    """Does the work whenever this process has the lease, for as long as the block runs.

    Work that fails is logged, and done again at the next beat.
    """
    ending = Event()
    thread = Thread(target=_Turn(lease, work, ending).run, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(_FAREWELL)


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """Has the lease for as long as the block runs. Raises DataInUseError where another has it."""
    if not lease.take():
        raise DataInUseError(
            f"The index is kept in step by {lease.holder() or 'another process'}.",
            "It takes over what changes in the folder by itself; stop it to do so by hand.",
            None,
        )
    ending = Event()
    thread = Thread(target=_renew, args=(lease, ending), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(_FAREWELL)
        lease.give_up()


def _renew(lease: Lease, ending: Event) -> None:
    while not ending.wait(BEAT):
        with suppress(StorageError):  # then a writing fails as well
            lease.take()


class _Turn:
    """What beats: takes the lease, and starts and ends the work with it."""

    def __init__(self, lease: Lease, work: Work, ending: Event) -> None:
        self._lease = lease
        self._work = work
        self._ending = ending
        self._over = Event()
        self._worker: Thread | None = None
        self._until = 0.0

    def run(self) -> None:
        while not self._ending.is_set():
            if self._has_lease():
                self._begin()
            else:
                self._end()
            self._ending.wait(BEAT)
        self._end()
        with suppress(StorageError):  # then it ends by itself
            self._lease.give_up()

    def _has_lease(self) -> bool:
        """Whether the lease is ours, or may be, as far as can be told."""
        asked = time.monotonic()
        try:
            self._until = asked + SECONDS if self._lease.take() else 0.0
        except StorageError as error:
            logger.warning("Who keeps the index in step can't be told. %s", error)
        return time.monotonic() < self._until

    def _begin(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._over = Event()
            self._worker = Thread(target=self._do, args=(self._over,), name="in turn", daemon=True)
            self._worker.start()

    def _end(self) -> None:
        self._over.set()
        if self._worker:
            self._worker.join(_FAREWELL)
            self._worker = None

    def _do(self, over: Event) -> None:
        logger.info("This process keeps the index in step from now on.")
        try:
            with self._work():
                over.wait()
        except LotseError as error:
            logger.warning("The index is as it was: %s", error)
