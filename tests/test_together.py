"""What readers do is the same whichever of several processes answers."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from assistant.answer import Answer
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.kept import ConversationsInDatabase
from assistant.web.guard.limits import RateLimitInDatabase
from assistant.web.record import Rating
from assistant.web.view import View
from index.storage.catalogue import Catalogue
from index.storage.database import Database, place_of
from index.storage.together import KeptConversations, QuestionTimes
from tests.browser.scripted import ScriptedAssistant
from tests.postgres import Postgres

GERMAN = View("de", "dark", True)
SOMEBODY, SOMEBODY_ELSE = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def databases(postgres_server: Postgres) -> Iterator[list[Database]]:
    """The connections of two processes to one database."""
    place = place_of(postgres_server.database())
    with ExitStack() as opened:
        yield [opened.enter_context(Catalogue(place)) for _ in range(2)]


@pytest.fixture
def answer() -> Answer:
    return ScriptedAssistant().ask("Wie viele?")


def _processes(databases: list[Database], idle: float = 60) -> list[ConversationsInDatabase]:
    return [ConversationsInDatabase(KeptConversations(each, idle)) for each in databases]


def _found(process: ConversationsInDatabase, token: str) -> Conversation:
    conversation = process.find(token)
    assert conversation
    return conversation


def test_a_conversation_goes_on_in_another_process(
    databases: list[Database], answer: Answer
) -> None:
    first, second = _processes(databases)
    begun = first.begin(GERMAN)
    token = begun.view.conversation
    turn = begun.ask("Wie viele?")
    assert turn
    turn.finish(answer)
    turn.rating, turn.entry = Rating(True, "gut"), 7
    first.keep(begun)
    taken_on = _found(second, token)
    assert taken_on.view == begun.view
    assert [past.question for past in taken_on.turns] == ["Wie viele?"]
    kept = taken_on.turns[0]
    assert kept.answer
    assert kept.answer.as_json() == answer.as_json()
    assert (kept.state, kept.rating, kept.entry) == ("answered", Rating(True, "gut"), 7)
    assert taken_on.ask("Und wo?")
    taken_on.stop()
    second.keep(taken_on)
    assert [past.question for past in _found(first, token).turns] == ["Wie viele?", "Und wo?"]


def test_events_of_one_page_work_with_the_same_turns(databases: list[Database]) -> None:
    first, _ = _processes(databases)
    begun = first.begin(GERMAN)
    assert first.find(begun.view.conversation) is begun
    begun.ask("Wer?")
    first.keep(begun)
    assert first.find(begun.view.conversation) is begun


def test_what_a_process_was_answering_when_it_died_is_stopped(databases: list[Database]) -> None:
    first, second = _processes(databases)
    begun = first.begin(GERMAN)
    begun.ask("Wer?")
    first.keep(begun)
    taken_on = _found(second, begun.view.conversation)
    assert [turn.state for turn in taken_on.turns] == ["stopped"]
    assert taken_on.ask_again(), "and can be asked again"


@pytest.mark.parametrize("token", [None, "", "x" * 22, "\ud800", "a\0b"])
def test_an_unknown_token_finds_nothing(databases: list[Database], token: str | None) -> None:
    assert _processes(databases)[0].find(token) is None


def test_who_does_not_come_back_is_forgotten(databases: list[Database]) -> None:
    first, second = _processes(databases, idle=-1)
    token = first.begin(GERMAN).view.conversation
    assert second.find(token) is None
    first.begin(GERMAN)
    with databases[0].transaction() as connection:
        (count,) = connection.exec_driver_sql("SELECT count(*) FROM conversations").one()
    assert count == 0, "nothing of it is left"


def test_a_conversation_outlives_a_database_that_is_away(
    databases: list[Database], postgres_server: Postgres
) -> None:
    first, second = _processes(databases)
    begun = first.begin(GERMAN)
    token = begun.view.conversation
    begun.ask("Wer?")
    begun.stop()
    first.keep(begun)
    postgres_server.stop()
    try:
        assert first.find(token) is begun
        begun.ask("Und wo?")
        begun.stop()
        first.keep(begun)
        stand_in = _found(second, token)
        assert stand_in.turns == []
        second.keep(stand_in)
    finally:
        postgres_server.start()
    second.keep(stand_in)
    first.keep(begun)
    assert [turn.question for turn in _found(second, token).turns] == ["Wer?", "Und wo?"]


def test_a_client_is_counted_by_all_processes_together(databases: list[Database]) -> None:
    first, second = (RateLimitInDatabase("3/hour", QuestionTimes(each)) for each in databases)
    assert [first.wait(SOMEBODY), second.wait(SOMEBODY), first.wait(SOMEBODY)] == [0, 0, 0]
    assert all(3500 < process.wait(SOMEBODY) <= 3600 for process in (first, second))
    assert second.wait(SOMEBODY_ELSE) == 0
    assert [first.wait("127.0.0.1") for _ in range(5)] == [0] * 5


def test_nobody_is_refused_because_the_database_is_away() -> None:
    with Database(place_of("postgresql+psycopg://nobody@127.0.0.1:1/lotse")) as away:
        assert RateLimitInDatabase("1/hour", QuestionTimes(away)).wait(SOMEBODY) == 0
