"""What the lines of a text are: headings, prose, lists, or the furniture of a web page.

Pages that were saved as text carry navigation, forms and teasers of other pages. These must never
become an answer, so they are told apart here, by their form and not by the page that they are on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from index.text.dates import find_dates


class BlockKind(Enum):
    """What a block of text is."""

    HEADING = "heading"
    PROSE = "prose"
    LIST = "list"
    DATE = "date"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A line or a paragraph at [start, end) of the text, without the mark before it (# or -)."""

    kind: BlockKind
    start: int
    end: int


_WRAPPED_FROM, _WRAPPED_TO = 45, 120  # characters of a line in a hard-wrapped paragraph
_HEADING_CHARACTERS = 140
_SENTENCE_WORDS = 4
_TEASER_CHARACTERS = 300
_TEASERS = 3
_LIST_LINES = 3
_SENTENCE_END = (".", "!", "?", "…", ".“", ".”", '."', ".»", "?“", "!“", ".)", ";")
_NAME_END = re.compile(r"\b(?:e\. ?V|Co|Inc|Ltd|S\. ?A)\.$")
_MARK = re.compile(r"(?:#{1,6}|[-*+•–▪·]|\d{1,2}[.)]|>)[ \t]+")
_BULLET = re.compile(r"[-*+•–▪·][ \t]|\d{1,2}[.)][ \t]")
_RULE = re.compile(r"[\W_]*")

_NAVIGATION = re.compile(
    r"""(?: zum\ (?:haupt)?inhalt(?:\ springen)? | skip\ to\ .* | aller\ au\ contenu.*
    | sie\ (?:sind|befinden\ sich)\ hier\b.* | you\ are\ here\b.* | vous\ êtes\ ici\b.*
    | (?:haupt)?menü? | navigation | home | start(?:seite)? | accueil | suchen? | search
    | recherche | news | aktuelles | actualités | presse(?:mitteilungen)?
    | ecosystems? | login | anmelden | kontakt | contact | impressum | imprint
    | mentions\ légales | datenschutz(?:erklärung)?
    | privacy(?:\ policy)? | (?:alle\ )?cookies?\b.* | .{0,40}\bcookies?\ (?:akzeptieren|ablehnen)
    | drucken | print | imprimer | teilen | share | partager | nach\ oben | back\ to\ top
    | haut\ de\ page | zurück.{0,30} | weiter(?:lesen)? | mehr(?:\ (?:lesen|erfahren))? | more
    | read\ more | lire\ la\ suite | (?:seiten-?adresse|url|link)\s*:.* | https?://\S+
    | facebook | twitter | linkedin | xing | instagram | youtube | whatsapp | e-?mail | rss
    ) \s*[:.»>…]*""",
    re.IGNORECASE | re.VERBOSE,
)
_LINKS_BELOW = re.compile(
    r"""(?: weitere\ informationen | weiterführende\ links | links? | downloads?
    | further\ information | more\ information | useful\ links | pour\ en\ savoir\ plus
    | informations\ complémentaires
    ) \s*:?""",
    re.IGNORECASE | re.VERBOSE,
)
_ALL_BELOW = re.compile(
    r"""(?: related\ (?:news|articles?|posts?|content) | latest\ news
    | (?:weitere|ähnliche|verwandte)
      \ (?:news|meldungen|nachrichten|artikel|beiträge|themen|pressemitteilungen)
    | das\ könnte\ (?:sie|dich)\b.* | mehr\ zum\ thema | auch\ interessant
    | you\ (?:may|might)\ also\ like.* | become\ a\ member | (?:zum\ )?newsletter(?:\ .{0,40})?
    | sign\ up.* | subscribe.* | à\ lire\ aussi | articles?\ (?:liés|similaires)
    | sur\ le\ même\ (?:sujet|thème) | kontaktformular | contact\ form
    | kommentare?(?:\ .{0,30})? | (?:leave\ a\ )?comments? | s'abonner.*
    ) \s*:?""",
    re.IGNORECASE | re.VERBOSE,
)
_FORM_FIELD = re.compile(r".{1,40}\*\s*")


