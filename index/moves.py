"""Files that were moved or renamed: they are told by their content."""

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path, PurePath

from index.storage.catalogue import FileState


def moved_files(files: Mapping[str, Path], known: Mapping[str, FileState]) -> dict[str, str]:
    """New files with the content of one that is gone, and that one; each is one file's alone.

    Of several it is the one with the same name in another folder, where there is one. A file of
    another suffix is read in another way, and so is none.
    """
    gone: dict[tuple[int, str], list[str]] = {}
    for file in sorted(known.keys() - files.keys()):
        gone.setdefault((known[file].size, _suffix(file)), []).append(file)
    moved: dict[str, str] = {}
    for new in sorted(files.keys() - known.keys()):
        candidates = gone.get((_size(files[new]), _suffix(new)), [])
        digest = digest_of(files[new]) if candidates else None
        alike = [old for old in candidates if known[old].digest == digest]
        if alike:
            moved[new] = max(alike, key=lambda old: PurePath(old).name == PurePath(new).name)
            candidates.remove(moved[new])
    return moved


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower()


def _size(path: Path) -> int:
    """Bytes, or -1 for what is no file that can be read."""
    try:
        status = path.stat()
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def digest_of(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except OSError:  # it is reported when its turn comes
        return None


def digest(content: bytes) -> str:
    """What tells two contents apart, whatever their files are called."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
