"""Who asks, and what they may read: every route takes its scope from here."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from assistant.access import Rights, Scope

NOTHING: Final = Scope(within=Rights())
"""No document."""

_NAME: Final = "reader"  # of the state of a request


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sends a request: a user with groups, or nobody known (""), and what they may read."""

    user: str = ""
    groups: frozenset[str] = frozenset()
    scope: Scope = NOTHING


NOBODY: Final = Reader()


class _Request(Protocol):
    """A request of Starlette's or of Gradio's."""

    @property
    def state(self) -> Any: ...


def reader_of(request: _Request) -> Reader:
    """Who sends a request, as the door has let them in; nobody where none has."""
    reader = getattr(request.state, _NAME, NOBODY)
    return reader if isinstance(reader, Reader) else NOBODY


def scope_of(request: _Request) -> Scope:
    """What whoever sends a request may read."""
    return reader_of(request).scope


def with_reader(state: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """The state of a request that a reader sends."""
    return {**state, _NAME: reader}
