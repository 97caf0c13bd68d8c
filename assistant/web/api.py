"""The interface for programs: ask a question, list the documents, see that the server is alive."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.citations import Answer, Claim, Progress
from assistant.conversation import Turn
from assistant.question import MAX_QUESTION_CHARACTERS
from assistant.scope import Scope
from assistant.web.chat import Engine
from assistant.web.language import Language
from index.documents import Document
from index.errors import ScopeError

MAX_TURNS: Final = 20
MAX_ANSWER_CHARACTERS: Final = 20_000
MAX_FILES: Final = 100
MAX_FILE_CHARACTERS: Final = 1_000

_EVENTS: Final = "text/event-stream"

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
]
FileText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_FILE_CHARACTERS)]


class EarlierTurn(BaseModel):
    """A question that was asked before, with the text of its answer where it is at hand."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    answer: Annotated[str, StringConstraints(max_length=MAX_ANSWER_CHARACTERS)] = ""


class Question(BaseModel):
    """What `/api/ask` takes. Without a language, the question's own is found out.

    `history` are the turns before, oldest first, for a question that follows up on them. `files`,
    `since` and `until` leave out all other documents, those without a date too where one is given.
    """

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    language: Language | None = None
    history: Annotated[tuple[EarlierTurn, ...], Field(max_length=MAX_TURNS)] = ()
    files: Annotated[
        tuple[FileText, ...],
        Field(
            max_length=MAX_FILES,
            description="Only these: files as citations name them, or patterns (protokolle/*.md).",
        ),
    ] = ()
    since: Annotated[
        str | None,
        Field(description="Only documents from this day, month or year on (2016-04-26, 2016)."),
    ] = None
    until: Annotated[
        str | None,
        Field(description="Only documents up to this day, month or year, which is included."),
    ] = None


def router(engine: Engine) -> APIRouter:
    """The routes, which answer from `engine`."""
    routes = APIRouter()

    @routes.post("/api/ask")
    def ask(question: Question, request: Request) -> Response:
        progress = _asked(engine, question)
        if _EVENTS in request.headers.get("accept", ""):
            return StreamingResponse(map(_event, progress), media_type=_EVENTS)
        answer = next(each for each in progress if isinstance(each, Answer))
        return JSONResponse(answer.as_json())

    @routes.get("/api/documents")
    def documents() -> list[dict[str, Any]]:
        return [_described(document) for document in engine.documents()]

    @routes.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return routes


def _asked(engine: Engine, question: Question) -> Iterator[Progress | Answer]:
    """The answer, after what is known of it before. Raises HTTPException where none is searched."""
    turns = [Turn(turn.question, turn.answer) for turn in question.history]
    try:
        progress = engine.stream(
            question.question,
            language=question.language,
            history=turns,
            scope=Scope.read(question.files, question.since, question.until),
        )
        return chain([next(progress)], progress)
    except ScopeError as error:
        raise HTTPException(422, str(error)) from error


def _event(each: Progress | Answer) -> bytes:
    """A server-sent event: `delta` and `claim`, and at last `answer`."""
    if isinstance(each, Answer):
        name, data = "answer", each.as_json()
    else:
        name, data = ("claim" if isinstance(each, Claim) else "delta"), asdict(each)
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


def _described(document: Document) -> dict[str, Any]:
    return {
        "file": document.file,
        "title": document.title,
        "date": document.date.isoformat() if document.date else None,
        "language": document.language,
        "url": document.url,
    }
