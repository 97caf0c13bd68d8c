"""Errors as pages, in the reader's language, for browsers; programs get problem details."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.guard.problems import MEDIA_TYPE
from assistant.web.pages.page import Page
from assistant.web.site import Site

_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)


class ErrorPages:
    """ASGI: shows a page where somebody who follows a link would get a problem."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _follows_a_link(scope):
            await self._app(scope, receive, send)
            return
        shown, page = False, self._page(scope)  # now: a mount changes the scope's path

        async def send_page(message: Message) -> None:
            nonlocal shown
            if message["type"] == "http.response.start" and _is_problem(message):
                shown = True
                await _told(page, message["status"])(scope, receive, send)
            elif not shown:
                await send(message)

        await self._app(scope, receive, send_page)

    def _page(self, scope: Scope) -> Page:
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        return Page.of(HTTPConnection(scope), path, self._site)


def _told(page: Page, status: int) -> HTMLResponse:
    heading, told = page.texts.no_page_heading, page.texts.no_page
    if status not in _NOT_THERE:
        heading, told = page.texts.failure_heading, page.texts.failure
    return page.response("error.html", status, heading=heading, told=told)


def _follows_a_link(scope: Scope) -> bool:
    """Whether a page is asked for: scripts, pictures and programs ask for anything else."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "").lower()


def _is_problem(message: Message) -> bool:
    told = Headers(raw=message.get("headers", [])).get("content-type", "")
    return message["status"] >= HTTPStatus.BAD_REQUEST and told.startswith(MEDIA_TYPE)
