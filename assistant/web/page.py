"""Gradio's page, given the reader's language, our title and style, and rid of what is not ours."""

import re
from html import escape
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.language import of_connection
from assistant.web.texts import TEXTS, Texts

_SUPERFLUOUS: Final = [
    # A base address would turn every link within the page into a reload of it.
    re.compile(r'<base href="\./"\s*/?>'),
    # Gradio's advertisement for itself, with pictures on foreign hosts.
    re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>'),
    re.compile(r'<link rel="manifest"[^>]*>'),
    # A helper for pages on Hugging Face; it would take messages from any page around ours.
    re.compile(r"<script>(?:(?!</script>).)*?iframeResizer\.contentWindow.*?</script>", re.DOTALL),
]
_LANGUAGE: Final = re.compile(r'(<html[^>]*?\blang=)"[^"]*"')
_HEAD: Final = """
<title>{title}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="web/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="web/chat.css">
<script src="web/chat.js"></script>
</head>"""


def localised(html: str, texts: Texts) -> str:
    """The page Gradio serves, as the chat serves it."""
    for pattern in _SUPERFLUOUS:
        html = pattern.sub("", html)
    html = _LANGUAGE.sub(lambda match: f'{match[1]}"{texts.language}"', html, count=1)
    html = html.replace("</head>", _HEAD.format(title=escape(texts.page_title)), 1)
    without_script = f"<noscript><p>{escape(texts.script_needed)}</p></noscript>"
    return html.replace("</body>", f"{without_script}</body>", 1)


class LocalisedPage:
    """ASGI: passes everything on to Gradio, and localises its page on the way back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"].removeprefix(_root(scope)) in ("", "/")
        if not is_page:
            await self._app(scope, receive, send)
            return
        texts = TEXTS[of_connection(HTTPConnection(scope))]
        status, html = await _collect(self._app, _uncompressed(scope), receive)
        headers = {
            "Content-Language": texts.language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-cache",
        }
        response = Response(localised(html, texts), status, headers, "text/html")
        await response(scope, receive, send)


def _root(scope: Scope) -> str:
    return str(scope.get("root_path", ""))


def _uncompressed(scope: Scope) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, str]:
    status, body = 500, bytearray()

    async def keep(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return status, body.decode("utf-8")
