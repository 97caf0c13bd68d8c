"""Which rows of the register are wanted, and in what order they come."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from index.register.lexicon import Organisation
from index.register.register import Link, Register
from index.text.words import fold

Order = Literal["start", "-start", "name", "-name", "kind", "-kind", "status", "-status"]
ORDERS: Final[tuple[Order, ...]] = (
    *("start", "-start", "name", "-name"),
    *("kind", "-kind", "status", "-status"),
)
_OPEN: Final = "9999"  # a year that no end is after
_UNDATED: Final = "0000"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rows have to fit; "" and None stand for all.

    `organisation` is an id, or a name or a part of one; `text` is words of which each stands in a
    name of the row; `country` is a code of ISO 3166, as DE. `since` and `until` are a time within
    which a partnership ran, days, months or years.
    """

    organisation: str = ""
    kind: str = ""
    country: str = ""
    status: str = ""
    since: str | None = None
    until: str | None = None
    text: str = ""


def partnerships(register: Register, wanted: Wanted) -> list[Link]:
    """The partnerships that fit."""
    whom = organisations_named(register, wanted.organisation) if wanted.organisation else None
    words = _words(wanted.text)
    return [
        link
        for link in register.links
        if (whom is None or not whom.isdisjoint(link.parties))
        and wanted.kind in ("", link.kind)
        and wanted.status in ("", link.status)
        and (not wanted.country or wanted.country.upper() in countries_of(register, link))
        and _runs_within(link, wanted.since, wanted.until)
        and (not words or _holds(words, _names(register, link)))
    ]


def organisations(register: Register, wanted: Wanted) -> list[Organisation]:
    """The organisations that fit, by name; `kind` is theirs."""
    whom = organisations_named(register, wanted.organisation) if wanted.organisation else None
    words = _words(wanted.text)
    fitting = [
        organisation
        for organisation in register.organisations
        if (whom is None or organisation.id in whom)
        and wanted.kind in ("", organisation.kind)
        and wanted.country.upper() in ("", register.seats[organisation.id].country)
        and (not words or _holds(words, (organisation.name, *organisation.aliases)))
    ]
    return sorted(fitting, key=lambda organisation: _sorted_as(organisation.name))


def organisations_named(register: Register, name: str) -> set[str]:
    """The ids of the organisations of an id or a name, or else of those that have it in theirs."""
    if name in register.lexicon.by_id:
        return {name}
    wanted = fold(name)
    names = {
        organisation.id: [fold(one) for one in (organisation.name, *organisation.aliases)]
        for organisation in register.organisations
    }
    exactly = {identity for identity, folded in names.items() if wanted in folded}
    return exactly or {
        identity for identity, folded in names.items() if any(wanted in one for one in folded)
    }


def countries_of(register: Register, link: Link) -> set[str]:
    """The countries in which the parties sit."""
    return {register.seats[whom].country for whom in link.parties} - {""}


def term(link: Link) -> tuple[str, str]:
    """First and last day of a partnership, as far as they are told; "" and "9999" otherwise."""
    days = [day for day in (link.start, *link.renewed, link.end) if day]
    first = min(days, default="")
    if link.end and link.end >= max(link.renewed, default=""):
        return first, link.end
    if link.status == "ended":
        return first, max([*days, link.told.isoformat() if link.told else ""])
    return first, _OPEN


def in_order(register: Register, links: Iterable[Link], order: Order) -> list[Link]:
    """Rows in an order, "-" for the other way round; those without a day come last."""
    ordered = sorted(links, key=lambda link: _sorted_as(title(register, link)))
    keys: Mapping[str, Callable[[Link], str]] = {
        "name": lambda link: _sorted_as(" ".join(names_of(register, link))),
        "kind": lambda link: link.kind,
        "status": lambda link: link.status,
        "start": lambda link: term(link)[0] or _UNDATED,
    }
    key = keys[order.removeprefix("-")]
    ordered.sort(key=key, reverse=order.startswith("-"))
    if order == "start":
        ordered.sort(key=lambda link: not term(link)[0])
    return ordered


def title(register: Register, link: Link) -> str:
    """What a partnership is called, or else who has it."""
    return link.name or " – ".join(names_of(register, link))


def names_of(register: Register, link: Link) -> list[str]:
    """The names that the parties are shown by."""
    return [register.lexicon.by_id[whom].name for whom in link.parties]


def years(register: Register) -> list[str]:
    """The years in which something began, was renewed or ended, the newest first."""
    days = [day for link in register.links for day in (link.start, *link.renewed, link.end) if day]
    return sorted({day[:4] for day in days}, reverse=True)


def _runs_within(link: Link, since: str | None, until: str | None) -> bool:
    if not since and not until:
        return True
    first, last = term(link)
    if not first and last == _OPEN:
        return False  # nobody knows
    return (not since or f"{last}~" >= since) and (not until or first <= f"{until}~")


def _names(register: Register, link: Link) -> list[str]:
    parties = [register.lexicon.by_id[whom] for whom in link.parties]
    return [link.name, *(name for party in parties for name in (party.name, *party.aliases))]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _holds(words: Sequence[str], names: Iterable[str]) -> bool:
    text = fold(" ".join(names))
    return all(word in text for word in words)


def _sorted_as(name: str) -> str:
    """A name as it is sorted: articles, accents and marks aside."""
    return re.sub(r"^(?:der|die|das|the|le|la|les|l['’])\s*|[^\w\s]", "", fold(name)).strip()
