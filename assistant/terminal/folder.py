"""The data folder that a command works with, and the log in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.settings import Settings
from assistant.terminal.logs import log_to
from index.storage.owner import DataFolder, owned, shared


@contextmanager
def owned_folder(settings: Settings, command: str) -> Iterator[DataFolder]:
    """The data folder, which is this process's alone unless processes share a database.

    Raises DataInUseError where another process has it, and StorageError where it can't be used.
    """
    if settings.catalogue:
        folder = shared(settings.data)
        log_to(folder.path / f"clusterlotse-{command}-{settings.port}.log")
        yield folder
        return
    with owned(settings.data, command) as folder:
        log_to(folder.path / "clusterlotse.log")
        yield folder
