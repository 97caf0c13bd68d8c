"""The register beside the documents in the catalogue: brought up to date, and read.

Each document has its names there, and its rows, made under a signature of all that they depend on:
the document, and what its names mean among those of all documents. Whatever moment a process is
killed at, the next one finds by digests and signatures what is still to be done.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from index.documents import Document
from index.errors import UsageError
from index.register.candidates import candidates
from index.register.decisions import Decided, Decision, decided, decision_of, judged, split
from index.register.extraction import extract
from index.register.lexicon import NameLexicon, Organisation, key_of
from index.register.linking import lexicon_of, projects_of
from index.register.register import Register, assembled
from index.register.rows import Candidate, Rows, rows_of
from index.register.tokens import tokens
from index.storage.catalogue import Catalogue
from index.storage.decisions import Decisions, StoredDecision
from index.storage.told import Told

logger = logging.getLogger(__name__)

_KEPT = 10_000  # documents' rows in memory, as a part of the documents tells them
_NOTHING: Mapping[str, Any] = {"words": (), "candidates": ()}
_CODE = "5"  # of what is told of documents: another one, and all of it is made anew


def _version() -> str:
    """What the rows are made by: the code and the tables, which editors extend."""
    tables = sorted(Path(__file__).parent.glob("*.yaml"))
    content = b"".join(table.read_bytes() for table in tables)
    return f"{_CODE} {hashlib.blake2b(content, digest_size=8).hexdigest()}"


Track = Callable[[list[str], str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What names mean among all documents."""

    organisations: tuple[Organisation, ...]
    labels: tuple[str, ...]
    projects: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


class KeptRegister:
    """The register of a catalogue's documents."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._told = Told(catalogue)
        self._decisions = Decisions(catalogue)
        self._updating = Lock()  # a sync, and what editors decide
        self._rows: dict[str, Rows] = {}

    def update(self, track: Track = lambda work, _: work) -> None:
        """Brings names and rows to the state of the documents."""
        with self._updating:
            self._update(track)

    def _update(self, track: Track) -> None:
        version = _version()
        if self._told.is_whole(version):
            return
        digests = {
            file: f"{version} {state.cut} {state.digest}"
            for file, state in self._catalogue.files().items()
        }
        stored = self._told.digests()
        gone = stored.keys() - digests.keys()
        self._told.forget(gone)
        new = [file for file, digest in digests.items() if stored.get(file) != digest]
        for file in track(new, "Names"):
            if document := self._catalogue.document(file):
                self._told.put_names(
                    file, digests[file], _names(document.text, candidates(document))
                )
        if new or gone or self._told.lexicon() is None:
            self._link()
        self._extract(digests, track)
        self._told.note_whole(version)

    def _link(self) -> None:
        self._told.put_lexicon(self._linked(self._told.names(), None).as_json())

    def _linked(self, told: Mapping[str, Any], files: Collection[str] | None) -> _Known:
        """What names mean among the documents that they are told of, which are those of `files`."""
        by_file = {file: _candidates(names) for file, names in told.items()}
        lexicon = lexicon_of(by_file, self._catalogue.abbreviations(files))
        projects = projects_of(by_file, lexicon)
        return _Known(lexicon.organisations, tuple(lexicon.labels), tuple(sorted(projects)))

    def _extract(self, digests: Mapping[str, str], track: Track) -> None:
        lexicon, projects = self._known()
        made = self._told.signatures()
        told = self._told.names()
        wanted = {
            file: _signature(digest, told.get(file, _NOTHING), lexicon, projects)
            for file, digest in digests.items()
        }
        changed = [file for file in wanted if made.get(file) != wanted[file]]
        for file in track(changed, "Register"):
            if document := self._catalogue.document(file):
                rows = extract(document, lexicon, projects)
                self._told.put_rows(file, wanted[file], rows.as_json())

    def _known(self) -> tuple[NameLexicon, frozenset[str]]:
        stored = json.loads(
            self._told.lexicon() or '{"organisations": [], "labels": [], "projects": []}'
        )
        organisations = [
            Organisation(
                **fields | {"aliases": tuple(fields["aliases"]), "files": tuple(fields["files"])}
            )
            for fields in stored["organisations"]
        ]
        lexicon = split(NameLexicon(organisations, stored["labels"]), self._standing())
        return lexicon, frozenset(stored["projects"])

    def register(self) -> Register:
        """The register as it is now."""
        return self.read().register

    def read(self) -> "ReadRegister":
        """All that is stored of it, for registers of some of the documents."""
        lexicon, _ = self._known()
        rows = {file: rows_of(stored) for file, stored in self._told.rows().items()}
        dates = self._catalogue.dates()
        return ReadRegister(lexicon, rows, dates, self._words, tuple(self._standing()))

    # What editors decide

    def decisions(self) -> list[StoredDecision]:
        """All that editors have decided, oldest first."""
        return self._decisions.entries()

    def decide(self, decisions: Iterable[Decision], by: str) -> list[int]:
        """Stores what an editor has decided, so that it holds at once: the decisions' numbers.

        `by` is where it was decided: page, terminal or import. Raises UsageError for a decision
        that can't be.
        """
        made = [decision_of(one.as_json()) for one in decisions]
        numbers = self._decisions.add([one.as_json() for one in made], _now(), by)
        if any(one.what == "split" for one in made):
            self._read_again()
        return numbers

    def take_back(self, number: int) -> bool:
        """Undoes a decision; False where there is none of that number that holds."""
        if not self._decisions.take_back(number, _now()):
            return False
        if any(
            entry.number == number and entry.decision["what"] == "split"
            for entry in self._decisions.entries()
        ):
            self._read_again()
        return True

    def _read_again(self) -> None:
        """Reads those documents again whose names have another meaning now."""
        with self._updating:
            self._extract(self._told.digests(), lambda work, _: work)

    def _standing(self) -> list[Decision]:
        """The decisions that were not taken back."""
        standing = []
        for entry in self._decisions.entries():
            if entry.undone is None:
                try:
                    standing.append(decision_of(entry.decision))
                except UsageError as error:  # of a later version of the program
                    logger.warning("Decision %s has no effect: %s", entry.number, error)
        return standing

    def read_alone(self, files: Collection[str]) -> "ReadRegister":
        """The same as if there were no other documents: for who may know of no others.

        Names are linked anew, and rows are extracted anew where that changes what they depend on.
        """
        told = {file: names for file, names in self._told.names().items() if file in files}
        linked = self._linked(told, files)
        standing = tuple(self._standing())
        lexicon = split(NameLexicon(linked.organisations, linked.labels), standing)
        projects = frozenset(linked.projects)
        stored, made, digests = self._told.rows(), self._told.signatures(), self._told.digests()
        rows = {}
        for file, names in told.items():
            signature = _signature(digests[file], names, lexicon, projects)
            if made[file] == signature:
                rows[file] = rows_of(stored[file])
            elif document := self._catalogue.document(file):
                rows[file] = self._extracted(signature, document, lexicon, projects)
        words = {file: names["words"] for file, names in told.items()}
        dates = {file: day for file, day in self._catalogue.dates().items() if file in files}
        return ReadRegister(lexicon, rows, dates, lambda: words, standing)

    def _extracted(
        self, signature: str, document: Document, lexicon: NameLexicon, projects: frozenset[str]
    ) -> Rows:
        """A document's rows, which stay the same under a signature."""
        if signature not in self._rows:
            if len(self._rows) >= _KEPT:
                self._rows.clear()
            self._rows[signature] = extract(document, lexicon, projects)
        return self._rows[signature]

    def _words(self) -> Mapping[str, Sequence[str]]:
        return {file: names["words"] for file, names in self._told.names().items()}


