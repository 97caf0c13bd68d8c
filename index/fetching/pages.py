"""The folder of fetched pages: a file each, and a list of their addresses beside it."""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from urllib.parse import urldefrag, urlsplit

from index.errors import FetchError, StorageError
from index.fetching.client import PoliteClient, Served
from index.folders import PAGES_FILE, pages_of
from index.readers.feeds import listed
from index.readers.kinds import SUFFIXES

Track = Callable[[list[str], str], Iterable[str]]
"""Shows progress: gets what is to be done and its name, and returns it one by one."""

_MOST_PAGES, _MOST_LISTS = 5_000, 50
_UNPACKED = 50_000_000  # bytes of a packed sitemap
_SLUG = re.compile(r"[^\w.-]+")
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that is kept: its file, and what tells whether it has changed."""

    file: str
    tags: Mapping[str, str]
    digest: str


@dataclass(slots=True)
class FetchReport:
    """What was fetched, by address; `failed` has the reason with each, and keeps what there was."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def fetch(folder: Path, addresses: Sequence[str], allow_private: bool, track: Track) -> FetchReport:
    """Has pages taken over into their folder, if any are given."""
    if not addresses:
        return FetchReport()
    with PoliteClient(allow_private) as client:
        return FetchedPages(folder).fetch(addresses, client, track)


class FetchedPages:
    """A folder of pages. Raises StorageError where its list can't be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages = {address: KeptPage(**page) for address, page in pages_of(path).items()}

    def fetch(
        self,
        addresses: Iterable[str],
        client: PoliteClient,
        track: Track = lambda work, _: work,
    ) -> FetchReport:
        """Takes over the pages, and those that are listed where an address is a sitemap or a feed.

        What can't be fetched is reported, and what was kept of it stays; what is gone is removed.
        """
        report = FetchReport()
        wanted = list(dict.fromkeys(self._listed(addresses, client, report)))
        for address in track(wanted[:_MOST_PAGES], "Pages"):
            try:
                page = self._pages.get(address)
                self._take(address, client.get(address, page.tags if page else None), report)
            except FetchError as error:
                report.failed[address] = str(error)
        for address in wanted[_MOST_PAGES:]:
            report.failed[address] = f"{address}: only {_MOST_PAGES} pages are fetched at once."
        return report

    def _listed(
        self, addresses: Iterable[str], client: PoliteClient, report: FetchReport
    ) -> Iterator[str]:
        """The pages; a page that was fetched to see whether it is a list is taken at once."""
        waiting = [urldefrag(address).url for address in addresses]
        seen = set(waiting)
        for number, address in enumerate(waiting):
            page = self._pages.get(address)
            try:
                served = client.get(address, page.tags if page else None)
                told = listed(_unpacked(served.content or b""), served.address)
                if told is None:
                    self._take(address, served, report)
                    continue
            except FetchError as error:
                report.failed[address] = str(error)
                continue
            yield from (urldefrag(page).url for page in told.pages)
            new = [further for further in told.lists if further not in seen]
            if number < _MOST_LISTS:
                seen.update(new)
                waiting += new

    def _take(self, address: str, served: Served, report: FetchReport) -> None:
        kept = self._pages.get(address)
        if served.gone:
            if not kept:
                raise FetchError(f"{address}: there is no such page.", "Correct the address.")
            (self._path / kept.file).unlink(missing_ok=True)
            self._note(address, None)
            report.removed.append(address)
        elif served.content is None:
            report.unchanged.append(address)
        else:
            self._keep(address, served, report)

    def _keep(self, address: str, served: Served, report: FetchReport) -> None:
        assert served.content is not None
        content = _in_utf8(served.content, served.charset) if _is_text(served) else served.content
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        kept = self._pages.get(address)
        file = kept.file if kept else _file_of(address, served.kind)
        if kept and kept.digest == digest:
            report.unchanged.append(address)
        else:
            self._write(file, content)
            (report.changed if kept else report.added).append(address)
        self._note(address, KeptPage(file, dict(served.tags), digest))

    def _note(self, address: str, page: KeptPage | None) -> None:
        if page:
            self._pages[address] = page
        else:
            self._pages.pop(address, None)
        told = {url: asdict(kept) for url, kept in self._pages.items()}
        self._write(PAGES_FILE, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"))

    def _write(self, file: str, content: bytes) -> None:
        """Written as a whole, or not at all."""
        path = self._path / file
        unfinished = path.with_name(f".{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(content)
            unfinished.replace(path)
        except OSError as error:
            problem = f"{path} can't be written: {error.strerror}."
            raise StorageError(problem, "See that the disk has room.") from error


def _unpacked(content: bytes) -> bytes:
    """A sitemap is often packed; what unpacks to too much is no sitemap."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, _UNPACKED)
    except (zlib.error, gzip.BadGzipFile):
        return content


def _is_text(served: Served) -> bool:
    return served.kind.startswith("text/") or served.kind.endswith("xml")


def _in_utf8(content: bytes, charset: str | None) -> bytes:
    """Text in the encoding that the server states, which comes before what stands in the page."""
    if not charset:
        return content
    try:
        return b"\xef\xbb\xbf" + content.decode(charset, "replace").lstrip("\ufeff").encode("utf-8")
    except LookupError:  # an encoding that nobody knows
        return content


def _file_of(address: str, kind: str) -> str:
    """A name that says where it is from, and that no other address has."""
    parts = urlsplit(address)
    path = PurePath(parts.path)
    own = path.suffix.lower()
    suffix = _KINDS.get(kind) or (own if own in SUFFIXES else "")
    if not suffix:
        problem = f"{address}: files of the kind {kind or 'that is not stated'} are not read."
        raise FetchError(problem, "Leave it out.")
    words = _SLUG.sub("-", path.with_suffix("").as_posix()).strip("-.")[-80:] or "index"
    mark = hashlib.blake2b(address.encode("utf-8"), digest_size=4).hexdigest()
    host = _SLUG.sub("-", parts.netloc).strip("-.")
    return f"{host}/{words}-{mark}{suffix}"
