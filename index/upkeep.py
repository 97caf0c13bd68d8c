"""Keeps an index in step with its folder: alone with SQLite, in turn with others on PostgreSQL."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from index.charge import held, in_turn
from index.folders import Folders
from index.storage.leases import Lease
from index.sync import DocumentIndex, Report
from index.watcher import following, log_changes

logger = logging.getLogger(__name__)

_LEASE = "index"

Changed = Callable[[], object]
"""Called when documents have changed."""


class Upkeep:
    """Syncs `index` with the `folders`, for the command that its process runs.

    `follow` is "on", "polling" or "off", as the setting of that name.
    """

    def __init__(
        self,
        index: DocumentIndex,
        folders: Folders | Path,
        command: str,
        follow: str = "on",
        allow_removals: bool = False,
    ) -> None:
        self._index = index
        self._folders = folders
        self._follow = follow
        self._allow_removals = allow_removals
        self._lease: Lease | None = None
        if index.catalogue.dialect.is_shared:
            holder = f"`{command}` on {socket.gethostname()} (process {os.getpid()})"
            self._lease = Lease(index.catalogue, _LEASE, holder)
            index.catalogue.fence = self._lease.fence

    @property
    def is_shared(self) -> bool:
        """Whether other processes may do it in place of this one."""
        return self._lease is not None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else does it while the block runs. Raises DataInUseError where another does."""
        with self.reserved():
            if self._lease is None:
                yield
                return
            with self._in_charge():
                yield

    def reserved(self) -> AbstractContextManager[None]:
        """The same, without a look at what is to be done."""
        return held(self._lease) if self._lease else nullcontext()

    def sync(self) -> Report:
        """Takes over what has changed; within `alone`, or where the data folder is owned."""
        return self._index.sync(self._folders, self._allow_removals)

    def embed(self) -> None:
        """Has the model's vectors brought to the state of the catalogue, and waits for it."""
        if self._index.semantic:
            self._index.semantic.update()

    def going_on(self, changed: Changed = lambda: None) -> AbstractContextManager[None]:
        """Embeds in the background and follows the folder, for as long as the block runs.

        `changed` is called after each change. In turn with other processes, a turn begins with a
        sync; alone, who begins has synced.
        """
        if self._lease:
            return in_turn(self._lease, lambda: self._turn(changed))
        return self._background(changed)

    @contextmanager
    def _turn(self, changed: Changed) -> Iterator[None]:
        with self._in_charge():
            if log_changes(self.sync()):
                changed()
            with self._background(changed):
                yield

    @contextmanager
    def _background(self, changed: Changed) -> Iterator[None]:
        semantic = self._index.semantic

        def changed_documents() -> None:
            if semantic:
                semantic.update_soon()
            changed()

        with semantic.updating() if semantic else nullcontext():
            if self._follow == "off":
                yield
                return
            polling = self._follow == "polling"
            with following(self._index, self._folders, changed_documents, polling):
                yield

    @contextmanager
    def _in_charge(self) -> Iterator[None]:
        self._index.take_charge()
        try:
            yield
        finally:
            self._index.leave_charge()
