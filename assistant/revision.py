"""What is derived from the documents: made once for each state of the catalogue."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Derived = TypeVar("Derived")


class PerRevision(Generic[Derived]):
    """Something that is made of the documents as they are, and made anew once they have changed.

    `revision` tells the catalogue's number, which grows with each change; `make` is called once for
    each number that it is asked under. Several threads may ask at once.
    """

    def __init__(self, revision: Callable[[], int], make: Callable[[], Derived]) -> None:
        self._revision = revision
        self._make = make
        self._made: tuple[int, Derived] | None = None
        self._lock = Lock()

    def get(self) -> Derived:
        """What belongs to the documents as they are now."""
        revision = self._revision()
        with self._lock:
            if self._made is None or self._made[0] != revision:
                self._made = revision, self._make()
            return self._made[1]
