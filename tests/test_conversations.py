"""What readers have asked: a conversation each, found by its token until nobody comes back."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from assistant.answer import Answer, Claim, Delta
from assistant.asking import follow_ups as follow_up
from assistant.web.chat.conversation import ChatTurn, Conversation
from assistant.web.chat.conversations import Conversations, ConversationsInMemory
from assistant.web.view import View
from tests.browser.scripted import ScriptedAssistant

GERMAN = View("de", "dark", True)


@pytest.fixture(scope="module")
def answer() -> Answer:
    return ScriptedAssistant().ask("Wie viele?")


class Clock:
    """The seconds that a test says it is."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Watch:
    """A slow clock that knows by how many it has been asked at once."""

    inside = most = 0

    def __call__(self) -> float:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.001)
        self.inside -= 1
        return 0.0


class Slow(list[ChatTurn]):
    """Turns that take their time to change, in which others may look at them."""

    def append(self, turn: ChatTurn) -> None:
        time.sleep(0.01)
        super().append(turn)

    def __setitem__(self, place: Any, turn: Any) -> None:
        time.sleep(0.01)
        super().__setitem__(place, turn)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _begun(conversations: Conversations, count: int) -> list[str]:
    """The tokens of so many new conversations."""
    return [conversations.begin(GERMAN).view.conversation for _ in range(count)]


def _known(conversations: Conversations, tokens: list[str]) -> list[bool]:
    return [conversations.find(token) is not None for token in tokens]


def _asked(conversation: Conversation, question: str = "Wer?") -> ChatTurn:
    turn = conversation.ask(question)
    assert turn
    return turn


# All conversations


def test_a_conversation_is_found_by_its_token_and_keeps_its_view() -> None:
    conversations = ConversationsInMemory()
    begun = conversations.begin(replace(GERMAN, conversation="of another time"))
    token = begun.view.conversation
    assert conversations.find(token) is begun
    assert begun.view == replace(GERMAN, conversation=token)
    assert View.of({"conversation": token}, {}).conversation == token, "an address can name it"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = _begun(ConversationsInMemory(), 200)
    assert len(set(tokens)) == 200
    assert all(len(token) >= 20 for token in tokens)


@pytest.mark.parametrize("token", [None, "", "x" * 22, "x" * 100_000, "\ud800"])
def test_an_unknown_token_finds_nothing(token: str | None) -> None:
    conversations = ConversationsInMemory()
    _begun(conversations, 1)
    assert conversations.find(token) is None


def test_of_too_many_those_are_forgotten_whose_last_use_is_longest_ago() -> None:
    conversations = ConversationsInMemory(most=3)
    tokens = _begun(conversations, 3)
    conversations.find(tokens[0])
    tokens += _begun(conversations, 2)
    assert _known(conversations, tokens) == [True, False, False, True, True]


def test_who_does_not_come_back_is_forgotten(clock: Clock) -> None:
    conversations = ConversationsInMemory(idle=60, clock=clock)
    tokens = _begun(conversations, 2)
    clock.now = 50
    conversations.find(tokens[1])
    clock.now = 60
    assert _known(conversations, tokens[:1]) == [True], "just in time"
    clock.now = 110
    tokens += _begun(conversations, 1)
    assert _known(conversations, tokens) == [True, True, True]
    clock.now = 170.5
    assert _known(conversations, tokens) == [False, False, False]


def test_every_use_counts(clock: Clock) -> None:
    conversations = ConversationsInMemory(idle=60, clock=clock)
    tokens = _begun(conversations, 1)
    for _ in range(5):
        clock.now += 59
        assert _known(conversations, tokens) == [True]


def test_many_readers_at_once_find_their_own() -> None:
    threads, clock = 8, Watch()
    conversations, start = ConversationsInMemory(most=5, clock=clock), Barrier(threads)

    def read(_number: int) -> None:
        start.wait()
        _known(conversations, _begun(conversations, 5))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, range(threads)))
    assert clock.most == 1, "what is known was changed by one at a time"
    assert _known(conversations, _begun(conversations, 5)) == [True] * 5


