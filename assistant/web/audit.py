"""Who asked when from which documents, in a file: only where LOTSE_AUDIT names one."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock

from assistant.answer import Answer
from index.errors import StorageError

_LOCK_SECONDS: Final = 10.0


def _now() -> datetime:
    return datetime.now(UTC)


class Audit(Protocol):
    """Notes who got which answer."""

    def note(self, user: str, answer: Answer) -> None:
        """A user ("" for nobody known) has got an answer."""


class NoAudit:
    """Notes nothing."""

    def note(self, user: str, answer: Answer) -> None:
        """Nothing is noted."""


class AuditFile:
    """Lines of JSON in a file that its owner alone may read: time, user, files; no question.

    Lines older than `days` go with the next day's first one. Several processes may write.
    """

    def __init__(self, path: Path, days: int, now: Callable[[], datetime] = _now) -> None:
        self._path, self._days, self._now = path, days, now
        self._lock = FileLock(f"{path}.lock", timeout=_LOCK_SECONDS)
        self._cleared: object = None  # the day on which old lines went last

    def note(self, user: str, answer: Answer) -> None:
        """A user has got an answer. Raises StorageError where that can't be written."""
        now = self._now()
        cited = [quote.file for quote in (*answer.citations, *answer.related)]
        line = {
            "time": now.isoformat(timespec="seconds"),
            "user": user,
            "answered": answer.answerable,
            "files": list(dict.fromkeys(cited)),
        }
        try:
            with self._lock:
                if self._cleared != now.date():
                    self._cleared = now.date()
                    oldest = (now - timedelta(days=self._days)).isoformat()
                    self._keep(lambda entry: str(entry.get("time", "")) >= oldest)
                with open(self._path, "a", encoding="utf-8", opener=_private) as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except (OSError, TimeoutError) as error:
            raise self._error(error) from error

    def forget(self, user: str) -> int:
        """Takes out all lines of a user; how many there were."""
        try:
            with self._lock:
                return self._keep(lambda entry: entry.get("user") != user)
        except (OSError, TimeoutError) as error:
            raise self._error(error) from error

    def _keep(self, wanted: Callable[[dict[str, object]], bool]) -> int:
        """Leaves such lines alone; how many others there were."""
        if not self._path.exists():
            return 0
        lines = self._path.read_text("utf-8").splitlines()
        kept = [line for line in lines if wanted(json.loads(line))]
        if len(kept) < len(lines):
            beside = self._path.with_name(f"{self._path.name}.new")
            with open(beside, "w", encoding="utf-8", opener=_private) as file:
                file.writelines(f"{line}\n" for line in kept)
            beside.replace(self._path)
        return len(lines) - len(kept)

    def _error(self, error: Exception) -> StorageError:
        return StorageError(
            f"The audit file {self._path} can't be written: {error}.",
            "See that its folder is there and can be written, or correct LOTSE_AUDIT.",
        )


def _private(path: str, flags: int) -> int:
    """Opens a file that nobody but its owner may read."""
    return os.open(path, flags, 0o600)
