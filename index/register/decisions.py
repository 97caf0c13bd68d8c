"""What editors decide about the register: pure functions from decisions and rows to rows.

A decision names organisations as documents write them, so that it holds for what the next sync
makes of the same documents. What it names may be gone; then it has no effect until it is back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, TypeVar, get_args

from index.errors import UsageError
from index.register.lexicon import NameLexicon, Organisation, key_of
from index.register.register import Link, Register
from index.register.rows import Figure, Kind, Place, Role, Rows, Status

OfOrganisation = TypeVar("OfOrganisation", Role, Figure, Place)
What = Literal["confirm", "hide", "merge", "split", "rename", "kind", "status"]

WHATS: Final[tuple[What, ...]] = get_args(What)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
OF_ORGANISATIONS: Final = ("hide", "merge", "split", "rename", "kind")
OF_PARTNERSHIPS: Final = ("confirm", "hide", "kind", "status")
LONGEST_NAME: Final = 200  # characters of what an editor calls an organisation
SORTS: Final = (
    *("cluster", "agency", "association", "company", "hospital", "university", "research"),
    *("ministry", "foundation", "fund", "bank", "other"),
)
"""What an organisation may be."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. With `of` it is about a partnership of that kind, `name` and parties.

    Otherwise it is about the first of the `organisations`; merge takes all others into it. `value`
    is the new name, kind or status; `names` are those that become an organisation of their own.
    """

    what: What
    organisations: tuple[str, ...]
    of: Kind | None = None
    name: str = ""
    value: str = ""
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For storage and export; `decision_of` reads it back."""
        return {key: value for key, value in asdict(self).items() if value}


def decision_of(stored: Any) -> Decision:
    """The decision of its JSON. Raises UsageError, which names what is wrong with it."""
    if not isinstance(stored, Mapping):
        raise UsageError(f"{stored!r} is no decision.", "Import what `register export` wrote.")
    names = Decision.__dataclass_fields__.keys()
    if unknown := stored.keys() - names - {"number", "made", "by", "undone"}:
        raise UsageError(
            f"A decision has no {min(unknown)!r}.", "Import what `register export` wrote."
        )
    read = Decision(
        what=stored.get("what", ""),
        organisations=_texts(stored, "organisations"),
        of=stored.get("of"),
        name=_text(stored, "name"),
        value=_text(stored, "value"),
        names=_texts(stored, "names"),
    )
    _check(read)
    return read


def _text(stored: Mapping[str, Any], name: str) -> str:
    value = stored.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f"{name} is {value!r}, and no text.", "Write it in quotation marks.")
    return value.strip()


