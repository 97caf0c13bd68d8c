"""Logging in by an OIDC provider, in a tab or for a frame, and logging out."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Form
from joserfc.errors import JoseError
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from assistant.settings import Settings, variable
from assistant.web.guard.identity import COOKIES, FRAME, SESSION, is_ours
from assistant.web.guard.protection import static_policy
from assistant.web.guard.sessions import Sessions
from assistant.web.pages.page import Page
from assistant.web.site import Site
from index.errors import SettingsError

logger = logging.getLogger(__name__)

_NEEDED: Final = ("oidc_issuer", "oidc_client_id", "public_url")
_LOGIN_SECONDS: Final = 600  # that a login may take
_BACK: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")  # a path of ours, and no other host
_FAULTS: Final = (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, RuntimeError)


class Provider:
    """The OIDC provider of the settings: code flow with PKCE, state and nonce.

    Raises SettingsError where one is missing.
    """

    def __init__(self, settings: Settings) -> None:
        for name in _NEEDED:
            if not getattr(settings, name):
                raise SettingsError(
                    f"{variable('auth')}=oidc needs {variable(name)}.", "docs/access.md tells how."
                )
        secret = settings.oidc_client_secret
        self._issuer, self._client_id = settings.oidc_issuer, settings.oidc_client_id
        self._user, self._groups = settings.oidc_user_claim, settings.oidc_groups_claim
        self._redirect = f"{settings.public_url}/login/callback"
        self._client = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
        )

    async def begin(self, request: Request) -> Response:
        """The way to the provider's page. Raises what _FAULTS has."""
        response: Response = await self._client.authorize_redirect(request, self._redirect)
        return response

    async def end(self, request: Request) -> tuple[str, frozenset[str], str]:
        """The user who comes back, their groups, and the token that says so.

        Raises what _FAULTS has for a token or state that is not what was asked for.
        """
        metadata = await self._client.load_server_metadata()
        if str(metadata["issuer"]).rstrip("/") != self._issuer:
            raise ValueError("another issuer than LOTSE_OIDC_ISSUER")
        token = await self._client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "values": [metadata["issuer"]]},
                "aud": {"essential": True, "values": [self._client_id]},
            },
        )
        claims = token["userinfo"]
        user = str(claims.get(self._user) or claims["sub"])
        return user, groups_in(claims, self._groups), str(token["id_token"])

    async def farewell(self, id_token: str, back: str) -> str | None:
        """Where the provider ends the login as well; None where it has no such address."""
        try:
            metadata = await self._client.load_server_metadata()
            if not metadata.get("end_session_endpoint"):
                return None
            away = await self._client.create_logout_url(
                back, id_token_hint=id_token, client_id=self._client_id
            )
        except _FAULTS as fault:
            logger.warning("The OIDC provider can't be reached to log out: %s", _kind(fault))
            return None
        return str(away["url"])


