"""The interface for programs: ask a question, list the documents, see that the server is alive."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.conversation import Turn
from assistant.question import MAX_QUESTION_CHARACTERS
from assistant.web.chat import Engine
from assistant.web.language import Language
from index.documents import Document

MAX_TURNS: Final = 20
MAX_ANSWER_CHARACTERS: Final = 20_000

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
]


class EarlierTurn(BaseModel):
    """A question that was asked before, with the text of its answer where it is at hand."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    answer: Annotated[str, StringConstraints(max_length=MAX_ANSWER_CHARACTERS)] = ""


class Question(BaseModel):
    """What `/api/ask` takes. Without a language, the question's own is found out.

    `history` are the turns before, oldest first, for a question that follows up on them.
    """

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    language: Language | None = None
    history: Annotated[tuple[EarlierTurn, ...], Field(max_length=MAX_TURNS)] = ()


def router(engine: Engine) -> APIRouter:
    """The routes, which answer from `engine`."""
    routes = APIRouter()

    @routes.post("/api/ask")
    def ask(question: Question) -> dict[str, Any]:
        turns = [Turn(turn.question, turn.answer) for turn in question.history]
        answer = engine.ask(question.question, language=question.language, history=turns)
        return answer.as_json()

    @routes.get("/api/documents")
    def documents() -> list[dict[str, Any]]:
        return [_described(document) for document in engine.documents()]

    @routes.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return routes


def _described(document: Document) -> dict[str, Any]:
    return {
        "file": document.file,
        "title": document.title,
        "date": document.date.isoformat() if document.date else None,
        "language": document.language,
        "url": document.url,
    }
