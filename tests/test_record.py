"""What is kept: refused questions at once, answered ones when somebody says something of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from assistant.web.chat.conversation import ChatTurn
from assistant.web.record import Rating, Record
from index.errors import StorageError
from index.storage.feedback import Feedback, FeedbackEntry
from tests.browser.scripted import ScriptedAssistant

ANSWERED = "Wie viele, und alles?"
REFUSED = ["Wetter auf dem Mars?", "Welches Budget?"]


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    with Feedback(tmp_path / "catalogue.sqlite") as opened:
        yield opened


@pytest.fixture
def record(feedback: Feedback) -> Record:
    return Record(feedback)


def _turn(record: Record, assistant: ScriptedAssistant, question: str) -> ChatTurn:
    """A turn with its answer, taken as the chat does."""
    turn = ChatTurn(question)
    answer = assistant.ask(question)
    turn.finish(answer)
    turn.entry = record.take(answer)
    return turn


def _said(entries: list[FeedbackEntry]) -> list[tuple[str, bool | None, str]]:
    return [(entry.question, entry.helpful, entry.comment) for entry in entries]


# Without a word of the reader


@pytest.mark.parametrize("question", REFUSED)
def test_a_refused_question_is_kept_once(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant, question: str
) -> None:
    turn = _turn(record, assistant, question)
    (entry,) = feedback.entries(unanswered=True)
    assert turn.entry == entry.number
    assert (entry.question, entry.language, entry.mode) == (question, "de", "extractive")
    assert _said([entry]) == [(question, None, "")]
    record.rate(turn, Rating(False))
    assert len(feedback.entries()) == 1


def test_an_answered_question_is_not_kept(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    assert _turn(record, assistant, ANSWERED).entry is None
    assert feedback.entries() == []


def test_a_follow_up_question_is_kept_as_what_was_searched_for(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    answer = assistant.ask(REFUSED[0])
    record.take(replace(answer, question="Und dort?", searched="Wie ist es auf dem Mars?"))
    assert [entry.question for entry in feedback.entries()] == ["Wie ist es auf dem Mars?"]


@pytest.mark.parametrize(
    ("question", "files"),
    [
        (ANSWERED, ("001_netzwerk.txt", "ordner/002_zweites.txt")),
        (REFUSED[1], ("001_netzwerk.txt", "003_verbund.txt")),
        (REFUSED[0], tuple(document.file for document in ScriptedAssistant().documents())),
    ],
)
def test_the_files_are_those_cited_or_near(
    record: Record,
    feedback: Feedback,
    assistant: ScriptedAssistant,
    question: str,
    files: tuple[str, ...],
) -> None:
    record.rate(_turn(record, assistant, question), Rating(True))
    (entry,) = feedback.entries()
    assert entry.files == files
    assert entry.answerable is (question == ANSWERED)


# What a reader says


@pytest.mark.parametrize("question", [ANSWERED, *REFUSED])
@pytest.mark.parametrize("helpful", [True, False])
def test_what_a_reader_says_last_is_kept(
    record: Record,
    feedback: Feedback,
    assistant: ScriptedAssistant,
    question: str,
    helpful: bool,
) -> None:
    turn = _turn(record, assistant, question)
    for rating in (Rating(not helpful), Rating(helpful), Rating(helpful, "Da fehlt etwas.")):
        assert record.rate(turn, rating)
        assert turn.rating == rating
        assert _said(feedback.entries()) == [(question, rating.helpful, rating.comment)]


@pytest.mark.parametrize("question", [ANSWERED, *REFUSED])
def test_who_takes_it_back_leaves_what_was_there_before(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant, question: str
) -> None:
    turn = _turn(record, assistant, question)
    before = feedback.entries()
    record.rate(turn, Rating(False, "Mit einem Namen darin"))
    assert record.rate(turn, None)
    assert turn.rating is None
    assert feedback.entries() == before
    assert record.rate(turn, Rating(True))
    assert _said(feedback.entries()) == [(question, True, "")]


def test_nothing_is_taken_back_of_what_was_never_said(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    turn = _turn(record, assistant, ANSWERED)
    assert record.rate(turn, None)
    assert (turn.rating, feedback.entries()) == (None, [])


@pytest.mark.parametrize("question", [ANSWERED, *REFUSED])
def test_what_was_deleted_meanwhile_is_kept_anew_by_a_further_word(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant, question: str
) -> None:
    turn = _turn(record, assistant, question)
    record.rate(turn, Rating(True))
    feedback.remove([entry.number for entry in feedback.entries()])
    assert record.rate(turn, Rating(False, "Doch nicht."))
    (entry,) = feedback.entries()
    assert _said([entry]) == [(question, False, "Doch nicht.")]
    assert turn.entry == entry.number


def test_what_was_deleted_meanwhile_stays_so_for_who_takes_it_back(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    turn = _turn(record, assistant, REFUSED[0])
    record.rate(turn, Rating(True))
    feedback.remove([entry.number for entry in feedback.entries()])
    assert record.rate(turn, None)
    assert (turn.rating, feedback.entries()) == (None, [])


def test_readers_of_the_same_answer_are_kept_apart(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    for helpful in (True, False):
        record.rate(_turn(record, assistant, ANSWERED), Rating(helpful))
    assert [entry.helpful for entry in feedback.entries()] == [True, False]


def test_who_presses_twice_has_said_it_once(
    record: Record, feedback: Feedback, assistant: ScriptedAssistant
) -> None:
    turn, threads = _turn(record, assistant, ANSWERED), 8
    start = Barrier(threads)

    def press(_number: int) -> bool:
        start.wait()
        return record.rate(turn, Rating(True))

    with ThreadPoolExecutor(threads) as pool:
        assert all(pool.map(press, range(threads)))
    assert _said(feedback.entries()) == [(ANSWERED, True, "")]


def test_a_question_that_cant_be_stored_is_logged_and_not_rated(
    tmp_path: Path, assistant: ScriptedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "damaged.sqlite"
    with Feedback(path) as damaged:
        damaged.close()
        path.write_bytes(b"no database" * 1000)
        turn = _turn(Record(damaged), assistant, REFUSED[0])
        assert turn.entry is None
        assert "A refused question can't be stored" in caplog.text
        assert REFUSED[0] not in caplog.text
        with pytest.raises(StorageError):
            Record(damaged).rate(turn, Rating(True))
        assert turn.rating is None


@pytest.mark.parametrize("state", ["searching", "failed", "stopped"])
def test_without_an_answer_nothing_is_rated(record: Record, feedback: Feedback, state: str) -> None:
    turn = ChatTurn("Wer?")
    if state == "failed":
        turn.finish(None)
    elif state == "stopped":
        turn.stop()
    assert turn.state == state
    assert not record.rate(turn, Rating(True))
    assert (turn.rating, feedback.entries()) == (None, [])


def test_where_nothing_is_to_be_kept_nothing_is(assistant: ScriptedAssistant) -> None:
    record = Record(None)
    assert not record.keeps
    for question in (ANSWERED, *REFUSED):
        turn = _turn(record, assistant, question)
        assert turn.entry is None
        assert not record.rate(turn, Rating(True))
        assert turn.rating is None, "nobody is told that it was"


def test_where_it_is_kept_that_is_known(record: Record) -> None:
    assert record.keeps
