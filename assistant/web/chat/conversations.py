"""The conversations of all readers, found again by their tokens."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Final, Protocol

from assistant.web.chat.conversation import Conversation
from assistant.web.guard.reader import NOBODY, Reader
from assistant.web.view import View

MOST: Final = 1_000
IDLE_SECONDS: Final = 2 * 60 * 60

TOKEN_BYTES: Final = 16


class Conversations(Protocol):
    """Where conversations are kept, each under a token that can't be guessed."""

    def begin(self, view: View, reader: Reader = NOBODY) -> Conversation:
        """A new conversation of a reader, seen in this way."""

    def find(self, token: str | None, reader: Reader = NOBODY) -> Conversation | None:
        """The reader's conversation with a token, which counts as used.

        None if it is not known any more, or is somebody else's.
        """

    def keep(self, conversation: Conversation) -> None:
        """To be called when it has changed, so that another process finds it as it is."""


class ConversationsInMemory:
    """By their tokens, which can't be guessed: who has one has the conversation.

    Those that nobody has used for `idle` seconds are forgotten, and of more than `most` those
    whose last use is longest ago.
    """

    def __init__(
        self,
        most: int = MOST,
        idle: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._idle, self._clock = most, idle, clock
        self._known: OrderedDict[str, tuple[float, Conversation]] = OrderedDict()
        self._lock = Lock()

    def begin(self, view: View, reader: Reader = NOBODY) -> Conversation:
        """A new conversation of a reader, seen in this way."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        conversation = Conversation(replace(view, conversation=token), reader)
        with self._lock:
            self._use(conversation)
        return conversation

    def find(self, token: str | None, reader: Reader = NOBODY) -> Conversation | None:
        """The reader's conversation with a token, which counts as used.

        None if it is not known any more, or is somebody else's.
        """
        with self._lock:
            self._forget()
            kept = self._known.get(token or "")
            if kept is None or not kept[1].is_of(reader):
                return None
            self._use(kept[1])
        kept[1].resume(reader)
        return kept[1]

    def keep(self, conversation: Conversation) -> None:
        """It is the one that is found."""

    def _use(self, conversation: Conversation) -> None:
        token = conversation.view.conversation
        self._known[token] = (self._clock(), conversation)
        self._known.move_to_end(token)
        self._forget()

    def _forget(self) -> None:
        oldest = self._clock() - self._idle
        while self._known and (
            len(self._known) > self._most or next(iter(self._known.values()))[0] < oldest
        ):
            self._known.popitem(last=False)
