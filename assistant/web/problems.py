"""Errors of the web interface as problem details (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

logger = logging.getLogger(__name__)


def problem(status: int, detail: str) -> JSONResponse:
    """A response of type `application/problem+json`."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JSONResponse(body | {"detail": detail}, status, media_type="application/problem+json")


def register(app: FastAPI, headers: Mapping[str, str]) -> None:
    """Make `app` answer every error as a problem, without a word of its insides.

    `headers` go with what nobody foresaw, which is answered outside of all middleware.
    """

    async def failed(request: Request, error: Exception) -> JSONResponse:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        response = problem(500, "Something went wrong here. The server's log says what.")
        response.headers.update(headers)
        return response

    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, failed)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The input itself is left out: it may be long, and it need not be valid text.
    found = [f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors()]
    return problem(422, "; ".join(found))


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    response = problem(error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response
