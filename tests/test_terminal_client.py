"""Questions of a terminal to the server that has the data folder."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from assistant.asking.follow_ups import Turn
from assistant.terminal.client import ask_server
from index.errors import ServerError
from tests.running import ROOT


class _Scripted(BaseHTTPRequestHandler):
    """Answers each POST with the status and the body that the path names.

    It is busy as often as `busy` has a Retry-After, or None for none.
    """

    busy: ClassVar[list[str | None]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.path.split("/")[1]
        status = {"broken": 500, "429": 429, "503": 503}.get(kind, 200)
        status = status if status == 500 or self.busy else 200
        body = b"<html>" if kind == "nonsense" else json.dumps(asked).encode()
        self.send_response(status)
        if self.busy and (retry_after := self.busy.pop()):
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_parts: object) -> None:
        pass


@contextmanager
def _server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Scripted) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_the_server_is_asked_and_its_answer_returned() -> None:
    with _server() as url:
        assert ask_server(f"{url}/good", "Größe?") == {"question": "Größe?", "store": False}


def test_the_server_is_told_what_was_asked_before() -> None:
    history = [Turn("Wer \ud800?", "„Es.“ [1]"), Turn("Und wo?")]
    with _server() as url:
        assert ask_server(f"{url}/good", "Warum?", history) == {
            "question": "Warum?",
            "store": False,
            "history": [
                {"question": "Wer ??", "answer": "„Es.“ [1]"},
                {"question": "Und wo?", "answer": ""},
            ],
        }


@pytest.mark.parametrize("kind", ["429", "503"])
@pytest.mark.parametrize("told", ["7", "0", None, "Wed, 21 Oct 2026 07:28:00 GMT", "²"])
def test_a_busy_server_is_asked_again_when_it_says(
    kind: str, told: str | None, slept: list[float]
) -> None:
    with _server() as url:
        _Scripted.busy = [told, told]
        assert ask_server(f"{url}/{kind}", "Größe?") == {"question": "Größe?", "store": False}
    assert slept == [7.0 if told == "7" else 1.0] * 2


@pytest.mark.parametrize(("told", "pauses"), [("59", 1), ("61", 0), ("9" * 500, 0)])
def test_a_server_that_stays_busy_is_not_waited_for_longer_than_for_an_answer(
    told: str, pauses: int, slept: list[float]
) -> None:
    with _server() as url, pytest.raises(ServerError, match="429"):
        _Scripted.busy = [told] * 10
        ask_server(f"{url}/429", "Größe?")
    assert len(slept) == pauses


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The pauses that were made, which are over at once, though the time has passed."""
    pauses: list[float] = []
    now = time.monotonic
    monkeypatch.setattr("assistant.terminal.client.time.sleep", pauses.append)
    monkeypatch.setattr("assistant.terminal.client.time.monotonic", lambda: now() + sum(pauses))
    yield pauses
    _Scripted.busy = []


@pytest.mark.parametrize("kind", ["broken", "nonsense"])
def test_a_server_that_gives_no_answer_is_named(kind: str) -> None:
    with _server() as url, pytest.raises(ServerError, match=f"{url}/{kind}"):
        ask_server(f"{url}/{kind}", "Größe?")


def test_a_server_that_is_gone_is_named_with_a_remedy() -> None:
    with _server() as url:
        pass
    with pytest.raises(ServerError, match=rf"{url}.*(?i:start)"):
        ask_server(url, "Größe?")


@pytest.mark.parametrize("url", ["http://::1:7871", "http://127.0.0.1:none", "lotse", ""])
def test_an_address_that_is_none_is_named_with_a_remedy(url: str) -> None:
    with pytest.raises(ServerError, match=rf"{url}.*(?i:start)"):
        ask_server(url, "Größe?")


def test_no_proxy_is_asked_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with _server() as url:
        assert ask_server(f"{url}/good", "Wer?") == {"question": "Wer?", "store": False}


@pytest.mark.parametrize("question", ["", "  ", "?!", "x" * 10_000])
def test_what_is_no_question_is_refused_without_the_server(question: str) -> None:
    answer = ask_server("http://127.0.0.1:9", question)
    assert answer["answerable"] is False
    assert answer["question"] == question


def test_half_a_character_reaches_the_server_as_text() -> None:
    with _server() as url:
        assert ask_server(f"{url}/good", "Wer \ud800?")["question"].startswith("Wer ")


IMPORTING = """
import sys, time
started = time.process_time()
import httpx
between = time.process_time()
import app, assistant.terminal.client
print(between - started, time.process_time() - between)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_asking_a_server_imports_little_more_than_httpx() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, imported = done.stdout.splitlines()
    heavy = {"llama_index", "chromadb", "gradio", "numpy", "sqlalchemy"}
    assert not heavy.intersection(imported.split())
    httpx, ours = map(float, seconds.split())
    assert ours < httpx + 0.5
