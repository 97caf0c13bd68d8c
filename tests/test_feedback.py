"""What readers say is stored whole, without who said it, and outlives the catalogue beside it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from threading import Timer

import pytest

from index.documents import Document
from index.errors import StorageError
from index.storage import tables
from index.storage.catalogue import Catalogue, FileState
from index.storage.dialect import Place
from index.storage.feedback import MAX_COMMENT_CHARACTERS, Asked, Feedback, FeedbackEntry
from index.text.passages import passages

ANSWERED = Asked("Wer leitet das Zentrum?", "de", True, "generated", ("zentrum.txt", "a/b.md"))
REFUSED = Asked("What does it cost?", "en", False, "extractive", ("netzwerk.md",))
FIRST = date(2026, 11, 20)
HOSTILE = [
    "eins\nzwei\r\ndrei\u2028vier",
    "\x1b[2J\x07\x00\x9b31m \u202eumgekehrt",
    "'; DROP TABLE feedback; --",
    '=HYPERLINK("http://example.org")',
    "x" * 10_000,
    "👩‍🔬 🇫🇷 é e\u0301 \ufeff",
    "<script>alert(1)</script>",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def feedback(place: Place) -> Iterator[Feedback]:
    """Each question is of the day after the one before, from FIRST on."""
    days = count()
    with Feedback(place, lambda: FIRST + timedelta(days=next(days))) as opened:
        yield opened


@pytest.fixture
def in_file(path: Path) -> Iterator[Feedback]:
    """Feedback in SQLite's file, of which a test looks at the file."""
    with Feedback(path) as opened:
        yield opened


def _numbers(entries: list[FeedbackEntry]) -> list[int]:
    return [entry.number for entry in entries]


def _asked(entry: FeedbackEntry) -> Asked:
    return Asked(*(getattr(entry, field) for field in Asked.__slots__))


# What is stored


def test_a_question_is_stored_with_what_became_of_it_and_the_day(path: Path) -> None:
    with Feedback(path) as feedback:
        numbers = [feedback.keep(ANSWERED), feedback.keep(REFUSED)]
    with Feedback(path) as reopened:
        answered, refused = reopened.entries()
    assert [answered.number, refused.number] == numbers
    assert (_asked(answered), _asked(refused)) == (ANSWERED, REFUSED)
    assert (answered.day, answered.helpful, answered.comment) == (date.today(), None, "")


def test_nothing_is_stored_that_tells_who_asked_or_when_on_a_day(feedback: Feedback) -> None:
    feedback.keep(ANSWERED)
    (entry,) = feedback.entries()
    fields = {"number", "day", *asdict(ANSWERED), "helpful", "comment"}
    assert set(tables.feedback.columns.keys()) == set(asdict(entry)) == fields
    assert type(entry.day) is date


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back_as_it_was(feedback: Feedback, text: str) -> None:
    number = feedback.keep(Asked(text, "de", False, "extractive", (text, "a.txt")))
    comment = text[:MAX_COMMENT_CHARACTERS].strip()
    assert feedback.rate(number, False, comment)
    (entry,) = feedback.entries()
    files = (text, "a.txt")
    if feedback.dialect.is_shared:  # PostgreSQL takes no zero
        text, comment = text.replace("\0", "\ufffd"), comment.replace("\0", "\ufffd")
    assert (entry.question, entry.files, entry.comment) == (text, files, comment)


def test_half_a_character_is_replaced(feedback: Feedback) -> None:
    number = feedback.keep(
        Asked("Wer \ud83d?", "de", False, "extractive", ("gr\udcfc\udcdfe.txt",))
    )
    assert feedback.rate(number, True, "So \udc00 so")
    (entry,) = feedback.entries()
    assert (entry.question, entry.files) == ("Wer ??", ("gr??e.txt",))
    assert entry.comment == "So ? so"


# Ratings


@pytest.mark.parametrize("asked", [ANSWERED, REFUSED], ids=["answered", "refused"])
def test_a_rating_is_stored_and_can_be_changed(feedback: Feedback, asked: Asked) -> None:
    other, number = feedback.keep(asked), feedback.keep(asked)
    assert feedback.rate(number, True, "")
    assert feedback.rate(number, False, " Das Datum fehlt.\n")
    bare, rated = feedback.entries()
    assert (rated.number, rated.helpful, rated.comment) == (number, False, "Das Datum fehlt.")
    assert (bare.number, bare.helpful, bare.comment) == (other, None, "")


