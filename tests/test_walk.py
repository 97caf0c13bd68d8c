"""A question's way through the house: which packages it enters, and in which order."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from assistant.access import EVERYTHING
from assistant.web.chat.chat import Chat
from assistant.web.chat.conversations import ConversationsInMemory
from assistant.web.guard.reader import Reader, with_reader
from assistant.web.record import Record
from assistant.web.site import Site
from assistant.web.view import View
from tests.library import LIBRARY, ROOT, Desk, fill, opened

QUESTION = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
BESIDE = "monitoring"  # is told of each floor
FLOORS = ["web", "asking", "dictionaries", "overview", "finding", "answering"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = fill(tmp_path_factory.mktemp("library"), LIBRARY)
    with opened(tmp_path_factory.mktemp("data"), folder) as desk:
        yield desk


@contextmanager
def entered() -> Iterator[list[str]]:
    """The packages of the assistant, in the order in which this thread first enters them."""
    packages: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT / "assistant"):
            parts = path.relative_to(ROOT / "assistant").parts
            if len(parts) > 1 and parts[0] not in (*packages, BESIDE):
                packages.append(parts[0])

    sys.setprofile(note)
    try:
        yield packages
    finally:
        sys.setprofile(None)


def asks(chat: Chat) -> Callable[..., Iterator[Any]]:
    """What the chat does when a question is sent."""
    return next(event.fn for event in chat.blocks.fns.values() if event.name == "_ask")


def test_a_question_goes_down_from_the_page_to_the_quote(library: Desk) -> None:
    conversations, record = ConversationsInMemory(), Record(None)
    chat = Chat(library.assistant, conversations, record, lambda _: 0, Site(), max_waiting=1)
    reader = Reader(scope=EVERYTHING)
    state = SimpleNamespace(**with_reader({}, reader))
    page = SimpleNamespace(query_params={}, headers={}, client=None, state=state)
    library.assistant.ask(QUESTION)  # the stages are made when they are first needed
    token = conversations.begin(View(), reader).view.conversation
    with entered() as packages:
        *_, last = asks(chat)(QUESTION, token, page)
    assert any("27 Mitglieder" in str(shown) for shown in last.values())
    assert packages == FLOORS
