"""The register as lines of JSON, as a table for a spreadsheet, or for a reader."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from assistant.access import Scope
from assistant.partners.rows import Texts, organisation_rows, partnership_rows
from assistant.partners.spreadsheet import spreadsheet
from assistant.partners.wanted import Wanted, organisations, partnerships
from assistant.terminal.output import filled, print_json
from index.register.kept import KeptRegister
from index.register.register import Register
from index.storage.catalogue import Catalogue

Rows = Callable[[Register, Texts, Wanted], Iterator[dict[str, Any]]]


def listed_organisations(
    register: Register, text_of: Texts, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    """Each organisation with its people, as `organisations --json` prints it."""
    fitting = organisations(register, wanted)
    return (asdict(row) for row in organisation_rows(register, fitting, text_of))


def listed_partnerships(
    register: Register, text_of: Texts, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    """Each partnership, as `partners --json` prints it."""
    fitting = partnerships(register, wanted)
    return (asdict(row) for row in partnership_rows(register, fitting, text_of))


def print_register(catalogue: Catalogue, options: argparse.Namespace) -> int:
    """What the options of `organisations` or `partners` ask for."""
    rows_of: Rows = _ROWS[options.command]
    wanted = rows_wanted(options)
    texts = {document.file: document.text for document in catalogue.documents()}
    register = KeptRegister(catalogue).register()
    print_rows(rows_of(register, texts.__getitem__, wanted), options.form)
    return 0


_ROWS: Final[Mapping[str, Rows]] = {
    "organisations": listed_organisations,
    "partners": listed_partnerships,
}


def print_rows(rows: Iterable[Mapping[str, Any]], form: str | None) -> None:
    """Rows as lines of JSON, as CSV, or each in a line for a reader."""
    listed = list(rows)
    if form == "json":
        for row in listed:
            print_json(dict(row))
    elif form == "csv":
        head = list(listed[0]) if listed else []
        cells = ([_flat(value) for value in row.values()] for row in listed)
        sys.stdout.buffer.write(spreadsheet(head, cells))
        sys.stdout.buffer.flush()
    else:
        for row in listed:
            print(filled(_line(row), others="  "))


def _flat(value: Any) -> str:
    """A value in one cell: names of parties and people, and where evidence stands."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_flat, value))
    if isinstance(value, dict):
        if "value" in value:
            return " ".join(filter(None, [value["what"], value["value"], value["as_of"]]))
        return str(value.get("name") or f"{value['file']}: {value['quote']}")
    return "" if value is None else str(value)


def _line(row: Mapping[str, Any]) -> str:
    if "parties" in row:
        names = " – ".join(party["name"] for party in row["parties"])
        term = " to ".join(filter(None, (row["start"], row["end"])))
        facts = [row["kind"], names, row["name"], term, row["status"], row["id"]]
    else:
        heads = [person["name"] for person in row["people"] if person["current"]]
        facts = [row["name"], row["kind"], row["seat"], row["country"], ", ".join(heads)]
    return " · ".join(filter(None, facts))


def rows_wanted(options: argparse.Namespace) -> Wanted:
    """Which rows the options ask for. Raises ScopeError for what is no date."""
    days = Scope.read(since=options.since, until=options.until)
    return Wanted(
        organisation=options.org,
        kind=options.kind,
        country=options.country,
        status=options.status,
        since=days.since.isoformat() if days.since else None,
        until=days.until.isoformat() if days.until else None,
    )
