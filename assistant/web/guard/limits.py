"""What the server takes on: so long a body, so many questions of a client, so many at once."""

import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, Protocol

import anyio
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.setting_forms import OFF
from assistant.web.guard.problems import problem
from index.errors import StorageError
from index.storage.together import QuestionTimes

logger = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 1024 * 1024
"""The longest body of a request: far more than the longest question with its history."""

_WITHOUT_BODY: Final = ("GET", "HEAD", "OPTIONS")  # nobody reads the one that they may have
_DIGITS: Final = len(str(MAX_BODY_BYTES))
_REMEMBERED: Final = 10_000  # clients, before those are forgotten who have not asked of late

Gone = Callable[[], Awaitable[None]]


class BodyLimit:
    """ASGI: answers 413 to a body of more than MAX_BODY_BYTES, whether its length is told or not.

    The application gets a body only as a whole; nothing in it is of any use before that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        first = None if _is_told_to_be_long(scope) else await _read(receive)
        if first is None:
            detail = f"The body has more than {MAX_BODY_BYTES} bytes."
            await problem(413, detail)(scope, receive, send)
        else:
            await self._app(scope, _beginning_with(first, receive), send)


def _is_told_to_be_long(scope: Scope) -> bool:
    told = Headers(scope=scope).get("content-length", "").lstrip("0")
    return told.isdecimal() and (len(told) > _DIGITS or int(told) > MAX_BODY_BYTES)


async def _read(receive: Receive) -> Message | None:
    """The whole body in one message, or that the client is gone; None if it is too long."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            return None
    return {"type": "http.request", "body": bytes(body), "more_body": False}


def _beginning_with(first: Message, receive: Receive) -> Receive:
    """What is received, with a message before it."""
    waiting = [first]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received


class RateLimit(Protocol):
    """Says when a client may ask."""

    def wait(self, client: str | None) -> int:
        """Takes one question of a client: 0 where it may be asked, else the seconds to wait."""


class RateLimitInMemory:
    """Counts the questions of each client, in a window that moves with the time.

    `rate` is as in "60/minute", or "off". Several threads may ask at once.
    """

    def __init__(self, rate: str) -> None:
        self._rate = None if rate == OFF else parse(rate)
        self._lock = threading.Lock()
        if self._rate:
            self._counts = MemoryStorage()
            self._window = MovingWindowRateLimiter(self._counts)

    def wait(self, client: str | None) -> int:
        """Takes one question of the client with this address, if it may be asked: then it is 0.

        Else the whole seconds, at least 1, after which it may. This machine's own programs, which
        have no address or a loopback one, are not counted.
        """
        name = _counted_as(client)
        if self._rate is None or name is None:
            return 0
        with self._lock:
            self._forget()
            if self._window.hit(self._rate, name):
                return 0
            free = self._window.get_window_stats(self._rate, name).reset_time
            return max(1, math.ceil(free - time.time()))

    def _forget(self) -> None:
        """The storage drops old questions, and keeps the name of everybody who ever asked."""
        if len(self._counts.events) > _REMEMBERED:
            for name in [name for name, asked in self._counts.events.items() if not asked]:
                self._counts.clear(name)


class RateLimitInDatabase:
    """The same for several processes, which count together.

    Where the database fails, nobody is kept from asking.
    """

    def __init__(self, rate: str, times: QuestionTimes) -> None:
        self._rate = None if rate == OFF else parse(rate)
        self._times = times

    def wait(self, client: str | None) -> int:
        """As `RateLimitInMemory.wait`."""
        name = _counted_as(client)
        if self._rate is None or name is None:
            return 0
        try:
            return math.ceil(self._times.take(name, self._rate.amount, self._rate.get_expiry()))
        except StorageError as error:
            logger.warning("A question is not counted. %s", error)
            return 0


def _counted_as(client: str | None) -> str | None:
    """A client's address, or the network of a customer, /64, in IPv6; None is not counted."""
    if client is None:
        return None
    try:
        address = _as_it_is(ip_address(client))
    except ValueError:
        return client  # a proxy may give a name in its place
    if address.is_loopback:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), 64), strict=False))


def _as_it_is(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address, where it is written as one of IPv6."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


class Places:
    """Room for `at_once` questions, which are answered in threads; `waiting` more wait in turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = anyio.Semaphore(at_once)
        self._waiting = waiting
        self.threads = anyio.CapacityLimiter(at_once)
        """For the questions alone: others must not wait for the threads that these hold."""

    @asynccontextmanager
    async def taken(self, gone: Gone) -> AsyncIterator[bool]:
        """Holds a place for the time of the block, once one is free.

        False where there is none to be had: too many wait, or `gone` has returned before.
        """
        place = _Place(self._free)
        try:
            yield not self._is_full() and await place.is_taken(gone)
        finally:
            place.leave()

    def _is_full(self) -> bool:
        return not self._free.value and self._free.statistics().tasks_waiting >= self._waiting


class _Place:
    def __init__(self, free: anyio.Semaphore) -> None:
        self._free = free
        self._is_taken = False

    async def is_taken(self, gone: Gone) -> bool:
        """Waits until it is; False if `gone` returns before."""
        async with anyio.create_task_group() as both:

            async def give_up() -> None:
                await gone()
                both.cancel_scope.cancel()

            both.start_soon(give_up)
            await self._free.acquire()
            self._is_taken = True
            both.cancel_scope.cancel()
        return self._is_taken

    def leave(self) -> None:
        if self._is_taken:
            self._free.release()
