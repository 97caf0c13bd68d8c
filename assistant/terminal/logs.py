"""Where messages go: to standard error without traces, to a file with them."""

import copy
import io
import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from assistant.monitoring.requests import REQUEST_ID

_LOG_BYTES = 1_000_000
_PLAIN = "%(levelname)s: %(message)s"
_FIELDS = ("method", "area", "status", "seconds")  # of a request's line


def speak(level: str, form: str = "text") -> None:
    """Sends messages to standard error, as plain lines or as one JSON object each.

    What a terminal has no letters for is replaced.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    plain = logging.StreamHandler()
    plain.setFormatter(_AsJson() if form == "json" else _WithoutTrace(_PLAIN))
    logging.raiseExceptions = False  # a log that can't be written is not the user's problem
    logging.basicConfig(level=level, handlers=[plain], force=True)


def log_to(file: Path) -> None:
    """Sends messages to the file as well, from now on, with their traces."""
    whole = RotatingFileHandler(file, "a", _LOG_BYTES, 2, encoding="utf-8", delay=True)
    whole.setFormatter(_Numbered("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(whole)


class _Numbered(logging.Formatter):
    """With the id of the request that a line is caused by, if there is one."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        number = REQUEST_ID.get()
        line = super().formatMessage(record)
        return f"{line} [{number}]" if number else line


class _AsJson(logging.Formatter):
    """One object a line, with its trace: for what collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := REQUEST_ID.get():
            line["request_id"] = number
        line |= {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _WithoutTrace(_Numbered):
    """The message alone: a trace helps who mends the program, and not who uses it."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return super().format(bare)
