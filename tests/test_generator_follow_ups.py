"""Questions that follow up: rewritten by the LLM, and by hand where that fails."""

from collections.abc import Iterator

import pytest

from assistant.asking.follow_ups import Turn
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.engine import Assistant
from tests import model_server as scripted
from tests.answering import Sent, assistant
from tests.generated import BY_HAND, FOLLOW_UP, MEMBERS, TURNS, is_sound, prompts, says
from tests.library import LIBRARY, Desk, fill, opened
from tests.model_server import ModelServer

REWRITTEN = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
REWRITES = "Schreiben Sie die neue Frage"  # the beginning of what it is told then


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("generate")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


def rewrites(server: ModelServer, rewritten: str) -> None:
    """Has follow-up questions rewritten so, and any question answered with the members."""

    def reply(prompt: Sent) -> str:
        if REWRITES in prompt.system:
            return rewritten
        return f"Dem Netzwerk Nordlicht gehören 27 Mitglieder an. [{prompt.number(MEMBERS)}]"

    says(server, reply)


def test_a_follow_up_is_rewritten_by_the_llm_from_the_turns_before(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    rewrites(server, f" {REWRITTEN}\n")
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    is_sound(answer, desk)
    assert (answer.question, answer.searched) == (FOLLOW_UP, REWRITTEN)
    asks_anew, answers = prompts(server)
    assert REWRITES in asks_anew.system
    assert asks_anew.lines == [{"question": TURNS[0].question, "answer": TURNS[0].answer}]
    assert asks_anew.question == FOLLOW_UP
    assert answers.question == REWRITTEN
    assert MEMBERS in answers.texts[0]


def test_the_rewriting_is_made_from_the_conversation(asked: Assistant, server: ModelServer) -> None:
    def reply(prompt: Sent) -> str:
        if REWRITES not in prompt.system:
            return "Leiter des Zentrums Alpenblick ist Anton Huber. [1]"
        named = "Netzwerk Nordlicht" if "Nordlicht" in str(prompt.lines) else "Zentrum Alpenblick"
        return f"Wer leitet das {named}?"

    says(server, reply)
    turns = [Turn("Wo ist das Zentrum Alpenblick?", "In Bregenz.")]
    assert asked.ask("Wer leitet es?", history=turns).searched == (
        "Wer leitet das Zentrum Alpenblick?"
    )
    assert asked.ask("Wer leitet es?", history=TURNS).searched == (
        "Wer leitet das Netzwerk Nordlicht?"
    )


def test_a_question_without_turns_before_is_not_rewritten(
    asked: Assistant, server: ModelServer
) -> None:
    rewrites(server, "Etwas ganz anderes?")
    answer = asked.ask(REWRITTEN)
    assert (answer.searched, answer.mode) == (REWRITTEN, "generated")
    (prompt,) = prompts(server)
    assert REWRITES not in prompt.system
    assert TURNS[0].question not in str(server.requests)


def test_turns_are_not_sent_with_the_passages(asked: Assistant, server: ModelServer) -> None:
    rewrites(server, REWRITTEN)
    asked.ask(FOLLOW_UP, history=[Turn("Was ist mit Xanthippe?", "Geheim."), *TURNS])
    _, answers = (str(request.body) for request in server.requests)
    assert "Xanthippe" not in answers
    assert "Geheim" not in answers


@pytest.mark.parametrize(
    "rewritten",
    [
        *("", " \n", "\u200b", REWRITTEN + "?" * MAX_QUESTION_CHARACTERS),
        "Wie viele Mitglieder hat das Zentrum Alpenblick?",
        "Wie viele Mitglieder hatte das Netzwerk Nordlicht 2019?",
        "Wie viele der 27 Mitglieder hat das Netzwerk Nordlicht?",
        "Wie viele Mitglieder hat das Netzwerk Nordlicht von Wiebke Petersen?",
    ],
    ids=["empty", "blank", "invisible", "long", "name", "year", "number", "person"],
)
def test_a_rewriting_that_adds_something_or_is_none_is_done_by_hand(
    desk: Desk, asked: Assistant, server: ModelServer, rewritten: str
) -> None:
    rewrites(server, rewritten)
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    assert answer.searched == BY_HAND
    is_sound(answer, desk)
    assert MEMBERS in answer.citations[0].quote


@pytest.mark.parametrize(
    "rewritten",
    [
        "Wie viele Mitglieder hat das am 14. März 2023 gegründete Netzwerk Nordlicht?",
        "Wie viele Mitglieder hat das Netzwerk Nordlicht in Flensburg?",
        "Wie viele Mitglieder hat Flensburgs Netzwerk Nordlicht?",
    ],
)
def test_a_rewriting_may_name_what_the_conversation_has(
    asked: Assistant, server: ModelServer, rewritten: str
) -> None:
    rewrites(server, rewritten)
    assert asked.ask(FOLLOW_UP, history=TURNS).searched == rewritten


@pytest.mark.parametrize(
    "befalls", [scripted.Fault.UNAUTHORISED, scripted.Fault.STOPS, scripted.Fault.CUT], ids=str
)
def test_where_the_rewriting_fails_the_answer_is_still_written(
    desk: Desk, asked: Assistant, server: ModelServer, befalls: scripted.Fault
) -> None:
    rewrites(server, REWRITTEN)
    server.fault, server.times = befalls, 1
    answer = asked.ask(FOLLOW_UP, history=TURNS)
    assert answer.searched == BY_HAND
    is_sound(answer, desk)


def test_a_rewriting_that_takes_too_long_leaves_time_for_the_answer(
    desk: Desk, server: ModelServer
) -> None:
    rewrites(server, REWRITTEN)
    server.fault, server.times = scripted.Fault.HANGS, 1
    answer = assistant(desk, server.url, 3).ask(FOLLOW_UP, history=TURNS)
    assert (answer.searched, answer.mode) == (BY_HAND, "generated")
    assert answer.seconds < 3
