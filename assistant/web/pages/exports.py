"""What is selected of the register as a file: CSV for a spreadsheet, JSON, JSON-LD."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from assistant.partners.linked_data import linked_data
from assistant.partners.rows import (
    OrganisationRow,
    PartnershipRow,
    organisation_rows,
    partnership_rows,
)
from assistant.partners.spreadsheet import spreadsheet
from assistant.partners.wanted import in_order, organisations, partnerships
from assistant.web.pages.rows import Shelf
from assistant.web.pages.selection import Selection
from assistant.web.texts.partners import PartnerTexts


@dataclass(frozen=True, slots=True)
class Export:
    """A file's content."""

    body: bytes
    media_type: str


def exported(shelf: Shelf, selection: Selection, form: str) -> Export | None:
    """The rows of a selection as csv, json or jsonld; None for another form."""
    make = _FORMS.get(form)
    return make(shelf, selection) if make else None


def _partnerships(shelf: Shelf, selection: Selection) -> Iterator[PartnershipRow]:
    fitting = partnerships(shelf.register, selection.wanted)
    ordered = in_order(shelf.register, fitting, selection.sort)
    return partnership_rows(shelf.register, ordered, shelf.text_of)


def _organisations(shelf: Shelf, selection: Selection) -> Iterator[OrganisationRow]:
    fitting = organisations(shelf.register, selection.wanted)
    return organisation_rows(shelf.register, fitting, shelf.text_of)


def _csv(shelf: Shelf, selection: Selection) -> Export:
    words = shelf.words
    if selection.view == "organisations":
        head, rows = _organisation_cells(words, _organisations(shelf, selection))
    else:
        head, rows = _partnership_cells(words, _partnerships(shelf, selection))
    return Export(spreadsheet(head, rows), "text/csv; charset=utf-8")


Cells = tuple[list[str], Iterable[list[str]]]


def _partnership_cells(words: PartnerTexts, rows: Iterable[PartnershipRow]) -> Cells:
    head = [words.kind, words.partnership, words.who, words.status, *words.columns]
    head += [words.evidence, words.documents]
    return head, (
        [
            words.kinds[row.kind],
            row.name or "",
            " | ".join(f"{party.name} ({words.parts[party.part]})" for party in row.parties),
            words.statuses[row.status],
            row.start or "",
            row.end or "",
            " | ".join(row.renewed),
            " | ".join(_squeezed(piece.quote) for piece in row.evidence),
            " | ".join(dict.fromkeys(piece.file for piece in row.evidence)),
        ]
        for row in rows
    )


def _organisation_cells(words: PartnerTexts, rows: Iterable[OrganisationRow]) -> Cells:
    head = [words.organisation, words.names, words.kind, words.seat, words.country]
    head += [words.people, words.documents]
    return head, (
        [
            row.name,
            " | ".join(row.aliases),
            words.sorts.get(row.kind or "", ""),
            row.seat or "",
            row.country or "",
            " | ".join(
                f"{person.name}, {person.role} ({words.now if person.current else words.before})"
                for person in row.people
            ),
            " | ".join(row.files),
        ]
        for row in rows
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _json(shelf: Shelf, selection: Selection) -> Export:
    rows: Iterable[Any] = (
        _organisations(shelf, selection)
        if selection.view == "organisations"
        else _partnerships(shelf, selection)
    )
    return Export(_written([asdict(row) for row in rows]), "application/json")


def _jsonld(shelf: Shelf, selection: Selection) -> Export:
    rows = list(_partnerships(shelf, selection))
    whom = {party.id for row in rows for party in row.parties}
    if selection.view == "organisations":
        listed = list(_organisations(shelf, selection))
    else:
        parties = [
            organisation for organisation in shelf.register.organisations if organisation.id in whom
        ]
        listed = list(organisation_rows(shelf.register, parties, shelf.text_of))
    return Export(_written(linked_data(listed, rows)), "application/ld+json")


def _written(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8", "replace")


_FORMS: Final[Mapping[str, Callable[[Shelf, Selection], Export]]] = {
    "csv": _csv,
    "json": _json,
    "jsonld": _jsonld,
}
