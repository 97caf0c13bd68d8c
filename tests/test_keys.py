"""API keys: made and shown once, kept as digests, found and revoked."""

from datetime import date
from pathlib import Path

import pytest

from index.errors import UsageError
from index.storage.feedback import Feedback
from index.storage.keys import Keys
from tests.running import run

DAY = date(2026, 11, 28)


def test_a_key_is_found_until_it_is_revoked(tmp_path: Path) -> None:
    with Keys(tmp_path / "catalogue.sqlite", lambda: DAY) as keys:
        secret = keys.add("presse", ["presse", "*.md"])
        other = keys.add("alles", ["*"])
        stored = keys.find(secret)
        assert stored
        assert (stored.name, stored.patterns, stored.created) == ("presse", ("presse", "*.md"), DAY)
        assert [entry.name for entry in keys.entries()] == ["alles", "presse"]
        assert secret != other
        assert keys.find(secret[:-1]) is None
        assert keys.revoke("presse")
        assert not keys.revoke("presse")
        assert keys.find(secret) is None
        assert keys.find(other)


def test_no_file_of_the_database_has_the_key_itself(tmp_path: Path) -> None:
    with Keys(tmp_path / "catalogue.sqlite") as keys, Feedback(tmp_path / "catalogue.sqlite"):
        secret = keys.add("presse", ["presse"])
        files = [path for path in tmp_path.iterdir() if path.is_file()]
        assert files
        assert not any(secret.encode() in path.read_bytes() for path in files)
        assert any(b"presse" in path.read_bytes() for path in files)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65, "a\n"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with Keys(tmp_path / "catalogue.sqlite") as keys:
        with pytest.raises(UsageError, match="no name of a key"):
            keys.add(name, ["*"])
        assert not keys.entries()


def test_a_name_is_given_once(tmp_path: Path) -> None:
    with Keys(tmp_path / "catalogue.sqlite") as keys:
        secret = keys.add("presse", ["*"])
        with pytest.raises(UsageError, match="keys revoke presse"):
            keys.add("presse", ["*"])
        assert keys.find(secret)


def test_the_administrator_makes_lists_and_revokes_keys(folder: Path) -> None:
    assert run(folder, "index").returncode == 0
    made = run(folder, "keys", "new", "suche", "--scope", "presse", "*.md")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.decode().strip()
    assert secret.startswith("lotse_")
    assert "not shown again" in made.stderr.decode()
    listed = run(folder, "keys", "list").stdout.decode()
    assert "suche" in listed
    assert "presse *.md" in listed
    assert secret not in listed
    files = [path for path in (folder / "data").rglob("*") if path.is_file()]
    assert not any(secret.encode() in path.read_bytes() for path in files)
    assert run(folder, "keys", "new", "ohne").returncode == 2, "what it may read has to be said"
    assert run(folder, "keys", "revoke", "suche").returncode == 0
    gone = run(folder, "keys", "revoke", "suche")
    assert gone.returncode == 2
    assert "keys list" in gone.stderr.decode()
