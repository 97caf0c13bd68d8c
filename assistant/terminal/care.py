"""Looking after what is stored: what `check`, `backup` and `restore` do and print."""

import sys
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from pathlib import Path

from assistant.settings import Settings
from assistant.terminal.output import print_report
from assistant.terminal.places import existing_place, place
from index import inspection
from index.folders import Folders
from index.inspection import Finding
from index.storage import backup
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.upkeep import Upkeep


def check(index: DocumentIndex, upkeep: Upkeep, folders: Folders | Path, repair: bool) -> int:
    """Prints what is wrong, and mends it if wanted; the exit status tells whether any is left.

    Raises DataInUseError where another process keeps the index in step, and it is to be mended.
    """
    findings = _findings(index, folders)
    _print(findings)
    if not findings or not repair:
        return 1 if findings else 0
    with upkeep.reserved():
        inspection.mend(index)
        print_report(upkeep.sync())
        upkeep.embed()
    left = _findings(index, folders)
    print(f"Mended: {len(findings) - len(left)} of {len(findings)}")
    _print(left)
    return 1 if left else 0


def check_beside_server(settings: Settings) -> int:
    """Prints what is wrong, as far as can be told while a server has the vectors."""
    with Catalogue(existing_place(settings)) as catalogue:
        files = inspection.of_files(catalogue, settings.folders)
        findings = list(chain(inspection.of_catalogue(catalogue), files))
    print("A server has the data folder: its vectors were not looked at.", file=sys.stderr)
    _print(findings)
    return 1 if findings else 0


def _findings(index: DocumentIndex, folders: Folders | Path) -> list[Finding]:
    catalogue = index.catalogue
    return [
        *inspection.of_catalogue(catalogue),
        *inspection.of_vectors(catalogue, index.chroma),
        *inspection.of_files(catalogue, folders),
    ]


def _print(findings: Iterable[Finding]) -> None:
    lines = [str(finding) for finding in findings]
    print("\n".join(lines) or "Catalogue, vectors, register and files fit together.")


def save(settings: Settings, file: Path, whole: bool) -> int:
    """Writes a backup and says what is in it."""
    with Catalogue(existing_place(settings)) as catalogue:
        made = backup.save(catalogue, file, whole)
    print(f"{file}: {_rows(made)}")
    return 0


def is_whole(file: Path) -> bool:
    """Whether a backup has the documents as well. Raises StorageError where it is none."""
    return backup.inspect(file).whole


def restore(settings: Settings, file: Path) -> int:
    """Puts a backup back, once what is there is in a backup of its own."""
    with Catalogue(place(settings)) as catalogue:
        made = backup.inspect(file)
        now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        before = file.with_name(f"before-restore-{now}.zip")
        backup.save(catalogue, before, made.whole)
        backup.restore(catalogue, file)
    print(f"Restored: {_rows(made)}. What was there before is in {before}.")
    return 0


def _rows(made: backup.Backup) -> str:
    return ", ".join(f"{count} {name}" for name, count in made.rows.items())
