"""The register for programs: organisations and partnerships, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.access import Scope
from assistant.partners.rows import (
    OrganisationRow,
    PartnershipRow,
    Texts,
    organisation_rows,
    partnership_rows,
)
from assistant.partners.timeline import Span, dated, spans
from assistant.partners.wanted import Wanted, in_order, organisations, partnerships
from assistant.web.api import partners_openapi as described
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from index.errors import ScopeError
from index.register.register import Link, Register
from index.register.rows import Kind, Status

_LONGEST: Final = 200  # characters of a value

_Name = Annotated[
    str,
    Query(
        max_length=_LONGEST,
        description="An organisation's `id`, its name, or a part of it.",
        examples=["biopro"],
    ),
]
_Text = Annotated[
    str, Query(max_length=_LONGEST, description="Words that stand in a name of the row.")
]
_Country = Annotated[
    str,
    Query(
        pattern="^(?:[A-Za-z]{2})?$",
        description="The code of a country in which one of them sits (ISO 3166-1).",
        examples=["FR"],
    ),
]
_Day = Annotated[
    str | None,
    Query(
        max_length=10,
        description="A day, a month or a year; only what ran within that time.",
        examples=["2024-04"],
    ),
]


@dataclass(frozen=True, slots=True)
class OrganisationDetail(OrganisationRow):
    """An organisation with its partnerships."""

    partnerships: tuple[PartnershipRow, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow(PartnershipRow):
    """A partnership with its times: one, or more where there are gaps between them."""

    spans: tuple[Span, ...]


def _wanted_organisations(
    org: _Name = "",
    kind: Annotated[str, Query(max_length=_LONGEST, description="Such as `cluster`.")] = "",
    country: _Country = "",
    q: _Text = "",
) -> Wanted:
    return Wanted(organisation=org, kind=kind, country=country, text=q)


def _wanted_partnerships(
    org: _Name = "",
    kind: Kind | None = None,
    status: Status | None = None,
    country: _Country = "",
    since: _Day = None,
    until: _Day = None,
    q: _Text = "",
) -> Wanted:
    """Raises HTTPException for what is no date."""
    try:
        days = Scope.read(since=since, until=until)
    except ScopeError as error:
        raise HTTPException(422, str(error)) from error
    return Wanted(
        organisation=org,
        kind=kind or "",
        status=status or "",
        country=country,
        since=days.since.isoformat() if days.since else None,
        until=days.until.isoformat() if days.until else None,
        text=q,
    )


_Organisations = Annotated[Wanted, Depends(_wanted_organisations)]
_Partnerships = Annotated[Wanted, Depends(_wanted_partnerships)]
_Identity = Annotated[str, Path(description="The `id` of a row.", examples=["biopro"])]


def add_routes(routes: APIRouter, engine: Engine) -> None:
    """Adds the routes of the register; each reader gets what their documents tell."""

    @routes.get("/api/organisations", **described.ORGANISATIONS)
    def listed_organisations(request: Request, wanted: _Organisations) -> list[OrganisationRow]:
        register = engine.partners(scope_of(request))
        fitting = organisations(register, wanted)
        return list(organisation_rows(register, fitting, register_texts(engine, scope_of(request))))

    @routes.get("/api/organisations/{id:path}", **described.ORGANISATION)
    def organisation(request: Request, id: _Identity) -> OrganisationDetail:
        register, text_of = (
            engine.partners(scope_of(request)),
            register_texts(engine, scope_of(request)),
        )
        with_id = [organisation for organisation in register.organisations if organisation.id == id]
        if not with_id:
            raise HTTPException(404, "No organisation has this id.")
        (row,) = organisation_rows(register, with_id, text_of)
        links = partnerships(register, Wanted(organisation=id))
        rows = partnership_rows(register, in_order(register, links, "start"), text_of)
        return OrganisationDetail(**_values(row), partnerships=tuple(rows))

    @routes.get("/api/partnerships", **described.PARTNERSHIPS)
    def listed_partnerships(request: Request, wanted: _Partnerships) -> list[PartnershipRow]:
        register = engine.partners(scope_of(request))
        links = in_order(register, partnerships(register, wanted), "name")
        return list(partnership_rows(register, links, register_texts(engine, scope_of(request))))

    @routes.get("/api/timeline", **described.TIMELINE)
    def listed_times(request: Request, wanted: _Partnerships) -> list[TimelineRow]:
        register = engine.partners(scope_of(request))
        links = dated(partnerships(register, wanted))
        return timeline_rows(register, links, register_texts(engine, scope_of(request)))


def timeline_rows(register: Register, links: Sequence[Link], text_of: Texts) -> list[TimelineRow]:
    """The rows of partnerships, with their times."""
    rows = partnership_rows(register, links, text_of)
    return [
        TimelineRow(**_values(row), spans=spans(link))
        for link, row in zip(links, rows, strict=True)
    ]


def register_texts(engine: Engine, scope: Scope) -> Texts:
    """The texts of the documents of a scope, by their file."""

    def text_of(file: str) -> str:
        document = engine.document(file, scope)
        return document.text if document else ""

    return text_of


def _values(row: OrganisationRow | PartnershipRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}
