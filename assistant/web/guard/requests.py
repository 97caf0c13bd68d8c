"""Each request: its id, its line in the log, and its place in the figures."""

import logging
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.monitoring.metrics import Metrics
from assistant.monitoring.requests import HEADER, REQUEST_ID, identified

logger = logging.getLogger(__name__)

_AREAS: Final = {"api", "files", "gradio_api", "healthz", "metrics", "partners", "readyz", "source"}

_OF_SCOPE: Final = "clusterlotse.request_id"


class Requests:
    """ASGI: gives each request an id, logs it at INFO, and counts it by its status.

    The log has no more of the path than its first part: a file's name or a question may stand in
    the rest. The id is taken over from `X-Request-ID` where that is short and plain, and sent back.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, root_path: str = "") -> None:
        self._app = app
        self._metrics = metrics
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = scope.setdefault(_OF_SCOPE, identified(Headers(scope=scope).get(HEADER)))
        headers = [(name, value) for name, value in scope["headers"] if name != HEADER.encode()]
        scope = {**scope, "headers": [*headers, (HEADER.encode(), number.encode())]}
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        REQUEST_ID.set(number)  # each request is a task of its own, with which this ends
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            if status:  # or what has broken is answered outside, and counted there
                self._tell(scope, status, time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"].removeprefix(self._root_path)
        first = path.strip("/").partition("/")[0]
        area = first if first in _AREAS else "page"
        self._metrics.requested(area, _plain(scope["method"]), status)
        fields = {"method": _plain(scope["method"]), "area": area, "status": status}
        fields["seconds"] = round(seconds, 4)
        logger.info("%(method)s /%(area)s %(status)d in %(seconds)s s", fields, extra=fields)


def _plain(method: str) -> str:
    """A client may make methods up, and each would be a figure of its own."""
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"} else "other"
