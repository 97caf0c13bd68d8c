"""Gradio's page as the chat and as its embedded form: in the reader's language, with our style."""

import re
from dataclasses import replace
from html import escape
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.site import Site
from assistant.web.texts import TEXTS
from assistant.web.view import View

_SUPERFLUOUS: Final = [
    # A base address would turn every link within the page into a reload of it.
    re.compile(r'<base href="\./"\s*/?>'),
    # Gradio's advertisement for itself, with pictures on foreign hosts.
    re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>'),
    re.compile(r'<link rel="manifest"[^>]*>'),
    # Helpers for pages on Hugging Face: they would talk with any page around ours.
    re.compile(r'window\.parent\?\.postMessage\(\s*\{[^}]*\},\s*"\*"\s*\);'),
    re.compile(r"<script>(?:(?!</script>).)*?iframeResizer\.contentWindow.*?</script>", re.DOTALL),
]
_ELEMENT: Final = re.compile(r'<html([^>]*?)\blang="[^"]*"')
_HEAD: Final = """
<title>{title}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{icon}">
<link rel="search" type="application/opensearchdescription+xml" title="{name}"
 href="opensearch.xml">
<link rel="stylesheet" href="web/colours.css">
<link rel="stylesheet" href="web/chat.css">
<script src="web/conversations.js"></script>
<script src="web/chat.js"></script>
<script src="web/preview.js"></script>
{more}</head>"""
_BRANDED: Final = '<link rel="stylesheet" href="brand.css">\n'
_EMBEDDED: Final = """<link rel="stylesheet" href="web/embedded.css">
<script src="web/frame.js" data-ancestors="{ancestors}" defer></script>
"""


def localised(html: str, view: View, site: Site) -> str:
    """The page Gradio serves, as the chat of the site serves it."""
    texts = TEXTS[view.language]
    for pattern in _SUPERFLUOUS:
        html = pattern.sub("", html)
    shown = f'lang="{view.language}" data-theme="{view.theme}"' + " data-embedded" * view.embedded
    shown += " data-forgets" * (not site.keeps_history)
    html = _ELEMENT.sub(lambda match: f"<html{match[1]}{shown}", html, count=1)
    head = _HEAD.format(
        title=escape(texts.page_title.format(name=site.name)),
        icon=site.icon,
        name=escape(site.name),
        more=_more(view, site),
    )
    html = html.replace("</head>", head, 1)
    without_script = f"<noscript><p>{escape(texts.script_needed)}</p></noscript>"
    return html.replace("</body>", f"{without_script}</body>", 1)


def _more(view: View, site: Site) -> str:
    ancestors = escape(" ".join(site.frame_ancestors))
    embedded = _EMBEDDED.format(ancestors=ancestors) if view.embedded else ""
    return (_BRANDED if site.is_branded else "") + embedded


class LocalisedPage:
    """ASGI: passes everything on to Gradio, and localises its page on the way back.

    `/embed` is the same page for the frame of another one.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(_root(scope)) if scope["type"] == "http" else None
        if path not in ("", "/", "/embed"):
            await self._app(scope, receive, send)
            return
        asked = View.of_connection(HTTPConnection(scope))
        view = replace(asked, embedded=asked.embedded or path == "/embed")
        status, html = await _collect(self._app, _as_page(scope), receive)
        headers = {
            "Content-Language": view.language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-cache",
        }
        html = localised(html, view, self._site)
        await Response(html, status, headers, "text/html")(scope, receive, send)


def _root(scope: Scope) -> str:
    return str(scope.get("root_path", ""))


def _as_page(scope: Scope) -> Scope:
    """The request for Gradio's page, uncompressed, without what Gradio would take from its query.

    It knows no other page (`?page=`), and shows no state that somebody has stored (`?deep_link=`).
    """
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "path": f"{_root(scope)}/", "query_string": b"", "headers": kept}


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, str]:
    status, body = 500, bytearray()

    async def keep(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return status, body.decode("utf-8")
