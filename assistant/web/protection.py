"""What guards the page: its security headers, and a closed door before Gradio's other routes."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.problems import problem

# All that the chat asks of Gradio, as seen in the browser. Everything else that Gradio serves
# (uploads, its proxy, files by path or address, monitoring, API docs, run history) stays shut.
_OPEN: Final = [
    ("GET", re.compile(r"/|/config|/theme\.css|/(?:assets|static)/.+")),
    ("GET", re.compile(r"/gradio_api/(?:queue/data|heartbeat/\w+|app_id|startup-events)")),
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


def static_policy(frame_ancestors: Sequence[str]) -> str:
    """The policy for a page of ours without any script."""
    rules = ["default-src 'none'", "style-src 'self'", "img-src 'self'"]
    return "; ".join([*rules, *_always(frame_ancestors)])


def _always(frame_ancestors: Sequence[str]) -> list[str]:
    return [
        "form-action 'none'",
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
