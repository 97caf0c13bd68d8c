"""What a sitemap, an RSS or an Atom feed lists: addresses of pages, or of further sitemaps."""

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from index.readers.extract import UnreadableError
from index.readers.packed import xml

_SITEMAPS, _PAGES, _RSS, _ATOM = "sitemapindex", "urlset", ("rss", "RDF"), "feed"


@dataclass(frozen=True, slots=True)
class FeedList:
    """Addresses of pages, and of further lists."""

    pages: tuple[str, ...]
    lists: tuple[str, ...] = ()


def listed(content: bytes, address: str) -> FeedList | None:
    """What a file lists that was fetched from an address; None where it is no list."""
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    try:
        root = xml(content)
    except UnreadableError:
        return None
    kind = _name(root)
    if kind == _SITEMAPS:
        return FeedList((), tuple(_texts(root, "loc", address)))
    if kind == _PAGES:
        return FeedList(tuple(_texts(root, "loc", address)))
    if kind in _RSS:
        items = (item for item in root.iter() if _name(item) == "item")
        return FeedList(tuple(link for item in items for link in _texts(item, "link", address)))
    if kind == _ATOM:
        return FeedList(tuple(_links(root, address)))
    return None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _texts(root: etree._Element, name: str, address: str) -> list[str]:
    elements = (element for element in root.iter() if _name(element) == name)
    return [urljoin(address, told) for e in elements if (told := (e.text or "").strip())]


def _links(root: etree._Element, address: str) -> list[str]:
    return [
        urljoin(address, link.get("href", ""))
        for entry in root.iter()
        if _name(entry) == "entry"
        for link in entry
        if _name(link) == "link" and link.get("rel", "alternate") == "alternate"
    ]
