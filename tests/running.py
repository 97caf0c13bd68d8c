"""The program as a process of its own, as somebody starts it."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0  # seconds; a machine under load starts slowly


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, with no setting of the program but that no dictionaries and no model take long."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LOTSE_")}
    return kept | {"LOTSE_DICTIONARIES": "off", "LOTSE_EMBEDDING": "off"} | dict(more or {})


def run(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    more: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> subprocess.CompletedProcess[bytes]:
    """Runs `python app.py ARGUMENTS` in a folder until it ends."""
    return subprocess.run(
        [sys.executable, *options, str(ROOT / "app.py"), *arguments],
        cwd=folder,
        env=environment(more),
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """`python app.py` in `folder`, ready to be asked; `written` is what it has printed so far."""

    folder: Path
    process: subprocess.Popen[str]
    url: str
    written: list[str]

    def end(self, sent: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Sends a signal; the exit status, and what was written to standard error."""
        self.process.send_signal(sent)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    more: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Iterator[Server]:
    """The server on a free port, in a folder, from when it is ready to the end of the block.

    It is killed if it is not ready after `patience` seconds; as long as the block runs, it may.
    """
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(free_port()), *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = threading.Timer(patience, process.kill)
        watch.start()
        try:
            url, written = _ready(process)
            watch.cancel()
            yield Server(folder, process, url, written)
        finally:
            watch.cancel()
            if process.poll() is None:
                process.kill()


def _ready(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """The address, once it is told, and the lines up to there."""
    assert process.stdout
    assert process.stderr
    written: list[str] = []
    for line in process.stdout:
        written.append(line)
        if "http://" in line:
            url = next(word for word in line.split() if word.startswith("http://"))
            return url.rstrip("/"), written
    raise AssertionError(f"it did not start: {''.join(written)}{process.stderr.read()}")
