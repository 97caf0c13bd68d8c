"""What can be quoted of a document: sentences, items of lists, headings, lines with a label.

All that a document says itself, furniture left out. Answers are chosen among these, and not only
among a passage's sentences: one answer in sixteen stood in a line that no passage had.
"""

from collections.abc import Iterator

from index.documents import Block, BlockKind, Document, Unit, UnitKind
from index.text.layout import blocks_of
from index.text.sentences import Span, sentences

_KINDS = {
    BlockKind.HEADING: UnitKind.HEADING,
    BlockKind.PROSE: UnitKind.SENTENCE,
    BlockKind.LIST: UnitKind.ITEM,
    BlockKind.TABLE: UnitKind.ROW,
    BlockKind.DATE: UnitKind.DATELINE,
}


def units(document: Document) -> list[Unit]:
    """The document's units, in order. Above the rows of a table stands its first one."""
    return list(_units(document))


def _units(document: Document) -> Iterator[Unit]:
    paragraph, heading, columns, last = 0, None, None, None
    for block in blocks_of(document):
        if block.kind not in _KINDS:
            continue
        if not _goes_on(document.text, last, block):
            paragraph += 1
        is_heading = block.kind is BlockKind.HEADING
        if is_heading:
            heading = (block.start, block.end)
        is_row = block.kind is BlockKind.TABLE and last is not None and last.kind is block.kind
        for start, end in _spans(document, block):
            above = None if is_heading else columns if is_row else heading
            yield Unit(start, end, _KINDS[block.kind], paragraph, above)
        if not is_row:
            columns = (block.start, block.end)
        last = block


def _spans(document: Document, block: Block) -> Iterator[Span]:
    if block.kind is BlockKind.PROSE:
        yield from sentences(document.text, block.start, block.end, document.language)
    else:
        yield block.start, block.end


def _goes_on(text: str, last: Block | None, block: Block) -> bool:
    """Whether a block stands in the paragraph before it: no empty line between, or in one list."""
    if last is None:
        return False
    is_list = block.kind is BlockKind.LIST
    introduced = last.kind is BlockKind.LIST or text[last.end - 1] == ":"
    return (is_list and introduced) or text.count("\n", last.end, block.start) < 2
