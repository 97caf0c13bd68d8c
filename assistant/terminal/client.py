"""Asking the server that has the data folder open."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx

from assistant.answering.replies import refused
from assistant.asking.limits import unaskable
from index.errors import ServerError, UsageError

if TYPE_CHECKING:
    from assistant.access import Scope
    from assistant.asking.follow_ups import Turn

_SERVER_SECONDS = 60.0  # that a server has besides what its LLM takes
_COME_AGAIN = (429, 503)


def ask_server(
    url: str,
    question: str,
    history: "Sequence[Turn]" = (),
    scope: "Scope | None" = None,
    llm_seconds: float = 0.0,
    key: str = "",
) -> dict[str, Any]:
    """The answer of the server that has the data folder open, and an LLM with that much time.

    Raises UsageError for what the server refuses, such as a scope or the key, and ServerError if
    it fails.
    """
    question = _as_text(question)
    if reason := unaskable(question):
        return refused(question, reason).as_json()
    body: dict[str, Any] = {"question": question, "store": False}
    body |= scope.as_json() if scope else {}
    if history:
        body["history"] = [
            {"question": _as_text(turn.question), "answer": _as_text(turn.answer)}
            for turn in history
        ]
    try:
        response = _posted(f"{url}/api/ask", body, _SERVER_SECONDS + llm_seconds, key)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise UsageError(
                f"The server {url} asks who you are.",
                "Make a key (app.py keys new NAME --scope PATTERN) and set it as LOTSE_KEY.",
            )
        if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise UsageError(response.json()["detail"], f"(So says the server {url}.)")
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
        raise ServerError(
            f"The server {url}, which has the data folder open, does not answer: {error}.",
            "Stop it or start it again.",
        ) from error
    return answer


def _posted(address: str, body: dict[str, Any], seconds: float, key: str) -> httpx.Response:
    """What a server answers within the time; one that says when to come again is asked again."""
    deadline = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    while True:
        left = deadline - time.monotonic()
        response = httpx.post(address, json=body, headers=headers, timeout=left, trust_env=False)
        if response.status_code not in _COME_AGAIN:
            return response
        pause = _retry_after(response.headers.get("retry-after", ""))
        if time.monotonic() + pause >= deadline:
            return response
        time.sleep(pause)


def _retry_after(told: str) -> float:
    """Seconds of a Retry-After header; one where it says nothing that is understood."""
    return max(1.0, float(told)) if told.isascii() and told.isdecimal() else 1.0


def _as_text(text: str) -> str:
    """The text without halves of characters, which can't be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