# One conversation


def test_only_one_question_is_asked_at_a_time(answer: Answer) -> None:
    conversation = Conversation()
    turn = _asked(conversation)
    assert conversation.busy
    assert conversation.ask("Und wo?") is None
    assert conversation.ask_again() is None
    turn.finish(answer)
    assert not conversation.busy
    assert conversation.ask("Und wo?") is conversation.turns[1]


@pytest.mark.parametrize(
    "begin", [Conversation.ask_again, lambda conversation: conversation.ask("Und wo?")]
)
def test_of_many_who_ask_at_once_one_is_heard(
    begin: Callable[[Conversation], ChatTurn | None],
) -> None:
    threads = 8
    turns = Slow([ChatTurn("Wer?", state="failed")])
    conversation, start = Conversation(turns=turns), Barrier(threads)

    def ask(_number: int) -> ChatTurn | None:
        start.wait()
        return begin(conversation)

    with ThreadPoolExecutor(threads) as pool:
        assert sum(map(bool, pool.map(ask, range(threads)))) == 1


@pytest.mark.parametrize("given", [True, False])
def test_a_turn_ends_with_an_answer_or_a_failure(answer: Answer, given: bool) -> None:
    turn = ChatTurn("Wer?")
    turn.finish(answer if given else None)
    assert (turn.state, turn.answer) == (("answered", answer) if given else ("failed", None))


def test_what_is_written_meanwhile_is_seen_sentence_by_sentence() -> None:
    turn, claim = ChatTurn("Wer?"), Claim("Das Netz.", (1,), True)
    turn.go_on(Delta("Das"))
    turn.go_on(Delta("Das Netz"))
    assert (turn.claims, turn.writing) == ([], "Das Netz")
    turn.go_on(claim)
    assert (turn.claims, turn.writing) == ([claim], "")


@pytest.mark.parametrize("late", [True, False])
def test_what_was_stopped_stays_so_whatever_comes_later(answer: Answer, late: bool) -> None:
    conversation = Conversation()
    turn = _asked(conversation)
    turn.go_on(Delta("Das N"))
    conversation.stop()
    turn.finish(answer if late else None)
    assert (turn.state, turn.answer, turn.writing) == ("stopped", None, "")
    assert not conversation.busy


def test_an_answer_that_is_there_is_not_stopped_any_more(answer: Answer) -> None:
    conversation = Conversation()
    turn = _asked(conversation)
    turn.finish(answer)
    conversation.stop()
    assert (turn.state, turn.answer) == ("answered", answer)


def test_the_last_question_can_be_asked_again_in_its_place(answer: Answer) -> None:
    conversation = Conversation()
    assert conversation.ask_again() is None, "there is none yet"
    first, second = _asked(conversation), None
    first.finish(answer)
    second = _asked(conversation, "Und wo?")
    second.finish(None)
    again = conversation.ask_again()
    assert again
    assert conversation.turns == [first, again]
    assert (again.question, again.state, again.answer) == ("Und wo?", "searching", None)
    assert conversation.before(again) == [follow_up.Turn("Wer?", answer.answer)]


def test_a_turn_follows_on_those_before_it() -> None:
    conversation = Conversation()
    first = _asked(conversation)
    assert conversation.before(first) == []
    first.finish(None)
    second = _asked(conversation, "Und wo?")
    assert conversation.before(second) == [follow_up.Turn("Wer?")]
    assert Conversation().before(second) == [], "a new conversation knows nothing of the old one"


def test_a_new_conversation_need_not_wait_for_the_old_one_and_leads_back(answer: Answer) -> None:
    conversation, fresh = Conversation(View(conversation="old")), Conversation()
    old = _asked(conversation)
    conversation.leave_for(fresh)
    assert (conversation.present, fresh.previous, fresh.busy) == (fresh, "old", False)
    new = _asked(fresh, "Wo?")
    old.finish(answer)
    assert old.state == "stopped", "nobody waits for it"
    assert fresh.turns == [new]
    fresh.leave_for(conversation)
    assert (conversation.present, fresh.present) == (conversation, conversation)
