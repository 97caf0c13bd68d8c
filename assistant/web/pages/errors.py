"""Errors as pages, in the reader's language, for browsers; programs get problem details."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.guard.problems import MEDIA_TYPE
from assistant.web.pages.page import Page
from assistant.web.view import View

_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)


class ErrorPages:
    """ASGI: shows a page where somebody who follows a link would get a problem.

    Where there is a login, who is not logged in finds in a frame what begins it.
    """

    def __init__(
        self, app: ASGIApp, frame_ancestors: Sequence[str], has_login: bool = False
    ) -> None:
        self._app = app
        self._frame_ancestors = frame_ancestors
        self._has_login = has_login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _follows_a_link(scope):
            await self._app(scope, receive, send)
            return
        shown, page = False, self._page(scope)  # now: a mount changes the scope's path

        async def send_page(message: Message) -> None:
            nonlocal shown
            if message["type"] == "http.response.start" and _is_problem(message):
                shown = True
                await self._told(page, message["status"])(scope, receive, send)
            elif not shown:
                await send(message)

        await self._app(scope, receive, send_page)

    def _page(self, scope: Scope) -> Page:
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        view = View.of_connection(HTTPConnection(scope))
        view = replace(view, embedded=view.embedded or path == "embed")
        return Page(view, path, self._frame_ancestors, has_form=self._has_login)

    def _told(self, page: Page, status: int) -> HTMLResponse:
        texts = page.texts
        heading, told = texts.failure_heading, texts.failure
        if status in _NOT_THERE:
            heading, told = texts.no_page_heading, texts.no_page
        elif status == HTTPStatus.UNAUTHORIZED:
            heading, told = texts.no_entry_heading, texts.no_entry
            if self._has_login and page.view.embedded:
                back = f"/{page.path}?{urlencode(page.view.query())}"
                return page.response("sign_in.html", status, heading=heading, back=back)
        return page.response("error.html", status, heading=heading, told=told)


def _follows_a_link(scope: Scope) -> bool:
    """Whether a page is asked for: scripts, pictures and programs ask for anything else."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "").lower()


def _is_problem(message: Message) -> bool:
    told = Headers(raw=message.get("headers", [])).get("content-type", "")
    return message["status"] >= HTTPStatus.BAD_REQUEST and told.startswith(MEDIA_TYPE)
