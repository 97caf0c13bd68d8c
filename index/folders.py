"""The folders of documents: which files are in them, and which of these are somebody's documents.

A folder's files are what lies in it, without what is hidden or named in a `.lotseignore`. No file
is read here but those.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from index.errors import SeedsError, StorageError

IGNORE_FILE = ".lotseignore"
"""The name of files that say, in the syntax of gitignore, what is no document."""

FETCHED = "@web"
"""The name of the folder of fetched pages, which no other folder can have."""

PAGES_FILE = ".pages.json"
"""What the folder of fetched pages has the addresses of its files in."""

_SYSTEM_FILES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of documents, whose files' names begin with its `name` where it has one.

    One that is not `needed` may be missing or empty.
    """

    path: Path
    name: str = ""
    needed: bool = True

    def file(self, inner: str) -> str:
        """What a file in it is called everywhere else."""
        return f"{self.name}/{inner}" if self.name else inner

    def has(self, file: str) -> bool:
        """Whether a file that is called so is one of this folder's."""
        return not self.name or file.startswith(f"{self.name}/")


@dataclass(slots=True)
class Inventory:
    """The files of folders by the names that they are called by.

    `passed_over` are links that are not followed, each with the reason; `unreachable` folders that
    could not be looked at, by their path: what is known of their files stays as it is.
    """

    files: dict[str, Path] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)
    unreachable: dict[Folder, SeedsError] = field(default_factory=dict)

    def keeps(self, file: str) -> bool:
        """Whether a file may be there still, in a folder that can't be looked at."""
        return any(folder.has(file) for folder in self.unreachable)


@dataclass(frozen=True)
class Folders:
    """All folders of documents; with `follow_links`, also what links in them lead to elsewhere."""

    folders: Sequence[Folder]
    follow_links: bool = False

    def __str__(self) -> str:
        return ", ".join(str(folder.path) for folder in self.folders if folder.needed)

    @classmethod
    def of(cls, folders: "Folders | Path") -> "Folders":
        """A single folder without a name, where a path is given."""
        return folders if isinstance(folders, Folders) else cls((Folder(folders),))

    def listed(self, may_be_empty: bool = False) -> Inventory:
        """Every file. Raises SeedsError where none of the folders can be looked at, or has any.

        An empty folder among others counts as one that can't be looked at, as a share that is not
        mounted is one, unless it `may_be_empty`.
        """
        listing = Inventory()
        for folder in self.folders:
            try:
                files = self._files(folder, listing.passed_over)
                if not files and folder.needed and not may_be_empty:
                    raise _empty(folder)
            except SeedsError as error:
                listing.unreachable[folder] = error
            else:
                listing.files |= files
        if not listing.files:
            raise next(iter(listing.unreachable.values()), _empty(self.folders[0]))
        return listing

    def path(self, file: str) -> Path | None:
        """Where a document's file lies; None where it is gone, or a link leads out that may not."""
        folder, inner = self._split(file)
        return self._allowed(folder.path / inner) if folder else None

    def address(self, file: str) -> str | None:
        """The address that a file was fetched from, if it was."""
        folder, inner = self._split(file)
        return self._addresses.get(inner) if folder and folder.name == FETCHED else None

    @cached_property
    def _addresses(self) -> Mapping[str, str]:
        return {
            str(page["file"]): address
            for folder in self.folders
            if folder.name == FETCHED
            for address, page in pages_of(folder.path).items()
        }

    def _split(self, file: str) -> tuple[Folder | None, str]:
        """The folder that a file is of, and its name within it."""
        for folder in sorted(self.folders, key=lambda folder: -len(folder.name)):
            if folder.has(file):
                return folder, file.removeprefix(f"{folder.name}/") if folder.name else file
        return None, file

    def _allowed(self, path: Path) -> Path | None:
        target = _target(path)
        if target is None or not target.is_file():
            return None
        return target if self.follow_links or self.holds(target) else None

    def holds(self, target: Path) -> bool:
        """Whether a path without links in it leads into one of the folders."""
        return any(target.is_relative_to(folder.path.resolve()) for folder in self.folders)

    def _files(self, folder: Folder, passed_over: dict[str, str]) -> dict[str, Path]:
        if not folder.path.is_dir():
            if not folder.needed and not folder.path.exists():
                return {}
            what = "is not a folder" if folder.path.exists() else "does not exist"
            raise SeedsError(
                f"The folder of documents {folder.path} {what}.",
                "Make it and put documents there, or choose another with --seeds or LOTSE_SEEDS.",
            )
        walk = _Walk(self, folder)
        files = dict(sorted(walk.files()))
        passed_over |= walk.passed_over
        return files


