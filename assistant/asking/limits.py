"""What can be asked at all, known without anything that takes long to import."""

from enum import Enum

from index.text.words import words

MAX_QUESTION_CHARACTERS = 2_000


class Unaskable(Enum):
    """Why a text is no question."""

    EMPTY = "empty"
    TOO_LONG = "too long"


def unaskable(text: str) -> Unaskable | None:
    """Why a text can't be asked; None if it can."""
    if len(text) > MAX_QUESTION_CHARACTERS:
        return Unaskable.TOO_LONG
    return None if words(text) else Unaskable.EMPTY
