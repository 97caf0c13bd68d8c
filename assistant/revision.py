"""What is derived from the documents: made once for each state of the catalogue."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Part = TypeVar("Part", bound=Hashable)
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


@dataclass(slots=True)
class _Kept(Generic[Derived]):
    lock: Lock = field(default_factory=Lock)
    made: list[Derived] = field(default_factory=list)


class PerPart(Generic[Part, Derived]):
    """The same for parts of the documents, each by itself; the `most` that were asked for last.

    Who asks for a part that is being made waits for it; other parts don't.
    """

    def __init__(
        self, revision: Callable[[], int], make: Callable[[Part], Derived], most: int
    ) -> None:
        self._make = make
        self._most = most
        self._parts = PerRevision[OrderedDict[Part, _Kept[Derived]]](revision, OrderedDict)
        self._lock = Lock()

    def of(self, part: Part) -> Derived:
        """What belongs to a part of the documents as they are now. Raises what `make` does."""
        kept = self._part(part)
        with kept.lock:
            if not kept.made:
                kept.made.append(self._make(part))
            return kept.made[0]

    def _part(self, part: Part) -> _Kept[Derived]:
        parts = self._parts.get()
        with self._lock:
            kept = parts.setdefault(part, _Kept())
            parts.move_to_end(part)
            if len(parts) > self._most:
                parts.popitem(last=False)
            return kept
