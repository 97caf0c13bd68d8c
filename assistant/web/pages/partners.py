"""The pages of partnerships: overview and organisations, as tables and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assistant.partners.network import MOST_AROUND, network
from assistant.partners.rows import measures_by_organisation, posts_by_organisation
from assistant.partners.timeline import dated, timeline
from assistant.partners.wanted import (
    Wanted,
    countries_of,
    in_order,
    organisations,
    organisations_named,
    partnerships,
    years,
)
from assistant.web.engine import Engine
from assistant.web.guard.editors import Editors
from assistant.web.guard.reader import scope_of
from assistant.web.pages.exports import exported
from assistant.web.pages.page import Page
from assistant.web.pages.rows import Shelf
from assistant.web.pages.selection import ROWS, SHOWN, Selection
from assistant.web.site import Site
from assistant.web.typography import count, long_date
from index.register.lexicon import Organisation
from index.register.register import Link, Register
from index.register.seats import country_name

_PICTURES: Final = ("graph", "timeline")


def router(engine: Engine, site: Site, editors: Editors) -> APIRouter:
    """The routes below `/partners`; each reader sees what their documents tell.

    `editors` see where to correct what they see.
    """
    routes = APIRouter(include_in_schema=False)

    def shelf(request: Request, path: str) -> Shelf:
        scope = scope_of(request)
        page = Page.of(request, path, site, has_form=True, has_filters=True)
        edits = editors.admits(request) and not page.view.embedded
        return Shelf(engine.partners(scope), page, engine, scope, edits)

    # Plain functions, so that they run outside the event loop.
    @routes.get("/partners")
    def overview(request: Request) -> HTMLResponse:
        shown, selection = shelf(request, "partners"), Selection.of(request.query_params)
        return shown.page.response("partners.html", 200, **_overview(shown, selection))

    @routes.get("/partners.{form}")
    def export(request: Request, form: str) -> Response:
        shown, selection = shelf(request, f"partners.{form}"), Selection.of(request.query_params)
        if form == "svg" and selection.view in _PICTURES:
            values = _picture(shown, selection, _found(shown.register, selection))
            svg = shown.page.rendered("picture.svg", **_common(shown, selection), **values)
            return Response(svg, headers=_attached("svg"), media_type="image/svg+xml")
        content = exported(shown, selection, form)
        if content is None:
            return _missing(shown)
        return Response(content.body, headers=_attached(form), media_type=content.media_type)

    @routes.get("/partners/{identity:path}")
    def organisation(request: Request, identity: str) -> HTMLResponse:
        shown = shelf(request, f"partners/{identity}")
        with_id = [
            organisation
            for organisation in shown.register.organisations
            if organisation.id == identity
        ]
        if not with_id:
            return _missing(shown)
        return shown.page.response("organisation.html", 200, **_organisation(shown, with_id[0]))

    return routes


def _attached(form: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="partners.{form}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
    }


def _missing(shown: Shelf) -> HTMLResponse:
    words = shown.words
    told = {"heading": words.no_organisation_heading, "told": words.no_organisation}
    return shown.page.response("no_organisation.html", 404, **_common(shown, Selection()), **told)


def _common(shown: Shelf, selection: Selection) -> dict[str, Any]:
    return {"w": shown.words, "shelf": shown, "selection": selection}


def _found(register: Register, selection: Selection) -> list[Link]:
    """The partnerships of a selection, in its order."""
    return in_order(register, partnerships(register, selection.wanted), selection.sort)


# The overview


@dataclass(frozen=True, slots=True)
class Choice:
    """A list of the form: its name and word, what is chosen, and its values with their words."""

    name: str
    word: str
    chosen: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: its word, the address that sorts by it, and how it is sorted now."""

    name: str
    word: str
    address: str = ""
    sorted: str = ""


def _overview(shown: Shelf, selection: Selection) -> dict[str, Any]:
    register = shown.register
    links = _found(register, selection)
    values = _common(shown, selection) | {
        "choices": _choices(shown, selection),
        "names": [organisation.name for organisation in organisations(register, Wanted())],
        "figures": _figures(shown),
        "total": count(len(links), shown.language),
        "shown_views": SHOWN,
        "columns": _columns(shown, selection),
        "newest": _newest(shown),
        "picture": None,
    }
    if selection.view == "organisations":
        return values | _organisations(shown, selection)
    values |= _picture(shown, selection, links)
    if selection.view == "timeline":
        links = dated(links)
    part = _Part.of(len(links), selection.page)
    return values | {"part": part, "rows": [shown.link(link) for link in links[part.slice]]}


