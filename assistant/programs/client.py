"""Asking a server from Python: the interface of docs/api.md, a method for each route."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote

import httpx

from index.errors import ServerError, UsageError

_SECONDS = 60.0
_COME_AGAIN = (429, 503)

Object = dict[str, Any]


class Client:
    """A client of the server at `url`; what it returns is the JSON that docs/api.md describes.

    `key` is sent as a bearer's token, where a server wants one; `seconds` are what an answer may
    take. Raises UsageError for what the server refuses, with its words, and ServerError where it
    has no time, fails or can't be reached.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7860",
        *,
        key: str | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[Mapping[str, str]] = (),
        files: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        store: bool = True,
    ) -> Object:
        """The answer to a question, or a refusal: then `answerable` is False.

        `history` are earlier turns, each with its `question` and `answer`.
        """
        body = {
            **{"question": question, "language": language, "since": since, "until": until},
            **{"history": list(history), "files": list(files), "store": store},
        }
        answer: Object = self._sent("POST", "/api/ask", json=body)
        return answer

    def search(
        self,
        query: str,
        *,
        files: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        language: str | None = None,
        page: int = 1,
        size: int = 10,
    ) -> Object:
        """A page of passages, best first; `language` is that of the documents."""
        wanted = {"since": since, "until": until, "language": language, "file": list(files)}
        return self._got("/api/search", q=query, page=page, size=size, **wanted)

    def documents(self) -> list[Object]:
        """What is told of each document."""
        documents: list[Object] = self._sent("GET", "/api/documents")
        return documents

    def document(self, file: str) -> Object:
        """A document with its text."""
        return self._got(f"/api/documents/{quote(file)}")

    def organisations(self, **wanted: str) -> list[Object]:
        """Organisations that fit: `org`, `kind`, `country`, `q`."""
        rows: list[Object] = self._sent("GET", "/api/organisations", params=wanted)
        return rows

    def partnerships(self, **wanted: str) -> list[Object]:
        """Partnerships that fit: as above, `status`, `since`, `until`."""
        rows: list[Object] = self._sent("GET", "/api/partnerships", params=wanted)
        return rows

    def timeline(self, **wanted: str) -> list[Object]:
        """The partnerships of which a day is known, the earliest first."""
        rows: list[Object] = self._sent("GET", "/api/timeline", params=wanted)
        return rows

    def _got(self, path: str, **parameters: Any) -> Object:
        given = {name: value for name, value in parameters.items() if value is not None}
        got: Object = self._sent("GET", path, params=given)
        return got

    def _sent(self, method: str, path: str, **more: Any) -> Any:
        try:
            response = self._http.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = f"The server {self._http.base_url} does not answer: {error}."
            raise ServerError(told, "Start it, or correct its address.") from error
        if response.is_success:
            return response.json()
        told, whose = _detail(response), f"(So says the server {self._http.base_url}.)"
        if response.is_client_error and response.status_code not in _COME_AGAIN:
            raise UsageError(told, whose)
        raise ServerError(told, whose)


def _detail(response: httpx.Response) -> str:
    """Why a server refuses, or its status where it does not say so."""
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        return str(response.json().get("detail", response.reason_phrase))
    return f"{response.status_code} {response.reason_phrase}."