def test_a_comment_needs_no_verdict(feedback: Feedback) -> None:
    assert feedback.rate(feedback.keep(ANSWERED), None, "Danke!")
    (entry,) = feedback.entries()
    assert (entry.helpful, entry.comment) == (None, "Danke!")


def test_an_answered_question_is_gone_once_its_rating_is_taken_back(feedback: Feedback) -> None:
    number = feedback.keep(ANSWERED)
    feedback.rate(number, True, "Danke!")
    assert feedback.rate(number, None, "  ")
    assert feedback.entries() == []
    assert not feedback.rate(number, True, "")


def test_a_refused_question_stays_when_its_rating_is_taken_back(feedback: Feedback) -> None:
    number = feedback.keep(REFUSED)
    before = feedback.entries()
    feedback.rate(number, False, "Schade.")
    assert feedback.rate(number, None, "")
    assert feedback.entries() == before


def test_what_is_gone_cannot_be_rated(feedback: Feedback) -> None:
    number = feedback.keep(REFUSED)
    feedback.remove([number])
    assert not feedback.rate(number, True, "Danke!")
    assert not feedback.rate(10_000, None, "")
    assert feedback.entries() == []


def test_a_number_is_never_given_twice(place: Place, feedback: Feedback) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(feedback.keep(REFUSED))
        feedback.remove(numbers)
    with Feedback(place) as reopened:
        numbers.append(reopened.keep(REFUSED))
    assert len(set(numbers)) == 4


def test_a_comment_has_a_limit(feedback: Feedback) -> None:
    number = feedback.keep(REFUSED)
    assert feedback.rate(number, True, f" {'é' * MAX_COMMENT_CHARACTERS} ")
    with pytest.raises(ValueError, match="2001"):
        feedback.rate(number, False, "é" * (MAX_COMMENT_CHARACTERS + 1))
    (entry,) = feedback.entries()
    assert (entry.helpful, len(entry.comment)) == (True, MAX_COMMENT_CHARACTERS)


# Listing and deleting


def test_entries_come_oldest_first_by_kind_and_day(feedback: Feedback) -> None:
    numbers = [feedback.keep(asked) for asked in (REFUSED, ANSWERED, REFUSED, ANSWERED)]
    second, third = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
    assert _numbers(feedback.entries()) == numbers
    assert _numbers(feedback.entries(unanswered=True)) == [numbers[0], numbers[2]]
    assert _numbers(feedback.entries(since=second)) == numbers[1:]
    assert _numbers(feedback.entries(until=second)) == numbers[:2]
    assert _numbers(feedback.entries(since=second, until=third)) == numbers[1:3]
    assert _numbers(feedback.entries(unanswered=True, since=second)) == [numbers[2]]
    assert feedback.entries(since=FIRST + timedelta(days=9)) == []


def test_what_is_removed_is_gone_and_the_rest_stays(feedback: Feedback) -> None:
    numbers = [feedback.keep(REFUSED) for _ in range(4)]
    feedback.remove([])
    feedback.remove([numbers[1], numbers[3], 10_000])
    assert _numbers(feedback.entries()) == [numbers[0], numbers[2]]
    feedback.remove(range(50_000))  # more than SQL takes values at once
    assert feedback.entries() == []


def test_no_file_has_the_text_of_what_was_removed(path: Path, in_file: Feedback) -> None:
    name = "Wiebke Petersen"
    with Catalogue(path):
        kept = in_file.keep(REFUSED)
        number = in_file.keep(replace(ANSWERED, question=f"Wer ist {name}?"))
        in_file.rate(number, True, f"Von {name}. " * 50)
        in_file.rate(number, True, f"Von {name} selbst.")
        assert any(name.encode() in file.read_bytes() for file in path.parent.iterdir())
        in_file.remove([number])
        assert not any(name.encode() in file.read_bytes() for file in path.parent.iterdir())
    assert _numbers(in_file.entries()) == [kept]


# Threads and processes