@dataclass(frozen=True)
class ReadRegister:
    """What is stored of the register, in memory; `words_of` gives the words of each document.

    `by_documents` are the organisations before editors merged and named any.
    """

    by_documents: NameLexicon
    rows: Mapping[str, Rows]
    dates: Mapping[str, Any]
    words_of: Callable[[], Mapping[str, Sequence[str]]]
    decisions: tuple[Decision, ...] = field(default=())

    @property
    def lexicon(self) -> NameLexicon:
        """The organisations by all of their names, with those that editors gave them."""
        return self._decided.lexicon

    @cached_property
    def _decided(self) -> Decided:
        return decided(self.by_documents, self.rows, self.decisions)

    @cached_property
    def register(self) -> Register:
        """The register of all documents."""
        return self._assembled(self.lexicon, self._decided.rows)

    def of(self, files: Collection[str] | None) -> Register:
        """The register of some documents; of all of them for None."""
        if files is None:
            return self.register
        rows = {file: rows for file, rows in self._decided.rows.items() if file in files}
        return self._assembled(self._lexicon_within(files), rows)

    def _assembled(self, lexicon: NameLexicon, rows: Mapping[str, Rows]) -> Register:
        register = assembled(lexicon, rows, self.dates)
        return judged(register, self.decisions, self._decided, self.by_documents)

    def _lexicon_within(self, files: Collection[str]) -> NameLexicon:
        """The organisations by names that stand in these files: others are not for their reader."""
        words = {
            file: {part for word in words for part in key_of(word)}
            for file, words in self.words_of().items()
            if file in files
        }
        seen = [_named_within(organisation, words) for organisation in self.lexicon.organisations]
        return NameLexicon(seen, self.lexicon.labels)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named_within(organisation: Organisation, words: Mapping[str, set[str]]) -> Organisation:
    """The organisation without files and names that are not among those with these words."""
    files = tuple(file for file in organisation.files if file in words)
    names = [
        name
        for name in (organisation.name, *organisation.aliases)
        if name == organisation.given or any(words[file].issuperset(key_of(name)) for file in files)
    ]
    shown = names[0] if names else organisation.name
    return replace(organisation, name=shown, aliases=tuple(names[1:]), files=files)


def _names(text: str, found: Sequence[Candidate]) -> dict[str, Any]:
    """A document's names as they are stored: how often each with which cue; and its words."""
    counts = Counter((candidate.name, candidate.cue, candidate.kind) for candidate in found)
    words = {token.text for token in tokens(text, 0, len(text))}
    return {
        "candidates": [[*key, times] for key, times in sorted(counts.items())],
        "words": sorted(words),
    }


def _candidates(names: Mapping[str, Any]) -> list[Candidate]:
    return [
        Candidate(name, cue, kind, times=times) for name, cue, kind, times in names["candidates"]
    ]


def _signature(
    digest: str, names: Mapping[str, Any], lexicon: NameLexicon, projects: frozenset[str]
) -> str:
    """What a document's rows depend on: itself, and what the names that it may have mean."""
    held = set(names["words"])
    meanings = [
        lexicon.beginning_with(held),
        lexicon.labelled(name for name, cue, *_ in names["candidates"] if cue == "address"),
        lexicon.house,
        sorted(name for name in projects if name.split()[0] in held),
    ]
    what = json.dumps([digest, *meanings], ensure_ascii=False)
    return hashlib.blake2b(what.encode(), digest_size=12).hexdigest()
