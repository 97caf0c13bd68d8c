"""What somebody has typed: as text that can be shown again, and why it can't be asked."""

from assistant.asking.limits import MAX_QUESTION_CHARACTERS, Unaskable, unaskable
from assistant.web import typography
from assistant.web.texts import Texts


def readable(question: str | None) -> str:
    """The question as valid text: half of a surrogate pair can't be sent back to any browser."""
    return (question or "").encode("utf-8", "replace").decode("utf-8").strip()


def hint_on(question: str, texts: Texts) -> str | None:
    """Why a question can't be asked as it is; None if it can."""
    match unaskable(question):
        case Unaskable.EMPTY:
            return texts.hint_empty
        case Unaskable.TOO_LONG:
            length = typography.count(len(question), texts.language)
            limit = typography.count(MAX_QUESTION_CHARACTERS, texts.language)
            return texts.hint_too_long.format(count=length, limit=limit)
        case None:
            return None
