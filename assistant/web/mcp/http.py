"""The MCP server at /mcp: streamable HTTP, each request by itself, answered as JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.guard.limits import MAX_BODY_BYTES
from assistant.web.guard.problems import problem

PATH: Final = "/mcp"
_OWN: Final = ("127.0.0.1", "localhost", "[::1]")


class McpEndpoint:
    """ASGI: answers while `running`.

    Only programs are let in that address the server by a name of its own, and scripts of no other
    pages than those of LOTSE_CORS_ORIGINS: a page could else ask by way of its reader's browser,
    having its own name lead to this machine (DNS rebinding).
    """

    def __init__(self, server: Server[Any], settings: Settings) -> None:
        self._server = server
        self._security = _security(settings)
        self._manager: StreamableHTTPSessionManager | None = None

    @property
    def route(self) -> Route:
        """Where it is found. Nothing is ever sent unasked, so there is nothing to GET."""
        return Route(PATH, self, methods=["POST"], include_in_schema=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answers for as long as the block runs."""
        self._manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            security_settings=self._security,
            max_request_body_size=MAX_BODY_BYTES,
        )
        try:
            async with self._manager.run():
                yield
        finally:
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            refused = problem(405, "Method Not Allowed")
            refused.headers["Allow"] = "POST"
            await refused(scope, receive, send)
        elif self._manager is None:
            await problem(503, "The server is not ready.")(scope, receive, send)
        else:
            await self._manager.handle_request(scope, receive, send)


def _security(settings: Settings) -> TransportSecuritySettings:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    names = dict.fromkeys((*_OWN, host, *settings.mcp_hosts))
    hosts = [form for name in names for form in (name, f"{name}:*")]
    own = [f"http://{name}:{settings.port}" for name in _OWN]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[*own, *settings.cors_origins],
    )