def _texts(stored: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = stored.get(name, ())
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise UsageError(f"{name} is {values!r}, and no list of names.", "Write it as a list.")
    return tuple(values)


def _check(decision: Decision) -> None:
    possible = OF_PARTNERSHIPS if decision.of else OF_ORGANISATIONS
    of_whom = "a partnership" if decision.of else "an organisation"
    if decision.what not in possible:
        raise UsageError(
            f"{decision.what!r} can't be decided of {of_whom}.", f"One of {', '.join(possible)}."
        )
    if decision.of is not None and decision.of not in KINDS:
        raise UsageError(f"There is no kind {decision.of!r}.", f"One of {', '.join(KINDS)}.")
    least = 2 if decision.what == "merge" or decision.of else 1
    if len(decision.organisations) < least and not (decision.of and decision.name):
        raise UsageError(f"{decision.what} names too few organisations.", f"Name {least}.")
    if decision.what == "split" and not decision.names:
        raise UsageError("split names nothing to split off.", "Name one of its other names.")
    _check_value(decision)


def _check_value(decision: Decision) -> None:
    values: Mapping[str, Sequence[str]] = {
        "kind": KINDS if decision.of else SORTS,
        "status": STATUSES,
    }
    if decision.what in values and decision.value not in values[decision.what]:
        raise UsageError(
            f"There is no {decision.what} {decision.value!r}.",
            f"One of {', '.join(values[decision.what])}.",
        )
    if decision.what == "rename" and not 0 < len(decision.value) <= LONGEST_NAME:
        raise UsageError(
            f"A name of {len(decision.value)} characters is none.",
            f"Give one of 1 to {LONGEST_NAME} characters.",
        )


# Organisations that the names were wrongly taken for one


def split(lexicon: NameLexicon, decisions: Iterable[Decision]) -> NameLexicon:
    """The organisations, with those that editors have split; documents are then read by these."""
    organisations = dict(lexicon.by_id)
    for decision in decisions:
        if decision.what == "split":
            whole = lexicon.whole(decision.organisations[0])
            if whole and whole.id in organisations:
                _split(organisations, organisations[whole.id], decision.names)
    if organisations.keys() == lexicon.by_id.keys():
        return lexicon
    return NameLexicon(tuple(organisations.values()), lexicon.labels)


def _split(
    organisations: dict[str, Organisation], whole: Organisation, names: Iterable[str]
) -> None:
    off = {key_of(name) for name in names}
    leaving = [name for name in (whole.name, *whole.aliases) if key_of(name) in off]
    staying = [name for name in (whole.name, *whole.aliases) if key_of(name) not in off]
    if not leaving or not staying:
        return
    made = "-".join(key_of(leaving[0]))
    identity = made if made not in organisations else f"{made}-2"
    organisations[whole.id] = replace(whole, name=staying[0], aliases=tuple(staying[1:]))
    organisations[identity] = Organisation(
        identity, leaving[0], tuple(leaving[1:]), whole.kind, whole.files
    )


# What is read of the rows


@dataclass(frozen=True, slots=True)
class Decided:
    """Organisations and rows by what editors have decided; `merged` leads ids to what they are."""

    lexicon: NameLexicon
    rows: Mapping[str, Rows]
    hidden: frozenset[str]
    merged: Mapping[str, str]


def decided(
    lexicon: NameLexicon, rows: Mapping[str, Rows], decisions: Sequence[Decision]
) -> Decided:
    """Organisations merged, named and of the kind that editors say, with their rows.

    Rows of an organisation that there is no more are left out: its document is being read again.
    """
    organisations = dict(lexicon.by_id)
    merged: dict[str, str] = {}
    hidden: set[str] = set()
    for decision in decisions:
        if decision.of:
            continue
        whom = list(dict.fromkeys(_ids(lexicon, merged, decision.organisations)))
        if not whom:
            continue
        first = organisations[whom[0]]
        if decision.what == "merge":
            for other in whom[1:]:
                first = _joined(first, organisations.pop(other))
                merged |= {old: first.id for old, new in merged.items() if new == other}
                merged[other] = first.id
        elif decision.what == "rename":
            names = [name for name in (first.name, *first.aliases) if name != decision.value]
            first = replace(first, name=decision.value, given=decision.value, aliases=tuple(names))
        elif decision.what == "kind":
            first = replace(first, kind=decision.value)
        elif decision.what == "hide":
            hidden.add(first.id)
        organisations[first.id] = first
    changed = NameLexicon(tuple(organisations.values()), lexicon.labels)
    of_rows = {file: _moved(of_file, organisations, merged) for file, of_file in rows.items()}
    return Decided(changed, of_rows, frozenset(hidden), merged)


def _ids(lexicon: NameLexicon, merged: Mapping[str, str], names: Iterable[str]) -> Iterable[str]:
    """The ids of the organisations of these names, by those that they are merged into."""
    for name in names:
        if organisation := lexicon.whole(name):
            yield merged.get(organisation.id, organisation.id)


def _joined(one: Organisation, other: Organisation) -> Organisation:
    names = dict.fromkeys([*one.aliases, other.name, *other.aliases])
    names.pop(one.name, None)
    return replace(
        one,
        aliases=tuple(names),
        kind=one.kind or other.kind,
        files=tuple(sorted({*one.files, *other.files})),
    )


def _moved(
    rows: Rows, organisations: Mapping[str, Organisation], merged: Mapping[str, str]
) -> Rows:
    def now(identity: str) -> str:
        return merged.get(identity, identity)

    partnerships = []
    for row in rows.partnerships:
        parties = {now(party.name): replace(party, name=now(party.name)) for party in row.parties}
        if parties.keys() <= organisations.keys():
            partnerships.append(replace(row, parties=tuple(parties.values())))

    def still(row: OfOrganisation) -> OfOrganisation | None:
        whom = now(row.organisation)
        return replace(row, organisation=whom) if whom in organisations else None

    return Rows(
        partnerships=tuple(partnerships),
        roles=tuple(filter(None, map(still, rows.roles))),
        figures=tuple(filter(None, map(still, rows.figures))),
        places=tuple(filter(None, map(still, rows.places))),
    )


# What is read of the register


def judged(
    register: Register, decisions: Iterable[Decision], organisations: Decided, lexicon: NameLexicon
) -> Register:
    """The register without what is hidden, and with what editors say of partnerships.

    `lexicon` is the one whose names the decisions are resolved by.
    """
    said: dict[tuple[object, ...], list[Decision]] = {}
    for decision in decisions:
        if decision.of:
            whom = frozenset(_ids(lexicon, organisations.merged, decision.organisations))
            said.setdefault(_key(decision.of, decision.name, whom), []).append(decision)
    hidden = organisations.hidden
    links = (
        _said_of(link, said.get(_key(link.kind, link.name, frozenset(link.parties)), ()))
        for link in (_without(link, hidden) for link in register.links)
    )
    return replace(
        register,
        organisations=tuple(one for one in register.organisations if one.id not in hidden),
        links=tuple(link for link in links if link and len(link.parties) > 1),
        posts=tuple(post for post in register.posts if post.organisation not in hidden),
        measures=tuple(one for one in register.measures if one.organisation not in hidden),
    )


def _key(kind: Kind, name: str, whom: frozenset[str]) -> tuple[object, ...]:
    """What a partnership is recognised by: what has a name of its own may get more parties."""
    return (kind, name.casefold()) if name and kind in ("project", "alliance") else (kind, whom)


def _without(link: Link, hidden: frozenset[str]) -> Link:
    if hidden.isdisjoint(link.parties):
        return link
    parties = {whom: part for whom, part in link.parties.items() if whom not in hidden}
    return replace(link, parties=parties)


def _said_of(link: Link, decisions: Sequence[Decision]) -> Link | None:
    """The link as the last decisions of each sort will have it; None where it is hidden."""
    if not decisions:
        return link
    last: dict[str, Decision] = {decision.what: decision for decision in decisions}
    shown = [decision.what for decision in decisions if decision.what in ("confirm", "hide")]
    if shown and shown[-1] == "hide":
        return None
    changes: dict[str, Any] = {
        what: last[what].value for what in ("kind", "status") if what in last
    }
    told = tuple(what for what in WHATS if what in last and what != "hide")
    return replace(link, decided=told, told_as=link.kind, **changes)
