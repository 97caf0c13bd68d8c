"""Vectors are stored in a real Chroma, in a folder or on a server."""

import gc
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import chromadb
import pytest
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import InternalError

from index.errors import DamageError, StorageError
from index.vectors import chroma as module
from index.vectors.calls import explained, within
from index.vectors.chroma import Chroma, Vectors
from tests.conftest import end_chroma

EAST, NORTH, NORTH_EAST, WEST = [1.0, 0.0], [0.0, 1.0], [0.8, 0.6], [-1.0, 0.0]


@pytest.fixture
def chroma(tmp_path: Path) -> Chroma:
    return Chroma.in_folder(tmp_path / "chroma")


@pytest.fixture
def vectors(chroma: Chroma) -> Vectors:
    return chroma.create("test")


def test_the_nearest_come_first_with_their_cosine(vectors: Vectors) -> None:
    vectors.upsert(["west", "north", "east", "ne"], [WEST, NORTH, [5.0, 0.0], NORTH_EAST])
    nearest = vectors.nearest(EAST, 4)
    assert [identity for identity, _ in nearest] == ["east", "ne", "north", "west"]
    assert [cosine for _, cosine in nearest] == pytest.approx([1, 0.8, 0, -1], abs=1e-6)
    assert vectors.nearest(EAST, 2) == nearest[:2]
    assert vectors.nearest(EAST, 100) == nearest


def test_the_nearest_of_some_ids_are_found_however_far_they_are(vectors: Vectors) -> None:
    near = [f"near {number}" for number in range(3_000)]
    vectors.upsert(near, [[1.0, number / 1e5] for number in range(3_000)])
    vectors.upsert(["north", "west"], [NORTH, WEST])
    nearest = vectors.nearest(EAST, 50, {"west", "north"})
    assert [identity for identity, _ in nearest] == ["north", "west"]
    assert vectors.nearest(EAST, 50, set()) == []


def test_more_ids_than_sqlite_takes_values_can_be_chosen_from(vectors: Vectors) -> None:
    ids = [str(number) for number in range(33_000)]
    vectors.upsert(ids, [[1.0, number / 1e5] for number in range(33_000)])
    nearest = [identity for identity, _ in vectors.nearest(EAST, 5, {*ids[1:]})]
    assert len(nearest) == 5
    assert "0" not in nearest, "the nearest of all"


def test_an_empty_collection_finds_nothing_and_answers(vectors: Vectors) -> None:
    assert vectors.nearest(EAST, 5) == []
    assert vectors.ids() == set()
    assert vectors.answers()


def test_storing_an_id_again_replaces_its_vector(vectors: Vectors) -> None:
    vectors.upsert(["a", "b"], [EAST, NORTH])
    vectors.upsert(["a"], [WEST])
    assert vectors.count() == 2
    ((identity, cosine),) = vectors.nearest(WEST, 1)
    assert identity == "a"
    assert cosine == pytest.approx(1)


def test_taking_out_what_is_not_there_is_no_fault(vectors: Vectors) -> None:
    vectors.upsert(["a", "b"], [EAST, NORTH])
    vectors.delete(["a", "never there"])
    vectors.delete([])
    assert vectors.ids() == {"b"}
    assert [identity for identity, _ in vectors.nearest(EAST, 5)] == ["b"]


def test_more_vectors_than_one_batch_holds_are_stored_and_deleted(tmp_path: Path) -> None:
    settings = ChromaSettings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(tmp_path / "chroma", settings=settings)
    vectors = Vectors(client.create_collection("test", embedding_function=None), batch=3)
    ids = [str(number) for number in range(10)]
    vectors.upsert(ids, [[1.0, float(number)] for number in range(10)])
    assert vectors.ids() == set(ids)
    vectors.delete(ids[:7])
    assert vectors.ids() == set(ids[7:])


def test_more_vectors_than_chroma_takes_at_once_are_stored(vectors: Vectors) -> None:
    ids = [str(number) for number in range(6000)]
    vectors.upsert(ids, [[1.0, float(number)] for number in range(6000)])
    assert vectors.ids() == set(ids)
    vectors.delete(ids)
    assert vectors.count() == 0


def test_a_vector_of_another_length_is_refused(vectors: Vectors) -> None:
    vectors.upsert(["a"], [EAST])
    with pytest.raises(StorageError, match="Chroma"):
        vectors.upsert(["b"], [[1.0, 2.0, 3.0]])


def test_a_collection_is_opened_by_its_name(chroma: Chroma, vectors: Vectors) -> None:
    vectors.upsert(["a"], [EAST])
    opened = chroma.open(vectors.name)
    assert opened is not None
    assert opened.ids() == {"a"}
    assert chroma.open("test-of-something-else") is None


def test_other_collections_of_the_prefix_are_dropped_and_no_more(chroma: Chroma) -> None:
    old, new, foreign = chroma.create("ours"), chroma.create("ours"), chroma.create("theirs")
    assert len({old.name, new.name, foreign.name}) == 3
    chroma.drop_others("ours", new)
    assert chroma.open(old.name) is None
    assert chroma.open(new.name) is not None
    assert chroma.open(foreign.name) is not None


