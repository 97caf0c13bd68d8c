"""Who sends a request: a program by its key, a user by a proxy or a session, or nobody known."""

import re
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Final, Literal, Protocol

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.access import Rights
from assistant.access import Scope as Documents
from assistant.web.guard.reader import Reader
from assistant.web.guard.rules import Access
from assistant.web.guard.sessions import Sessions
from index.storage.keys import PREFIX, Keys

SESSION, FRAME = COOKIES = ("lotse_session", "lotse_frame")
"""The cookies of a session: of the page itself, and of one that stands in another one's frame."""

_READING: Final = ("GET", "HEAD", "OPTIONS")
_PEER: Final = "clusterlotse.peer"  # of a connection's scope
_LONGEST: Final = 256  # characters of a user's name
_KEY: Final = re.compile(rf"(?i:bearer) +({re.escape(PREFIX)}.*)")
_OF_KEYS: Final = "key:"  # what the name of a program that shows a key begins with


class RefusedError(Exception):
    """Nobody who is let in; `str(error)` tells the client why, without a word of what it sent.

    `status` is 403 where it is known who sends the request, but not that they mean to.
    """

    def __init__(self, told: str, status: Literal[401, 403] = 401) -> None:
        super().__init__(told)
        self.status = status


class Identity(Protocol):
    """Tells who sends a request."""

    def reader(self, request: HTTPConnection) -> Reader:
        """Who it is. Raises RefusedError where it is nobody who is let in."""


class Unknown:
    """Asks nobody who they are."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def reader(self, request: HTTPConnection) -> Reader:  # noqa: ARG002
        """Nobody known, who may read what everyone may."""
        return Reader("", frozenset(), self._access.scope(frozenset()))


class NamedByProxy:
    """Believes the headers in which a trusted proxy names a user and their groups.

    A header that comes twice is refused: a proxy that adds to what the client has sent, in place
    of replacing it, would let clients choose who they are.
    """

    def __init__(
        self, access: Access, proxies: Sequence[str], user_header: str, groups_header: str
    ) -> None:
        self._access = access
        self._networks = [ip_network(proxy) for proxy in proxies]
        self._user, self._groups = user_header, groups_header

    def reader(self, request: HTTPConnection) -> Reader:
        """The user of the headers. Raises RefusedError where they are not a trusted proxy's."""
        if not self._is_trusted(request.scope.get(_PEER)):
            raise RefusedError("Only the proxy of this server may ask it.")
        user = _one(request, self._user)
        if not user or len(user) > _LONGEST or user.startswith(_OF_KEYS):
            raise RefusedError(f"The proxy has named no user in {self._user}.")
        named = _one(request, self._groups).split(",")
        groups = frozenset(filter(None, (group.strip() for group in named)))
        return Reader(user, groups, self._access.scope(groups))

    def _is_trusted(self, peer: str | None) -> bool:
        try:
            address = ip_address(peer or "")
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def _one(request: HTTPConnection, header: str) -> str:
    values = request.headers.getlist(header)
    if len(values) > 1:
        raise RefusedError(f"The header {header} came more than once.")
    value = "".join(values).strip()
    with suppress(UnicodeError):  # what is no UTF-8 stays as it came
        value = value.encode("latin-1").decode("utf-8")
    if not value.isprintable():
        raise RefusedError(f"The header {header} has what is no name in it.")
    return value


class SignedIn:
    """Knows users by the cookie of their session: that of the page, or that of a frame.

    What changes anything has to come from our own pages, at `origin`: browsers send cookies with
    what other pages have them ask, too.
    """

    def __init__(self, access: Access, sessions: Sessions, origin: str) -> None:
        self._access = access
        self._sessions = sessions
        self._origin = origin

    def reader(self, request: HTTPConnection) -> Reader:
        """The user of the session. Raises RefusedError where there is none."""
        tokens = filter(None, map(request.cookies.get, COOKIES))
        session = next(filter(None, map(self._sessions.find, tokens)), None)
        if session is None:
            raise RefusedError("Log in, or show an API key.")
        if request.scope["method"] not in _READING and not is_ours(request, self._origin):
            raise RefusedError("This has to be sent from the page itself.", 403)
        return Reader(session.user, session.groups, self._access.scope(session.groups))


def is_ours(request: HTTPConnection, origin: str) -> bool:
    """Whether a page of this origin sends the request, as the browser tells."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    return request.headers.get("origin", "").lower() == origin.lower()


class KeyOr:
    """A program that shows a key may read what the key may; all others go on to the next.

    What is shown that is none of our keys is not for us: a proxy may have asked for it.
    """

    def __init__(self, keys: Keys | None, otherwise: Identity) -> None:
        self._keys = keys
        self._otherwise = otherwise

    def reader(self, request: HTTPConnection) -> Reader:
        """Whose key it is. Raises RefusedError for one that doesn't hold."""
        given = [match[1] for match in map(_KEY.fullmatch, _authorizations(request)) if match]
        if not given:
            return self._otherwise.reader(request)
        key = self._keys.find(given[0]) if self._keys and len(given) == 1 else None
        if key is None:
            raise RefusedError("The key doesn't hold, or not any more.")
        rights = Rights(tuple((pattern, True) for pattern in key.patterns))
        return Reader(f"{_OF_KEYS}{key.name}", frozenset(), Documents(within=rights))


def _authorizations(request: HTTPConnection) -> list[str]:
    return [value.strip() for value in request.headers.getlist("authorization")]


class Peers:
    """ASGI: notes who is connected, before a trusted proxy's headers say for whom it asks."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            client = scope.get("client")
            scope = {**scope, _PEER: client[0] if client else None}
        await self._app(scope, receive, send)  # type: ignore[arg-type]
