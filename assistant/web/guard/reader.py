"""Who asks, and what they may read: every route takes its scope from here."""

from assistant.access import EVERYTHING, Scope


def scope_of(client: object) -> Scope:  # noqa: ARG001
    """What whoever sends a request may read: all documents, as nobody has to log in."""
    return EVERYTHING
