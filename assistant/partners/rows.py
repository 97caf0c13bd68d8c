"""Rows of the register as programs read them, each with the words of its evidence."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from index.register.lexicon import Organisation
from index.register.measures import Measure
from index.register.people import Post
from index.register.register import Link, Register
from index.register.rows import Kind, Part, Proof, Status

Texts = Callable[[str], str]
"""The text of a file's document."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence: `quote` is [start, end) of the text of the document `file`."""

    file: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class PartyRow:
    """An organisation that takes part, and as what."""

    id: str
    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A partnership. Days are as exact as the documents: 2024, 2024-04 or 2024-04-26.

    `renewed` has the days on which it was renewed; `told` is the date of the newest document that
    tells of it; `decided` is what editors have said of it: confirm, kind, status.
    """

    id: str
    kind: Kind
    name: str | None
    parties: tuple[PartyRow, ...]
    status: Status
    start: str | None
    end: str | None
    renewed: tuple[str, ...]
    told: str | None
    decided: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What a person is or was at an organisation."""

    name: str
    title: str | None
    role: str
    current: bool
    since: str | None
    until: str | None
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A number of an organisation as the documents write it: members, employees, budget, founded.

    `as_of` is the day that it is of, as exact as the documents are.
    """

    what: str
    value: str
    as_of: str | None
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation: its names, its kind, where it sits, its people, and the files that name it.

    `figures` are its members, employees, budget and when it was founded, the newest first.

    `country` is a code of ISO 3166.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str | None
    seat: str | None
    country: str | None
    people: tuple[PersonRow, ...]
    figures: tuple[FigureRow, ...]
    files: tuple[str, ...]


def organisation_rows(
    register: Register, found: Iterable[Organisation], text_of: Texts
) -> Iterator[OrganisationRow]:
    """The rows of organisations."""
    posts, measures = posts_by_organisation(register), measures_by_organisation(register)
    for organisation in found:
        seat = register.seats[organisation.id]
        yield OrganisationRow(
            id=organisation.id,
            name=organisation.name,
            aliases=organisation.aliases,
            kind=organisation.kind or None,
            seat=seat.town or None,
            country=seat.country or None,
            people=tuple(_person(post, text_of) for post in posts.get(organisation.id, ())),
            figures=tuple(_figure(one, text_of) for one in measures.get(organisation.id, ())),
            files=organisation.files,
        )


def posts_by_organisation(register: Register) -> Mapping[str, list[Post]]:
    """People's posts by the id of their organisation, those of now first."""
    posts: defaultdict[str, list[Post]] = defaultdict(list)
    for post in sorted(register.posts, key=lambda post: not post.current):
        posts[post.organisation].append(post)
    return posts


def measures_by_organisation(register: Register) -> Mapping[str, list[Measure]]:
    """Figures by the id of their organisation, the newest of each sort first."""
    measures: defaultdict[str, list[Measure]] = defaultdict(list)
    for measure in register.measures:
        measures[measure.organisation].append(measure)
    return measures


def partnership_rows(
    register: Register, links: Iterable[Link], text_of: Texts
) -> Iterator[PartnershipRow]:
    """The rows of partnerships."""
    by_id = register.lexicon.by_id
    for link in links:
        yield PartnershipRow(
            id=id_of(link),
            kind=link.kind,
            name=link.name or None,
            parties=tuple(
                PartyRow(whom, by_id[whom].name, part) for whom, part in link.parties.items()
            ),
            status=link.status,
            start=link.start,
            end=link.end,
            renewed=tuple(link.renewed),
            told=link.told.isoformat() if link.told else None,
            decided=link.decided,
            evidence=tuple(evidence_row(piece, text_of) for piece in link.evidence),
        )


def id_of(link: Link) -> str:
    """Twelve letters and digits that name a partnership as long as it is the same."""
    what = "\n".join([link.told_as or link.kind, link.name, *sorted(link.parties)])
    return hashlib.blake2b(what.encode(), digest_size=6).hexdigest()


def evidence_row(piece: Proof, text_of: Texts) -> EvidenceRow:
    """A piece of evidence with its words."""
    quote = text_of(piece.file)[piece.start : piece.end]
    return EvidenceRow(piece.file, piece.start, piece.end, quote)


def _figure(measure: Measure, text_of: Texts) -> FigureRow:
    evidence = tuple(evidence_row(piece, text_of) for piece in measure.evidence)
    return FigureRow(measure.what, measure.value, measure.as_of, evidence)


def _person(post: Post, text_of: Texts) -> PersonRow:
    return PersonRow(
        name=post.person,
        title=post.title or None,
        role=post.role,
        current=post.current,
        since=post.since,
        until=post.until,
        evidence=tuple(evidence_row(piece, text_of) for piece in post.evidence),
    )
