"""Keys with which programs ask: what each may read, and a digest in place of the key itself."""

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sql

from index.errors import UsageError
from index.storage import tables
from index.storage.database import Database
from index.storage.dialect import Place
from index.storage.migrations import upgrade

PREFIX: Final = "lotse_"
"""What every key begins with, so that it is recognised where it should not be."""

_SECRET_BYTES: Final = 32  # which nobody guesses, so that one round of SHA-256 will do
_NAME: Final = re.compile(r"[\w.-]{1,64}")
_TABLE = tables.keys
_COLUMNS = _TABLE.c


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key by its name, with the patterns of the files that it may read."""

    name: str
    patterns: tuple[str, ...]
    created: date


class Keys(Database):
    """The keys in the catalogue's database; several threads and processes may use it.

    Raises StorageError where that is damaged, can't be written, or does not answer.
    """

    def __init__(self, place: Place, today: Callable[[], date] = date.today) -> None:
        super().__init__(place, "secure_delete=ON")
        self._today = today
        self.prepare(upgrade)

    def add(self, name: str, patterns: Sequence[str]) -> str:
        """Makes a key and returns it: it can't be read again. Raises UsageError for the name."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name[:80]!r} is no name of a key.",
                "It has up to 64 letters, digits, dots, hyphens and underscores.",
            )
        if any(entry.name == name for entry in self.entries()):
            raise UsageError(
                f"There is a key {name!r} already.", f"Revoke it first: keys revoke {name}"
            )
        secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        values = {
            "name": name,
            "digest": _digest(secret),
            "patterns": list(patterns),
            "created": self._today(),
        }
        with self.transaction() as connection:
            connection.execute(sql.insert(_TABLE).values(values))
        return secret

    def entries(self) -> list[ApiKey]:
        """All keys that hold, by name."""
        chosen = sql.select(_COLUMNS.name, _COLUMNS.patterns, _COLUMNS.created)
        with self.transaction() as connection:
            rows = connection.execute(chosen.order_by(_COLUMNS.name)).all()
        return [ApiKey(name, tuple(patterns), created) for name, patterns, created in rows]

    def find(self, secret: str) -> ApiKey | None:
        """The key that somebody has shown; None where it is none, or none any more."""
        chosen = sql.select(_COLUMNS.name, _COLUMNS.patterns, _COLUMNS.created)
        with self.transaction() as connection:
            row = connection.execute(chosen.filter_by(digest=_digest(secret))).one_or_none()
        return ApiKey(row.name, tuple(row.patterns), row.created) if row else None

    def revoke(self, name: str) -> bool:
        """Takes a key back: who shows it from now on is refused. False where there is none."""
        with self.transaction() as connection:
            gone = connection.execute(sql.delete(_TABLE).filter_by(name=name))
        return bool(gone.rowcount)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
