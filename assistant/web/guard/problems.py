"""Errors of the web interface as problem details (RFC 9457)."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import StorageError

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

AWAY: Final = "The index can't be reached just now. Ask again in a moment."

FAILED: Final = "Something went wrong here. The server's log says what."

RETRY_SECONDS: Final = 5
"""After which something that is away may be back."""

_SHOWN: Final = 10  # faults of one request
_LONGEST: Final = 1_000  # characters of a detail
_LONGEST_PLACE: Final = 80


class Problem(BaseModel):
    """Why a request was not answered, as RFC 9457 has it."""

    type: str = Field(description="Always `about:blank`: the status says what kind it is of.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the response.", ge=400, le=599)
    detail: str = Field(description="What is wrong with this request, in English.")


def body(status: int, detail: str) -> dict[str, Any]:
    """The members of a problem; what could not be sent in `detail` is replaced, or cut off."""
    sendable = detail[:_LONGEST].encode("utf-8", "replace").decode("utf-8")
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": sendable}


def problem(status: int, detail: str) -> JSONResponse:
    """A response of type `application/problem+json`."""
    return JSONResponse(body(status, detail), status, media_type=MEDIA_TYPE)


def register(app: FastAPI, guarded: Callable[[ASGIApp], ASGIApp]) -> None:
    """Make `app` answer every error as a problem, without a word of its insides.

    What nobody foresaw is answered outside of all middleware: `guarded` puts that around it which
    no response may go without.
    """

    async def failed(request: Request, error: Exception) -> ASGIApp:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return guarded(problem(500, FAILED))

    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StorageError, _away)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, failed)  # type: ignore[arg-type]


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The first part of a place is that of the request, its body or query.
    return problem(422, fault_of(error.errors(), 1))


async def _away(request: Request, error: Exception) -> JSONResponse:
    logger.warning("%s %s was not answered. %s", request.method, request.url.path, error)
    response = problem(503, AWAY)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def fault_of(faults: Sequence[Any], skipped: int = 0) -> str:
    """What does not fit, in words, of what Pydantic tells; the first parts of places are skipped.

    The input itself is left out: it may be long, and it need not be valid text.
    """
    places = [(_place(fault["loc"], skipped), fault["msg"]) for fault in faults[:_SHOWN]]
    return "; ".join(f"{place}: {told}" for place, told in places)


def _place(location: tuple[int | str, ...], skipped: int) -> str:
    """Where in the request something is wrong: `history.0.question`, or all of its body."""
    place = ".".join(map(str, location[skipped:])) or ".".join(map(str, location[:1]))
    return place[:_LONGEST_PLACE]


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    response = problem(error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


# Nobody but the chat's page is to ask what is not ours.
_OF_OTHERS: Final = {
    400: "The chat does not understand this.",
    404: "There is nothing at this address.",
    422: "The chat does not understand this.",
    500: FAILED,
}


class OnlyProblems:
    """ASGI: turns the errors of an application of others into problems.

    Their own may send back what they got, and none is of the form that is ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_error = False

        async def send_problem(message: Message) -> None:
            nonlocal is_error
            if message["type"] == "http.response.start" and message["status"] >= 400:
                is_error = True
                await _in_place_of(message)(scope, receive, send)
            elif not is_error:
                await send(message)

        await self._app(scope, receive, send_problem)


def _in_place_of(message: Message) -> JSONResponse:
    status, headers = message["status"], Headers(raw=message.get("headers", []))
    response = problem(status, _OF_OTHERS.get(status, HTTPStatus(status).phrase))
    for name in ("allow", "retry-after"):
        if name in headers:
            response.headers[name] = headers[name]
    return response
