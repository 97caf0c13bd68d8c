"""The interface for programs: ask a question, list the documents, see that the server is alive."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from assistant.question import MAX_QUESTION_CHARACTERS
from assistant.web.chat import Engine
from assistant.web.language import Language
from index.documents import Document

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
]


class Question(BaseModel):
    """What `/api/ask` takes. Without a language, the question's own is found out."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    language: Language | None = None


def router(engine: Engine) -> APIRouter:
    """The routes, which answer from `engine`."""
    routes = APIRouter()

    @routes.post("/api/ask")
    def ask(question: Question) -> dict[str, Any]:
        return engine.ask(question.question, language=question.language).as_json()

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
