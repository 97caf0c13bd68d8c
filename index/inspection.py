"""Compares what is stored with itself and with the folder of documents, and has it mended.

Catalogue, full text, vectors, register and files each have a check, which reads alone. Mending is
left to what keeps the index in step anyway: it is told what to do again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import DamageError, SeedsError
from index.folders import Folders
from index.storage import full_text, holdings
from index.storage.catalogue import Catalogue
from index.storage.holdings import CollectionKind, Holding
from index.storage.told import Told
from index.sync import DocumentIndex, untouched
from index.vectors.chroma import Chroma
from index.vectors.collection import Passages

_SHOWN = 3  # names in a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: where, and what."""

    part: str
    problem: str

    def __str__(self) -> str:
        return f"{self.part}: {self.problem}"


def of_catalogue(catalogue: Catalogue) -> Iterator[Finding]:
    """What is wrong with the database, the documents' passages, the full text and the register."""
    with catalogue.transaction(long=True) as connection:
        for problem in catalogue.dialect.problems(connection):
            yield Finding("database", problem)
        if stemless := catalogue.dialect.stemless(connection):
            yield Finding("full text", f"{stemless} passages are not in it, or too much")
    if wrong := _misquoting(catalogue):
        yield Finding("passages", f"not as they stand in the text of {_named(wrong)}")
    if stale := _stale(catalogue):
        yield Finding("register", f"not of the present version of {_named(stale)}")


def of_files(catalogue: Catalogue, folders: Folders | Path) -> Iterator[Finding]:
    """How the folders differ from what was read of them."""
    try:
        listing = Folders.of(folders).listed()
    except SeedsError as error:
        yield Finding("files", error.problem)
        return
    for unreachable in listing.unreachable.values():
        yield Finding("files", unreachable.problem)
    files, states = listing.files, catalogue.files()
    gone = sorted(file for file in states.keys() - files.keys() if not listing.keeps(file))
    changed = [file for file, state in states.items() if file in files]
    changed = [file for file in changed if not untouched(files[file], states[file])]
    for listed, what in ((gone, "gone from the folder"), (sorted(changed), "changed since read")):
        if listed:
            yield Finding("files", f"{what}: {_named(listed)}")


def of_vectors(catalogue: Catalogue, chroma: Chroma) -> Iterator[Finding]:
    """How Chroma's collections differ from what is noted of them, and from the passages."""
    names = holdings.whole(catalogue)
    if not any(_kind(name) is CollectionKind.LEXICAL for name in names) and catalogue.count():
        yield Finding("vectors", "no collection has them all")
    for name in names:
        part = f"vectors ({_kind(name).name.lower()})"
        try:
            vectors = chroma.open(name)
            if vectors is None:
                yield Finding(part, f"Chroma has no collection {name}, or can't read it")
                continue
            held = Holding(catalogue, name)
            yield from _differences(part, Passages(vectors, held), catalogue.ids())
        except DamageError as error:
            yield Finding(part, error.problem)


def mend(index: DocumentIndex) -> None:
    """Has all that is derived made again where it is wrong, by the next sync and embedding.

    The index is one that this process is in charge of. Raises StorageError where it can't be.
    """
    catalogue = index.catalogue
    with catalogue.writing() as connection:
        if catalogue.dialect.stemless(connection):
            full_text.rebuild(connection, catalogue.dialect)
    for file in _misquoting(catalogue):
        catalogue.distrust(file)
    Told(catalogue).forget(_stale(catalogue))
    for name in holdings.whole(catalogue):
        if vectors := index.chroma.open(name):
            try:
                Passages(vectors, Holding(catalogue, name)).reconciled()
            except DamageError:
                Holding(catalogue, name).writing(True)  # then it is looked through when opened
    index.take_charge()


def _kind(name: str) -> CollectionKind:
    is_semantic = name.startswith(f"{CollectionKind.SEMANTIC.value}-")
    return CollectionKind.SEMANTIC if is_semantic else CollectionKind.LEXICAL


def _differences(part: str, passages: Passages, ids: set[str]) -> Iterator[Finding]:
    noted, there = passages.held.ids(), passages.vectors.ids()
    counts = {
        "noted, and not in Chroma": len(noted - there),
        "in Chroma, and not noted": len(there - noted),
        "of the catalogue lack one": len(ids - noted),
        "of passages that are gone": len(noted - ids),
    }
    for what, count in counts.items():
        if count:
            yield Finding(part, f"{count} {what}")
    if noted == there and not passages.vectors.answers():
        yield Finding(part, "a search does not find what is there")


def _misquoting(catalogue: Catalogue) -> list[str]:
    """The documents with a passage that does not stand in their text as it says."""
    return [
        document.file
        for document in catalogue.documents()
        if any(
            entry.passage.text != document.text[entry.passage.start : entry.passage.end]
            for entry in catalogue.passages_of(document.file)
        )
    ]


def _stale(catalogue: Catalogue) -> list[str]:
    """The files that the register has an old version of, or none, or that are gone."""
    digests, states = Told(catalogue).digests(), catalogue.files()
    return sorted(
        file
        for file in digests.keys() | states.keys()
        if file not in states or not digests.get(file, "").endswith(f" {states[file].digest}")
    )


def _named(files: list[str]) -> str:
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return ", ".join(files[:_SHOWN]) + more
