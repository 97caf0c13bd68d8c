"""One process owns a data folder; another learns who that is."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import DataInUseError, StorageError

WAIT = 1.0
"""Seconds that a second process waits for the first one to be done."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who works with a data folder; `url` is where it serves the page, if it does."""

    command: str
    process: int
    since: str
    url: str | None = None

    def __str__(self) -> str:
        where = f", {self.url}" if self.url else ""
        return f"`{self.command}` (process {self.process}, since {self.since}{where})"


class DataFolder:
    """A data folder that this process owns, or that several use, where there is no `owner`."""

    def __init__(self, path: Path, owner: Owner | None) -> None:
        self.path = path
        self._owner = owner
        self._write()

    def serves(self, url: str) -> None:
        """Lets other processes know where the page is."""
        self._owner = self._owner and replace(self._owner, url=url)
        self._write()

    def _write(self) -> None:
        if self._owner is None:
            return
        _owner_file(self.path).write_text(json.dumps(asdict(self._owner)), encoding="utf-8")


@contextmanager
def owned(path: Path, command: str, wait: float = WAIT) -> Iterator[DataFolder]:
    """The data folder, made if it is missing, for as long as the block runs.

    Raises DataInUseError where another process has it, and StorageError where it can't be made or
    written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / "lock")
        lock.acquire(timeout=wait)
        folder = DataFolder(path, Owner(command, os.getpid(), datetime.now().strftime("%H:%M:%S")))
    except Timeout as error:
        owner = owner_of(path)
        raise DataInUseError(
            f"The data folder {path} is in use by {owner or 'another process'}.",
            "Stop that process, or choose another folder with --data.",
            owner.url if owner else None,
        ) from error
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        yield folder
    finally:
        _owner_file(path).unlink(missing_ok=True)
        lock.release()


def shared(path: Path) -> DataFolder:
    """A data folder with nothing in it that two processes could spoil, made if it is missing.

    Raises StorageError where it can't be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from error
    return DataFolder(path, None)


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The data folder {path} can't be used: {error.strerror}.",
        "Choose another one with --data or LOTSE_DATA.",
    )


def owner_of(path: Path) -> Owner | None:
    """Who owns the folder, as far as it has said so."""
    try:
        return Owner(**json.loads(_owner_file(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _owner_file(path: Path) -> Path:
    return path / "owner.json"


def existing_file(data: Path, name: str) -> Path:
    """A file in a data folder; it isn't made, as another folder is likely to be meant."""
    path = data / name
    if not path.is_file():
        raise StorageError(
            f"The data folder {data} has no {name}.",
            "Name the folder that the server uses, with --data or LOTSE_DATA.",
        )
    return path