def groups_in(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The groups of a claim, whose name may lead through others: realm_access.roles."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(str(group).removeprefix("/") for group in names)


def _kind(fault: Exception) -> str:
    """What is logged of it: its words may have a token in them."""
    return f"{type(fault).__name__} {getattr(fault, 'error', '')}".strip()


class LoginCookie:
    """ASGI: keeps what a login has begun with (state, nonce) in a signed cookie of its own."""

    def __init__(self, app: ASGIApp, path: str, secure: bool) -> None:
        self._app = app
        self._kept = SessionMiddleware(
            app,
            secrets.token_hex(32),
            session_cookie="lotse_login",
            max_age=_LOGIN_SECONDS,
            path=f"{path}/login",
            same_site="lax",
            https_only=secure,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        app = self._kept if path.startswith("/login") else self._app
        await app(scope, receive, send)


class _Login:
    """The routes' answers; `path` is that which the page is served under, such as /lotse."""

    def __init__(self, provider: Provider, sessions: Sessions, url: str, site: Site) -> None:
        parts = urlsplit(url)
        self._provider, self._sessions, self._url = provider, sessions, url
        self._origin, self._path = f"{parts.scheme}://{parts.netloc}", parts.path
        self._secure = parts.scheme == "https"
        self._site = site

    async def begin(self, request: Request) -> Response:
        request.session.clear()
        request.session["next"] = _back(request.query_params.get("next"))
        request.session["popup"] = request.query_params.get("popup") == "1"
        try:
            return await self._provider.begin(request)
        except _FAULTS as fault:
            logger.error("The OIDC provider can't be asked: %s", _kind(fault))
            raise HTTPException(503, "The login can't be reached.") from fault

    async def callback(self, request: Request) -> Response:
        try:
            user, groups, id_token = await self._provider.end(request)
        except _FAULTS as fault:
            logger.warning("A login was refused: %s", _kind(fault))
            raise HTTPException(401, "The login did not succeed. Try it again.") from fault
        for name in COOKIES:  # of whoever was here before
            self._sessions.end(request.cookies.get(name, ""))
        token = self._sessions.begin(user, groups, id_token)
        back, popup = _back(request.session.get("next")), request.session.get("popup")
        request.session.clear()
        response: Response = RedirectResponse(f"{self._url}{back}", 303)
        if popup:
            response = self._signed_in(request, self._sessions.code(token))
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(SESSION, token, **self._cookie("lax"))
        return response

    def _signed_in(self, request: Request, code: str) -> Response:
        """The page of the window that hands the code to the frame, by its script."""
        page = self._page(request, "login/callback")
        response = page.response("signed_in.html", 200, code=code)
        response.headers["Content-Security-Policy"] = static_policy(
            self._site.frame_ancestors, embedded=True
        )
        return response

    def frame(self, request: Request, code: str, back: str) -> Response:
        token = self._sessions.redeem(code) if is_ours(request, self._origin) else None
        if token is None:
            raise HTTPException(403, "This code doesn't hold.")
        response = RedirectResponse(f"{self._url}{_back(back)}", 303)
        # Where third-party cookies are blocked, one that is the frame's own is not.
        kind = self._cookie("none" if self._secure else "lax")
        response.set_cookie(FRAME, token, **kind)
        if self._secure:  # which Python itself knows from 3.14 on
            response.headers["Set-Cookie"] += "; Partitioned"
        return response

    def logout_page(self, request: Request) -> Response:
        session = any(self._sessions.find(request.cookies.get(name, "")) for name in COOKIES)
        return self._page(request, "logout").response("logout.html", 200, signed_in=session)

    async def logout(self, request: Request) -> Response:
        if not is_ours(request, self._origin):
            raise HTTPException(403, "This has to be sent from the page itself.")
        ended = [self._sessions.end(request.cookies.get(name, "")) for name in COOKIES]
        session = next(filter(None, ended), None)
        back = f"{self._url}/logout"
        away = await self._provider.farewell(session.id_token, back) if session else None
        response = self._page(request, "logout").response("logout.html", 200, signed_in=False)
        if away:  # no redirection, which the policy of the form forbids
            response.headers["Refresh"] = f"0; url={away}"
        for name in COOKIES:
            response.delete_cookie(name, path=self._path or "/")
        return response

    def _page(self, request: Request, path: str) -> Page:
        return Page.of(request, path, self._site, has_form=True)

    def _cookie(self, same_site: str) -> dict[str, Any]:
        kept: dict[str, Any] = {"path": self._path or "/", "httponly": True}
        return kept | {"secure": self._secure, "samesite": same_site}


def _back(path: str | None) -> str:
    """Where to go on after a login: a path of ours, or the chat."""
    return path if path and _BACK.fullmatch(path) else "/"


def router(provider: Provider, sessions: Sessions, url: str, site: Site) -> APIRouter:
    """The routes below /login, and /logout; `url` is the address that readers know."""
    routes = APIRouter(include_in_schema=False)
    login = _Login(provider, sessions, url, site)

    @routes.get("/login")
    async def begin(request: Request) -> Response:
        return await login.begin(request)

    @routes.get("/login/callback")
    async def callback(request: Request) -> Response:
        return await login.callback(request)

    @routes.post("/login/frame")
    def frame(
        request: Request, code: Annotated[str, Form()], next: Annotated[str, Form()] = "/"
    ) -> Response:
        return login.frame(request, code, next)

    @routes.get("/logout")
    def logout_page(request: Request) -> Response:
        return login.logout_page(request)

    @routes.post("/logout")
    async def logout(request: Request) -> Response:
        return await login.logout(request)

    return routes
