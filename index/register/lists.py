"""Lists of organisations in a document: fields, headings with items below, tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Block, BlockKind, Document
from index.facts.places import is_place
from index.register.tokens import is_small_word
from index.register.words import directory_titles, legal_form, list_labels
from index.text.languages import LANGUAGES, frequency
from index.text.layout import blocks_of

_FIELD = re.compile(r"(?P<label>[^:|\n]{2,60}?)\s?:\s+(?P<rest>\S.*)", re.DOTALL)
_LABELS = re.compile(r"(?:^\W{0,4}|[.;|·]\s)(?P<label>[A-ZÄÖÜÉ][^:|\n.;]{2,60}?)\s?:\s+")
_SPLIT = re.compile(r"\s*(?:,(?!\s?(?:Ltd|Inc)\b)|;|·|(?<=\s)(?:und|and|et|sowie)(?=\s))\s*")
_ARTICLE = re.compile(
    r"(?:(?:der|die|das|dem|den|des|the|le|la|les|sowie|and|und|et)\s|l['’])+", re.I
)
_TAIL = re.compile(
    r"\sc/o\s(?P<at>.*)|\s*\((?P<inside>[^()]*)\)|\s[–-]\s(?P<dash>.*)|:\s(?P<colon>.*)", re.DOTALL
)
_COUNTRY = re.compile(r"(?P<country>[A-ZÉÖ][\w -]{2,30}?)(?:\s\([^)]*\))?\s?:\s")
_STOP = re.compile(r"[^\W\d_]{3}\.(?:\s+[A-ZÄÖÜ\"„]|\s*$|\n)")
_MOST_WORDS = 9
_LINKS = frozenset(
    [
        "für",
        "und",
        "der",
        "des",
        "of",
        "for",
        "and",
        "de",
        "du",
        "la",
        "et",
        "le",
        "e",
        "i",
        "y",
        "von",
        "am",
        "im",
        "zu",
        "van",
        "den",
    ]
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|^\s*(?:Stand|as of|au)\b")
_FIRST_LINES = 6
_TITLE = 120  # characters of a line that may be a page's title
_TERM = re.compile(
    r"^\W*(?:Projektlaufzeit|Laufzeit|Zeitraum|Duration|Project period|Durée(?: du projet)?"
    r"|Projektbeginn|Projektende)\W*:",
    re.M,
)
_PROJECT = re.compile(
    r"\b(?i:\w*projekt\w*|vorhaben|project|projet)[ :]+[„\"]?"
    r"(?P<name>(?=\S{4})[A-ZÄÖÜ]\S*[A-ZÄÖÜ]\S*\w)"
)
_RARE = 3e-7
_SHORTEST = 4  # letters that a project's name has more than
_FIRST_BLOCKS = 3
_LABEL = 60
_LABEL_WORDS = 7
_COMMAS = 3  # of a line from which on it holds several names


@dataclass(frozen=True, slots=True)
class Item:
    """One of a list at [start, end): its name, what stands in brackets or behind it."""

    name: str
    start: int
    end: int
    aside: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: what its items are (`part`), its label, and where it stands."""

    part: str
    label: str
    start: int
    items: tuple[Item, ...]


def listings(document: Document) -> list[Listing]:
    """All lists of organisations that a document has."""
    text = document.text
    kept = [block for block in blocks_of(document) if block.kind is not BlockKind.FURNITURE]
    lists = [*_fields(text, kept), *_below_headings(text, kept), *_tables(text)]
    return [*lists, *_directory(text, kept, lists)]


def coordinates(aside: str) -> bool:
    """Whether what stands beside a name in a list says that it leads the project."""
    return bool(re.search(r"koordin|coordin|\blead|chef de file|federf", aside, re.IGNORECASE))


def page_project(document: Document, found: Sequence[Listing]) -> str | None:
    """The name of the project whose consortium a page lists: the first word that looks like one."""
    leads = any(_is_project_lead(listing) for listing in found) or any(
        coordinates(item.aside)
        for listing in found
        if listing.part == "partner"
        for item in listing.items
    )
    if not leads and not _TERM.search(document.text):
        return None
    if named := _PROJECT.search(document.text):
        return named["name"]
    for line in document.text.split("\n")[:_FIRST_LINES]:
        words: list[str] = re.findall(r"[^\W_]+(?:[-+][^\W_]+)*\+?", line)
        if not legal_form().search(line):
            for word in words:
                if len(word) > _SHORTEST and any(mark.isupper() for mark in word[1:]):
                    if word.isupper() and _is_usual(word):
                        continue  # "AUSSCHREIBUNG" is written so to be seen
                    return word
    return document.title


def _is_project_lead(listing: Listing) -> bool:
    """Whether it tells who leads a project; a house has a "Leitung" too."""
    return listing.part == "coordinator" and not re.fullmatch(
        r"leitung|pilotage", listing.label.strip(), re.IGNORECASE
    )


