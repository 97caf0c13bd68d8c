"""The web server: the chat, the source view and the interface for programs, behind one door."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from assistant.monitoring.metrics import Metrics
from assistant.settings import Settings
from assistant.web.api import completions, figures, files, openapi, search
from assistant.web.api import routes as api
from assistant.web.api.admission import Admission
from assistant.web.api.completion_errors import CompletionErrors
from assistant.web.audit import Audit, AuditFile, NoAudit
from assistant.web.chat import keeping, rating
from assistant.web.chat.application import application
from assistant.web.chat.chat import Chat
from assistant.web.chat.conversations import IDLE_SECONDS, Conversations, ConversationsInMemory
from assistant.web.chat.kept import ConversationsInDatabase
from assistant.web.chat.page import LocalisedPage
from assistant.web.engine import QUESTIONS_AT_ONCE, Engine
from assistant.web.guard import problems
from assistant.web.guard.doors import Doors
from assistant.web.guard.editors import Editors
from assistant.web.guard.identity import (
    Identity,
    KeyOr,
    NamedByProxy,
    Peers,
    SignedIn,
    Unknown,
)
from assistant.web.guard.limits import (
    BodyLimit,
    Places,
    RateLimit,
    RateLimitInDatabase,
    RateLimitInMemory,
)
from assistant.web.guard.problems import OnlyProblems
from assistant.web.guard.protection import (
    ChatRoutesOnly,
    CrossOrigin,
    RootPath,
    SecurityHeaders,
    content_policy,
    security_headers,
)
from assistant.web.guard.requests import Requests
from assistant.web.guard.rules import AccessFile, OpenAccess
from assistant.web.guard.sessions import Sessions, SessionsInMemory
from assistant.web.mcp.http import McpEndpoint
from assistant.web.mcp.server import mcp_server
from assistant.web.pages import corrections, documents, information, login, partners, sources
from assistant.web.pages import search as search_page
from assistant.web.pages.errors import ErrorPages
from assistant.web.record import Record
from assistant.web.site import Site
from index.errors import ServerError
from index.register.kept import KeptRegister
from index.storage.database import Database
from index.storage.feedback import Feedback
from index.storage.keys import Keys
from index.storage.together import KeptConversations, QuestionTimes

_STATIC: Final = Path(__file__).with_name("static")
_FAREWELL_SECONDS: Final = 0.5


def create_app(
    assistant: Engine,
    settings: Settings | None = None,
    *,
    feedback: Feedback | None = None,
    register: KeptRegister | None = None,
    metrics: Metrics | None = None,
    shared: Database | None = None,
    keys: Keys | None = None,
) -> FastAPI:
    """The whole web application, answering from `assistant`.

    Ratings and refused questions are kept in `feedback`, if there is one; `metrics` are those that
    `assistant` counts in, and /metrics shows; programs are let in by `keys`. Processes that have a
    `shared` database take each other's conversations on, and count clients' questions together.
    In `register`, editors correct what the documents tell of partnerships. Raises AccessError where
    the rules of LOTSE_ACCESS are wrong.
    """
    settings, metrics = settings or Settings(), metrics or Metrics()
    conversations, record = _conversations(shared), Record(feedback, _audit(settings))
    site = replace(Site.of(settings), keeps_feedback=record.keeps)
    rate_limit = _rate_limit(settings.rate_limit, shared)
    waiting = settings.max_waiting
    places = Places(QUESTIONS_AT_ONCE, waiting)
    admission = Admission(assistant, record, rate_limit, places)
    chat = Chat(assistant, conversations, record, rate_limit.wait, site, max_waiting=waiting)
    gradio = asyncio.run(application(chat))
    mcp = McpEndpoint(mcp_server(assistant, admission), settings)

    guarded = partial(_guarded, settings=settings, site=site, metrics=metrics)
    app = FastAPI(
        **openapi.about(settings.root_path),
        docs_url=None,  # FastAPI's documentation pages load scripts from a foreign host
        redoc_url=None,
        lifespan=_lifespan_of(gradio, mcp),
    )
    _add_doors(app, settings, site, keys, guarded)
    problems.register(app, guarded)
    for routes in _routers(assistant, settings, site, admission, register):
        app.include_router(routes)
    app.include_router(figures.router(metrics, assistant, settings.metrics))
    app.include_router(rating.router(conversations, record))
    app.include_router(keeping.router(conversations, rate_limit))
    app.router.routes.append(mcp.route)
    app.add_api_route("/embed.js", _embed_script, include_in_schema=False)
    app.mount("/web", StaticFiles(directory=_STATIC))
    # Not mounted at "/": that would swallow the wrong methods of the routes above.
    app.router.default = ChatRoutesOnly(OnlyProblems(LocalisedPage(gradio, site)))
    openapi.complete(app)
    return app


def _guarded(app: ASGIApp, settings: Settings, site: Site, metrics: Metrics) -> ASGIApp:
    """What is around every answer, that to what nobody foresaw as well."""
    headers = security_headers(content_policy(site.frame_ancestors))
    pages = ErrorPages(CompletionErrors(app), site, has_login=settings.auth == "oidc")
    opened = CrossOrigin(pages, settings.cors_origins)
    rooted = RootPath(opened, settings.root_path)
    return Requests(SecurityHeaders(rooted, headers), metrics, settings.root_path)


def _routers(
    engine: Engine,
    settings: Settings,
    site: Site,
    admission: Admission,
    register: KeptRegister | None,
) -> list[APIRouter]:
    """The interface for programs, and the pages beside the chat."""
    editors = Editors(settings.editors if register else "off")
    edited = register if settings.editors != "off" else None
    return [
        api.router(engine, admission),
        search.router(engine, admission),
        completions.router(admission),
        files.router(engine, settings.folders),
        sources.router(engine, site),
        search_page.router(engine, admission, site),
        partners.router(engine, site, editors),
        *([corrections.router(engine, edited, site, editors)] if edited else []),
        documents.router(engine, site),
        information.router(engine, site),
    ]


def _conversations(shared: Database | None) -> Conversations:
    if shared is None:
        return ConversationsInMemory()
    return ConversationsInDatabase(KeptConversations(shared, IDLE_SECONDS))


def _rate_limit(rate: str, shared: Database | None) -> RateLimit:
    if shared is None:
        return RateLimitInMemory(rate)
    return RateLimitInDatabase(rate, QuestionTimes(shared))


def _add_doors(
    app: FastAPI,
    settings: Settings,
    site: Site,
    keys: Keys | None,
    guarded: Callable[[ASGIApp], ASGIApp],
) -> None:
    """What every request goes through, from the inside to the outside."""
    app.add_middleware(BodyLimit)
    sessions = SessionsInMemory(settings.session_hours * 3600)
    _add_login(app, settings, site, sessions)
    address = f"{settings.public_url}/login" if settings.auth == "oidc" else None
    app.add_middleware(Doors, identity=KeyOr(keys, _identity(settings, sessions)), login=address)
    app.add_middleware(guarded)
    app.add_middleware(Peers, proxies=settings.trusted_proxies)


def _audit(settings: Settings) -> Audit:
    """Where who asked is noted, as LOTSE_AUDIT says."""
    return AuditFile(settings.audit, settings.audit_days) if settings.audit else NoAudit()


def _add_login(app: FastAPI, settings: Settings, site: Site, sessions: Sessions) -> None:
    """The routes of the login, where LOTSE_AUTH wants one."""
    if settings.auth == "oidc":
        provider, url = login.Provider(settings), settings.public_url or ""
        app.include_router(login.router(provider, sessions, url, site))
        app.add_middleware(
            login.LoginCookie, path=settings.root_path, secure=url.startswith("https:")
        )


def _identity(settings: Settings, sessions: Sessions) -> Identity:
    """How users are told from one another, as LOTSE_AUTH says."""
    access = AccessFile(settings.access) if settings.access else OpenAccess()
    if settings.auth == "proxy":
        user, groups = settings.auth_user_header, settings.auth_groups_header
        return NamedByProxy(access, settings.trusted_proxies, user, groups)
    if settings.auth == "oidc":
        address = urlsplit(settings.public_url or "")
        return SignedIn(access, sessions, f"{address.scheme}://{address.netloc}")
    return Unknown(access)


def _embed_script() -> FileResponse:
    """The script that other pages include to show the chat."""
    return FileResponse(_STATIC / "embed.js", media_type="text/javascript")


def _lifespan_of(
    mounted: FastAPI, mcp: McpEndpoint
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Start and end what is mounted with what it is mounted in, which Starlette does not do."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with mounted.router.lifespan_context(mounted), mcp.running():
            yield

    return lifespan


def bind(host: str, port: int) -> socket.socket:
    """Take the address, before anything slow is done. Raises ServerError if it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError, UnicodeError) as error:
        raise _unavailable(host, port, error) from error


