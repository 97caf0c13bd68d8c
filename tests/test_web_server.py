"""The server of the page: its port, its end, and that it reaches for no network."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from assistant.web.server import bind
from index.errors import ServerError


def test_a_port_that_is_taken_is_named_with_a_remedy() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"Port {port} on 127\.0\.0\.1 .*--port"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(
    "host", ["203.0.113.1", "no.such.host.invalid", "x" * 300, "::ffff:0:0:1::"]
)
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(ServerError, match=re.escape(host)):
        bind(host, 7860)


SERVED = """
from assistant.web.server import bind, create_app, serve
from tests.browser.scripted import ScriptedAssistant
listener = bind("127.0.0.1", 0)
ready = lambda: print(listener.getsockname()[1], flush=True)
serve(create_app(ScriptedAssistant()), listener, ready)
print("ended", flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly_though_a_page_is_open(sent: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        port = int(process.stdout.readline())
        address = f"http://127.0.0.1:{port}/gradio_api/heartbeat/abc"
        with urllib.request.urlopen(address, timeout=10) as stream:  # as every open page does
            assert stream.status == 200
            started = time.monotonic()
            process.send_signal(sent)
            output, errors = process.communicate(timeout=20)
        assert time.monotonic() - started < 15
    assert (process.returncode, output, errors) == (0, "ended\n", "")


def test_starting_the_page_reaches_for_no_network() -> None:
    code = "\n".join(
        [
            "import socket, json",
            "calls = []",
            "real = socket.socket.connect",
            "watch = lambda self, address: (calls.append(str(address)), real(self, address))[1]",
            "socket.socket.connect = watch",
            "socket.getaddrinfo = lambda *parts, **named: calls.append(str(parts)) or []",
            "from assistant.web.server import create_app",
            "from tests.browser.scripted import ScriptedAssistant",
            "create_app(ScriptedAssistant())",
            "import threading, time; time.sleep(1)",
            "print(json.dumps(calls))",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == []


def test_the_listener_takes_connections_before_the_page_is_ready() -> None:
    with (
        bind("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()) as visitor,
    ):
        assert visitor.getpeername() == listener.getsockname()
