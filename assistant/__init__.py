"""Questions -> cited answers, by stages: asking, finding, answering or generating, checking.

Never changes a document. For programs, there are `Client` and `DocumentRetriever`
(docs/clients.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.programs.client import Client
    from assistant.programs.retriever import DocumentRetriever

__all__ = ["Client", "DocumentRetriever"]


def __getattr__(name: str) -> object:
    """What takes long to import is imported when it is asked for."""
    if name == "Client":
        from assistant.programs.client import Client

        return Client
    if name == "DocumentRetriever":
        from assistant.programs.retriever import DocumentRetriever

        return DocumentRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
