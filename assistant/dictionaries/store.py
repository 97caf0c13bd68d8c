"""All installed dictionaries in one SQLite file: parsed once, open at once.

A row holds what stands under all phrases with the same stems, so that the inflected words of a
question are found: a line an entry, with tabs between the phrase as spelt, the language of its
renderings, and these, each with its worth. The file's name is made from the state of the
dictionaries, so that a change of theirs makes another file; one that is there is whole, for it was
moved in place when it was.
"""

import hashlib
import logging
import os
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.dictionaries import dictd, ding, mythes
from assistant.dictionaries.entries import DictionaryEntry, Form, LexiconError
from assistant.dictionaries.lexicon import Lexicon
from assistant.setting_forms import DICTIONARY_PLACES
from index.text.features import stem
from index.text.words import words

logger = logging.getLogger(__name__)

Track = Callable[[Sequence[Any], str], Iterable[Any]]
"""Shows progress: gets what is to be done and its name, and returns it one by one."""

_FORMAT = 2  # to be raised whenever something else comes to stand in the file
_FORMATS = (ding, dictd, mythes)
_UNREADABLE = (LexiconError, OSError, EOFError, UnicodeError, zlib.error)
_ABANDONED = 3600  # seconds until an unfinished file counts as left behind
_PATIENCE = 600  # seconds that a process waits for the store that another one is building
_PREFIX, _SUFFIX, _UNFINISHED, _LOCK = "lexica-", ".sqlite", ".part", "lexica.lock"
_SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE entries (language TEXT, key TEXT, entry TEXT, PRIMARY KEY (language, key))
        WITHOUT ROWID;
    CREATE TABLE irregular (language TEXT, form TEXT, word TEXT);
    CREATE TABLE directions (language TEXT, into_language TEXT);
    CREATE TABLE passed_over (file TEXT, reason TEXT);
    CREATE TEMP TABLE gathered (
        source INT, language TEXT, key TEXT, into_language TEXT, entry TEXT
    );
    CREATE TEMP TABLE forms (source INT, language TEXT, form TEXT, word TEXT);
"""
_BY_KEY = """
    INSERT INTO entries
    SELECT language, key, group_concat(entry, char(10)) FROM
        (SELECT language, key, entry FROM gathered WHERE key <> '' ORDER BY language, key, rowid)
    GROUP BY language, key;
"""
_FINISHED = """
    INSERT INTO irregular SELECT DISTINCT language, form, word FROM forms;
    INSERT INTO directions SELECT DISTINCT language, into_language FROM gathered;
    DROP TABLE gathered;
    DROP TABLE forms;
"""


@dataclass(frozen=True, slots=True)
class DictionarySource:
    """A dictionary's file, the one that its format is known by, and how that is read."""

    path: Path
    read: Callable[[Path], Iterator[DictionaryEntry | Form]]

    def state(self) -> list[tuple[str, int, int]]:
        """Names, sizes and times of the file and those that belong to it."""
        files = sorted(self.path.parent.glob(f"{self.path.stem}*"))
        return [(str(file), (now := file.stat()).st_size, now.st_mtime_ns) for file in files]


def installed(
    paths: Sequence[Path] = DICTIONARY_PLACES,
    folders: Sequence[Path] = (),
    track: Track = lambda work, _: work,
) -> Lexicon:
    """The dictionaries at these paths, files or folders, from a store in the first of `folders`.

    The store is built where it is missing or no longer fits: some 15 s for Debian's. Where the
    first folder can't be written, it is in the next, and in memory if none can. Never raises for
    a dictionary that can't be read: that one is logged and passed over.
    """
    sources = found(paths)
    lexicon = Lexicon(_stored(sources, folders, track) or _in_memory(sources, track))
    for file, reason in lexicon.passed_over.items():
        logger.error("The dictionary %s is passed over: %s.", file, reason)
    return lexicon


def found(paths: Sequence[Path]) -> list[DictionarySource]:
    """The dictionaries at these paths whose names tell a format and languages that are known."""
    sources: list[DictionarySource] = []
    for path in paths:
        here = [source for file in _files(path) for source in _source(file)]
        if not here and path not in DICTIONARY_PLACES:
            logger.error("There is no dictionary at %s.", path)
        sources += here
    return sources


def _source(file: Path) -> list[DictionarySource]:
    return [DictionarySource(file, kind.read) for kind in _FORMATS if kind.languages(file)][:1]


def _files(path: Path) -> list[Path]:
    try:
        return (
            sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
        )
    except OSError as error:
        logger.error("The dictionaries in %s are passed over: %s.", path, error)
        return []


# The file


