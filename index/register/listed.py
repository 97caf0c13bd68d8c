"""Partnerships that lists tell: of members, of a project's partners, of lines below each other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.documents import BlockKind
from index.register.days import day_of, days_in, since_and_until
from index.register.lists import Item, Listing, coordinates, listings, page_project
from index.register.reading import ORGANISATION, Reading, Sentence
from index.register.rows import Kind, Part, Partnership, Party, Proof

_RUN = 3  # lines that are a list
_MARKED = 4  # characters that may stand before a name in a line of a list


_TERM = re.compile(
    r"\W*(?:Laufzeit|Projektlaufzeit|Zeitraum|Duration|Durée|Start|Beginn|Projektbeginn"
    r"|Project period)\b"
)
_OF_EVENT = re.compile(r"dabei|teiln|particip|aussteller|exhibit|veranstalt|organis", re.IGNORECASE)
_OF_OWNERS = re.compile(r"träger|gesellschafter|anteilseigner|shareholder", re.IGNORECASE)
_ENDS = re.compile(r"\W*(?:Ende|Geplantes Ende|Projektende|End|Fin|Planned end)\b")


@dataclass(frozen=True, slots=True)
class _Listed:
    item: Item
    whom: str


def of_lists(reading: Reading) -> Iterator[Partnership]:
    """What lists of organisations tell of their owner or their project."""
    lists = listings(reading.document)
    project = _listed_project(reading, lists)
    for listing in lists:
        listed = [
            _Listed(item, organisation.id)
            for item in listing.items
            if (organisation := reading.lexicon.whole(item.name))
        ]
        if listed:
            yield from _of_list(reading, listing, listed, project)


def of_runs(reading: Reading) -> Iterator[Partnership]:
    """Lines that follow each other, each with an organisation at its start: its owner's members."""
    network = reading.owner
    listed = {item.start for listing in listings(reading.document) for item in listing.items}
    run: list[Sentence] = []
    for sentence in [*reading.sentences, None]:
        if sentence and _begins_with_name(sentence) and sentence.mentions[0].start not in listed:
            run.append(sentence)
            continue
        if len(run) >= _RUN and network:
            yield from _run(reading, run, network)
        run = []


def _begins_with_name(sentence: Sentence) -> bool:
    first = sentence.mentions[0] if sentence.mentions else None
    return (
        sentence.kind is not BlockKind.PROSE
        and first is not None
        and first.sign == ORGANISATION
        and first.told
        and first.start - sentence.start < _MARKED
        and len(sentence.of(ORGANISATION)) == 1
    )


def _run(reading: Reading, run: Sequence[Sentence], network: str) -> Iterator[Partnership]:
    for sentence in run:
        whom = sentence.mentions[0].whom[0]
        if whom != network:
            yield Partnership(
                kind="membership",
                name=reading.lexicon.by_id[network].name,
                parties=(Party(whom, "member"), Party(network, "network")),
                status="active",
                evidence=Proof(reading.document.file, sentence.start, sentence.end),
                start=since_and_until(sentence.text, reading.document.date)[0],
            )


def _listed_project(reading: Reading, found: Sequence[Listing]) -> str | None:
    """The project that a page with a coordinator describes: by its name, or else by its title."""
    return reading.project or page_project(reading.document, found)


def _of_list(
    reading: Reading, listing: Listing, listed: Sequence[_Listed], project: str | None
) -> Iterator[Partnership]:
    network = _network_of(reading, listing)
    if listing.part in ("member", "left"):
        if network:
            for member in listed:
                if member.whom != network:
                    yield _membership(reading, listing, member, network)
    elif listing.part in ("coordinator", "partner") and project and _is_consortium(listing):
        yield _consortium(reading, listing, listed, project)
    elif listing.part == "partner" and network:
        yield from _partners(reading, listing, listed, network)
    elif listing.part == "funder" and project:
        yield _consortium(reading, listing, listed, project)


def _is_consortium(listing: Listing) -> bool:
    """Whether a list is a project's, and not that of an organisation's partners."""
    return not re.search(
        r"European partners|Nos partenaires|Partner (?:der|des|von|of)", listing.label
    )


