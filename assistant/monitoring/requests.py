"""The number of the request that is being answered: in every line of the log that it causes."""

import re
import secrets
from collections.abc import Generator
from contextlib import closing
from contextvars import ContextVar
from typing import Final, TypeVar

HEADER: Final = "x-request-id"
REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")

Step = TypeVar("Step")

_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def identified(sent: str | None) -> str:
    """What a client or proxy has sent as a request's id, if that is one; else a new one."""
    return sent if sent and _SANE.fullmatch(sent) else secrets.token_hex(8)


def carried(steps: Generator[Step], number: str) -> Generator[Step]:
    """The steps, each taken under a request's id: whoever asks for them may do so in any thread."""
    with closing(steps):
        while True:
            REQUEST_ID.set(number)
            try:
                step = next(steps)
            except StopIteration:
                return
            yield step
