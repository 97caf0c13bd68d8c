"""The server as a process of its own, and the commands beside it."""

import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import LotseError
from index.storage.owner import owned
from tests.command import FOUNDED, Captured, answers_in, is_plain, main
from tests.conftest import DELIVERED
from tests.library import CENTRE, LIBRARY, NETWORK, fill
from tests.running import Server, free_port, run, serving

pytestmark = pytest.mark.usefixtures("folder")


WATCH = """
import sys

EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
          "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")

def watch(event, arguments):
    if event in EVENTS:
        address = arguments[0 if event.startswith("socket.get") else 1]
        with open({log!r}, "a") as log:
            print(event, repr(address), file=log)

sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder; what is run in it with `_watching` writes its addresses to its log."""
    folder = tmp_path_factory.mktemp("watched")
    fill(folder / "work" / "seeds", LIBRARY)
    delivered = (DELIVERED / "sitecustomize.py").read_text("utf-8")
    started = delivered + WATCH.format(log=str(folder / "log"))
    fill(folder / "python", {"sitecustomize.py": started})
    return folder


def _watching(watched: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(watched / "python")}


@pytest.fixture(scope="module")
def server(watched: Path) -> Iterator[Server]:
    """The real server, over an index that another process has made; both are watched."""
    done = run(watched / "work", "index", more=_watching(watched))
    assert (done.returncode, done.stderr) == (0, b"")
    with serving(watched / "work", more=_watching(watched)) as server:
        yield server


def has_ipv6() -> bool:
    """Whether a server can listen on ::1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return str(response.read().decode("utf-8"))


def test_the_server_tells_what_it_did_and_where_it_is(server: Server) -> None:
    assert server.written[0].startswith("Documents: 0 added, 0 changed, 0 removed, 3 unchanged")
    assert server.written[-1].startswith(f"Clusterlotse: {server.url}")
    assert json.loads(_get(f"{server.url}/healthz")) == {"status": "ok"}
    assert len(json.loads(_get(f"{server.url}/api/documents"))) == len(LIBRARY)
    assert "<title>" in _get(server.url)


def test_ask_beside_a_running_server_goes_through_it(
    server: Server, watched: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = f"{FOUNDED}\n\n{'x' * 5_000}\nQuelle est la capitale de l'Australie ?\n".encode()
    beside = run(watched / "work", "ask", "--json", "-", stdin=stdin, more=_watching(watched))
    assert (beside.returncode, beside.stderr) == (0, b"")
    alone = io.TextIOWrapper(io.BytesIO(stdin))
    monkeypatch.setattr(sys, "stdin", alone)
    assert main("ask", "--json", "-") == 0
    for theirs, ours in zip(
        answers_in(beside.stdout), answers_in(capsys.readouterr().out), strict=True
    ):
        assert theirs | {"seconds": 0} == ours | {"seconds": 0}


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_ask_beside_a_server_on_an_ipv6_address_goes_through_it(
    folder: Path, capsys: Captured
) -> None:
    with serving(folder, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert json.loads(_get(f"{server.url}/healthz")) == {"status": "ok"}
        assert main("ask", "--json", FOUNDED) == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert answers_in(written.out)[0]["answerable"]


def test_filters_reach_the_server_and_its_refusal_comes_back(
    server: Server, watched: Path, capsys: Captured
) -> None:
    beside = ["ask", "--data", str(watched / "work" / "data"), "--json"]
    assert main(*beside, "--file", "*.txt", "--since", "2021", FOUNDED) == 0
    answer = answers_in(capsys.readouterr().out)[0]
    assert [hit["file"] for hit in answer["retrieved"]] == [CENTRE]
    assert main(*beside, "--file", "netzwerke.md", FOUNDED) == 2
    is_plain(capsys.readouterr(), "'netzwerke.md'", f"Is it {NETWORK}?", server.url)


@pytest.mark.parametrize("question", ["Wer \udcff leitet das Zentrum Alpenblick?", "Wer\0?"])
def test_an_odd_question_reaches_the_server_too(
    server: Server, watched: Path, capsys: Captured, question: str
) -> None:
    assert main("ask", "--data", str(watched / "work" / "data"), question) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_a_second_process_leaves_soon_and_names_the_owner(server: Server, watched: Path) -> None:
    def seconds(*arguments: str) -> tuple[float, subprocess.CompletedProcess[bytes]]:
        started = time.monotonic()
        done = run(watched / "work", *arguments)
        return time.monotonic() - started, done

    start_up, _ = seconds("--help")
    taken, done = seconds("index")
    assert done.returncode == 1
    message = done.stderr.decode()
    for part in ("data", "`serve`", str(server.process.pid), server.url, "--data"):
        assert part in message
    assert len(message.splitlines()) == 1
    assert done.stdout == b""
    assert taken - start_up < 2


def test_a_second_server_leaves_as_well(server: Server, watched: Path, capsys: Captured) -> None:
    data = str(watched / "work" / "data")
    assert main("--data", data, "--port", str(free_port())) == 1
    is_plain(capsys.readouterr(), "`serve`", str(server.process.pid), server.url)
    assert json.loads(_get(f"{server.url}/healthz")) == {"status": "ok"}


def _remote_addresses(process: int) -> set[str]:
    """The other ends of a process's TCP connections, as /proc gives them; native code's too."""
    links = [
        str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()
    ]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    addresses = set()
    for name in ("tcp", "tcp6"):
        table = Path(f"/proc/{process}/net/{name}")
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            cells = line.split()
            if cells[9] in inodes:
                addresses.add(cells[2].partition(":")[0])
    return addresses


def test_nothing_but_this_machine_is_ever_connected_to_or_looked_up(
    server: Server, watched: Path
) -> None:
    for path in ("", "?lang=fr", "web/chat.css", "theme.css", "config", f"sources/{NETWORK}"):
        _get(f"{server.url}/{path}")
    body = json.dumps({"question": FOUNDED}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/api/ask", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        assert json.load(response)["answerable"]
    done = run(watched / "work", "ask", FOUNDED, more=_watching(watched))
    assert done.returncode == 0
    lines = (watched / "log").read_text().splitlines()
    assert any(line.startswith("socket.connect ") for line in lines), "ask went to the server"
    local = re.compile(r"\S+ (?:\(?'(?:127\.0\.0\.1|localhost|::1)'.*|'/[^']*'|b'\\x00.*)")
    assert [line for line in lines if not local.fullmatch(line)] == []
    if sys.platform == "linux":
        loopback = {"0100007F", "00000000", "0" * 32, "0" * 24 + "01000000"}
        assert _remote_addresses(server.process.pid) - loopback == set()


def test_the_program_writes_nothing_outside_its_data_folder(server: Server, watched: Path) -> None:
    _get(server.url)
    assert {path.name for path in (watched / "work").iterdir()} == {"seeds", "data"}
    assert {path.name for path in (watched / "work" / "seeds").iterdir()} == LIBRARY.keys()


def test_a_signal_ends_the_server_and_frees_the_folder(folder: Path) -> None:
    with serving(folder) as server:
        with pytest.raises(LotseError), owned(folder / "data", "test", wait=0):
            pass
        assert server.end(signal.SIGTERM) == (0, "")
    with owned(folder / "data", "test", wait=0):
        pass
    with socket.create_server(("127.0.0.1", int(server.url.rpartition(":")[2]))):
        pass