def _stored(
    sources: Sequence[DictionarySource], folders: Sequence[Path], track: Track
) -> sqlite3.Connection | None:
    """The store in the first folder that can have one; None where none can."""
    name = f"{_PREFIX}{_state(sources)}{_SUFFIX}"
    for number, folder in enumerate(folders if sources else ()):
        path = folder / name
        try:
            if not _is_store(path):
                _build_once(path, sources, track)
            connection = _opened(path)
        except (OSError, sqlite3.Error) as error:
            logger.info("The dictionaries can't be kept in %s: %s.", path, error)
        else:
            _remove_old(folders[number + 1 :], path)
            return connection
    if folders and sources:
        tried = ", ".join(map(str, folders))
        logger.warning("The dictionaries are read into memory, as %s can't be written.", tried)
    return None


def _state(sources: Sequence[DictionarySource]) -> str:
    parts = [_FORMAT, version("PyStemmer"), *(source.state() for source in sources)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _opened(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def _is_store(path: Path) -> bool:
    """Whether the file is there, and is a store and not something damaged."""
    if not path.exists():
        return False
    connection = _opened(path)
    try:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute("SELECT 1 FROM entries, directions LIMIT 1")
        return bool(path.stat().st_size == pages * size)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _build_once(path: Path, sources: Sequence[DictionarySource], track: Track) -> None:
    """Builds the store, unless another process is about it: then waits for that one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(_LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        logger.warning("Another process is reading the dictionaries; waiting for it.")
        lock.acquire(timeout=_PATIENCE)
    try:
        if not _is_store(path):
            _build_file(path, sources, track)
            _remove_old([path.parent], path)
    finally:
        lock.release()


def _build_file(path: Path, sources: Sequence[DictionarySource], track: Track) -> None:
    """Builds under another name and moves in place, so that what is there is whole."""
    handle, name = tempfile.mkstemp(_UNFINISHED, _PREFIX, path.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        connection = sqlite3.connect(unfinished)
        try:
            _build(connection, sources, track)
        finally:
            connection.close()
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _remove_old(folders: Sequence[Path], used: Path) -> None:
    """Removes other stores than the one used, and what killed processes have left behind."""
    for folder in folders:
        old = [file for file in folder.glob(f"{_PREFIX}*{_SUFFIX}") if file != used]
        for file in folder.glob(f"{_PREFIX}*{_UNFINISHED}"):
            with suppress(OSError):
                old += [file] if time.time() - file.stat().st_mtime > _ABANDONED else []
        for file in old:
            with suppress(OSError):  # on Windows, one that another process has open
                file.unlink()


def _in_memory(sources: Sequence[DictionarySource], track: Track) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _build(connection, sources, track)
    return connection


# What stands in it


def _build(
    connection: sqlite3.Connection, sources: Sequence[DictionarySource], track: Track
) -> None:
    connection.executescript(_SCHEMA)
    for number, source in enumerate(track(sources, "Dictionaries") if sources else ()):
        try:
            _take_in(connection, number, source.read(source.path))
        except _UNREADABLE as error:
            _pass_over(connection, number, source, error)
    connection.executescript(_BY_KEY + _FINISHED)
    connection.commit()


def _take_in(
    connection: sqlite3.Connection, number: int, contents: Iterator[DictionaryEntry | Form]
) -> None:
    irregular: list[Form] = []
    rows = ((number, *_row(entry)) for entry in _entries(contents, irregular))
    connection.executemany("INSERT INTO gathered VALUES (?, ?, ?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO forms VALUES (?, ?, ?, ?)",
        (
            (number, form.language, form.form.lower(), stem(form.word, form.language))
            for form in irregular
        ),
    )


def _entries(
    contents: Iterator[DictionaryEntry | Form], irregular: list[Form]
) -> Iterator[DictionaryEntry]:
    """The entries, never many in memory at once; irregular forms are put aside."""
    for read in contents:
        if isinstance(read, DictionaryEntry):
            yield read
        else:
            irregular.append(read)


def _row(entry: DictionaryEntry) -> tuple[str, str, str, str]:
    language, phrase, into, renderings = entry
    split = (phrase,) if phrase.isalpha() else words(phrase)
    key = " ".join([stem(word, language) for word in split])
    form = " ".join(split).lower()
    fields = [field for rendering, worth in renderings for field in (rendering, _written(worth))]
    return language, key, into, "\t".join([form, into, *fields])


@cache
def _written(worth: float) -> str:
    return f"{worth:.2g}"


def _pass_over(
    connection: sqlite3.Connection, number: int, source: DictionarySource, error: BaseException
) -> None:
    """Takes out what was read of a file before it turned out to be damaged."""
    connection.execute("DELETE FROM gathered WHERE source = ?", (number,))
    connection.execute("DELETE FROM forms WHERE source = ?", (number,))
    reason = str(error).rstrip(".") or type(error).__name__
    connection.execute("INSERT INTO passed_over VALUES (?, ?)", (str(source.path), reason))
