"""The MCP server on standard input and output, as programs on a desk start it."""

from typing import Any

import anyio
from mcp import Client, types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from assistant.setting_forms import OFF
from assistant.web.api.admission import Admission
from assistant.web.engine import QUESTIONS_AT_ONCE, Engine
from assistant.web.guard.limits import Places, RateLimitInMemory
from assistant.web.mcp.http import PATH
from assistant.web.mcp.server import INSTRUCTIONS, NAME, mcp_server
from assistant.web.record import Record
from index.errors import DataInUseError

_Context = ServerRequestContext[Any, Any]


def serve_engine(engine: Engine) -> int:
    """Answers from an engine until the input ends: 0. Nothing is kept of what is asked."""

    async def served() -> None:
        places = Places(QUESTIONS_AT_ONCE, QUESTIONS_AT_ONCE)
        admission = Admission(engine, Record(None), RateLimitInMemory(OFF), places)
        await _run(mcp_server(engine, admission))

    anyio.run(served)
    return 0


def serve_through(owner: DataInUseError) -> int:
    """Hands on to the server that has the data folder open, until the input ends: 0.

    Raises `owner` where that process serves nothing.
    """
    if not owner.url:
        raise owner

    async def served() -> None:
        async with Client(f"{owner.url}{PATH}") as client:
            await _run(_relay(client))

    anyio.run(served)
    return 0


async def _run(server: Server[Any]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _relay(client: Client) -> Server[Any]:
    """A server that has no tools but those that a client sees elsewhere."""

    async def list_tools(
        _context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return await client.list_tools(cursor=_cursor(params))

    async def call_tool(
        _context: _Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        return await client.call_tool(params.name, params.arguments)

    async def list_resources(
        _context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return await client.list_resources(cursor=_cursor(params))

    async def list_templates(
        _context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return await client.list_resource_templates(cursor=_cursor(params))

    async def read_resource(
        _context: _Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        return await client.read_resource(params.uri)

    return Server(
        NAME,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _cursor(params: types.PaginatedRequestParams | None) -> str | None:
    return params.cursor if params else None
