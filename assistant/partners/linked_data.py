"""Organisations and partnerships in the words of schema.org, as JSON-LD."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from assistant.partners.rows import EvidenceRow, OrganisationRow, PartnershipRow, PersonRow

Thing = dict[str, Any]

_TYPES: Final = {"university": "CollegeOrUniversity", "hospital": "Hospital"} | {
    "research": "ResearchOrganization",
    "ministry": "GovernmentOrganization",
    "company": "Corporation",
}


def linked_data(
    organisations: Iterable[OrganisationRow], partnerships: Iterable[PartnershipRow]
) -> Thing:
    """One graph of all rows: organisations, what they are members of, and what they do together."""
    things = {organisation.id: _organisation(organisation) for organisation in organisations}
    acts = []
    for row in partnerships:
        networks = [party.id for party in row.parties if party.part == "network"]
        for party in row.parties:
            if networks and party.id not in networks and party.id in things:
                joined = things[party.id].setdefault("memberOf", [])
                joined += [
                    _reference(network) for network in networks if _reference(network) not in joined
                ]
        acts.append(_partnership(row))
    return {"@context": "https://schema.org", "@graph": [*things.values(), *acts]}


def _organisation(row: OrganisationRow) -> Thing:
    address = {"addressLocality": row.seat, "addressCountry": row.country}
    address = {name: value for name, value in address.items() if value}
    return _told(
        {
            **_reference(row.id),
            "@type": _TYPES.get(row.kind or "", "Organization"),
            "name": row.name,
            "alternateName": list(row.aliases),
            "address": {"@type": "PostalAddress", **address} if address else None,
            "employee": [_person(person) for person in row.people if person.current],
            "alumni": [_person(person) for person in row.people if not person.current],
        }
    )


def _person(row: PersonRow) -> Thing:
    return _told(
        {
            "@type": "Person",
            "name": row.name,
            "honorificPrefix": row.title,
            "jobTitle": row.role,
        }
    )


def _partnership(row: PartnershipRow) -> Thing:
    make = _MADE.get(row.kind, _agreement)
    return _told(
        {
            "@id": f"#partnership-{row.id}",
            "name": row.name,
            **make(row),
            "creativeWorkStatus": row.status,
            "citation": [_quotation(piece) for piece in row.evidence],
        }
    )


def _project(row: PartnershipRow) -> Thing:
    return {
        "@type": "Project",
        "member": [_reference(party.id) for party in row.parties if party.part != "funder"],
        "funder": [_reference(party.id) for party in row.parties if party.part == "funder"],
        "foundingDate": row.start,
        "dissolutionDate": row.end,
    }


def _event(row: PartnershipRow) -> Thing:
    hosts = ("host", "network")
    return {
        "@type": "Event",
        "organizer": [_reference(party.id) for party in row.parties if party.part in hosts],
        "attendee": [_reference(party.id) for party in row.parties if party.part not in hosts],
        "startDate": row.start,
        "endDate": row.end,
    }


def _agreement(row: PartnershipRow) -> Thing:
    kind = "JoinAction" if row.kind in ("membership", "alliance") else "AgreeAction"
    return {
        "@type": kind,
        "participant": [_reference(party.id) for party in row.parties],
        "startTime": row.start,
        "endTime": row.end,
    }


def _quotation(row: EvidenceRow) -> Thing:
    work = {"@type": "CreativeWork", "name": row.file}
    return {"@type": "Quotation", "text": row.quote, "isPartOf": work}


def _reference(identity: str) -> Thing:
    return {"@id": f"#organisation-{identity}"}


def _told(thing: Thing) -> Thing:
    """Without what nothing is known of."""
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


_MADE: Final[Mapping[str, Callable[[PartnershipRow], Thing]]] = {
    "project": _project,
    "funding": _project,
    "event": _event,
}
