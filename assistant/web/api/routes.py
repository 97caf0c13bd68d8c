"""The interface for programs: ask a question, read the documents, see how the server is."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Annotated, Final

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Body, Depends, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.access import EVERYTHING
from assistant.answer import Answer
from assistant.asking.follow_ups import Turn
from assistant.web.api import openapi, partners
from assistant.web.api.admission import UNBUFFERED, Admission, Step, Steps, later, narrowed
from assistant.web.api.described import ENTRY
from assistant.web.api.json_route import JsonRoute
from assistant.web.api.schema import (
    EVENTS,
    Alive,
    DocumentCounts,
    DocumentEntry,
    QuestionRequest,
    Ready,
    WholeDocument,
    event,
)
from assistant.web.engine import Engine
from assistant.web.guard.reader import reader_of, scope_of
from index.errors import StorageError

logger = logging.getLogger(__name__)

_KNOWN_SECONDS: Final = 1.0  # for which it stays known whether the server is ready

DocumentFile = Annotated[
    str,
    Path(
        description="The file as the list and citations name it, slashes included.",
        examples=[ENTRY["file"]],
    ),
]


def router(engine: Engine, admission: Admission) -> APIRouter:
    """The routes, which answer from `engine` as much as the `admission` lets."""
    routes = APIRouter(route_class=JsonRoute)

    async def admitted(
        question: Annotated[QuestionRequest, Body(openapi_examples=openapi.QUESTIONS)],
        request: Request,
    ) -> AsyncIterator[Steps]:
        """What leads to the answer, in its place until the response is sent, or nobody waits."""
        async with admission.place(request):
            turns = [Turn(turn.question, turn.answer) for turn in question.history]
            wish = (question.files, question.since, question.until)
            reader = reader_of(request)
            scope = narrowed(reader.scope, *wish)
            with closing(
                admission.steps(
                    question.question, scope, question.language, turns, question.store, reader.user
                )
            ) as steps:
                yield steps

    @routes.post("/api/ask", **openapi.ASK)
    async def ask(steps: Annotated[Steps, Depends(admitted)], request: Request) -> Response:
        others = admission.each(steps)
        first = await anext(others)  # or else a problem, which no stream can become
        if EVENTS in request.headers.get("accept", ""):
            return StreamingResponse(_events(first, others), headers=UNBUFFERED, media_type=EVENTS)
        return await _answer(first, others, request)

    @routes.get("/api/documents", **openapi.DOCUMENTS)
    def documents(request: Request) -> list[DocumentEntry]:
        return [
            DocumentEntry.model_validate(document)
            for document in engine.documents(scope_of(request))
        ]

    @routes.get("/api/documents/{file:path}", **openapi.DOCUMENT)
    def document(file: DocumentFile, request: Request) -> WholeDocument:
        if stored := engine.document(file, scope_of(request)):
            return WholeDocument.model_validate(stored)
        raise HTTPException(404, "No document has this file.")

    partners.add_routes(routes, engine)
    _add_state(routes, engine)
    return routes


# Asking


async def _events(first: Step, others: AsyncIterator[Step]) -> AsyncIterator[bytes]:
    yield event(first)
    async for step in others:
        yield event(step)


async def _answer(first: Step, others: AsyncIterator[Step], request: Request) -> Response:
    """The answer alone. For a client that is gone, no step more is taken."""
    step = first
    while not isinstance(step, Answer) and not await request.is_disconnected():
        step = await anext(others)
    return JSONResponse(step.as_json() if isinstance(step, Answer) else None)


# State


def _add_state(routes: APIRouter, engine: Engine) -> None:
    readiness = _Readiness(engine)

    @routes.get("/healthz", **openapi.HEALTH)
    async def health() -> Alive:
        return Alive()

    @routes.get("/readyz", **openapi.READINESS)
    async def ready() -> Ready:
        return await readiness.found()


class _Readiness:
    """Whether questions can be answered: tried once in a while, however often it is asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = anyio.Lock()
        self._found: Ready | str = ""
        self._known_until = 0.0

    async def found(self) -> Ready:
        """Raises HTTPException where something is missing."""
        async with self._turn:
            if time.monotonic() >= self._known_until:
                self._found = await run_sync(_state, self._engine)
                self._known_until = time.monotonic() + _KNOWN_SECONDS
        if isinstance(self._found, str):
            raise later(503, self._found)
        return self._found


def _state(engine: Engine) -> Ready | str:
    """That all is there, or what is missing."""
    try:
        engine.document("", EVERYTHING)
        documents = DocumentCounts.model_validate(engine.counts())
    except StorageError as error:
        logger.warning("Not ready: %s", error)
        return "The index can't be read."
    if engine.is_embedding():
        return "The documents are still being embedded."
    reachable = engine.llm_is_reachable()
    if reachable is False:
        return "The LLM's server can't be reached."
    return Ready(documents=documents, llm="reachable" if reachable else "off")
