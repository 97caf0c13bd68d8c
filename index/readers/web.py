"""Web pages (.html) and pages that a browser has saved whole (.mhtml), without what frames them.

`trafilatura` tells the page's own text from menus, banners, forms and teasers; what that text
consists of is read from the page itself. Where it finds hardly any of a page's words, the page as a
whole is read: one made by hand has no such frame.
"""

import codecs
import json
import re
from collections.abc import Sequence
from datetime import date
from email import message_from_bytes, policy
from itertools import compress, groupby, pairwise
from typing import Any, Final

import trafilatura
from lxml import html

from index.documents import BlockKind
from index.readers.decoding import decode
from index.readers.extract import Composer, Extract, Stated, UnreadableError, Written
from index.readers.markup import is_menu, is_unseen, text_of, tree_of, write_tree
from index.text.dates import date_in_field
from index.text.layout import has_contact

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
_SHORT = 0.3  # of the letters outside of menus and the like, that trafilatura must have kept
_BETWEEN = 4  # blocks, from one that is kept to the next
_LETTERS = 15  # of a block, that may be a part of a line
_MOST = 0.5  # of a page's words
_NO_LETTER = re.compile(r"[\W_]+")
_FRAME = ("nav", "header", "footer", "aside")
_PAGE = ("h1", "main", "article")
_OVER_THE_PAGE = re.compile(r"cookie|consent|\bdialog\b|\bmodal\b", re.IGNORECASE)
_FRAME_NAMES = re.compile(
    r"\b(?:[\w-]*(?:breadcrumb|share|social|teasers|related|sidebar|navbar|pagination|skip-?link"
    r"|newsletter-?(?:box|form|signup)|site-?(?:header|footer))[\w-]*"
    r"|(?:main-?|top-?|sub-?|post-?)?(?:nav|menu|navigation)|banner|contentinfo|search)\b",
    re.IGNORECASE,
)
_DATES: Final = (
    "article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "date",
    "pubdate",
    "sailthru.date",
)
_SITE = re.compile(r"\s+[|·–—-]\s+[^|·–—]{2,60}$")  # behind a page's title
_HTTP = ("http://", "https://")


def read_web_page(content: bytes) -> Extract:
    """A page's own text. Raises UnreadableError."""
    return read_markup(_decoded(content))


def read_saved_page(content: bytes) -> Extract:
    """The page of a file in which a browser has saved all that belongs to it."""
    whole = message_from_bytes(content, policy=policy.default)
    for part in whole.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            address = part.get("Content-Location") or whole.get("Snapshot-Content-Location")
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                charset = part.get_content_charset()
                return read_markup(_decoded(payload, charset), str(address or ""))
    raise UnreadableError("there is no web page in it", "Save the page anew.")


def read_markup(markup: str, address: str = "") -> Extract:
    """The page that HTML makes. Raises UnreadableError."""
    tree = tree_of(markup)
    page = Composer()
    if tree is None:
        return page.extract()
    total = len(text_of(tree).split())
    write_tree(tree, page, lambda element: _is_frame(element, total))
    own = trafilatura.extract(
        markup, favor_recall=True, include_comments=False, include_tables=True, include_links=False
    )
    chosen = page.chosen(lambda written: _choose(written, own or ""))
    if chosen.is_empty:
        chosen = Composer()
        write_tree(tree, chosen)
    return chosen.extract(_stated(tree, address))


def _is_frame(element: html.HtmlElement, total: int) -> bool:
    """Whether an element is none of a page's text by its name; `total` is the page's words.

    One that has most of them is none: a whole page may be called "with-sidebar".
    """
    if is_unseen(element) or (element.tag == "td" and is_menu(element)):
        return True
    if next(element.iter(*_PAGE), None) is not None:
        return False
    names = " ".join(element.get(name) or "" for name in ("class", "id", "role"))
    if _OVER_THE_PAGE.search(names):
        return True
    if element.tag not in _FRAME and not _FRAME_NAMES.search(names):
        return False
    said = text_of(element)
    is_most = len(said.split()) > _MOST * total
    return not is_most and (element.tag != "aside" or not has_contact(said))


