"""Hits as llama-index's nodes and back: the only place where one becomes the other."""

from collections.abc import Iterable

from llama_index.core.schema import NodeWithScore, TextNode

from assistant.finding.hit import Hit
from index.documents import IndexedPassage


class PassageNode(TextNode):
    """A passage as llama-index has it; its metadata is for others' postprocessors to read."""

    indexed: IndexedPassage
    similarity: float | None = None
    copies: tuple[str, ...] = ()


def nodes_of(hits: Iterable[Hit]) -> list[NodeWithScore]:
    """Hits as nodes with their scores, in their order."""
    return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def hits_of(nodes: Iterable[NodeWithScore]) -> list[Hit]:
    """The hits that nodes were made of, with the scores that they have now.

    Raises TypeError for a node that was made elsewhere: what it quotes could not be cited.
    """
    return [_hit(node) for node in nodes]


def _node(hit: Hit) -> PassageNode:
    document = hit.document
    return PassageNode(
        id_=hit.id,
        text=hit.passage.text,
        metadata={
            "file": document.file,
            "title": document.title,
            "date": document.date and document.date.isoformat(),
            "language": document.language,
            "url": document.url,
        },
        indexed=hit.indexed,
        similarity=hit.similarity,
        copies=hit.copies,
    )


def _hit(found: NodeWithScore) -> Hit:
    if not isinstance(found.node, PassageNode):
        raise TypeError(f"A {type(found.node).__name__} is no passage of ours and can't be cited.")
    return Hit(found.node.indexed, found.get_score(), found.node.similarity, found.node.copies)