def _network_of(reading: Reading, listing: Listing) -> str | None:
    """Whose list it is: of the one that its label names, or else the document's owner."""
    for sentence in reading.sentences:
        if sentence.start <= listing.start < sentence.end:
            label = [m for m in sentence.of(ORGANISATION) if m.start < listing.items[0].start]
            if label and label[-1].told:
                return label[-1].whom[0]
    inside = {
        organisation.id
        for item in listing.items
        if (organisation := reading.lexicon.whole(item.name))
    }
    owners = (reading.owner, reading.lexicon.house, reading.topic)
    if listing.part == "partner" and reading.owner in inside:
        return reading.owner  # who is one of them itself has no other one's list
    return next((owner for owner in owners if owner and owner not in inside), None)


def _membership(reading: Reading, listing: Listing, each: _Listed, network: str) -> Partnership:
    over = listing.part == "left"
    told = reading.document.date
    aside = since_and_until(each.item.aside, told)[0] or _column_day(each.item.aside)
    label = day_of(listing.label, told) if len(listing.label) < 60 else None
    return Partnership(
        kind="membership",
        name=reading.lexicon.by_id[network].name,
        parties=(Party(each.whom, "member"), Party(network, "network")),
        status="ended" if over else "active",
        evidence=Proof(reading.document.file, each.item.start, each.item.end),
        start=None if over else aside or label,
        end=label if over else None,
        event="ended" if over else "",
    )


def _column_day(aside: str) -> str | None:
    match = re.search(r"(?:seit|since|depuis)[^:;]*: ?((?:19|20)\d\d)", aside, re.IGNORECASE)
    return match[1] if match else None


def _consortium(
    reading: Reading, listing: Listing, listed: Sequence[_Listed], project: str
) -> Partnership:
    part: Part = {"coordinator": "coordinator", "funder": "funder"}.get(listing.part, "partner")  # type: ignore[assignment]
    parties = tuple(
        Party(party.whom, "coordinator" if coordinates(party.item.aside) else part)
        for party in listed
    )
    start, end = _term(reading)
    return Partnership(
        kind="funding" if part == "funder" else "project",
        name=project,
        parties=parties,
        status="active",
        evidence=Proof(reading.document.file, listing.start, listed[-1].item.end),
        start=start,
        end=end,
    )


def _term(reading: Reading) -> tuple[str | None, str | None]:
    """The term of a page's project: "Laufzeit: 1. April 2023 bis 31. März 2026"."""
    for sentence in reading.sentences:
        days = [day for _, day in days_in(sentence.text, None)]
        if days and _TERM.match(sentence.text):
            return days[0], days[1] if len(days) > 1 else _end(reading)
    return None, None


def _end(reading: Reading) -> str | None:
    for sentence in reading.sentences:
        if _ENDS.match(sentence.text):
            return next((day for _, day in days_in(sentence.text, None)), None)
    return None


def _kind(listing: Listing, is_network: bool) -> Kind:
    """What connects those of a list with whose list it is, by its label."""
    if _OF_EVENT.search(listing.label):
        return "event"
    if _OF_OWNERS.search(listing.label):
        return "other"
    return "alliance" if is_network else "agreement"


def _partners(
    reading: Reading, listing: Listing, listed: Sequence[_Listed], network: str
) -> Iterator[Partnership]:
    others = [partner for partner in listed if partner.whom != network]
    is_network = (
        reading.lexicon.by_id[network].kind in ("association", "alliance") and len(others) > 3
    )
    base = Partnership(
        kind=_kind(listing, is_network),
        name=reading.lexicon.by_id[network].name if is_network else "",
        parties=(),
        status="active",
        evidence=Proof(reading.document.file, listing.start, listing.items[-1].end),
    )
    if is_network:
        parties = (
            Party(network, "network"),
            *(Party(partner.whom, "partner") for partner in others),
        )
        yield replace(base, parties=parties)
        return
    for partner in others:
        over = bool(re.search(r"concluded|beendet|terminé|ended", partner.item.aside))
        since, until = since_and_until(partner.item.aside, reading.document.date)
        yield replace(
            base,
            parties=(Party(network, "partner"), Party(partner.whom, "partner")),
            status="ended" if over else "active",
            evidence=Proof(
                reading.document.file,
                partner.item.start,
                partner.item.end + len(partner.item.aside) + 1,
            ),
            start=since,
            end=until,
        )
