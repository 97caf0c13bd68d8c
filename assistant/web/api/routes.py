"""The interface for programs: ask a question, read the documents, see how the server is."""

import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import closing
from functools import partial
from typing import Annotated, Any, Final

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Body, Depends, Path
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.access import EVERYTHING, Scope
from assistant.answer import Answer, Progress
from assistant.asking.follow_ups import Turn
from assistant.web.api import openapi, partners
from assistant.web.api.described import ENTRY
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
from assistant.web.guard.limits import Places, RateLimit
from assistant.web.guard.reader import scope_of
from assistant.web.record import Record
from index.errors import ScopeError, StorageError

logger = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 5  # for who finds no place, or the server not ready
_KNOWN_SECONDS: Final = 1.0  # for which it stays known whether the server is ready

Step = Progress | Answer
Steps = Generator[Step]
DocumentFile = Annotated[
    str,
    Path(
        description="The file as the list and citations name it, slashes included.",
        examples=[ENTRY["file"]],
    ),
]


def router(engine: Engine, record: Record, rate_limit: RateLimit, places: Places) -> APIRouter:
    """The routes, which answer from `engine` as much as `rate_limit` and `places` let.

    Questions that are refused go into `record`.
    """
    routes = APIRouter(route_class=_JsonRoute)

    async def admitted(
        question: Annotated[QuestionRequest, Body(openapi_examples=openapi.QUESTIONS)],
        request: Request,
    ) -> AsyncIterator[Steps]:
        """What leads to the answer, in its place until the response is sent, or nobody waits."""
        _take_one(rate_limit, request)
        async with places.taken(partial(_hung_up, request)) as has_place:
            if not has_place:
                raise _later(503, "Too many questions are being asked. Ask again in a moment.")
            with closing(_steps(engine, record, question, scope_of(request))) as steps:
                yield steps

    @routes.post("/api/ask", **openapi.ASK)
    async def ask(steps: Annotated[Steps, Depends(admitted)], request: Request) -> Response:
        others = _each(steps, places)
        first = await anext(others)  # or else a problem, which no stream can become
        if EVENTS in request.headers.get("accept", ""):
            return StreamingResponse(_events(first, others), headers=_UNBUFFERED, media_type=EVENTS)
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


class _JsonRoute(APIRoute):
    """A route whose body, if it takes one, has to be JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            if self.body_field and not _is_json(request.headers.get("content-type", "")):
                told = "The body has to be JSON, sent as Content-Type: application/json."
                raise HTTPException(415, told)
            try:
                return await answer(request)
            except HTTPException as error:
                if error.status_code != 400:
                    raise
                raise HTTPException(422, "body: it can't be read as JSON") from error

        return answered


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


# Asking

# A proxy is to hand on each event as it comes.
_UNBUFFERED: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def _take_one(rate_limit: RateLimit, request: Request) -> None:
    """Counts a question of the client. Raises HTTPException where it has asked too many."""
    if seconds := rate_limit.wait(request.client.host if request.client else None):
        told = f"You have asked as many questions as one client may. Ask in {seconds} seconds."
        raise _later(429, told, seconds)


def _later(status: int, detail: str, seconds: int = _RETRY_SECONDS) -> HTTPException:
    return HTTPException(status, detail, {"Retry-After": str(seconds)})


async def _hung_up(request: Request) -> None:
    """Returns when the client is gone; its body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _steps(engine: Engine, record: Record, question: QuestionRequest, scope: Scope) -> Steps:
    """The answer, after what is known of it before. Raises HTTPException where none is searched."""
    turns = [Turn(turn.question, turn.answer) for turn in question.history]
    try:
        for step in engine.stream(
            question.question,
            language=question.language,
            history=turns,
            scope=scope.narrowed(Scope.read(question.files, question.since, question.until)),
        ):
            if question.store and isinstance(step, Answer):
                record.take(step)
            yield step
    except ScopeError as error:
        raise HTTPException(422, str(error)) from error


async def _each(steps: Steps, places: Places) -> AsyncIterator[Step]:
    """The steps; a thread waits for each, and others than questions have threads of their own."""
    while (step := await run_sync(next, steps, None, limiter=places.threads)) is not None:
        yield step


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
            raise _later(503, self._found)
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
