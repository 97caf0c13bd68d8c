"""What is told of a question while it is answered, to whoever wants to know."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, Protocol

from assistant.answer import Answer
from index.errors import ScopeError


class Monitor(Protocol):
    """Is told of stages, answers and faults; several threads may tell at once."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Measures the block, a stage of answering a question."""

    def lasted(self, name: str, seconds: float) -> None:
        """A stage took so long whose results are sent while it goes on, so that it is no block."""

    def answered(self, answer: Answer) -> None:
        """A reader's question was answered or refused."""

    def failed(self) -> None:
        """A reader's question broke off with an error."""

    def faulted(self, service: str, fault: str) -> None:
        """A service ("llm", "embedding") did not do what it should."""


class NobodyWatches:
    """Where nobody wants to know."""

    def stage(self, _name: str) -> AbstractContextManager[object]:
        """Measures nothing."""
        return nullcontext()

    def lasted(self, _name: str, _seconds: float) -> None:
        """Counts nothing."""

    def answered(self, _answer: Answer) -> None:
        """Counts nothing."""

    def failed(self) -> None:
        """Counts nothing."""

    def faulted(self, _service: str, _fault: str) -> None:
        """Counts nothing."""


NOBODY: Final[Monitor] = NobodyWatches()


@contextmanager
def watched(monitor: Monitor) -> Iterator[None]:
    """Tells of what breaks the block: not a reader who leaves, nor a filter that fits nothing."""
    has_failed = True
    try:
        yield
        has_failed = False
    except (GeneratorExit, ScopeError):
        has_failed = False
        raise
    finally:
        if has_failed:
            monitor.failed()
