"""Asks for pages as a guest does: what robots.txt forbids is left alone, and nothing is hurried."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from protego import Protego

from index.errors import FetchError
from index.fetching.public import PublicTransport

AGENT = "Clusterlotse"
"""How robots.txt calls us."""

T = TypeVar("T")
_LONGEST_DELAY = 30.0  # seconds; who wants longer ones between two pages is not asked at all
_ROBOTS_BYTES = 500_000  # as RFC 9309 has it
_HOPS = 5
_UNCHANGED, _GONE = 304, (404, 410)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a page may take: bytes as they are unpacked, seconds in all; and those between two."""

    size: int = 20_000_000
    seconds: float = 30.0
    delay: float = 1.0


@dataclass(frozen=True, slots=True)
class Served:
    """What an address has: `content` is None where it is as it was, or gone.

    `address` is where redirects have led, `tags` what tells whether it changes.
    """

    address: str
    content: bytes | None
    kind: str
    charset: str | None
    tags: Mapping[str, str]
    gone: bool = False


class PoliteClient:
    """One page at a time; to be used as a context."""

    def __init__(self, allow_private: bool = False, limits: FetchLimits | None = None) -> None:
        self._limits = limits or FetchLimits()
        self._client = httpx.Client(
            transport=PublicTransport(allow_private),
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"},
            timeout=self._limits.seconds,
            trust_env=False,
        )
        self._robots: dict[str, Protego] = {}
        self._asked: dict[str, float] = {}

    def __enter__(self) -> "PoliteClient":
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, address: str, tags: Mapping[str, str] | None = None) -> Served:
        """What stands at an address, if it has changed since it had those tags.

        Raises FetchError where it can't be had.
        """
        for _ in range(_HOPS):
            response = self._page(address, tags or {})
            if response.next_request is None:
                return _served(response, address)
            address = str(response.next_request.url)
        raise FetchError(f"{address}: it leads on and on.", "Give the address that it ends at.")

    def _page(self, address: str, tags: Mapping[str, str]) -> httpx.Response:
        _refuse_odd(address)
        site = _site(address)
        robots = self._robots_of(site)
        if not robots.can_fetch(address, AGENT):
            raise FetchError(f"{address}: its robots.txt forbids it.", "Ask its owner.")
        self._wait(site, robots.crawl_delay(AGENT) or 0.0)
        return self._asked_for(address, tags, self._limits.size)

    def _robots_of(self, site: str) -> Protego:
        """The rules of a site: none where it has none, and where it can't tell, nothing goes."""
        if site not in self._robots:
            address = f"{site}/robots.txt"
            for _ in range(_HOPS):
                response = self._asked_for(address, {}, _ROBOTS_BYTES)
                if response.next_request is None:
                    break
                address = str(response.next_request.url)
            if response.status_code >= 500:
                raise FetchError(f"{site}: its robots.txt can't be had.", "Try it later.")
            is_there = response.status_code == 200
            self._robots[site] = Protego.parse(response.text if is_there else "")
            self._asked[site] = time.monotonic()
        return self._robots[site]

    def _wait(self, site: str, wanted: float) -> None:
        if wanted > _LONGEST_DELAY:
            raise FetchError(f"{site} wants {wanted:.0f} s between two pages.", "Ask its owner.")
        due = self._asked.get(site, 0.0) + max(self._limits.delay, wanted)
        time.sleep(max(0.0, due - time.monotonic()))
        self._asked[site] = time.monotonic()

    def _asked_for(self, address: str, tags: Mapping[str, str], size: int) -> httpx.Response:
        try:
            return _within(self._limits.seconds, lambda: self._loaded(address, tags, size))
        except TimeoutError as error:
            seconds = self._limits.seconds
            raise FetchError(f"{address}: it takes more than {seconds:g} s.", _LATER) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            told = str(error) or type(error).__name__
            raise FetchError(f"{address}: it can't be had ({told}).", _LATER) from error

    def _loaded(self, address: str, tags: Mapping[str, str], size: int) -> httpx.Response:
        content, length = [], 0
        with self._client.stream("GET", address, headers=dict(tags)) as response:
            for part in response.iter_bytes():
                content.append(part)
                length += len(part)
                if length > size:
                    problem = f"{address}: it has more than {size // 1_000} kB."
                    raise FetchError(problem, "It is too large to be taken over.")
            headers = {
                name: value
                for name, value in response.headers.items()
                if name not in ("content-encoding", "content-length", "transfer-encoding")
            }
            whole = httpx.Response(response.status_code, headers=headers, content=b"".join(content))
            whole.next_request = response.next_request
            return whole


_LATER = "Try it later, or correct the address."


def _refuse_odd(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"{address!r} is no address of the web.", "Give one with https://.")
    if parts.username or parts.password:
        raise FetchError("An address may not have a password in it.", "Leave it out.")


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _served(response: httpx.Response, address: str) -> Served:
    gone, unchanged = response.status_code in _GONE, response.status_code == _UNCHANGED
    if not (gone or unchanged or response.status_code == 200):
        raise FetchError(f"{address}: the server says {response.status_code}.", _LATER)
    tags = {
        asks: response.headers[tells]
        for asks, tells in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        if tells in response.headers
    }
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = None if gone or unchanged else response.content
    return Served(address, content, kind, response.charset_encoding, tags, gone)


def _within(seconds: float, work: Callable[[], T]) -> T:
    """What a thread of its own brings. Raises TimeoutError: a server may send byte after byte."""
    brought: list[T] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            brought.append(work())
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, FetchError) as error:
            failed.append(error)

    thread = threading.Thread(target=do, name="fetching", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not brought:
        raise TimeoutError
    return brought[0]
