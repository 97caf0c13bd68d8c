"""The folder of documents, the catalogue and Chroma, brought to the same state.

The catalogue is written first, then Chroma; new vectors go in before old ones come out. Whatever
moment a process is killed at, the next one finds in the catalogue what is still to be done.
"""

import logging
import os
import stat
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from llama_index.core.base.embeddings.base import BaseEmbedding

from index.documents import Counts, Document
from index.errors import DamageError, DocumentError, FormatError, RemovalError, SeedsError
from index.folders import Folders, Inventory
from index.moves import digest, moved_files
from index.readers import load as reading
from index.readers.confined import ConfinedReader
from index.readers.kinds import SUFFIXES
from index.readers.load import load, refuse_name, refuse_size
from index.readers.programs import AssistedReader, Programs
from index.register.kept import KeptRegister
from index.storage.catalogue import Catalogue, FileState
from index.storage.holdings import CollectionKind, Holding
from index.storage.refused import Refusal, Refused
from index.text import passages as cutting
from index.text.features import stems
from index.text.layout import left_out
from index.text.units import units
from index.vectors import collection
from index.vectors.chroma import Chroma, Vectors
from index.vectors.collection import Current, Passages, Track, signature
from index.vectors.semantic import Semantic

logger = logging.getLogger(__name__)

_AT_ONCE = 256  # passages embedded between two writes to Chroma
_LARGEST_LOSS = 0.5  # the share of documents that may be gone from the folder unasked


