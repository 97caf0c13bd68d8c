"""Who has logged in: sessions behind signed tokens, and codes that take a login into a frame."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, Protocol

from itsdangerous import BadSignature, URLSafeSerializer

MOST: Final = 10_000
_CODE_SECONDS: Final = 60.0
_ID_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A user who has logged in until a time; those with the same `login` end together."""

    user: str
    groups: frozenset[str]
    login: str
    until: float
    id_token: str = ""
    code_until: float = 0.0


class Sessions(Protocol):
    """Where sessions are kept, each under a token that can't be guessed."""

    def begin(self, user: str, groups: frozenset[str], id_token: str = "") -> str:
        """The token of a new session."""

    def find(self, token: str) -> Session | None:
        """The session of a token; None where it has ended, or the token is none of ours."""

    def end(self, token: str) -> Session | None:
        """Ends the session of a token and all others of its login."""

    def code(self, token: str) -> str:
        """A code that a frame may redeem once, soon, for a token of its own."""

    def redeem(self, code: str) -> str | None:
        """The token that a code is for."""


class SessionsInMemory:
    """Sessions that last `seconds` and end with the program; those of more than MOST end first.

    Tokens are signed with a key that is made at the start.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._seconds, self._clock = seconds, clock
        self._signing = URLSafeSerializer(secrets.token_bytes(_ID_BYTES), salt="session")
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._codes: OrderedDict[str, Session] = OrderedDict()
        self._lock = Lock()

    def begin(self, user: str, groups: frozenset[str], id_token: str = "") -> str:
        """The token of a new session."""
        until = self._clock() + self._seconds
        return self._kept(Session(user, groups, secrets.token_hex(_ID_BYTES), until, id_token))

    def find(self, token: str) -> Session | None:
        """The session of a token; None where it has ended, or the token is none of ours."""
        with self._lock:
            session = self._sessions.get(self._identity(token))
        return session if session and session.until > self._clock() else None

    def end(self, token: str) -> Session | None:
        """Ends the session of a token and all others of its login."""
        ended = self.find(token)
        if ended:
            with self._lock:
                for kept in (self._sessions, self._codes):
                    gone = [key for key, each in kept.items() if each.login == ended.login]
                    for key in gone:
                        del kept[key]
        return ended

    def code(self, token: str) -> str:
        """A code that a frame may redeem once, soon, for a token of its own; "" for no session."""
        session = self.find(token)
        if session is None:
            return ""
        code = secrets.token_urlsafe(_ID_BYTES)
        with self._lock:
            self._codes[code] = replace(session, code_until=self._clock() + _CODE_SECONDS)
            _shorten(self._codes)
        return code

    def redeem(self, code: str) -> str | None:
        """The token that a code is for; None where it is none, was redeemed, or is too old."""
        with self._lock:
            session = self._codes.pop(code, None)
        if session is None or session.code_until < self._clock():
            return None
        return self._kept(session)

    def _kept(self, session: Session) -> str:
        key = secrets.token_urlsafe(_ID_BYTES)
        with self._lock:
            self._sessions[key] = session
            _shorten(self._sessions)
        return str(self._signing.dumps(key))

    def _identity(self, token: str) -> str:
        try:
            return str(self._signing.loads(token))
        except BadSignature:
            return ""


def _shorten(kept: OrderedDict[str, Session]) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