def test_threads_store_at_the_same_time(path: Path) -> None:
    with Feedback(path) as feedback:

        def store(thread: int) -> list[int]:
            kept = []
            for turn in range(20):
                number = feedback.keep(replace(ANSWERED, question=f"{thread}.{turn}"))
                assert feedback.rate(number, turn % 2 == 0, f"{thread}.{turn}")
                kept.append(number)
            return kept

        with ThreadPoolExecutor(24) as threads:
            numbers = [number for kept in threads.map(store, range(24)) for number in kept]
        entries = feedback.entries()
        assert sorted(numbers) == _numbers(entries)
        assert all(entry.question == entry.comment for entry in entries)


def test_readers_rate_while_documents_are_taken_over(path: Path) -> None:
    sentences = "\n\n".join(f"Satz {number} steht hier für sich." for number in range(100))
    document = Document("a.txt", sentences, "A", None, "de", None)
    stemmed = dict.fromkeys(passages(document, 64), "satz")
    with Catalogue(path) as catalogue, Feedback(path) as feedback, ThreadPoolExecutor(4) as threads:
        kept = [threads.submit(feedback.keep, REFUSED) for _ in range(60)]
        for number in range(30):
            catalogue.put(document, FileState(1, number, "a"), stemmed)
            catalogue.remove("a.txt")
        assert len({future.result() for future in kept}) == len(feedback.entries()) == 60


def test_a_write_waits_until_that_of_another_process_has_ended(path: Path) -> None:
    with (
        Feedback(path) as feedback,
        closing(sqlite3.connect(path, check_same_thread=False)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        ending = Timer(0.5, other.rollback)
        ending.start()
        assert feedback.entries() == []
        assert feedback.keep(REFUSED)
        ending.join()


# Beside the catalogue


def test_it_makes_no_difference_which_comes_first(path: Path) -> None:
    document = Document("a.txt", "Ein Satz über Bienen.", "A", None, "de", None)
    with Feedback(path) as feedback:
        feedback.keep(REFUSED)
        with Catalogue(path) as catalogue:
            catalogue.put(document, FileState(1, 2, "a"), {})
            feedback.keep(ANSWERED)
    with Catalogue(path) as catalogue, Feedback(path) as feedback:
        assert catalogue.documents() == [document]
        assert [_asked(entry) for entry in feedback.entries()] == [REFUSED, ANSWERED]


def test_it_stays_when_the_catalogue_is_made_anew(path: Path) -> None:
    with Catalogue(path) as catalogue, Feedback(path) as feedback:
        document = Document("a.txt", "Ein Satz über Bienen.", "A", None, "de", None)
        catalogue.put(document, FileState(1, 2, "a"), {})
        number = feedback.keep(ANSWERED)
        feedback.rate(number, False, "Falsch.")
        catalogue.state(schema="of long ago")
        before = feedback.entries()
    with Catalogue(path) as rebuilt, Feedback(path) as feedback:
        assert rebuilt.documents() == []
        assert feedback.entries() == before
        assert feedback.keep(REFUSED) > number


def test_it_names_a_document_as_it_is_called_now(path: Path) -> None:
    document = Document("a.txt", "Ein Satz über Bienen.", "A", None, "de", None)
    with Catalogue(path) as catalogue, Feedback(path) as feedback:
        catalogue.put(document, FileState(1, 2, "a"), {})
        feedback.keep(replace(ANSWERED, files=("b.txt", "a.txt")))
        feedback.keep(replace(ANSWERED, files=("b.txt",)))
        catalogue.rename("a.txt", "2024/a.txt")
        files = [entry.files for entry in feedback.entries()]
    assert files == [("b.txt", "2024/a.txt"), ("b.txt",)]


def test_it_stays_when_the_catalogue_was_never_finished(path: Path) -> None:
    with Feedback(path) as feedback:
        feedback.keep(REFUSED)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)")
    with Catalogue(path), Feedback(path) as feedback:
        assert [_asked(entry) for entry in feedback.entries()] == [REFUSED]


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"no database at all " * 500)
    with pytest.raises(StorageError, match=r"catalogue\.sqlite"):
        Feedback(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="missing"):
        Feedback(tmp_path / "missing" / "catalogue.sqlite")


def test_a_database_that_is_damaged_meanwhile_is_named(path: Path, in_file: Feedback) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE feedback")
        connection.commit()
    for use in (
        lambda: in_file.keep(REFUSED),
        lambda: in_file.rate(1, True, ""),
        in_file.entries,
        lambda: in_file.remove([1]),
    ):
        with pytest.raises(StorageError, match=r"catalogue\.sqlite"):
            use()