def pages_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The addresses of fetched pages, each with its `file` and whatever else is kept of it.

    Raises StorageError where the list can't be read.
    """
    listed = folder / PAGES_FILE
    try:
        told: dict[str, dict[str, Any]] = json.loads(listed.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        problem = f"{listed} can't be read: {error}."
        raise StorageError(problem, "Delete it, and have the pages fetched again.") from error
    return told


def is_hidden(file: str) -> bool:
    """Whether a file, by its path relative to the folder, is none of somebody's documents."""
    parts = file.split("/")
    return any(map(_is_hidden, parts)) or parts[-1].lower() in _SYSTEM_FILES


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _empty(folder: Folder) -> SeedsError:
    return SeedsError(
        f"The folder of documents {folder.path} is empty.",
        "Put documents there; the index has been left as it was.",
    )


def _target(path: Path) -> Path | None:
    """What a path leads to; None where it leads nowhere, or round and round."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None


_Rules = tuple[tuple[PurePosixPath, GitIgnoreSpec], ...]
"""What is ignored, with the folder that each file of rules lies in, the innermost last."""


class _Walk:
    """One way through a folder. By links, no folder is entered twice: it comes to an end."""

    def __init__(self, folders: Folders, folder: Folder) -> None:
        self._folders = folders
        self._folder = folder
        self._linked: set[Path] = set()
        self.passed_over: dict[str, str] = {}

    def files(self) -> Iterator[tuple[str, Path]]:
        """Each file that may be a document, by the name that it is called by."""
        root = self._folder.path
        yield from self._within(root, PurePosixPath(), (), (root.resolve(),))

    def _within(
        self, path: Path, inner: PurePosixPath, rules: _Rules, above: tuple[Path, ...]
    ) -> Iterator[tuple[str, Path]]:
        """The files of a folder, `inner` to the whole, that lies in the real folders `above`."""
        entries = _entries(path)
        if any(entry.name == IGNORE_FILE for entry in entries):
            rules = (*rules, (inner, _rules_in(path / IGNORE_FILE)))
        for entry in entries:
            name = inner / entry.name
            own, is_folder, is_link = path / entry.name, _is_folder(entry), entry.is_symlink()
            if is_hidden(entry.name) or _is_ignored(name, is_folder, rules):
                continue
            if is_link and not self._follows(name, own, above):
                continue
            if not is_folder:
                yield self._folder.file(name.as_posix()), own
                continue
            real = own.resolve() if is_link else above[-1] / entry.name
            by_link = is_link or above[-1] in self._linked
            if not by_link or self._is_new(name, real):
                yield from self._within(own, name, rules, (*above, real))

    def _is_new(self, name: PurePosixPath, real: Path) -> bool:
        if real in self._linked:
            self._pass_over(name, f"leads to {real}, which another link leads to, too")
            return False
        self._linked.add(real)
        return True

    def _follows(self, name: PurePosixPath, path: Path, above: tuple[Path, ...]) -> bool:
        """Whether a link is followed; one that leads nowhere is told of when it is read."""
        target = _target(path)
        if target is None:
            return True
        if target in above or any(real.is_relative_to(target) for real in above):
            self._pass_over(name, "leads back to a folder that it lies in")
            return False
        if not self._folders.follow_links and not self._folders.holds(target):
            remedy = "LOTSE_FOLLOW_LINKS=on follows such links."
            self._pass_over(name, f"is a link that leads out of the folders, to {target}", remedy)
            return False
        return True

    def _pass_over(self, name: PurePosixPath, why: str, remedy: str = "Remove it.") -> None:
        file = self._folder.file(name.as_posix())
        told = f"{file} {why}. {remedy}"
        self.passed_over[file] = told.encode("utf-8", "replace").decode()


def _entries(path: Path) -> list["os.DirEntry[str]"]:
    """A folder that can't be read is no empty one: it ends the walk."""
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise SeedsError(
            f"The folder of documents {path} can't be read: {error.strerror}.",
            "Give the program the right to read it; the index has been left as it was.",
        ) from error


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _rules_in(file: Path) -> GitIgnoreSpec:
    """What a file of rules says. What can't be read would hide nothing, and so is an error."""
    try:
        return GitIgnoreSpec.from_lines(file.read_text("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError, GitIgnorePatternError) as error:
        raise SeedsError(
            f"{file} can't be read: {error}.",
            "Correct it, as text in UTF-8; the index has been left as it was.",
        ) from error


def _is_ignored(name: PurePosixPath, is_folder: bool, rules: _Rules) -> bool:
    for folder, spec in reversed(rules):
        inner = name.relative_to(folder).as_posix()
        told = spec.check_file(f"{inner}/" if is_folder else inner).include
        if told is not None:
            return told
    return False
