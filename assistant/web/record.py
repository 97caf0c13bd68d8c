"""What is kept of questions and answers: refused questions, what readers say of the others, and
who asked, where that is wanted.
"""

import logging
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from assistant.answer import Answer
from assistant.web.audit import Audit, NoAudit
from index.errors import StorageError
from index.storage.feedback import Asked, Feedback

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader says of an answer: whether it helped, and a comment or none."""

    helpful: bool
    comment: str = ""


class Ratable(Protocol):
    """An answer, or none yet, and what its reader has said of it.

    `entry` is the number under which that is stored.
    """

    answer: Answer | None
    rating: Rating | None
    entry: int | None


class Record:
    """Writes into `feedback`; without one (LOTSE_FEEDBACK=off) nothing is kept.

    Who asked goes into the `audit`, and nowhere else.
    """

    def __init__(self, feedback: Feedback | None, audit: Audit | None = None) -> None:
        self._feedback = feedback
        self._audit = audit or NoAudit()
        self._rating = Lock()  # who presses twice rates one turn in two threads at once

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._feedback is not None

    def note(self, user: str, answer: Answer) -> None:
        """Notes who gets an answer. Raises StorageError where it can't be: then none is given."""
        self._audit.note(user, answer)

    def take(self, answer: Answer) -> int | None:
        """Keeps the question if it was refused: its number, or None where it is not kept.

        What was not searched for, a greeting for instance, shows no missing document.
        """
        if self._feedback is None or answer.answerable or not answer.retrieved:
            return None
        try:
            return self._feedback.keep(_asked(answer))
        except StorageError:  # which is no reason to keep the answer from the reader
            logger.exception("A refused question can't be stored")
            return None

    def rate(self, turn: Ratable, rating: Rating | None) -> bool:
        """Keeps what a reader says of an answer, or that they take it back.

        False where nothing is kept, or there is no answer.
        """
        if self._feedback is None or turn.answer is None:
            return False
        helpful, comment = (rating.helpful, rating.comment) if rating else (None, "")
        with self._rating:
            is_kept = turn.entry is not None and self._feedback.rate(turn.entry, helpful, comment)
            if rating and not is_kept:
                turn.entry = self._feedback.keep(_asked(turn.answer))
                self._feedback.rate(turn.entry, helpful, comment)
            turn.rating = rating
        return True


def _asked(answer: Answer) -> Asked:
    cited = [citation.file for citation in (*answer.citations, *answer.related)]
    files = cited or [document.file for document in answer.retrieved]
    return Asked(
        answer.searched,
        answer.language,
        answer.answerable,
        answer.mode,
        tuple(dict.fromkeys(files)),
    )
