"""What the administrator does to API keys, and to what is noted of users."""

import argparse
import sys
from pathlib import Path

from assistant.web.audit import AuditFile
from index.errors import UsageError
from index.storage.dialect import Place
from index.storage.keys import Keys


def manage_keys(catalogue: Place, options: argparse.Namespace) -> int:
    """Does what `keys new`, `keys list` or `keys revoke` says, beside a running server too.

    Raises UsageError for a name that is no name, is taken, or is no key's.
    """
    with Keys(catalogue) as keys:
        if options.action == "new":
            print(keys.add(options.name, options.scope))
            print("This key is not shown again. Programs send it as:", file=sys.stderr)
            print("Authorization: Bearer KEY", file=sys.stderr)
        elif options.action == "list":
            for entry in keys.entries():
                print(f"{entry.name}  {entry.created}  {' '.join(entry.patterns)}")
        elif not keys.revoke(options.name):
            raise UsageError(f"There is no key {options.name!r}.", "`keys list` shows all.")
    return 0


def forget(audit: Path | None, days: int, user: str) -> int:
    """Deletes what the audit file has of a user. Raises UsageError where there is none."""
    if audit is None:
        raise UsageError("There is no audit file.", "Name it, with LOTSE_AUDIT.")
    print(f"Forgotten: {AuditFile(audit, days).forget(user)} answers")
    return 0