@dataclass(frozen=True, slots=True)
class _Part:
    """Which page of how many."""

    page: int
    pages: int

    @classmethod
    def of(cls, rows: int, page: int) -> "_Part":
        pages = max(1, -(-rows // ROWS))
        return cls(min(page, pages), pages)

    @property
    def slice(self) -> slice:
        return slice((self.page - 1) * ROWS, self.page * ROWS)


def _organisations(shown: Shelf, selection: Selection) -> dict[str, Any]:
    register = shown.register
    fitting = organisations(register, selection.wanted)
    part = _Part.of(len(fitting), selection.page)
    listed = fitting[part.slice]
    ids = {organisation.id for organisation in listed}
    ties = dict.fromkeys(ids, 0)
    for link in register.links:
        for whom in ids & link.parties.keys():
            ties[whom] += 1
    posts = posts_by_organisation(register)
    heads = {
        identity: [post.person for post in posts.get(identity, ()) if post.current]
        for identity in ids
    }
    rows = [
        (
            organisation,
            register.seats[organisation.id],
            ties[organisation.id],
            heads[organisation.id],
        )
        for organisation in listed
    ]
    total = count(len(fitting), shown.language)
    return {"part": part, "rows": rows, "total": total}


def _picture(shown: Shelf, selection: Selection, links: Sequence[Link]) -> dict[str, Any]:
    register = shown.register
    if selection.view == "graph":
        whom = organisations_named(register, selection.org) if selection.org else set()
        middle = min(whom, default=None) if len(whom) == 1 else None
        drawn = network(register, links, middle)
        return {"picture": drawn, "sorts": _kinds_of(links)}
    if selection.view == "timeline":
        part = _Part.of(len(dated(links)), selection.page)
        drawn_links = dated(links)[part.slice]
        return {
            "picture": timeline(register, drawn_links, _newest_day(shown)),
            "sorts": _kinds_of(drawn_links),
            "told": {row.id: row for row in map(shown.link, drawn_links)},
        }
    return {"picture": None}


def _kinds_of(links: Sequence[Link]) -> list[str]:
    return list(dict.fromkeys(link.kind for link in links))


def _figures(shown: Shelf) -> list[tuple[str, str, str]]:
    """How many of each kind there are: its word, the number, and the address that selects it."""
    counted: dict[str, int] = {}
    for link in shown.register.links:
        counted[link.kind] = counted.get(link.kind, 0) + 1
    one, many = shown.words.kinds, shown.words.kinds_many
    return [
        (
            (one if number == 1 else many)[kind],
            count(number, shown.language),
            shown.overview({"kind": kind}),
        )
        for kind, number in sorted(counted.items(), key=lambda entry: -entry[1])
    ]


def _choices(shown: Shelf, selection: Selection) -> list[Choice]:
    """The lists of the form. Organisations have neither state nor years."""
    register, words = shown.register, shown.words
    codes = {code for link in register.links for code in countries_of(register, link)}
    countries = {code: country_name(code, shown.language) for code in codes}
    country = Choice("country", words.country, selection.country, _by_word(countries))
    if selection.view == "organisations":
        sorts = {organisation.kind for organisation in register.organisations if organisation.kind}
        kinds = _by_word({kind: words.sorts.get(kind, kind) for kind in sorts})
        return [Choice("kind", words.kind, selection.kind, kinds), country]
    kinds = _by_word({kind: words.kinds[kind] for kind in _kinds_of(register.links)})
    used = {link.status for link in register.links}
    statuses = _by_word({status: words.statuses[status] for status in used})
    told = [(year, year) for year in years(register)]
    return [
        Choice("kind", words.kind, selection.kind, kinds),
        Choice("status", words.status, selection.status, statuses),
        country,
        Choice("year", words.year, selection.year, told),
    ]


def _by_word(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda entry: entry[1].casefold())


def _columns(shown: Shelf, selection: Selection | None) -> list[Column]:
    """The heads of the table; without a selection, it can't be sorted."""
    words = shown.words
    heads = {"name": words.who, "kind": words.kind, "start": words.begin, "status": words.status}
    if selection is None:
        return [Column(name, word) for name, word in heads.items()]
    now, down = selection.sort.removeprefix("-"), selection.sort.startswith("-")
    columns = []
    for name, word in heads.items():
        begins_down = name == "start"  # the newest are looked for most
        other = f"-{name}" if (not down if name == now else begins_down) else name
        address = shown.overview(selection.but(sort=other))
        sorted_as = ("descending" if down else "ascending") if name == now else ""
        columns.append(Column(name, word, address, sorted_as))
    return columns


def _newest_day(shown: Shelf) -> date | None:
    return max((link.told for link in shown.register.links if link.told), default=None)


def _newest(shown: Shelf) -> str:
    day = _newest_day(shown)
    return shown.words.as_of.format(day=long_date(day, shown.language)) if day else ""


# An organisation


def _organisation(shown: Shelf, found: Organisation) -> dict[str, Any]:
    register = shown.register
    own = Wanted(organisation=found.id)
    links = in_order(register, partnerships(register, own), "-start")
    posts = posts_by_organisation(register).get(found.id, [])
    seat = register.seats[found.id]
    place = [seat.town, country_name(seat.country, shown.language) if seat.country else ""]
    documents = [document for document in map(shown.document, found.files) if document]
    documents.sort(key=lambda document: document.date or date.min, reverse=True)
    drawn = network(register, links, found.id) if links else None
    with_days = dated(links)[:MOST_AROUND]
    return _common(shown, Selection(org=found.id)) | {
        "found": found,
        "sort": shown.words.sorts.get(found.kind, found.kind),
        "place": ", ".join(filter(None, place)),
        "columns": _columns(shown, None),
        "groups": _grouped(shown, links),
        "posts": [
            (heading, [shown.post(post) for post in posts if post.current is current])
            for heading, current in ((shown.words.now, True), (shown.words.before, False))
        ],
        "figures": [
            (shown.words.measures[one.what], one.value, shown.told(one), shown.pieces(one.evidence))
            for one in measures_by_organisation(register).get(found.id, ())
        ],
        "documents": documents,
        "drawn": drawn if drawn and len(drawn.boxes) > 2 else None,
        "sorts": _kinds_of(links),
        "line": timeline(register, with_days, _newest_day(shown)) if len(with_days) > 1 else None,
        "told": {row.id: row for row in map(shown.link, with_days)},
    }


def _grouped(shown: Shelf, links: Sequence[Link]) -> list[tuple[str, list[Any]]]:
    """The partnerships of each kind, by its word."""
    return [
        (shown.words.kinds_many[kind], [shown.link(link) for link in links if link.kind == kind])
        for kind in _kinds_of(links)
    ]
