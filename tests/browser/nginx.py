"""Debian's nginx in front of the application, with the examples of docs/ as its configuration."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.running import ROOT, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PATIENCE = 10.0  # seconds

_CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


def example(name: str, behind: str) -> str:
    """An example of docs/, with the address `behind` in place of the one in it."""
    default = "http://127.0.0.1:7860"
    text = (ROOT / "docs" / name).read_text("utf-8")
    assert text.count(default) == 1
    return text.replace(default, behind)


@contextmanager
def proxied(folder: Path, locations: str) -> Iterator[str]:
    """The address of an nginx with these locations, for as long as the block runs."""
    assert NGINX, "nginx has to be installed: apt install nginx-light"
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, port=port, locations=locations), "utf-8")
    errors = folder / "error.log"
    with subprocess.Popen(
        [NGINX, "-c", str(file), "-p", str(folder), "-e", str(errors)]
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            httpx.get(address, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"nginx does not serve {address}")
