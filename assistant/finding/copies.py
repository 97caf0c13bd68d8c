"""Documents with the same words: what is in several files is found once, and the others are named.

Compared are the documents that were found for a question, so that nobody learns of one that is not
in their scope.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of, nodes_of
from index.text.alike import wording

_KEPT = 4096  # documents


class Copies(BaseNodePostprocessor):
    """Leaves out what was found in copies of a document that comes before them.

    `text_of` has the text of a file's document; it is asked once for each that is found.
    """

    _wording: Callable[[str], bytes] = PrivateAttr()

    def __init__(self, text_of: Callable[[str], str]) -> None:
        super().__init__()
        self._wording = lru_cache(_KEPT)(lambda file: wording(text_of(file)))

    def _postprocess_nodes(
        self,
        nodes: list[NodeWithScore],
        query_bundle: QueryBundle | None = None,  # noqa: ARG002
    ) -> list[NodeWithScore]:
        hits = hits_of(nodes)
        copies = self._copies(hit.document.file for hit in hits)
        return nodes_of(_once(hits, copies))

    def _copies(self, files: Iterable[str]) -> list[tuple[str, ...]]:
        """Files with the same words, in the order in which they come."""
        alike: dict[bytes, list[str]] = {}
        for file in dict.fromkeys(files):
            alike.setdefault(self._wording(file), []).append(file)
        return [tuple(group) for group in alike.values() if len(group) > 1]


def _once(hits: Sequence[Hit], copies: Sequence[tuple[str, ...]]) -> list[Hit]:
    others = {first: rest for first, *rest in copies}
    left_out = {file for rest in others.values() for file in rest}
    return [
        replace(hit, copies=tuple(others.get(hit.document.file, ())))
        for hit in hits
        if hit.document.file not in left_out
    ]
