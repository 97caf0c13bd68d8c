"""Somebody else's pages, on another origin than the chat, for the chat to be shown in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

HOST: Final = "intranet.test"
"""The name of the host that may show the chat."""
CHAT: Final = "lotse.test"
"""The name of the chat's own host, in the eyes of the browser another site than HOST."""
FLAGS: Final = ["--host-resolver-rules=MAP *.test 127.0.0.1"]
"""What a browser needs to find those names; it takes none of them to be this machine."""


@dataclass(frozen=True)
class Hosts:
    """A server of pages that is reached by every name ending in `.test`."""

    port: int
    pages: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)

    def put(
        self,
        path: str,
        html: str,
        policy: str | None = None,
        kind: str = "text/html",
        encoding: str = "utf-8",
    ) -> None:
        """Serve a page at a path, from now on, with a content policy if one is given."""
        headers = {"Content-Type": kind} | ({"Content-Security-Policy": policy} if policy else {})
        self.pages[path] = (headers, html.encode(encoding))

    def origin(self, host: str = HOST) -> str:
        """The origin that the pages have by a host's name."""
        return f"http://{host}:{self.port}"


@contextmanager
def hosts() -> Iterator[Hosts]:
    """A server for pages that are put there later."""
    pages: dict[str, tuple[dict[str, str], bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers, body = pages.get(self.path.partition("?")[0], ({}, b""))
            self.send_response(200 if headers else 204)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield Hosts(server.server_port, pages)
        finally:
            server.shutdown()
            thread.join()
