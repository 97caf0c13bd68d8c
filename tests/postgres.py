"""A PostgreSQL server of Debian's package, in a temporary folder, on a free port of this machine.

It does not run as root: where the tests do, it runs as the user that Debian's package made for it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from tests.running import free_port

USER, PASSWORD = "lotse", "geheim-4711"
_PATIENCE = 60.0  # seconds
_CONFIGURATION = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "unix_socket_directories": "",
}


def binaries() -> Path:
    """The folder of Debian's newest server."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


class Postgres:
    """One server, which tests may end, freeze and start again."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._numbers = count()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, more: Mapping[str, str] | None = None) -> None:
        """Starts it, with `more` of configuration, and waits until it answers."""
        settings = _CONFIGURATION | dict(more or {}) | {"port": str(self._port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self._folder / "log").open("ab")
        command = [str(binaries() / "postgres"), "-D", str(self._folder / "data"), *options]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, **_as_other_user())
        log.close()
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(psycopg.OperationalError), self.admin():
                return
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def stop(self) -> None:
        """Ends it at once, as `systemctl restart` does: who is connected is thrown out."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE)
            self._process = None

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A connection, to be used as a context manager."""
        return psycopg.connect(self._address(database), autocommit=True, connect_timeout=5)

    def database(self) -> str:
        """A new, empty database: its address, as LOTSE_CATALOGUE takes it."""
        name = f"lotse_{os.getpid()}_{next(self._numbers)}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")  # type: ignore[call-overload]
        return self._address(name).replace("postgresql://", "postgresql+psycopg://")

    def _address(self, database: str) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self._port}/{database}"


@contextmanager
def running(more: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A server with nothing in it and `more` of configuration, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="lotse-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        subprocess.run(
            [
                *(binaries() / "initdb", "-D", folder / "data", "-U", USER, "--no-sync"),
                *("-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", password),
            ],
            check=True,
            capture_output=True,
            **_as_other_user(),
        )
        server = Postgres(folder, free_port())
        server.start(more)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_other_user() -> dict[str, str]:
    return {"user": "postgres", "group": "postgres", "cwd": "/"} if os.geteuid() == 0 else {}
