"""Routes whose body has to be JSON."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


class JsonRoute(APIRoute):
    """A route whose body, if it takes one, has to be JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, with a 415 for another type and a 422 for what is no JSON."""
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
