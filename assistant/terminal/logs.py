"""Where messages go: to standard error without traces, to a file with them."""

import copy
import io
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOG_BYTES = 1_000_000


def speak(level: str) -> None:
    """Sends messages to standard error; what a terminal has no letters for is replaced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    plain = logging.StreamHandler()
    plain.setFormatter(_WithoutTrace("%(levelname)s: %(message)s"))
    logging.raiseExceptions = False  # a log that can't be written is not the user's problem
    logging.basicConfig(level=level, handlers=[plain], force=True)


def log_to(file: Path) -> None:
    """Sends messages to the file as well, from now on, with their traces."""
    whole = RotatingFileHandler(file, "a", _LOG_BYTES, 2, encoding="utf-8", delay=True)
    whole.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(whole)


class _WithoutTrace(logging.Formatter):
    """The message alone: a trace helps who mends the program, and not who uses it."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return super().format(bare)
