"""Follows the folder of documents while the program serves: what changes is taken over by a sync.

A change wakes it, and it waits until nothing is being written any more. It never reads a document.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from threading import Event, Thread

from watchfiles import Change, watch

from index.errors import LotseError
from index.folders import IGNORE_FILE, Folders, is_hidden
from index.sync import DocumentIndex, Report

logger = logging.getLogger(__name__)

QUIET = 0.3
"""Seconds without a further change, after which a file counts as written."""

_WRITTEN_WITHIN = 30.0  # seconds that a file is waited for that is always being written
_POLL = 2_000  # milliseconds between two looks, where the system tells nothing
_FIRST_LOOK = 1_000  # milliseconds until the watch surely is in place
_RETRY = 5.0  # seconds until a folder that can't be followed is tried again
_FAREWELL = 5.0  # seconds for what is being taken over when the program ends


@contextmanager
def following(
    index: DocumentIndex,
    folders: Folders | Path,
    changed: Callable[[], None] = lambda: None,
    polling: bool = False,
) -> Iterator[None]:
    """Takes over what changes in the folders while the block runs; `changed` is called after each.

    With `polling` they are looked at every two seconds, as network shares tell nothing of what
    others write. Where a sync fails, the reason is logged, and the next change is waited for.
    """
    ending, watched = Event(), Folders.of(folders)

    def follow() -> None:
        while not ending.is_set():
            try:
                for paths in _changes(watched, ending, polling):
                    _wait_until_written(paths, ending)
                    _take_over(index, watched, changed)
            except (OSError, RuntimeError) as error:  # which is how watchfiles tells of the system
                logger.warning("A folder can't be followed: %s. It is tried again.", error)
                ending.wait(_RETRY)

    thread = Thread(target=follow, name="watcher", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(_FAREWELL)


def _changes(folders: Folders, ending: Event, polling: bool) -> Iterator[list[Path]]:
    """The files that were written, moved or removed, a group at a time.

    The first group is empty: what changed between the start's sync and the watch is told by nobody.
    It ends when a folder comes or goes, which is not watched, or no longer.
    """
    roots = _roots(folders)

    def counts(_change: Change, path: str) -> bool:
        return any(_counts(PurePath(path), root) for root in roots)

    has_looked = False
    for changes in watch(
        *roots,
        watch_filter=counts,
        stop_event=ending,
        step=int(QUIET * 1000),
        force_polling=polling,
        poll_delay_ms=_POLL,
        rust_timeout=_FIRST_LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        if changes or not has_looked:
            yield [Path(path) for _, path in changes]
        has_looked = True
        if roots != _roots(folders):
            return


def _roots(folders: Folders) -> list[Path]:
    """The folders that are there. Raises OSError where none is."""
    roots = [folder.path.resolve() for folder in folders.folders if folder.path.is_dir()]
    if not roots:
        raise FileNotFoundError(f"{folders.folders[0].path} does not exist")
    return roots


def _counts(path: PurePath, root: Path) -> bool:
    """Whether a path may be a document's within a folder, or says which are."""
    if not path.is_relative_to(root):
        return False
    return path.name == IGNORE_FILE or not is_hidden(path.relative_to(root).as_posix())


def _wait_until_written(paths: list[Path], ending: Event) -> None:
    """Waits until none of the files has been written to for a moment."""
    end = time.monotonic() + _WRITTEN_WITHIN
    while any(map(_is_being_written, paths)) and time.monotonic() < end:
        if ending.wait(QUIET / 2):
            return


def _is_being_written(path: Path) -> bool:
    try:
        return 0 <= time.time() - path.stat().st_mtime < QUIET
    except OSError:
        return False


def _take_over(index: DocumentIndex, folders: Folders, changed: Callable[[], None]) -> None:
    try:
        report = index.sync(folders)
    except LotseError as error:
        logger.warning("The index is as it was: %s", error)
        return
    if log_changes(report):
        changed()


def log_changes(report: Report) -> bool:
    """Logs what a sync did; returns whether a document was changed by it."""
    if not (report.added or report.changed or report.removed or report.moved):
        return False
    logger.info(
        "Documents: %d added, %d changed, %d removed, %d moved",
        *map(len, (report.added, report.changed, report.removed, report.moved)),
    )
    for reason in (*report.failed.values(), *report.passed_over.values()):
        logger.warning("%s", reason)
    return True
