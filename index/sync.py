"""The folder of documents, the catalogue and Chroma, brought to the same state.

The catalogue is written first, then Chroma; new vectors go in before old ones come out. Whatever
moment a process is killed at, the next one finds in the catalogue what is still to be done.
"""

import hashlib
import logging
import os
import stat
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding

from index import passages as cutting
from index.catalogue import Catalogue, Entry, FileState
from index.errors import DocumentError, FormatError, RemovalError, SeedsError, StorageError
from index.lexical import stems
from index.load import READERS, load, refuse_name
from index.vectors import Chroma, Vectors

logger = logging.getLogger(__name__)

Track = Callable[[Sequence[Any], str], Iterable[Any]]
"""Shows progress: gets what is to be done and its name, and returns it one by one."""

_AT_ONCE = 256  # passages embedded between two writes to Chroma
_LARGEST_LOSS = 0.5  # the share of documents that may be gone from the folder unasked
_SYSTEM_FILES = ("thumbs.db", "desktop.ini")


@dataclass(slots=True)
class Report:
    """What a sync did, by file; `failed` and `passed_over` give the reason with each."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)


class Index:
    """Documents in the catalogue, and their passages' vectors in a Chroma collection.

    `passage_tokens` is the longest passage's length in tokens. Opening it repairs what an earlier
    process left unfinished. Raises StorageError where the data folder can't be used.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        chroma: Chroma,
        embedding: BaseEmbedding,
        passage_tokens: int,
        track: Track = lambda work, _: work,
    ) -> None:
        self.catalogue = catalogue
        self.embedding = embedding
        self._chroma = chroma
        self._passage_tokens = passage_tokens
        self._track = track
        self.vectors = self._sound() or self._rebuilt()

    # The folder and the catalogue

    def sync(self, folder: Path, allow_removals: bool = False) -> Report:
        """Takes over what is new, changed or gone in the folder.

        A file that can't be read is reported, and its old version stays. Raises SeedsError where
        the folder is missing or empty, and RemovalError where more than half of the documents are
        gone and `allow_removals` is not given; then nothing has been changed.
        """
        files = _files(folder)
        known = self._known()
        gone = sorted(known.keys() - files.keys())
        if len(gone) > len(known) * _LARGEST_LOSS and not allow_removals:
            raise RemovalError(
                f"{len(gone)} of {len(known)} documents are no longer in {folder}.",
                "If they are to be removed from the index, say so with `index --allow-removals`.",
            )
        report = Report(removed=gone)
        for file, path in self._track(list(files.items()), "Documents"):
            self._take_over(file, path, known.get(file), report)
        for file in gone:
            self.catalogue.remove(file)
        self.catalogue.state(cut=self._cut())
        self._carry_over()
        if not self.catalogue.files():
            raise SeedsError(
                f"None of the {len(files)} files in {folder} can be read.",
                f"Put documents there, as {', '.join(READERS)}.",
            )
        return report

    def _take_over(self, file: str, path: Path, known: FileState | None, report: Report) -> None:
        try:
            refuse_name(file)
            if known and _untouched(path, known):
                report.unchanged.append(file)
            else:
                self._read(file, path, known, report)
        except FormatError as error:
            report.passed_over[file] = str(error)
        except DocumentError as error:
            report.failed[file] = str(error)

    def _read(self, file: str, path: Path, known: FileState | None, report: Report) -> None:
        content, state = _content(file, path, self._cut().encode())
        if known and state.digest == known.digest:
            self.catalogue.touch(file, state)
            report.unchanged.append(file)
            return
        document = load(file, content)
        found = cutting.passages(document, self._passage_tokens)
        self.catalogue.put(
            document,
            state,
            {passage: stems(passage.text, document.language) for passage in found},
        )
        (report.changed if known else report.added).append(file)

    def _cut(self) -> str:
        """How passages are cut: another way, and every document is read again."""
        return f"{cutting.VERSION} {self._passage_tokens}"

    def _known(self) -> dict[str, FileState]:
        """The files as they were when they were read; if they were cut otherwise, as if changed."""
        files = self.catalogue.files()
        if self.catalogue.fact("cut") == self._cut():
            return files
        return {file: replace(state, modified=-1) for file, state in files.items()}

    # The catalogue and Chroma

    def _carry_over(self) -> None:
        """Brings to Chroma what the catalogue has more or less than it."""
        pending, leaving = self.catalogue.pending(), self.catalogue.leaving()
        if not pending and not leaving:
            return
        self.catalogue.state(writing="yes")
        for entries in self._embedded(pending, self.vectors):
            self.catalogue.entered([entry.passage.id for entry in entries])
        self.vectors.delete(leaving)
        self.catalogue.left(leaving)
        self.catalogue.state(writing="no")

    def _embedded(self, entries: Sequence[Entry], vectors: Vectors) -> Iterator[Sequence[Entry]]:
        """Embeds passages, stores the vectors, and returns the passages of each write."""
        parts = [entries[start : start + _AT_ONCE] for start in range(0, len(entries), _AT_ONCE)]
        for part in self._track(parts, "Vectors"):
            texts = [f"{entry.context}\n{entry.passage.text}" for entry in part]
            ids = [entry.passage.id for entry in part]
            vectors.upsert(ids, self.embedding.get_text_embedding_batch(texts))
            yield part

    def _sound(self) -> Vectors | None:
        """The collection that the catalogue names, if it is whole and made by this embedding."""
        name = self.catalogue.fact("collection")
        if not name or self.catalogue.fact("embedding") != self._signature():
            return None
        vectors = self._chroma.open(name)
        try:
            return vectors if vectors and self._agrees(vectors) else None
        except StorageError as error:
            logger.warning("%s", error)
            return None

    def _agrees(self, vectors: Vectors) -> bool:
        """Whether Chroma holds what the catalogue says; a look at each vector after a crash."""
        wanted = self.catalogue.in_chroma()
        if self.catalogue.fact("writing") == "yes":
            held = vectors.ids()
            vectors.delete(sorted(held - self.catalogue.ids()))
            return wanted <= held and vectors.answers()
        return vectors.count() == len(wanted) + len(self.catalogue.leaving()) and vectors.answers()

    def _rebuilt(self) -> Vectors:
        """A new collection from the catalogue, made beside the old one, checked and switched to."""
        identity = self.catalogue.fact("identity") or uuid.uuid4().hex[:12]
        self.catalogue.state(identity=identity)
        prefix = f"clusterlotse-{identity}"
        vectors = self._chroma.create(prefix)
        entries = self.catalogue.all_entries()
        for _ in self._embedded(entries, vectors):
            pass
        if vectors.ids() != {entry.passage.id for entry in entries} or not vectors.answers():
            raise StorageError(
                "Chroma does not hold what was just written to it.",
                "See that the disk has room, and start the program again.",
            )
        self.catalogue.switch(collection=vectors.name, embedding=self._signature(), writing="no")
        self._chroma.drop_others(prefix, vectors)
        return vectors

    def _signature(self) -> str:
        return f"{self.embedding.class_name()} {self.embedding.model_name}"


