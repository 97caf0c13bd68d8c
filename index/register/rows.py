"""What the register is made of, as one document tells it; `index/register/register.py` merges."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["agreement", "membership", "alliance", "project", "funding", "event", "other"]
Part = Literal["partner", "member", "coordinator", "funder", "host", "network"]
Status = Literal["active", "ended", "planned", "unknown"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be an organisation's, and why: the `cue`, as in register.yaml's `cues`.

    `kind` is what the words around it call it (cluster, agency, company ...), "" for nothing;
    `at` is where it stands in the document's text; `times` is how often it was found.
    """

    name: str
    cue: str
    kind: str
    at: int = 0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """A slice of a document's text: [start, end) of `file`."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Party:
    """One that takes part, by the name or the person who stands there, and in what part."""

    name: str
    part: Part
    person: bool = False


@dataclass(frozen=True, slots=True)
class Partnership:
    """What connects organisations, as one place of a document tells it.

    Days are written as far as they are known: "2024", "2024-04", "2024-04-26". `event` says what
    happened there: "signed", "renewed", "ended", "refused" or "" where it only stands.
    """

    kind: Kind
    name: str
    parties: tuple[Party, ...]
    status: Status
    evidence: Proof
    start: str | None = None
    end: str | None = None
    event: str = ""
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """What a person does or did at an organisation; `said` is the day on which it was told.

    Where it is not `told` whose role it is, the organisation is the one that is spoken of.
    """

    person: str
    title: str
    role: str
    organisation: str
    evidence: Proof
    since: str | None = None
    until: str | None = None
    former: bool = False
    said: str | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an organisation: its members, employees, budget, or the year it was founded."""

    organisation: str
    what: str
    value: str
    as_of: str | None
    evidence: Proof


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation sits: a town, or a country's code, or both; "" for what is unsaid."""

    organisation: str
    town: str
    country: str
    evidence: Proof


@dataclass(frozen=True, slots=True)
class Rows:
    """All that one document tells."""

    partnerships: tuple[Partnership, ...] = ()
    roles: tuple[Role, ...] = ()
    figures: tuple[Figure, ...] = ()
    places: tuple[Place, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """For storage; `rows_of` reads it back."""
        return asdict(self)


def rows_of(stored: dict[str, Any]) -> Rows:
    """The rows that `Rows.as_json` has written."""
    return Rows(
        tuple(_partnership(row) for row in stored["partnerships"]),
        tuple(Role(**row | {"evidence": Proof(**row["evidence"])}) for row in stored["roles"]),
        tuple(Figure(**row | {"evidence": Proof(**row["evidence"])}) for row in stored["figures"]),
        tuple(Place(**row | {"evidence": Proof(**row["evidence"])}) for row in stored["places"]),
    )


def _partnership(stored: dict[str, Any]) -> Partnership:
    parties = tuple(Party(**party) for party in stored["parties"])
    return Partnership(**stored | {"parties": parties, "evidence": Proof(**stored["evidence"])})