def test_a_collection_that_is_gone_does_not_answer(chroma: Chroma, vectors: Vectors) -> None:
    vectors.upsert(["a"], [EAST])
    assert vectors.answers()
    chroma.drop_others("test", chroma.create("test"))
    assert not vectors.answers()
    for call in (vectors.count, vectors.ids):
        with pytest.raises(StorageError, match="Start the program again"):
            call()


def test_a_collection_whose_graph_fell_apart_does_not_answer(vectors: Vectors) -> None:
    ids = [str(number) for number in range(200)]
    vectors.upsert(ids, [EAST] * len(ids))
    assert vectors.answers()
    vectors.delete(ids[::2])
    assert len(vectors.nearest(EAST, 50)) < 40
    assert not vectors.answers()


def test_a_folder_that_chroma_cannot_open_is_built_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is no database " * 1000)
    vectors = Chroma.in_folder(folder).create("test")
    vectors.upsert(["a"], [EAST])
    assert vectors.ids() == {"a"}
    assert str(folder) in caplog.text
    (aside,) = tmp_path.glob("broken.*")
    assert (aside / "chroma.sqlite3").read_bytes().startswith(b"this is no database")


def test_what_is_no_folder_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("something of the user's")
    with pytest.raises(StorageError, match="data folder can be written") as raised:
        Chroma.in_folder(tmp_path / "chroma")
    assert not isinstance(raised.value, DamageError)
    assert (tmp_path / "chroma").read_text() == "something of the user's"


@pytest.mark.parametrize(
    "told",
    [
        "error returned from database: (code: 13) database or disk is full",
        "error returned from database: (code: 5) database is locked",
        "error returned from database: (code: 778) disk I/O error",
        "error returned from database: (code: 8) attempt to write a readonly database",
        "error returned from database: (code: 14) unable to open database file",
        "Error sending backfill request: Permission denied (os error 13)",
        "No space left on device (os error 28)",
        "Too many open files (os error 24)",
    ],
)
def test_circumstances_are_no_damage(told: str) -> None:
    with pytest.raises(StorageError, match="See that the disk has room") as raised, explained():
        raise InternalError(told)
    assert not isinstance(raised.value, DamageError)


@pytest.mark.parametrize(
    "told",
    [
        "error returned from database: (code: 26) file is not a database",
        "error returned from database: (code: 11) database disk image is malformed",
        "error returned from database: (code: 1) no such table: collections",
        "Error loading hnsw index: No such file or directory (os error 2)",
        "Error executing plan: Internal error: Error finding id",
    ],
)
def test_what_cannot_be_read_is_damaged(told: str) -> None:
    with pytest.raises(DamageError), explained():
        raise InternalError(told)


def test_the_env_file_of_the_working_folder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("LOTSE_PORT=1\nCHROMA_SERVER_HTTP_PORT=none\nALLOW_RESET=perhaps\n")
    assert Chroma.in_folder(tmp_path / "chroma").create("test").answers()


# A server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a Chroma server of its own."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run"]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*command, "--path", tmp_path / "served", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/api/v2/heartbeat")
        yield address
        end_chroma()
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()  # Chroma's client never closes its connections to a server
    finally:
        process.kill()
        process.wait()


def wait_for(url: str, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


def test_a_server_holds_vectors_as_a_folder_does(server: str) -> None:
    chroma = Chroma.at(server + "/")
    vectors = chroma.create("test")
    vectors.upsert(["east", "north"], [EAST, NORTH])
    vectors.upsert(["east"], [EAST])
    vectors.delete(["north", "never there"])
    opened = Chroma.at(server).open(vectors.name)
    assert opened is not None
    assert opened.answers()
    ((identity, cosine),) = opened.nearest(NORTH_EAST, 5)
    assert identity == "east"
    assert cosine == pytest.approx(0.8)
    assert opened.nearest(NORTH_EAST, 5, {"east"}) == [(identity, cosine)]
    chroma.drop_others("test", chroma.create("test"))
    assert not opened.answers()


def test_a_token_is_sent_to_the_server_alone_and_is_in_no_error(tmp_path: Path) -> None:
    seen: list[Message[str, str]] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers)
            self.send_error(401)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as door:
        Thread(target=door.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{door.server_port}"
        with pytest.raises(StorageError) as raised:
            Chroma.at(address, "geheim-4711")
        door.shutdown()
    assert "geheim-4711" not in str(raised.value)
    assert seen[0]["Authorization"] == "Bearer geheim-4711"
    assert seen[0]["X-Chroma-Token"] == "geheim-4711"


def test_a_server_that_is_not_there_is_named_with_its_setting() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StorageError, match=rf"{address}.*LOTSE_CHROMA_URL"):
        Chroma.at(address)


def test_a_server_that_never_answers_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SERVER_TIMEOUT", 0.5)
    raised: list[BaseException] = []

    def open_it(address: str) -> None:
        try:
            Chroma.at(address)
        except StorageError as error:
            raised.append(error)

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        opening = Thread(target=open_it, args=(address,), daemon=True)
        opening.start()
        opening.join(5)
        assert not opening.is_alive()
    assert address in str(raised)


def test_a_server_that_falls_silent_is_left_alone_for_a_while() -> None:
    call, calls = within(0.1), list[None]()

    def silent() -> None:
        calls.append(None)
        time.sleep(0.4)

    for _ in range(6):
        with pytest.raises(StorageError):
            call(silent)
    assert len(calls) == 3
    time.sleep(0.1)
    assert call(lambda: 7) == 7