def _files(folder: Path) -> dict[str, Path]:
    """The folder's files by their relative path, subfolders included, hidden ones not."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise SeedsError(
            f"The folder of documents {folder} {what}.",
            "Make it and put documents there, or choose another with --seeds or LOTSE_SEEDS.",
        )
    files = {path.relative_to(folder).as_posix(): path for path in sorted(_walked(folder))}
    wanted = {file: path for file, path in files.items() if not _is_hidden(file)}
    if not wanted:
        raise SeedsError(
            f"The folder of documents {folder} is empty.",
            f"Put documents there, as {', '.join(READERS)}; the index has been left as it was.",
        )
    return wanted


def _walked(folder: Path) -> Iterator[Path]:
    """Every file below the folder. A subfolder that can't be read is no empty one: it ends all."""

    def refuse(error: OSError) -> None:
        raise SeedsError(
            f"The folder of documents {error.filename} can't be read: {error.strerror}.",
            "Give the program the right to read it; the index has been left as it was.",
        ) from error

    for parent, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(parent, name) for name in names)


def _is_hidden(file: str) -> bool:
    parts = file.split("/")
    return any(part.startswith((".", "~$")) for part in parts) or parts[-1].lower() in _SYSTEM_FILES


def _untouched(path: Path, known: FileState) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (known.size, known.modified)


def _content(file: str, path: Path, cut: bytes) -> tuple[bytes, FileState]:
    """The file's bytes and its state; the digest is of the bytes and of how they are cut."""
    try:
        found = path.stat()  # before reading: what is written meanwhile is seen the next time
        if not stat.S_ISREG(found.st_mode):
            raise FormatError(f"{file} is no ordinary file.", "Remove it from the folder.")
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{file} can't be read: {error.strerror}.", "Its last version stays in the index."
        ) from error
    digest = hashlib.blake2b(content, key=cut, digest_size=16).hexdigest()
    return content, FileState(found.st_size, found.st_mtime_ns, digest)
