"""A quote as it is shown: a list with each item or row in a line of its own, all else in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from index.documents import Block, BlockKind
from index.text.layout import blocks


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What stands at [start, end) of a quote: an item of a list, with its bullet, or a text."""

    start: int
    end: int
    is_item: bool


def lines(quote: str) -> list[QuoteLine]:
    """The lines of a quote; what lies between them is white space."""
    separate = list(_of_blocks(quote))
    if not any(line.is_item for line in separate):
        return [QuoteLine(0, len(quote), False)]
    shown: list[QuoteLine] = []
    for is_item, run in groupby(separate, key=lambda line: line.is_item):
        together = list(run)
        shown += together if is_item else [QuoteLine(together[0].start, together[-1].end, False)]
    return shown


def in_lines(quote: str) -> str:
    """The words of a quote, its lines as they are shown."""
    return "\n".join(" ".join(quote[line.start : line.end].split()) for line in lines(quote))


def _of_blocks(quote: str) -> Iterator[QuoteLine]:
    quoted, end = blocks(quote), 0
    for position, block in enumerate(quoted):
        start = max(end, quote.rfind("\n", end, block.start) + 1)  # with a bullet, if it has one
        yield QuoteLine(start, block.end, _is_item(quote, quoted, position))
        end = block.end


def _is_item(quote: str, found: list[Block], position: int) -> bool:
    """Whether a block is one, or the first of a list that is quoted from behind its bullet."""
    block = found[position]
    if block.kind is BlockKind.TABLE:
        return True
    if block.kind is not BlockKind.HEADING or position + 1 == len(found):
        return block.kind is BlockKind.LIST
    return found[position + 1].kind is BlockKind.LIST and quote[block.end - 1] != ":"
