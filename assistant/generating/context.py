"""Which passages an LLM is given: the best ones with what stands around them, in order."""

from collections.abc import Callable, Iterator, Sequence

from assistant.answer import Citation
from assistant.finding.hit import Hit
from index.documents import IndexedPassage

DOCUMENTS = 10
"""Documents at most that an LLM is given passages of."""

_BESIDE = 0.7  # of a passage's score, that its neighbours have at least
_SECTION = 0.5  # that those have which stand under the same heading

PassagesOf = Callable[[str], Sequence[IndexedPassage]]
"""All passages of a file, in order."""


def around(hits: Sequence[Hit], quotes: Sequence[Citation], passages_of: PassagesOf) -> list[Hit]:
    """The passages of the best documents, those first that are best, quoted, or beside such.

    `hits` come best first; `quotes` are what answers without an LLM.
    """
    files = list(dict.fromkeys([hit.document.file for hit in hits]))[:DOCUMENTS]
    scored = [hit for file in files for hit in _of_file(hits, quotes, passages_of(file))]
    return sorted(scored, key=lambda hit: -hit.score)


def in_order(hits: Sequence[Hit]) -> list[Hit]:
    """Passages by document, the best one's first, and in it as they stand there."""
    ranks = {file: n for n, file in enumerate(dict.fromkeys(hit.document.file for hit in hits))}
    return sorted(hits, key=lambda hit: (ranks[hit.document.file], hit.passage.start))


def _of_file(
    hits: Sequence[Hit], quotes: Sequence[Citation], passages: Sequence[IndexedPassage]
) -> Iterator[Hit]:
    """A file's passages with the scores that their neighbours leave them."""
    scores = {hit.id: hit.score for hit in hits}
    best = max(scores.values(), default=0.0)
    own = [
        best if _holds(indexed, quotes) else scores.get(indexed.passage.id, 0.0)
        for indexed in passages
    ]
    for place, indexed in enumerate(passages):
        beside = max([0.0, *own[max(0, place - 1) : place], *own[place + 1 : place + 2]])
        heading = indexed.passage.heading
        together = (s for s, p in zip(own, passages, strict=True) if p.passage.heading == heading)
        yield Hit(indexed, max(own[place], _BESIDE * beside, _SECTION * max(together)))


def _holds(indexed: IndexedPassage, quotes: Sequence[Citation]) -> bool:
    passage = indexed.passage
    return any(
        quote.file == passage.file and passage.start < quote.end and quote.start < passage.end
        for quote in quotes
    )
