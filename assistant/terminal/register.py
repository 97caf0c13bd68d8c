"""The register as lines of JSON, as a table for a spreadsheet, or for a reader."""

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.terminal.feedback import spreadsheet_cell
from assistant.terminal.output import filled, print_json
from index.register.lexicon import Organisation
from index.register.people import Post
from index.register.register import Link, Register
from index.register.rows import Proof
from index.text.words import fold

Texts = Callable[[str], str]
Rows = Callable[[Register, Texts, "Wanted"], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted; None and "" stand for all."""

    organisation: str = ""
    kind: str = ""
    country: str = ""
    status: str = ""
    since: str | None = None
    until: str | None = None


def organisation_rows(
    register: Register, text_of: Texts, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    """Each organisation with its people, as `organisations --json` prints it."""
    posts: defaultdict[str, list[Post]] = defaultdict(list)
    for post in register.posts:
        posts[post.organisation].append(post)
    for each in register.organisations:
        seat = register.seats[each.id]
        if not _is_named(each, wanted.organisation) or wanted.kind not in ("", each.kind):
            continue
        if wanted.country and wanted.country.upper() != seat.country:
            continue
        yield {
            "id": each.id,
            "name": each.name,
            "aliases": list(each.aliases),
            "kind": each.kind or None,
            "seat": seat.town or None,
            "country": seat.country or None,
            "people": [_person(post, text_of) for post in posts[each.id]],
            "files": list(each.files),
        }


def partner_rows(register: Register, text_of: Texts, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Each partnership, as `partners --json` prints it."""
    for link in register.links:
        if not _is_wanted(register, link, wanted):
            continue
        names = register.lexicon.by_id
        yield {
            "kind": link.kind,
            "name": link.name or None,
            "parties": [
                {"id": whom, "name": names[whom].name, "part": part}
                for whom, part in link.parties.items()
            ],
            "status": link.status,
            "start": link.start,
            "end": link.end,
            "renewed": link.renewed,
            "told": link.told.isoformat() if link.told else None,
            "evidence": [_piece(piece, text_of) for piece in link.evidence],
        }


def _is_wanted(register: Register, link: Link, wanted: Wanted) -> bool:
    by_id, seats = register.lexicon.by_id, register.seats
    return (
        any(_is_named(by_id[whom], wanted.organisation) for whom in link.parties)
        and wanted.kind in ("", link.kind)
        and wanted.status in ("", link.status)
        and (
            not wanted.country
            or any(seats[whom].country == wanted.country.upper() for whom in link.parties)
        )
        and (
            not wanted.since or max(link.start or "", *link.renewed, link.end or "") >= wanted.since
        )
        and (not wanted.until or (bool(link.start) and str(link.start) <= f"{wanted.until}~"))
    )


def _is_named(organisation: Organisation, name: str) -> bool:
    names = (organisation.id, organisation.name, *organisation.aliases)
    return not name or any(fold(name) in fold(each) for each in names)


def _person(post: Post, text_of: Texts) -> dict[str, Any]:
    return {
        "name": post.person,
        "title": post.title or None,
        "role": post.role,
        "current": post.current,
        "since": post.since,
        "until": post.until,
        "evidence": [_piece(piece, text_of) for piece in post.evidence],
    }


def _piece(piece: Proof, text_of: Texts) -> dict[str, Any]:
    quote = text_of(piece.file)[piece.start : piece.end]
    return {"file": piece.file, "start": piece.start, "end": piece.end, "quote": quote}


def print_rows(rows: Iterable[Mapping[str, Any]], form: str | None) -> None:
    """Rows as lines of JSON, as CSV, or each in a line for a reader."""
    listed = list(rows)
    if form == "json":
        for row in listed:
            print_json(dict(row))
    elif form == "csv":
        _print_csv(listed)
    else:
        for row in listed:
            print(filled(_line(row), others="  "))


def _print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";")
    if rows:
        table.writerow(rows[0])
    table.writerows([spreadsheet_cell(_flat(value)) for value in row.values()] for row in rows)
    sys.stdout.buffer.write(text.getvalue().encode("utf-8-sig", "replace"))
    sys.stdout.buffer.flush()


def _flat(value: Any) -> str:
    """A value in one cell: names of parties and people, and where evidence stands."""
    if isinstance(value, list):
        return ", ".join(map(_flat, value))
    if isinstance(value, dict):
        return str(value.get("name") or f"{value['file']}: {value['quote']}")
    return "" if value is None else str(value)


def _line(row: Mapping[str, Any]) -> str:
    if "parties" in row:
        names = " – ".join(party["name"] for party in row["parties"])
        term = " to ".join(filter(None, (row["start"], row["end"])))
        facts = [row["kind"], names, row["name"], term, row["status"]]
    else:
        heads = [person["name"] for person in row["people"] if person["current"]]
        facts = [row["name"], row["kind"], row["seat"], row["country"], ", ".join(heads)]
    return " · ".join(filter(None, facts))
