"""The MCP server over an engine: by whatever transport, its tools and resources are the same."""

import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeVar

from mcp import MCPError, types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.access import EVERYTHING, Scope
from assistant.answer import Citation
from assistant.web.addresses import source_address
from assistant.web.api.admission import Admission
from assistant.web.api.openapi import VERSION
from assistant.web.engine import Engine
from assistant.web.guard.problems import FAILED, fault_of
from assistant.web.guard.reader import reader_of, scope_of
from assistant.web.mcp import resources
from assistant.web.mcp.tools import TOOLS, Caller, Tool, ToolResult
from assistant.web.view import View
from index.errors import LotseError

logger = logging.getLogger(__name__)

Context = ServerRequestContext[Any, Any]
Result = TypeVar("Result")

NAME: Final = "Clusterlotse"
INSTRUCTIONS: Final = (
    "Answers questions about partnerships of clusters from an organisation's own documents. Use "
    "`ask` for a question in words, `search` for passages, `partnerships` and `timeline` for "
    "lists. Cite the sources that a tool names; what its result does not say, the documents don't."
)
_READING: Final = types.ToolAnnotations(
    read_only_hint=True, idempotent_hint=True, open_world_hint=False
)


def mcp_server(engine: Engine, admission: Admission) -> Server[Any]:
    """The server. Each call is within the scope of who sends the request; on stdio, of all."""
    handlers = _Handlers(engine, admission)
    return Server(
        NAME,
        version=VERSION,
        title=NAME,
        instructions=INSTRUCTIONS,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
    )


class _Handlers:
    def __init__(self, engine: Engine, admission: Admission) -> None:
        self._engine = engine
        self._admission = admission

    async def list_tools(
        self, _context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """What a tool tells, or why it tells nothing, in words that a model can act on."""
        tool = TOOLS.get(params.name)
        if tool is None:
            missing = f"There is no tool {params.name[:80]!r}. There are: {', '.join(TOOLS)}."
            raise MCPError(types.INVALID_PARAMS, missing)
        try:
            given = tool.takes.model_validate(params.arguments or {})
            told = await _guarded(lambda: self._called(tool, given, context.request))
        except ValidationError as error:
            return _failed(fault_of(error.errors()))
        except HTTPException as error:
            return _failed(str(error.detail))
        except LotseError as error:
            return _failed(str(error))
        text = told.text or json.dumps(told.value, ensure_ascii=False)
        return types.CallToolResult(content=[_text(text)], structured_content=told.value)

    async def _called(self, tool: Tool, given: object, request: Request | None) -> ToolResult:
        user = reader_of(request).user if request else ""
        addresses = _Addresses(request)
        caller = Caller(self._engine, self._admission, _scope(request), addresses, user)
        call = partial(tool.call, caller, given)
        if not tool.counts:
            return await self._admission.done(call)
        async with self._admission.place(request, is_watched=False):
            return await self._admission.done(call)

    async def list_resources(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = params.cursor if params else None
        scope = _scope(context.request)
        work = partial(resources.listed, self._engine, scope, cursor)
        return await _guarded(lambda: self._admission.done(work))

    async def list_templates(
        self, _context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return resources.TEMPLATES

    async def read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        work = partial(resources.read, self._engine, _scope(context.request), uri)
        if read := await _guarded(lambda: self._admission.done(work)):
            return read
        raise MCPError(types.INVALID_PARAMS, "There is no document at this address.")


async def _guarded(work: Callable[[], Awaitable[Result]]) -> Result:
    """What comes of some work; what nobody foresaw is logged, and none of it told.

    The SDK would send the words of the exception.
    """
    try:
        return await work()
    except (LotseError, HTTPException):
        raise
    except Exception as error:
        logger.exception("A request of an MCP client failed")
        raise MCPError(types.INTERNAL_ERROR, FAILED) from error


def _scope(request: Request | None) -> Scope:
    """What who calls may read: on standard input, it is who started the program."""
    return scope_of(request) if request else EVERYTHING


class _Addresses:
    """Tells the addresses of sources: pages of the server, or else resources."""

    def __init__(self, request: Request | None) -> None:
        self._base = str(request.base_url) if request else None

    def __call__(self, citation: Citation) -> str:
        if self._base is None:
            return resources.resource_address(citation.file)
        span = (citation.start, citation.end)
        return self._base + source_address(citation.file, View(), span)


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=_READING,
    )


def _failed(told: str) -> types.CallToolResult:
    return types.CallToolResult(content=[_text(told)], is_error=True)


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)
