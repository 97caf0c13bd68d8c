"""Errors below /v1 in OpenAI's form, which its clients read."""

import json
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.api.completion_forms import CompletionError, CompletionFault
from assistant.web.guard.problems import MEDIA_TYPE

_KINDS: Final = {
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", None),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}
_UNFIT: Final = 422
_HANDED_ON: Final = ("allow", "retry-after", "www-authenticate")


def completion_error(status: int, detail: str) -> CompletionError:
    """The body of an error; clients show the message."""
    usual = ("invalid_request_error" if status < 500 else "server_error", None)
    kind, code = _KINDS.get(status, usual)
    return CompletionError(error=CompletionFault(message=detail, type=kind, code=code))


class CompletionErrors:
    """ASGI: puts a problem below /v1 into OpenAI's form.

    What does not fit is a 400 there, as OpenAI has no 422.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_below(scope):
            await self._app(scope, receive, send)
            return
        problem: Message | None = None
        body = bytearray()

        async def send_error(message: Message) -> None:
            nonlocal problem
            if message["type"] == "http.response.start" and _is_problem(message):
                problem = message
            elif problem is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _in_place_of(problem, json.loads(body))(scope, receive, send)

        await self._app(scope, receive, send_error)


def _is_below(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    return path == "/v1" or path.startswith("/v1/")


def _is_problem(message: Message) -> bool:
    told = Headers(raw=message.get("headers", [])).get("content-type", "")
    return message["status"] >= 400 and told.startswith(MEDIA_TYPE)


def _in_place_of(message: Message, problem: dict[str, Any]) -> JSONResponse:
    status = 400 if message["status"] == _UNFIT else message["status"]
    given = Headers(raw=message["headers"])
    headers = {name: given[name] for name in _HANDED_ON if name in given}
    error = completion_error(status, problem["detail"])
    return JSONResponse(error.model_dump(), status, headers)
