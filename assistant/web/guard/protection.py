"""What guards the page: its security headers, and a closed door before Gradio's other routes."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.guard.problems import problem

# All that the chat asks of Gradio, as seen in the browser, and its own client (info: what it may
# call). Everything else that Gradio serves
# (uploads, its proxy, files by path or address, monitoring, API docs, run history) stays shut.
_OPEN: Final = [
    ("GET", re.compile(r"/|/embed|/config|/theme\.css|/(?:assets|static)/.+")),
    ("GET", re.compile(r"/gradio_api/(?:queue/data|heartbeat/\w+|app_id|startup-events|info)")),
    ("POST", re.compile(r"/gradio_api/(?:queue/join|run/predict|cancel|reset)")),
]


def content_policy(frame_ancestors: Sequence[str]) -> str:
    """The policy that Gradio works with; nothing is fetched from any other host.

    `frame_ancestors` are the origins, besides our own, whose pages may embed this one.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            *_always(frame_ancestors),
        ]
    )


def static_policy(frame_ancestors: Sequence[str], embedded: bool, has_form: bool = False) -> str:
    """The policy for a page of ours without any script but the one that speaks with its host.

    A form may be sent to this server alone, where the page has one.
    """
    rules = ["default-src 'none'", "style-src 'self'", "img-src 'self'"]
    rules += ["script-src 'self'"] if embedded else []
    return "; ".join([*rules, *_always(frame_ancestors, "'self'" if has_form else "'none'")])


def _always(frame_ancestors: Sequence[str], forms: str = "'none'") -> list[str]:
    return [
        f"form-action {forms}",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        " ".join(["frame-ancestors 'self'", *frame_ancestors]),
    ]


def security_headers(policy: str) -> dict[str, str]:
    """What every response says to the browser about itself."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI: puts the headers on every response; a policy that a route has set itself stays."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class CrossOrigin:
    """ASGI: scripts of the `origins` may use what is below /api; all else is closed to others."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = [origin.lower() for origin in origins]
        self._open = _Cors(
            app,
            self._origins,
            allow_methods=["GET", "POST", "OPTIONS"],
            allow_headers=["Accept", "Content-Type"],
            expose_headers=["Retry-After"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Origin")
            await send(message)

        if not self._origins or not _is_api(scope):
            await self._app(scope, receive, send)
        elif Headers(scope=scope).get("origin") in self._origins:
            await self._open(scope, receive, send)
        else:
            await self._app(scope, receive, send_varying)


class _Cors(CORSMiddleware):
    """Starlette's, with a problem where a request would be refused."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        refused = problem(response.status_code, f"{bytes(response.body).decode()}.")
        names = [name for name in response.headers if name.startswith(("access-control-", "vary"))]
        refused.headers.update({name: response.headers[name] for name in names})
        return refused


def _is_api(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    return bool(scope["path"].removeprefix(scope.get("root_path", "")).startswith("/api/"))


class RootPath:
    """ASGI: every path begins with the root path, whether a proxy has kept or stripped it."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._root_path:
            await self._app(scope, receive, send)
        elif scope["path"] == self._root_path:  # relative addresses need the slash
            query = scope["query_string"].decode("latin-1")
            address = f"{self._root_path}/" + (f"?{query}" if query else "")
            await RedirectResponse(address)(scope, receive, send)
        else:
            await self._app(self._rooted(scope), receive, send)

    def _rooted(self, scope: Scope) -> Scope:
        path = scope["path"]
        kept = path.startswith(f"{self._root_path}/")
        rooted = path if kept else self._root_path + path
        return {**scope, "path": rooted, "root_path": self._root_path}


class ChatRoutesOnly:
    """ASGI: lets through to Gradio what the chat needs, and answers 404 to all else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if any(method == allowed and route.fullmatch(path) for allowed, route in _OPEN):
            await self._app(scope, receive, send)
        else:
            await problem(404, "There is nothing at this address.")(scope, receive, send)
