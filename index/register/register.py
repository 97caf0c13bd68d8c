"""The register of all documents: their rows, merged, each with all of its evidence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from index.register.lexicon import NameLexicon, Organisation
from index.register.measures import Measure, measures_of
from index.register.people import Post, posts_of
from index.register.rows import Kind, Part, Partnership, Place, Proof, Role, Rows, Status
from index.register.seats import country_of_form

_RANK: Mapping[Part, int] = {
    "coordinator": 0,
    "network": 1,
    "funder": 2,
    "host": 3,
    "member": 4,
    "partner": 5,
}


_TOLD = 10  # how much more a role counts whose organisation stands beside it
_DAY = len("2024-04-26")
_NEAR = 21  # days between an event and what is told of it


@dataclass(slots=True)
class Link:
    """What connects organisations, merged from all that is told of it.

    `parties` have the part of each; `renewed` are days. `told` is the newest date of a document
    that tells of it. `decided` is what editors have said of it: confirm, kind, status;
    `told_as` is the kind that the documents make it, where there is a decision.
    """

    kind: Kind
    name: str
    parties: dict[str, Part]
    status: Status = "unknown"
    start: str | None = None
    end: str | None = None
    renewed: list[str] = field(default_factory=list)
    evidence: list[Proof] = field(default_factory=list)
    told: date | None = None
    decided: tuple[str, ...] = ()
    told_as: Kind | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an organisation sits, as most documents say; "" for what none says."""

    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Organisations and what connects them."""

    organisations: tuple[Organisation, ...]
    links: tuple[Link, ...]
    posts: tuple[Post, ...]
    seats: Mapping[str, Seat]
    lexicon: NameLexicon
    measures: tuple[Measure, ...] = ()


def assembled(
    lexicon: NameLexicon, rows: Mapping[str, Rows], dates: Mapping[str, date | None]
) -> Register:
    """The register of documents' rows, by file; `dates` are the documents'."""
    told = [row for file in sorted(rows) for row in rows[file].partnerships]
    groups: defaultdict[tuple[object, ...], list[Partnership]] = defaultdict(list)
    for row in told:
        groups[_identity(row)].append(row)
    links = [_merged(group, dates) for group in groups.values()]
    _tell_recipients(links)
    roles = _held([role for file in sorted(rows) for role in rows[file].roles])
    whole = [link for link in links if len(link.parties) > 1]
    return Register(
        organisations=tuple(
            organisation
            for organisation in lexicon.organisations
            if not rows.keys().isdisjoint(organisation.files)
        ),
        links=tuple(_without_parts(whole)),
        posts=tuple(posts_of(roles)),
        seats=_seats(lexicon, [place for of_file in rows.values() for place in of_file.places]),
        lexicon=lexicon,
        measures=measures_of(figure for of_file in rows.values() for figure in of_file.figures),
    )


def _identity(row: Partnership) -> tuple[object, ...]:
    """What rows of one partnership have in common."""
    networks = frozenset(party.name for party in row.parties if party.part == "network")
    everyone = frozenset(party.name for party in row.parties)
    if row.kind == "project":
        return row.kind, row.name.casefold()
    if row.kind == "funding" and len(row.parties) == 1:
        return row.kind, row.name.casefold(), everyone
    if row.kind == "alliance" and networks:
        return row.kind, networks
    return row.kind, everyone, networks


def _merged(group: Sequence[Partnership], dates: Mapping[str, date | None]) -> Link:
    ordered = sorted(group, key=lambda row: dates.get(row.evidence.file) or date.min)
    first, newest = ordered[0], ordered[-1]
    link = Link(first.kind, _most(row.name for row in ordered), {})
    for row in ordered:
        for party in row.parties:
            earlier = link.parties.get(party.name)
            if earlier is None or _RANK[party.part] < _RANK[earlier]:
                link.parties[party.name] = party.part
        if row.evidence not in link.evidence:
            link.evidence.append(row.evidence)
    signed = sorted(row.start for row in ordered if row.start and row.event != "renewed")
    link.renewed = _apart(row.start for row in ordered if row.start and row.event == "renewed")
    link.start = signed[0] if signed else None
    link.end = next((row.end for row in reversed(ordered) if row.end), None)
    ended = [row for row in ordered if row.status == "ended"]
    active = [row for row in ordered if row.status == "active"]
    link.status = ("ended" if newest in ended else "active") if active or ended else newest.status
    link.told = dates.get(newest.evidence.file)
    return link


def _apart(days: Iterable[str]) -> list[str]:
    """Days without those that are told of the same event a little later, or less exactly."""
    kept: list[str] = []
    for day in sorted(days, key=lambda day: (f"{day}~"[:10], day)):
        if not any(_is_same(day, other) for other in kept):
            kept.append(day)
    return sorted(kept)


def _is_same(one: str, other: str) -> bool:
    if one.startswith(other) or other.startswith(one):
        return True
    if len(one) < _DAY or len(other) < _DAY:
        return False
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= _NEAR


def _tell_recipients(links: Sequence[Link]) -> None:
    """Who gets a project's funds, where only the funder is told: those who take part."""
    projects = {link.name.casefold(): link for link in links if link.kind == "project"}
    for link in links:
        project = projects.get(link.name.casefold())
        if link.kind == "funding" and project and len(link.parties) == 1:
            for whom, part in project.parties.items():
                link.parties.setdefault(whom, part)
            link.evidence += project.evidence[:1]


def _held(roles: Sequence[Role]) -> list[Role]:
    """Roles without those that only what stands around them gives to another organisation."""
    places: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for role in roles:
        places[role.person.split()[-1]][role.organisation] += _TOLD if role.told else 1
    return [
        role
        for role in roles
        if role.told or role.organisation == places[role.person.split()[-1]].most_common(1)[0][0]
    ]


def _seats(lexicon: NameLexicon, places: Sequence[Place]) -> dict[str, Seat]:
    towns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    countries: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place in places:
        if place.town:
            towns[place.organisation][place.town] += 1
        if place.country:
            countries[place.organisation][place.country] += 1
    seats = {}
    for organisation in lexicon.organisations:
        town = next(iter(dict(towns[organisation.id].most_common(1))), "")
        country = next(iter(dict(countries[organisation.id].most_common(1))), "")
        seats[organisation.id] = Seat(town, country or country_of_form(organisation.name))
    return seats


def _most(names: Iterable[str]) -> str:
    counted = Counter(name for name in names if name)
    return counted.most_common(1)[0][0] if counted else ""


def _without_parts(links: Sequence[Link]) -> list[Link]:
    """Links without what a larger one of the same kind says as well."""
    return [
        link
        for link in links
        if not any(
            other is not link
            and other.kind == link.kind
            and link.kind in ("funding", "agreement")
            and link.parties.keys() < other.parties.keys()
            for other in links
        )
    ]