def blocks(text: str) -> list[Block]:
    """The blocks of a text, in order, furniture included."""
    found = [_block(text, start, end) for start, end in _paragraphs(text)]
    for mark in (_mark_repeats, _mark_lists, _mark_below, _mark_teasers):
        found = mark(found, text)
    if any(block.kind in (BlockKind.PROSE, BlockKind.LIST) for block in found):
        return found
    # A text with no sentence in it says what it says in its short lines.
    return [replace(b, kind=BlockKind.PROSE) if b.kind is BlockKind.HEADING else b for b in found]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines that hold something, as offsets; the lines of a hard-wrapped paragraph joined."""
    for chunk in re.finditer(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", text):
        lines = [
            (match.start(), match.end())
            for match in re.compile(r"\S[^\n]*(?<=\S)").finditer(text, *chunk.span())
        ]
        if _is_wrapped([text[start:end] for start, end in lines]):
            lines = [(lines[0][0], lines[-1][1])]
        yield from lines


def _is_wrapped(lines: list[str]) -> bool:
    """Lines of about one length that end in a full stop, and only there."""
    *full, last = lines
    return bool(
        full
        and all(_WRAPPED_FROM <= len(line) <= _WRAPPED_TO for line in full)
        and last.endswith(_SENTENCE_END)
        and not any(_MARK.match(line) for line in lines)
    )


def _block(text: str, start: int, end: int) -> Block:
    mark = _MARK.match(text, start, end)
    inner = mark.end() if mark else start
    return Block(_kind(text[start:end], text[inner:end]), inner, end)


def _kind(marked: str, line: str) -> BlockKind:
    if _NAVIGATION.fullmatch(line) or _FORM_FIELD.fullmatch(line) or _RULE.fullmatch(line):
        return BlockKind.FURNITURE
    if _is_date(line):
        return BlockKind.DATE
    if marked.startswith("#"):
        return BlockKind.HEADING
    if _BULLET.match(marked):
        return BlockKind.LIST
    if len(line) > _HEADING_CHARACTERS or _is_sentence(line):
        return BlockKind.PROSE
    return BlockKind.HEADING


def _is_sentence(line: str) -> bool:
    ends = line.endswith(_SENTENCE_END) and not _NAME_END.search(line)
    return ends and len(line.split()) >= _SENTENCE_WORDS


def _is_date(line: str) -> bool:
    found = find_dates(line[:60])
    return len(found) == 1 and len(line) - (found[0].end - found[0].start) <= 12


def _mark_repeats(found: list[Block], text: str) -> list[Block]:
    """A heading that stood there before is the page's title in its frame."""
    seen: set[str] = set()
    marked = []
    for block in found:
        line = text[block.start : block.end]
        again = block.kind is BlockKind.HEADING and line in seen
        seen.add(line)
        marked.append(replace(block, kind=BlockKind.FURNITURE) if again else block)
    return marked


def _mark_lists(found: list[Block], text: str) -> list[Block]:
    """Three short lines and more that follow each other directly are a list with no bullets.

    The first of them is its heading where a blank line stands before it or it ends with a colon.
    """
    marked = list(found)
    for run in _runs(found, text):
        first = 1 if text[found[run[0]].start : found[run[0]].end].endswith(":") else 0
        if len(run) - first >= _LIST_LINES:
            for position in run[first:]:
                marked[position] = replace(found[position], kind=BlockKind.LIST)
    return marked


def _runs(found: list[Block], text: str) -> Iterator[list[int]]:
    """Positions of headings with nothing but one line break between them."""
    run: list[int] = []
    for position, block in enumerate(found):
        adjoins = run and not text[found[run[-1]].end : block.start].count("\n") > 1
        if block.kind is BlockKind.HEADING and (adjoins or not run):
            run.append(position)
            continue
        if run:
            yield run
        run = [position] if block.kind is BlockKind.HEADING else []
    if run:
        yield run


def _mark_below(found: list[Block], text: str) -> list[Block]:
    """Below "Related news" and its like nothing is the page's; below "Links", no list is."""
    marked = []
    links = everything = False
    for position, block in enumerate(found):
        line = text[block.start : block.end]
        everything = everything or (position > 0 and bool(_ALL_BELOW.fullmatch(line)))
        links = bool(_LINKS_BELOW.fullmatch(line)) or (links and block.kind is not BlockKind.PROSE)
        marked.append(replace(block, kind=BlockKind.FURNITURE) if everything or links else block)
    return marked


def _mark_teasers(found: list[Block], _text: str) -> list[Block]:
    """A title, a date and a line or two, several times over: teasers of other pages."""
    dates = [position for position, block in enumerate(found) if block.kind is BlockKind.DATE]
    if len(dates) < _TEASERS:
        return found
    zone = range(max(0, dates[0] - 1), len(found))
    return [
        replace(block, kind=BlockKind.FURNITURE)
        if position in zone and block.end - block.start <= _TEASER_CHARACTERS
        else block
        for position, block in enumerate(found)
    ]
