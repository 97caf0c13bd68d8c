"""A document's text as the paragraphs of a page, with the quoted passage marked in them.

Not a character is added, left out or moved: what is written between the tags is the text of
record, and its offsets stay those of the citations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.documents import Block, BlockKind
from index.text.layout import blocks

Span = tuple[int, int]

_NOTHING: Final[Span] = (0, 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph that is marked as a whole or not at all."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text, after the white space `gap` and the sign `hidden` (#) that stand before it.

    `kind` is that of `index.layout`, but a line that leads to a list with its colon is prose here.
    White space after the last block is a gap before nothing.
    """

    gap: str
    hidden: str
    kind: str
    pieces: tuple[Piece, ...]

    @property
    def is_marked(self) -> bool:
        """Whether some of it is marked."""
        return any(piece.is_marked for piece in self.pieces)


def paragraphs(
    text: str, marked: Span | None = None, found: Sequence[Block] | None = None
) -> list[Paragraph]:
    """The text, with what stands at `marked` marked; it may begin and end in any block.

    `found` are its blocks, if they are known.
    """
    return _with_end(text, list(_paragraphs(text, marked or _NOTHING, found or blocks(text))))


def _with_end(text: str, found: list[Paragraph]) -> list[Paragraph]:
    end = sum(map(_length, found))
    return [*found, Paragraph(text[end:], "", "", ())] if end < len(text) else found


def _paragraphs(text: str, marked: Span, found: Sequence[Block]) -> Iterator[Paragraph]:
    end = 0
    for block in found:
        start = _first_character(text, end, block)
        kind = _shown_as(text, block)
        shown = block.start if kind is BlockKind.HEADING else start
        parts = tuple(pieces(text, (shown, block.end), marked))
        yield Paragraph(text[end:start], text[start:shown], kind.value, parts)
        end = block.end


def _first_character(text: str, end: int, block: Block) -> int:
    """Where a block's first line begins: with its indentation and its bullet, if it has them."""
    return max(end, text.rfind("\n", end, block.start) + 1)


def _shown_as(text: str, block: Block) -> BlockKind:
    leads_on = block.kind is BlockKind.HEADING and text[block.start : block.end].endswith(":")
    return BlockKind.PROSE if leads_on else block.kind


def pieces(text: str, span: Span, marked: Span) -> Iterator[Piece]:
    """What stands at `span` of the text, in pieces: before, in and behind what is marked."""
    start, end = span
    first, last = (min(max(offset, start), end) for offset in marked)
    for part, is_marked in ((text[start:first], False), (text[first:last], True)):
        if part:
            yield Piece(part, is_marked)
    if last < end:
        yield Piece(text[last:end], False)


def _length(paragraph: Paragraph) -> int:
    pieces = sum(len(piece.text) for piece in paragraph.pieces)
    return len(paragraph.gap) + len(paragraph.hidden) + pieces