@dataclass(slots=True)
class Report:
    """What a sync did, by file; `failed` and `passed_over` give the reason with each.

    `moved` has the former name with each, and counts nowhere else unless it is read anew. Of those
    that were read, `left_out` has the lines that are not searched: the frame of a web page.
    `unreachable` are folders that could not be looked at, by their path, whose documents stay.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)


class DocumentIndex:
    """Documents in the catalogue, and their passages' vectors in a Chroma collection.

    `passage_tokens` is the longest passage's length in tokens. `semantic` has the same passages by
    a model; whoever syncs has it updated afterwards. `programs` help to read files. Opening it
    repairs what an earlier process left unfinished, unless another process is `in_charge`: then
    this one only answers. Raises StorageError where the data folder can't be used.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        chroma: Chroma,
        embedding: BaseEmbedding,
        passage_tokens: int,
        track: Track = lambda work, _: work,
        semantic: Semantic | None = None,
        in_charge: bool = True,
        programs: Programs | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.embedding = embedding
        self.semantic = semantic
        self.chroma = chroma
        self._passage_tokens = passage_tokens
        self._track = track
        self._programs = programs or Programs()
        self._folders = Folders(())
        self.register = KeptRegister(catalogue)
        self._refused = Refused(catalogue)
        self._current = Current(catalogue, chroma, CollectionKind.LEXICAL, signature(embedding))
        self._own: Passages | None = None
        if in_charge:
            self.take_charge()

    # Who keeps it in step

    def take_charge(self) -> None:
        """From now on this process syncs. Raises StorageError where it can't."""
        self._own = self._sound() or self._rebuilt()

    def leave_charge(self) -> None:
        """From now on another process syncs, and this one only answers."""
        self._own = None

    @property
    def _passages(self) -> Passages:
        """The collection that this process keeps in step."""
        assert self._own, "it is not in charge"
        return self._own

    # The folder and the catalogue

    def sync(self, folders: Folders | Path, allow_removals: bool = False) -> Report:
        """Takes over what is new, changed or gone in the folders, or the one that a path names.

        A file that can't be read is reported, and its old version stays; so do the documents of
        one of several folders that can't be looked at. Raises SeedsError where none can or all are
        empty, and RemovalError where more than half of the documents are gone and `allow_removals`
        is not given; then nothing has been changed.
        """
        self._folders = Folders.of(folders)
        listing = self._folders.listed(allow_removals)
        files, stored = listing.files, self.catalogue.files()
        reachable = {file: state for file, state in stored.items() if not listing.keeps(file)}
        moved = moved_files(files, reachable)
        gone = sorted(reachable.keys() - files.keys() - set(moved.values()))
        if len(gone) > len(stored) * _LARGEST_LOSS and not allow_removals:
            raise RemovalError(
                f"{len(gone)} of {len(stored)} documents are no longer in {self._folders}.",
                "If they are to be removed from the index, say so with `index --allow-removals`.",
            )
        report = _begun(listing, gone, moved)
        for new, old in moved.items():
            self.catalogue.rename(old, new)
            stored[new] = stored.pop(old)
        self._take_over_all(files, stored, listing, report)
        for file in gone:
            self.catalogue.remove(file)
        self.register.update(lambda work, what: self._track(work, what))
        self._bring_vectors()
        if not self.catalogue.files():
            raise SeedsError(
                f"None of the {len(files)} files in {self._folders} can be read.",
                f"Put documents there, as {', '.join(SUFFIXES)}.",
            )
        return report

    def _take_over_all(
        self,
        files: Mapping[str, Path],
        stored: Mapping[str, FileState],
        listing: Inventory,
        report: Report,
    ) -> None:
        refused = self._refused.all()
        with ConfinedReader() as confined:
            reader = AssistedReader(confined, self._programs)
            for file, path in self._track(list(files.items()), "Documents"):
                self._take_over(
                    reader, file, path, stored.get(file), refused.pop(file, None), report
                )
        self._refused.forget([file for file in refused if not listing.keeps(file)])

    def _take_over(
        self,
        reader: AssistedReader,
        file: str,
        path: Path,
        known: FileState | None,
        refused: Refusal | None,
        report: Report,
    ) -> None:
        try:
            refuse_name(file)
            if known and known.cut == self._cut() and untouched(path, known):
                _count_as_kept(file, report)
            elif refused and refused.state.cut == self._tried() and untouched(path, refused.state):
                raise refused.error  # what has failed once is not tried again
            else:
                self._read(reader, file, path, known, report)
        except FormatError as error:
            report.passed_over[file] = str(error)
        except DocumentError as error:
            report.failed[file] = str(error)

    def _read(
        self,
        reader: AssistedReader,
        file: str,
        path: Path,
        known: FileState | None,
        report: Report,
    ) -> None:
        content, state = _content(file, path, self._cut())
        if known and (state.digest, state.cut) == (known.digest, known.cut):
            self.catalogue.touch(file, state)
            _count_as_kept(file, report)
            return
        try:
            document = load(file, content, reader.read)
            document = replace(document, url=self._folders.address(file) or document.url)
        except DocumentError as error:
            self._refused.put(file, Refusal(replace(state, cut=self._tried()), error))
            raise
        self._refused.forget([file])
        self._put(document, state)
        (report.changed if known else report.added).append(file)
        _tell_left_out(document, report)

    def _put(self, document: Document, state: FileState) -> None:
        origin = self.catalogue.origin(document.file)
        passages = cutting.passages(document, self._passage_tokens, origin)
        self.catalogue.put(
            document,
            state,
            {passage: stems(passage.text, document.language) for passage in passages},
            origin,
            units(document),
        )

    def _cut(self) -> str:
        """How documents are read and cut: another way, and they are read again once they can be."""
        return f"{reading.VERSION} {cutting.VERSION} {self._passage_tokens}"

    def counts(self) -> Counts:
        """How many documents there are, and how many are missing. Raises StorageError."""
        indexed = self.catalogue.size()
        pending = self.semantic.pending(indexed) if self.semantic else 0
        return Counts(indexed, self._refused.count(), pending, self.catalogue.revision())

    def _tried(self) -> str:
        """By what a file could not be read: with more programs, it is tried again."""
        return f"{self._cut()} {self._programs}"

    # The catalogue and Chroma

    @property
    def vectors(self) -> Vectors:
        """What Chroma holds."""
        return self._passages.vectors

    @property
    def held(self) -> Holding:
        """What is noted of that."""
        return self._passages.held

    def nearest(self, queries: list[str], limit: int, files: Set[str] | None) -> dict[str, float]:
        """Ids of the passages nearest to a question, put in several ways, with their similarity.

        With `files` they are of these files alone. Raises StorageError where Chroma fails.
        """
        vector = self.embedding.get_agg_embedding_from_queries(queries)
        passages = self._own or self._current.look()
        try:
            return dict(passages.nearest(vector, limit, files)) if passages else {}
        except DamageError:
            other = self._own or self._current.look(anew=True)
            if other is None or other is passages:
                raise
            return dict(other.nearest(vector, limit, files))  # it was switched to meanwhile

    def _sound(self) -> Passages | None:
        """The collection that the catalogue names, if it is whole and made by this embedding."""
        made = collection.opened(
            self.catalogue, self.chroma, CollectionKind.LEXICAL, signature(self.embedding)
        )
        try:
            return next(
                (passages for passages in made if passages.held.is_whole() and passages.agrees()),
                None,
            )
        except DamageError as error:
            logger.warning("%s", error)
            return None

    def _rebuilt(self) -> Passages:
        """A new collection from the catalogue, made beside the old one, checked and switched to."""
        new = collection.begun(
            self.catalogue, self.chroma, CollectionKind.LEXICAL, signature(self.embedding)
        )
        self._carry_over(new)
        collection.check(self.catalogue, new)
        self._own = new  # before the old one goes: no question is to be asked of that any more
        collection.switch(self.catalogue, self.chroma, CollectionKind.LEXICAL, new)
        return new

    def _bring_vectors(self) -> None:
        """Brings Chroma to the state of the catalogue, in a new collection where one is broken."""
        try:
            self._carry_over(self._passages)
            if self.vectors.answers():
                return
        except DamageError as error:
            logger.warning("%s", error)
        self._rebuilt()

    def _carry_over(self, passages: Passages) -> None:
        embed = self.embedding.get_text_embedding_batch
        passages.carry_over(embed, _AT_ONCE, self._track, "Vectors")