def _unavailable(host: str, port: int, error: Exception) -> ServerError:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return ServerError(
            f"Port {port} on {host} is in use by another program.",
            "End that program, or choose another port with --port.",
        )
    if code == errno.EACCES:
        return ServerError(
            f"Port {port} on {host} needs special rights.",
            "Choose one from 1024 upwards with --port.",
        )
    return ServerError(
        f"The page can't be served on {host}, port {port}: {error}.",
        "Choose an address of this machine with --host and a free port with --port.",
    )


def serve(
    app: FastAPI, listener: socket.socket, on_ready: Callable[[], None] | None = None
) -> None:
    """Serve until Ctrl-C or SIGTERM, then return. `on_ready` is called when the page can be had."""
    server(app, on_ready).run(sockets=[listener])


def server(app: FastAPI, on_ready: Callable[[], None] | None = None) -> uvicorn.Server:
    """The server before it runs; in a thread of its own it ends when `should_exit` is set."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=5,
        proxy_headers=False,  # the application itself notes who is connected before they count
    )
    return _Server(config, on_ready or (lambda: None))


class _Server(uvicorn.Server):
    """Uvicorn, but a signal ends it without being raised again, and open pages do not keep it."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Every open page holds a stream that ends only with its connection.
        asyncio.get_running_loop().call_later(_FAREWELL_SECONDS, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
