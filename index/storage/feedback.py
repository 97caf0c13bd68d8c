"""What readers say of answers, and the questions that the documents don't answer.

It lies in the catalogue's database. Nothing in it tells who asked, nor when on a day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sql

from index.storage import tables
from index.storage.database import Database
from index.storage.dialect import Place
from index.storage.migrations import upgrade

MAX_COMMENT_CHARACTERS: Final = 2000

_TABLE = tables.feedback
_COLUMNS = _TABLE.c


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what became of it; nothing in it tells who asked.

    `mode` is that of the answer, and `files` are those that it cites or, where the documents don't
    answer the question, those that are nearest to it.
    """

    question: str
    language: str
    answerable: bool
    mode: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackEntry(Asked):
    """A question as it is stored; `helpful` is None where nobody has said so or denied it."""

    number: int
    day: date
    helpful: bool | None
    comment: str


class Feedback(Database):
    """The feedback in the catalogue's database; several threads and processes may use it.

    Raises StorageError where that is damaged, can't be written, or does not answer.
    """

    def __init__(self, place: Place, today: Callable[[], date] = date.today) -> None:
        # What is deleted is overwritten: a reader may have named people in a comment.
        super().__init__(place, "secure_delete=ON")
        self._today = today
        self.prepare(upgrade)

    def keep(self, asked: Asked) -> int:
        """Stores a question under today's date; its number, by which it can be rated."""
        values = {
            "day": self._today(),
            "question": _as_text(asked.question),
            "language": asked.language,
            "answerable": asked.answerable,
            "mode": asked.mode,
            "files": [_as_text(file) for file in asked.files],
            "comment": "",
        }
        with self.transaction() as connection:
            stored = sql.insert(_TABLE).values(values).returning(_COLUMNS.number)
            number: int = connection.execute(stored).scalar_one()
        return number

    def rate(self, number: int, helpful: bool | None, comment: str) -> bool:
        """Sets what a reader says of an answer; False where the entry is gone.

        None without a comment takes it back: then an answered question is no longer stored, and a
        refused one stays without it. Raises ValueError for more than MAX_COMMENT_CHARACTERS.
        """
        said = _as_text(comment).strip()
        if len(said) > MAX_COMMENT_CHARACTERS:
            raise ValueError(f"{len(said)} characters; a comment has {MAX_COMMENT_CHARACTERS}")
        this = _COLUMNS.number == number
        with self.transaction() as connection:
            rated = connection.execute(
                sql.update(_TABLE).where(this).values(helpful=helpful, comment=said)
            )
            if helpful is None and not said:
                connection.execute(sql.delete(_TABLE).where(this, _COLUMNS.answerable))
        return bool(rated.rowcount)

    def entries(
        self, *, unanswered: bool = False, since: date | None = None, until: date | None = None
    ) -> list[FeedbackEntry]:
        """What is stored, oldest first: of these days, which are included, or refused alone."""
        wanted = [
            *([~_COLUMNS.answerable] if unanswered else []),
            *([_COLUMNS.day >= since] if since else []),
            *([_COLUMNS.day <= until] if until else []),
        ]
        with self.transaction() as connection:
            rows = connection.execute(sql.select(_TABLE).where(*wanted).order_by(_COLUMNS.number))
            return [_entry(row) for row in rows]

    def remove(self, numbers: Iterable[int]) -> None:
        """Deletes these entries, so that no file of the database has their text any more."""
        gone = sql.delete(_TABLE).where(_COLUMNS.number == sql.bindparam("gone"))
        if values := [{"gone": number} for number in numbers]:
            with self.transaction() as connection:
                connection.execute(gone, values)
            self.scrub(_TABLE)


def _as_text(text: str) -> str:
    """The text without halves of characters, which SQLite doesn't take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _entry(row: sql.Row[Any]) -> FeedbackEntry:
    return FeedbackEntry(**{**row._mapping, "files": tuple(row.files)})