def _is_usual(word: str) -> bool:
    return any(frequency(word.lower(), language) > _RARE for language in LANGUAGES)


def part_of(label: str) -> str | None:
    """What a label says of the items of its list."""
    plain = re.sub(r"[*_#]+", "", label).strip(" :.?")
    if len(plain) > _LABEL or len(plain.split()) > _LABEL_WORDS:
        return None
    parts: list[str] = [part for part, form in list_labels().items() if form.search(plain)]
    return parts[0] if parts else None


def _fields(text: str, kept: Sequence[Block]) -> Iterator[Listing]:
    for block in kept:
        for match in re.finditer(r"[^\n]+", text[block.start : block.end]):
            start = block.start + match.start()
            for label, begin, end in _labelled(match[0]):
                if part := part_of(label):
                    one = part == "coordinator"
                    items = tuple(_items(text, start + begin, start + end, one=one))
                    at = start + match[0].rindex(label, 0, begin)  # with what it says of them
                    yield Listing(part, label, at, items)


def _labelled(line: str) -> Iterator[tuple[str, int, int]]:
    """Each "Label: rest" of a line, which may hold several: "Coordination : A. Partners: B, C"."""
    labels = list(_LABELS.finditer(line))
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        end = following.start() if following else len(line)
        rest = line[label.end() : end].rstrip(" .;|·")
        if rest:
            yield label["label"], label.end(), label.end() + len(rest)


def _below_headings(text: str, kept: Sequence[Block]) -> Iterator[Listing]:
    for position, block in enumerate(kept):
        label = text[block.start : block.end]
        if block.kind is BlockKind.PROSE and len(label) > 80:
            continue
        part = _heading_part(label)
        if not part or len(label.split()) > _MOST_WORDS:
            continue
        items: list[Item] = []
        for below in _run_below(text, kept, position):
            items += _line_items(text, below)
        if items:
            yield Listing(part, label, block.start, tuple(items))


def _heading_part(label: str) -> str | None:
    """What a heading says of what stands below it; a field with its value is none."""
    said = label.rstrip(" :")
    *before, last = said.split(":")
    if before and last.strip() and not _DATED.search(last):
        return part_of(last)
    return part_of(label) or part_of(last)


def _directory(text: str, kept: Sequence[Block], found: Sequence[Listing]) -> Iterator[Listing]:
    """What a page lists all through, of which its title says that it lists members or partners.

    That are lines with a mark, and lines such as "France: A (Lyon), B (Lille)".
    """
    first = [text[block.start : block.end] for block in kept[:_FIRST_BLOCKS]]
    short = [line for line in first if len(line) < _TITLE and len(re.findall(r"[|·–>,]", line)) < 3]
    titles = directory_titles().items()
    part = next((part for part, form in titles for line in short if form.search(line)), None)
    if not part:
        return
    listed = {item.start for listing in found for item in listing.items}
    items: list[Item] = []
    for block in kept:
        line = text[block.start : block.end]
        if "|" in line:
            continue
        field = _FIELD.fullmatch(line)
        if field and line.count(",") and len(field["label"].split()) < _LABEL_WORDS:
            country = field["label"] if _is_country(field["label"]) else ""
            items += _items(text, block.start + field.start("rest"), block.end, country)
        elif field and _is_country(field["label"]):
            items += _items(text, block.start + field.start("rest"), block.end, field["label"])
        elif block.kind is BlockKind.LIST:
            items += filter(None, [_item(text, block.start, block.end, comma=True)])
    new = tuple(item for item in items if item.start not in listed)
    if len(new) >= _COMMAS:
        yield Listing(part, "", new[0].start, new)


def _is_country(label: str) -> bool:
    plain = re.sub(r"\s*\(.*", "", label)
    return any(is_place(plain, language) for language in LANGUAGES)


def _run_below(text: str, kept: Sequence[Block], position: int) -> list[Block]:
    """The items under a heading: lines of a list, or else one paragraph without a verb."""
    below: list[Block] = []
    for before, block in zip(kept[position:], kept[position + 1 :], strict=False):
        line = text[block.start : block.end]
        apart = text[before.end : block.start].count("\n") > 1
        if below and apart:
            break
        if part_of(line.split(":")[0]) and below:
            break
        if block.kind is BlockKind.PROSE and (below or line.count(",") < 3):
            break
        if block.kind is BlockKind.DATE:
            break
        if "|" in line:
            break
        below.append(block)
    return below


def _line_items(text: str, block: Block) -> Iterator[Item]:
    line = text[block.start : block.end]
    country = _COUNTRY.match(line)
    if country and _is_country(country["country"]):
        yield from _items(text, block.start + country.end(), block.end, country["country"])
    elif line.count(",") >= _COMMAS:
        yield from _items(text, block.start, block.end)
    elif item := _item(text, block.start, block.end, comma=True):
        yield item


