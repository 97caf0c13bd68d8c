"""The command line in this process, for the tests of what it does."""

import json
import logging
from typing import Any

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

import app

Captured = pytest.CaptureFixture[str]
FIELDS = [
    *("question", "searched", "language", "answerable", "mode"),
    *("answer", "citations", "retrieved", "seconds", "related", "claims", "note"),
]
FOUNDED = "Wann wurde das Netzwerk Nordlicht gegründet?"
SIZE = "Wie viele Mitarbeitende hat das Zentrum Alpenblick?"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def main(*arguments: str) -> int:
    """The exit status of a command run here."""
    SharedSystemClient.clear_system_cache()  # Chroma would return the client of an earlier command
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        return app.main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


def answers_in(written: str | bytes) -> list[dict[str, Any]]:
    """What `ask --json` has written, line by line."""
    text = written if isinstance(written, str) else written.decode("utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def is_plain(written: Any, *named: str) -> None:
    """One sentence or two for a reader, on standard error, with these words in it."""
    assert written.err.startswith("clusterlotse: ")
    assert len(written.err.splitlines()) == 1
    assert "Traceback" not in written.err
    for part in named:
        assert part in written.err
    assert written.out == ""
