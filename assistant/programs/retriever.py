"""The documents as a llama-index retriever, for query engines, agents and pipelines of others."""

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from assistant.access import EVERYTHING, Scope
from assistant.engine import Assistant
from assistant.finding.passages import FoundPassage


class DocumentRetriever(BaseRetriever):
    """The best `top` passages of an assistant's documents, with scores from 0 to 1.

    The metadata of a node has the document's `file`, `title`, `date`, `language` and `url`; its
    `start_char_idx` and `end_char_idx` are offsets into the document's text. Raises ScopeError
    where no document is of the `scope`.
    """

    def __init__(self, assistant: Assistant, *, top: int = 5, scope: Scope = EVERYTHING) -> None:
        self._assistant = assistant
        self._top = top
        self._scope = scope
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._assistant.search(query_bundle.query_str, scope=self._scope)
        return [_node(passage) for passage in passages[: self._top]]


def _node(passage: FoundPassage) -> NodeWithScore:
    node = TextNode(
        id_=f"{passage.file}#{passage.start}-{passage.end}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "file": passage.file,
            "title": passage.title,
            "date": passage.date.isoformat() if passage.date else None,
            "language": passage.language,
            "url": passage.url,
        },
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.file)},
    )
    return NodeWithScore(node=node, score=passage.score)
