"""A small OIDC provider, served on loopback: real codes, real tokens, real signatures."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.running import free_port

CLIENT, SECRET = "clusterlotse", "a-secret-of-the-tests"


class Provider:
    """Logs `user` in without asking; `claims` go over those of the next token.

    `signer` signs in place of the published key, and what is `tampered` with is the token's text.
    """

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.user: Mapping[str, Any] = {
            "sub": "1",
            "preferred_username": "anna",
            "groups": ["/vorstand"],
        }
        self.claims: dict[str, Any] = {}
        self.signer: RSAKey | None = None
        self.asks = False
        self.logged_out: list[Mapping[str, str]] = []
        self._codes: dict[str, Mapping[str, str]] = {}
        self.rotate()
        paths = {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": self._jwks,
            "/authorize": self._authorize,
            "/logout": self._logout,
        }
        routes = [Route(path, handler) for path, handler in paths.items()]
        routes.append(Route("/token", self._token, methods=["POST"]))
        self.app = Starlette(routes=routes)

    def rotate(self) -> None:
        """From now on another key signs, and it alone is published."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, auto_kid=False)

    def _metadata(self, _request: Request) -> Response:
        addresses = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (
                ("authorization", "authorize"),
                ("token", "token"),
                ("end_session", "logout"),
            )
        }
        return JSONResponse(
            {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
                **addresses,
            }
        )

    def _jwks(self, _request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["nonce"]
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        if self.asks:
            return HTMLResponse(f'<a id="in" href="{back.replace("&", "&amp;")}">Log in</a>')
        return RedirectResponse(back)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)
        shown = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        verified = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(verified).rstrip(b"=").decode()
        if asked is None or request.headers["authorization"] != f"Basic {shown}":
            return JSONResponse({"error": "invalid_grant"}, 400)
        if asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self._signed(asked["nonce"])
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.user,
            **self.claims,
        }
        whole = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid}
        return str(jwt.encode(header, whole, self.signer or self.key))

    def _logout(self, request: Request) -> Response:
        self.logged_out.append(dict(request.query_params))
        return HTMLResponse("bye")


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that can be asked while the block runs."""
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(made.app, port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield made
    finally:
        server.should_exit = True
        thread.join(10)
