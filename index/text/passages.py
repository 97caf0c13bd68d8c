"""Documents cut into passages: whole sentences, within a budget of tokens."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import tiktoken

from index.documents import Block, BlockKind, Document, Passage, places_within
from index.text.layout import blocks_of
from index.text.sentences import Span, sentences

VERSION = "5"
"""Of the way in which documents are cut: what was cut in another one is cut anew."""


# OpenAI's cl100k_base: its file's name is the SHA-1 of the address that it is published at, and the
# pattern that of tiktoken_ext.openai_public.
_SHIPPED = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
_SPLIT = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
_WORD = re.compile(r"\s*\S+")
_FRAGMENT = re.compile(r"\s*\S{1,8}")  # of a word that is longer than a whole passage


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, or "", and what can be quoted below it: sentences, and lists in one piece."""

    heading: str
    quotables: tuple[Span, ...]


def passages(document: Document, budget: int, origin: str | None = None) -> list[Passage]:
    """The document's passages, each of at most `budget` tokens (cl100k_base), in order.

    A sentence or a list that is longer than that is cut between words. Their ids are made of
    `origin`, which tells documents with the same text apart: the file's name, if none is given.
    """
    packed: list[Passage] = []
    for section in _sections(document):
        for spans in _packed(document.text, section.quotables, budget):
            packed.append(_passage(document, section.heading, spans, origin or document.file))
    return packed


def count_tokens(text: str) -> int:
    """How many tokens of cl100k_base a text has; text that looks like a control token is text."""
    return len(_encoding().encode(text, disallowed_special=()))


@cache
def _encoding() -> tiktoken.Encoding:
    """Without a download: llama-index-core carries the file that tiktoken would fetch.

    tiktoken itself finds that only by a variable of the environment. Control tokens are left out,
    since they count as text here.
    """
    core = find_spec("llama_index.core")
    if core is None or core.origin is None:
        raise ModuleNotFoundError("llama_index.core")
    shipped = Path(core.origin).parent / "_static" / "tiktoken_cache" / _SHIPPED
    pairs = (line.split() for line in shipped.read_bytes().splitlines() if line)
    ranks = {b64decode(token): int(rank) for token, rank in pairs}
    return tiktoken.Encoding(
        "cl100k_base", pat_str=_SPLIT, mergeable_ranks=ranks, special_tokens={}
    )


def _sections(document: Document) -> Iterator[Section]:
    """Runs of quotables with nothing between them that is not to be quoted."""
    heading = ""
    quotables: list[Span] = []
    for kind, run in _runs(document):
        if kind is BlockKind.PROSE:
            for block in run:
                quotables += sentences(document.text, block.start, block.end, document.language)
        elif kind is BlockKind.LIST:
            introduced = _introduction(document.text, quotables)
            start = run[0].start if introduced is None else introduced
            quotables.append((start, run[-1].end))
        else:
            if quotables:
                yield Section(heading, tuple(quotables))
                quotables = []
            if kind is BlockKind.TABLE:
                yield _table(document.text, heading, run)
            elif kind is BlockKind.HEADING:
                heading = " · ".join(_line(document.text, b) for b in run)
    if quotables:
        yield Section(heading, tuple(quotables))


def _table(text: str, heading: str, rows: list[Block]) -> Section:
    """A table's rows, each by itself: under the first one, which tells what stands in them."""
    columns = " · ".join(cell.strip() for cell in _line(text, rows[0]).split("|") if cell.strip())
    above = " · ".join(filter(None, (heading, columns)))
    said = [row for row in rows if any(map(str.isalnum, text[row.start : row.end]))]
    return Section(above, tuple((row.start, row.end) for row in said))


def _runs(document: Document) -> Iterator[tuple[BlockKind, list[Block]]]:
    """Blocks of one kind in a row; a heading with a colon above a list is a sentence of its own.

    A date that stands above a text is a heading, too.
    """
    blocks = list(blocks_of(document))
    for position, block in enumerate(blocks[:-1]):
        introduces = blocks[position + 1].kind is BlockKind.LIST
        if block.kind is BlockKind.HEADING and introduces and document.text[block.end - 1] == ":":
            blocks[position] = replace(block, kind=BlockKind.PROSE)
        if block.kind is BlockKind.DATE:
            blocks[position] = replace(block, kind=BlockKind.HEADING)
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        yield kind, list(run)


def _introduction(text: str, quotables: list[Span]) -> int | None:
    """Takes the last sentence away if it introduces a list; returns where it starts."""
    if quotables and text[quotables[-1][1] - 1] == ":":
        return quotables.pop()[0]
    return None


def _line(text: str, block: Block) -> str:
    return text[block.start : block.end].rstrip(":")


def _packed(text: str, quotables: tuple[Span, ...], budget: int) -> Iterator[list[Span]]:
    """As many quotables in a row as the budget holds."""
    packed: list[Span] = []
    for whole in quotables:
        for span in _cut(text, whole, budget):
            if packed and count_tokens(text[packed[0][0] : span[1]]) > budget:
                yield packed
                packed = []
            packed.append(span)
    if packed:
        yield packed


def _cut(text: str, span: Span, budget: int) -> Iterator[Span]:
    """The span, or pieces of it that the budget holds."""
    if count_tokens(text[slice(*span)]) <= budget:
        yield span
        return
    start, last = span[0], span[0]
    for first, end in _pieces(text, span, budget):
        if last > start and count_tokens(text[start:end]) > budget:
            yield start, last
            start = end - len(text[first:end].lstrip())
        last = end
    yield start, last


def _pieces(text: str, span: Span, budget: int) -> Iterator[Span]:
    """The words of the span with the white space before them; words beyond the budget in parts."""
    for word in _WORD.finditer(text, *span):
        if count_tokens(word.group()) <= budget:
            yield word.span()
        else:
            yield from (part.span() for part in _FRAGMENT.finditer(text, *word.span()))


def _passage(document: Document, heading: str, spans: list[Span], origin: str) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    text = document.text[start:end]
    identity = "\0".join((origin, document.title, document.language, heading, str(start), text))
    return Passage(
        id=hashlib.blake2b(identity.encode(), digest_size=16).hexdigest(),
        file=document.file,
        start=start,
        end=end,
        text=text,
        heading=heading,
        sentences=tuple(spans),
        places=places_within(document.places, start, end),
    )