def _choose(written: Sequence[Written], own: str) -> list[bool]:
    """Which blocks are a page's own: those that are in `own`, and what belongs to them.

    Lists and tables are so as a whole. Headings belong to what follows them, and so does what
    stands between two blocks that are chosen: dates and names, too short to be told from a menu.
    """
    lines, whole = {_letters(line) for line in own.splitlines()}, _letters(own)
    chosen = [_is_own(kind, said, lines, whole) for kind, said in written]
    if sum(map(_count, compress(written, chosen))) < _SHORT * sum(map(_count, written)):
        return [True] * len(written)
    for kind, run in groupby(range(len(written)), key=lambda number: written[number][0]):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        if kind in (BlockKind.LIST, BlockKind.TABLE) and any(chosen[first : last + 1]):
            chosen[first : last + 1] = [True] * (last + 1 - first)
    for one, other in pairwise([number for number, is_own in enumerate(chosen) if is_own]):
        if other - one <= _BETWEEN:
            chosen[one:other] = [True] * (other - one)
    for number in range(len(written) - 2, -1, -1):
        if written[number][0] in (BlockKind.HEADING, BlockKind.DATE) and chosen[number + 1]:
            chosen[number] = True
    return chosen


def _count(written: Written) -> int:
    """The letters of a block that counts in a text."""
    kind, said = written
    return len(said) if kind is not BlockKind.HEADING else 0


def _is_own(kind: BlockKind, said: str, lines: set[str], whole: str) -> bool:
    parts = said.strip("| ").split(" | ") if kind is BlockKind.TABLE else said.split("\n")
    letters = [_letters(part) for part in parts if _letters(part)]
    return bool(letters) and all(
        part in lines or (len(part) >= _LETTERS and part in whole)
        if kind is not BlockKind.TABLE
        else part in whole
        for part in letters
    )


def _letters(said: str) -> str:
    """A text's letters and digits alone."""
    return _NO_LETTER.sub("", said).casefold()


# What a page states of itself


def _stated(tree: html.HtmlElement, address: str) -> Stated:
    meta = {
        (
            element.get("property") or element.get("name") or element.get("itemprop") or ""
        ).lower(): value
        for element in tree.iter("meta")
        if (value := (element.get("content") or "").strip())
    }
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    addresses = (address, str(canonical), meta.get("og:url", ""))
    return Stated(
        title=meta.get("og:title") or _title(tree),
        published=_day(meta, tree),
        language=tree.get("lang"),
        url=next((url for url in addresses if url.startswith(_HTTP)), None),
    )


def _title(tree: html.HtmlElement) -> str | None:
    """The window's title, without the site's name."""
    element = tree.find(".//title")
    title = " ".join((element.text or "").split()) if element is not None else ""
    return _SITE.sub("", title) or None


def _day(meta: dict[str, str], tree: html.HtmlElement) -> date | None:
    """The day on which the page says that it was published."""
    told = [meta[name] for name in _DATES if name in meta]
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json":
            told += _published(script.text or "")
    times = [element for element in tree.iter("time") if element.get("datetime")]
    told += [element.get("datetime", "") for element in times[:1]]
    return next((day for text in told if (day := date_in_field(text.strip()))), None)


def _published(written: str) -> list[str]:
    try:
        told: Any = json.loads(written)
    except ValueError:
        return []
    graph = told.get("@graph", [told]) if isinstance(told, dict) else told
    entries = graph if isinstance(graph, list) else [graph]
    days = [entry.get("datePublished") for entry in entries if isinstance(entry, dict)]
    return [day for day in days if isinstance(day, str)]


def _decoded(content: bytes, charset: str | None = None) -> str:
    named = _CHARSET.search(content[:4_096])
    for name in (charset, named[1].decode("ascii") if named else None):
        try:
            if name and codecs.lookup(name).name not in ("utf-8", "utf-16"):
                return content.decode(name, "replace")
        except (LookupError, UnicodeError):
            continue
    try:
        return decode(content)
    except ValueError as error:
        raise UnreadableError(str(error), "Save it as a web page in UTF-8.") from error
