"""What the web application needs of `assistant.engine.Assistant`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from assistant.access import Scope
from assistant.answer import Answer, Progress
from assistant.asking.follow_ups import Turn
from assistant.finding.passages import FoundPassage
from index.documents import Counts, Document
from index.register.register import Register

QUESTIONS_AT_ONCE: Final = 20
"""Questions that are answered side by side; more wait for their turn."""


class Engine(Protocol):
    """Answers questions and shows documents, each within the scope of who asks."""

    @property
    def generates(self) -> bool: ...

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        otherwise: str | None = None,
        history: Sequence[Turn] = (),
        scope: Scope = ...,
    ) -> Iterator[Progress | Answer]: ...

    def search(
        self, query: str, *, scope: Scope = ..., written_in: str | None = None
    ) -> Sequence[FoundPassage]: ...

    def ready_examples(self, scope: Scope) -> Mapping[str, Sequence[str]]: ...

    def documents(self, scope: Scope) -> list[Document]: ...

    def document(self, file: str, scope: Scope) -> Document | None: ...

    def partners(self, scope: Scope) -> Register: ...

    def llm_is_reachable(self) -> bool | None: ...

    def is_embedding(self) -> bool: ...

    def counts(self) -> Counts: ...
