"""The conversations of all readers in a database, so that any process goes on with them."""

import logging
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assistant.web.chat.conversation import ChatTurn, Conversation
from assistant.web.chat.conversations import MOST, TOKEN_BYTES
from assistant.web.guard.reader import NOBODY, Reader
from assistant.web.view import View
from index.errors import StorageError
from index.storage.together import KeptConversations

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of one; what its reader may read is found out anew each time."""

    view: View
    turns: list[ChatTurn]
    user: str = ""


_FORM: Final = TypeAdapter(_Stored)


class ConversationsInDatabase:
    """By their tokens, which can't be guessed; a token opens its reader's conversation alone.

    Those that were used here last are in memory as well. So events of one page work with the same
    turns, and where the database is away for a while, nothing of them is lost.
    """

    def __init__(self, kept: KeptConversations) -> None:
        self._kept = kept
        self._here: OrderedDict[str, tuple[str, Conversation]] = OrderedDict()
        self._lock = Lock()

    def begin(self, view: View, reader: Reader = NOBODY) -> Conversation:
        """A new conversation of a reader, seen in this way."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        conversation = Conversation(replace(view, conversation=token), reader)
        self._remember(token, "", conversation)
        self.keep(conversation)
        try:
            self._kept.forget()
        except StorageError as error:
            logger.warning("Old conversations can't be forgotten. %s", error)
        return conversation

    def find(self, token: str | None, reader: Reader = NOBODY) -> Conversation | None:
        """The reader's conversation with a token, which counts as used.

        None if it is not known any more, or is somebody else's. Where the database is away, one
        that is not known here is empty until it is back.
        """
        conversation = self._found(token, reader) if token else None
        if conversation is None or not conversation.is_of(reader):
            return None
        conversation.resume(reader)
        return conversation

    def _found(self, token: str, reader: Reader) -> Conversation | None:
        written, here = self._here.get(token, ("", None))
        if here and here.busy:
            return here
        try:
            content = self._kept.read(token.encode("utf-8", "replace").decode("utf-8"))
        except StorageError as error:
            logger.warning("A conversation can't be read. %s", error)
            return here or Conversation(View(conversation=token), reader)
        if here and (content == written or not written):  # or it could never be stored
            return here
        conversation = _read(content) if content else None
        if content and conversation:
            self._remember(token, content, conversation)
        return conversation

    def keep(self, conversation: Conversation) -> None:
        """Stores it as it is; where that fails it is so here alone, which is logged."""
        token = conversation.view.conversation
        if self._here.get(token, ("", None))[1] is not conversation:
            return  # it only stands for one that could not be read
        stored = _Stored(conversation.view, list(conversation.turns), conversation.reader.user)
        content = _FORM.dump_json(stored).decode("utf-8")
        try:
            self._kept.write(token, content)
        except StorageError as error:
            logger.warning("A conversation can't be stored. %s", error)
        else:
            self._remember(token, content, conversation)

    def _remember(self, token: str, content: str, conversation: Conversation) -> None:
        with self._lock:
            self._here[token] = content, conversation
            self._here.move_to_end(token)
            while len(self._here) > MOST:
                self._here.popitem(last=False)


def _read(content: str) -> Conversation | None:
    """A conversation as it was stored; None where another version of the program did that.

    What another process was answering is stopped: if it has died, nobody would hear of its end.
    """
    try:
        stored = _FORM.validate_json(content)
    except ValidationError:
        return None
    conversation = Conversation(stored.view, Reader(stored.user), stored.turns)
    conversation.stop()
    return conversation
