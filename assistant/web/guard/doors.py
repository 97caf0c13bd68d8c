"""The door before all routes: it lets in whom it knows, and tells the routes who it is."""

import re
from typing import Final
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.guard.identity import Identity, RefusedError
from assistant.web.guard.problems import problem
from assistant.web.guard.reader import with_reader

# What tells nothing of any document, and is asked for by who can't log in.
_OPEN: Final = re.compile(
    r"/(?:healthz|readyz|openapi\.json|embed\.js|web/.*|login|login/(?:callback|frame)|logout)"
)


class Doors:
    """ASGI: passes on who sends a request, and answers 401 to who is not let in.

    With a `login`, a browser that opens a page is sent there, unless it stands in a frame.
    """

    def __init__(self, app: ASGIApp, identity: Identity, login: str | None = None) -> None:
        self._app = app
        self._identity = identity
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if _OPEN.fullmatch(path):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        try:
            reader = await run_sync(self._identity.reader, request)
        except RefusedError as refusal:
            await self._refused(request, path, refusal)(scope, receive, send)
        else:
            state = with_reader(scope.get("state", {}), reader)
            await self._app({**scope, "state": state}, receive, send)

    def _refused(self, request: HTTPConnection, path: str, refusal: RefusedError) -> Response:
        if self._login and refusal.status == 401 and _opens_a_page(request, path):
            query = request.url.query
            back = urlencode({"next": path + (f"?{query}" if query else "")})
            return RedirectResponse(f"{self._login}?{back}", 303)
        response = problem(refusal.status, str(refusal))
        if refusal.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


def _opens_a_page(request: HTTPConnection, path: str) -> bool:
    """Whether somebody opens a page in a tab; a provider's login is shown in no frame."""
    if request.scope["method"] != "GET" or "text/html" not in request.headers.get("accept", ""):
        return False
    framed = path == "/embed" or request.query_params.get("embedded") == "1"
    return not framed and request.headers.get("sec-fetch-dest", "document") == "document"