def _begun(listing: Inventory, gone: list[str], moved: dict[str, str]) -> Report:
    """What is known before any file is read."""
    unreachable = {str(folder.path): str(error) for folder, error in listing.unreachable.items()}
    for reason in unreachable.values():
        logger.warning("%s Its documents stay as they were.", reason)
    return Report(
        removed=gone,
        moved=moved,
        passed_over=dict(listing.passed_over),
        unreachable=unreachable,
    )


def untouched(path: Path, known: FileState) -> bool:
    """Whether a file is as it was when it was read."""
    try:
        status = path.stat()
    except OSError:
        return False
    state = (status.st_size, status.st_mtime_ns, _mark(status))
    return state == (known.size, known.modified, known.mark)


def _mark(found: os.stat_result) -> str:
    """What changes with each writing though size and time may be set back: ctime and inode."""
    return f"{found.st_ctime_ns} {found.st_ino}"


def _tell_left_out(document: Document, report: Report) -> None:
    """Counts what of a document is not searched, and has it in the log line by line."""
    lines = [document.text[block.start : block.end] for block in left_out(document)]
    if lines:
        report.left_out[document.file] = lines
        logger.info("%s: left out as a page's frame: %s", document.file, " / ".join(lines))


def _count_as_kept(file: str, report: Report) -> None:
    if file not in report.moved:
        report.unchanged.append(file)


def _content(file: str, path: Path, cut: str) -> tuple[bytes, FileState]:
    """The file's bytes, and its state once they are cut in this way."""
    try:
        status = path.stat()  # before reading: what is written meanwhile is seen the next time
        if not stat.S_ISREG(status.st_mode):
            raise FormatError(f"{file} is no ordinary file.", "Remove it from the folder.")
        refuse_size(file, status.st_size)
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{file} can't be read: {error.strerror}.", "Its last version stays in the index."
        ) from error
    return content, FileState(
        status.st_size, status.st_mtime_ns, digest(content), cut, _mark(status)
    )
