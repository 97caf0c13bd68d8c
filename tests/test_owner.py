"""One process owns a data folder; a second one leaves at once and says whose it is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from index.errors import DataInUseError, StorageError
from index.storage.owner import owned, owner_of

HOLDING = """
import sys
from pathlib import Path
from index.storage.owner import owned
with owned(Path(sys.argv[1]), "serve") as folder:
    folder.serves("http://127.0.0.1:7860")
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def owner(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that owns the folder, until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, data],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_folder_is_made_and_free_again_afterwards(data: Path) -> None:
    with owned(data / "new", "index") as folder:
        assert folder.path.is_dir()
        holder = owner_of(folder.path)
        assert holder is not None
        assert (holder.command, holder.process, holder.url) == ("index", os.getpid(), None)
    assert owner_of(data / "new") is None
    with owned(data / "new", "index"):
        pass


def test_a_second_process_leaves_within_two_seconds_and_names_the_owner(
    data: Path, owner: subprocess.Popen[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(DataInUseError) as caught, owned(data, "index"):
        pass
    assert time.monotonic() - started < 2
    message = str(caught.value)
    assert str(data) in message
    assert "`serve`" in message
    assert f"process {owner.pid}" in message
    assert "http://127.0.0.1:7860" in message
    assert caught.value.url == "http://127.0.0.1:7860"


def test_the_owner_keeps_the_folder_when_a_second_process_has_left(
    data: Path, owner: subprocess.Popen[str]
) -> None:
    for _ in range(2):
        with pytest.raises(DataInUseError), owned(data, "index", wait=0.1):
            pass
    holder = owner_of(data)
    assert holder is not None
    assert holder.process == owner.pid


def test_a_folder_is_free_after_its_owner_was_killed(
    data: Path, owner: subprocess.Popen[str]
) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    with owned(data, "index"):
        holder = owner_of(data)
        assert holder is not None
        assert holder.process == os.getpid()
        assert holder.url is None


def test_a_second_process_gets_a_folder_that_comes_free_meanwhile(
    data: Path, owner: subprocess.Popen[str]
) -> None:
    assert owner.stdin is not None
    leaving = Timer(0.2, owner.stdin.close)
    leaving.start()
    with owned(data, "index", wait=10):
        assert owner_of(data) is not None
    leaving.join()


def test_a_folder_is_freed_when_its_work_fails(data: Path) -> None:
    with pytest.raises(RuntimeError, match="failed"), owned(data, "index"):
        raise RuntimeError("failed")
    with owned(data, "index", wait=0.1):
        pass


def test_a_folder_that_cannot_be_made_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StorageError, match=r"file/data.*LOTSE_DATA"),
        owned(tmp_path / "file" / "data", "index"),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_named_with_its_setting(data: Path) -> None:
    (data / "owner.json").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"data.*LOTSE_DATA"), owned(data, "index"):
        pass


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"command": "x"}', '{"other": 1}'])
def test_an_owner_file_that_says_nothing_names_nobody(data: Path, content: str) -> None:
    data.mkdir()
    (data / "owner.json").write_text(content)
    assert owner_of(data) is None