def _items(text: str, start: int, end: int, country: str = "", one: bool = False) -> Iterator[Item]:
    """What stands between commas, brackets kept whole; of `one`, a place stands behind commas."""
    depth, begin = 0, start
    position = start
    while position < end:
        depth += (text[position] == "(") - (text[position] == ")")
        split = _SPLIT.match(text, position, end) if depth <= 0 else None
        if split and one and "," in split[0]:
            split = None
        stop = depth <= 0 and bool(_STOP.match(text, position - 3, end))
        if (split and split.end() > position and not _within_name(text, begin, split)) or stop:
            if item := _item(text, begin, position, comma=one, country=country):
                yield item
            position = begin = split.end() if split else position + 1
            continue
        position += 1
    if item := _item(text, begin, end, comma=one, country=country):
        yield item


def _within_name(text: str, begin: int, split: re.Match[str]) -> bool:
    """Whether "und" links parts of one name: "Medizin- und Gesundheitstechnik"."""
    word = split[0].strip()
    before = text[begin : split.start()].strip()
    if word not in ("und", "and", "et"):
        return False
    return before.endswith("-") or bool(re.search(r"(?:für|for|of)\s[\w-]+$", before))


def _item(text: str, start: int, end: int, comma: bool = False, country: str = "") -> Item | None:
    part = text[start:end]
    lead = len(part) - len(part.lstrip(" -*•–\t\n"))
    if article := _ARTICLE.match(part, lead):
        lead = article.end()
    tail = _TAIL.search(part, lead)
    cut = tail.start() if tail else len(part)
    if comma:
        for mark in re.finditer(r",(?!\s?Ltd)", part[lead:cut]):
            cut = lead + mark.start()
            break
    name = part[lead:cut].strip(' \n„“"*_')
    if not re.search(r"(?:e\. ?V|Inc|Ltd|[A-Z]\.[A-Z])\.$", name):
        name = name.rstrip(".")
    if (
        not name
        or len(name.split()) > _MOST_WORDS
        or re.match(r"\d|Tel\b", name)
        or re.search(r"[@:*]", name)
    ):
        return None
    if not (name[0].isupper() or legal_form().search(name) or _is_odd(name)):
        return None
    if not legal_form().search(name) and not all(map(_may_stand_in_name, name.split()[1:])):
        return None
    at = text.index(name, start)
    return Item(name, at, at + len(name), part[cut:].strip(" ,"), country)


def _may_stand_in_name(word: str) -> bool:
    """Whether a word is no verb or preposition, as sentences have them and names not."""
    return not word[0].islower() or word in _LINKS or bool(re.search(r"[A-Z&.]", word))


def _is_odd(name: str) -> bool:
    """Whether small letters begin a name all the same: medways, saarland.innovation&standort."""
    first = name.split()[0]
    return not is_small_word(first) and (" " not in name or bool(re.search(r"[A-Z&.]", name)))


def _tables(text: str) -> Iterator[Listing]:
    """Tables with bars whose first column is headed "Mitglied", "Name", "Partner"."""
    for table in re.finditer(
        r"^(?P<head>[^|\n]*\|[^\n]+)\n(?P<rows>(?:[^\n]*\|[^\n]*\n?)+)", text, re.M
    ):
        heads = [cell.strip() for cell in table["head"].strip().strip("|").split("|")]
        column, part = _column(heads, text[: table.start()])
        if column is None:
            continue
        items = []
        for row in re.finditer(r"[^\n]+", text[table.start("rows") : table.end("rows")]):
            start = table.start("rows") + row.start()
            if item := _cell_item(text, start, row[0], column, heads):
                items.append(item)
        yield Listing(part, " | ".join(heads), table.start(), tuple(items))


def _column(heads: Sequence[str], before: str) -> tuple[int | None, str]:
    for number, head in enumerate(heads):
        if head.lower() in ("mitglied", "member", "membre", "adhérent"):
            return number, "member"
        if head.lower() in ("partner", "partenaire", "organisation", "organization"):
            return number, "partner"
        if head.lower() in ("name", "nom", "firma", "einrichtung", "unternehmen"):
            near = before[-600:].lower()
            joins = any("mitglied" in other.lower() or other.lower() == "seit" for other in heads)
            if joins or "mitglied" in near or "member" in near:
                return number, "member"
    return None, ""


def _cell_item(text: str, start: int, row: str, column: int, heads: Sequence[str]) -> Item | None:
    offset = len(row) - len(row.lstrip("|"))
    cells = row.strip("|").split("|")
    if column >= len(cells) or set(row) <= set("|-: "):
        return None
    begin = start + offset + sum(len(cell) + 1 for cell in cells[:column])
    item = _item(text, begin, begin + len(cells[column]), comma=True)
    aside = "; ".join(
        f"{head}: {cell.strip()}"
        for number, (head, cell) in enumerate(zip(heads, cells, strict=False))
        if number != column
    )
    return Item(item.name, item.start, start + len(row), aside) if item else None
