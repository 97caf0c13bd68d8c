"""The page of all documents: searched, filtered, in order, and what could not be read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any, Final, Self
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.web.addresses import source_address
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from assistant.web.pages.page import Page
from assistant.web.site import Site
from assistant.web.texts.documents import DOCUMENT_TEXTS
from assistant.web.typography import count, long_date, told_day
from assistant.web.view import MOST_FILES, View
from index.documents import Listed
from index.text.languages import language_name

ROWS: Final = 50  # a page
_LONGEST: Final = 200  # characters of what is typed
_SORTS: Final = ("title", "date", "changed")
_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DocumentSelection:
    """What of the documents is shown, and in which order: the parameters of an address."""

    q: str = ""
    since: str = ""
    until: str = ""
    language: str = ""
    folder: str = ""
    kind: str = ""
    sort: str = "-date"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The selection of an address; what makes no sense in it is left out."""
        typed = {
            name: query.get(name, "").strip()[:_LONGEST]
            for name in ("q", "language", "folder", "kind")
        }
        days = {name: _day(query.get(name, "")) for name in ("since", "until")}
        sort, page = query.get("sort", ""), query.get("page", "")
        return cls(
            **typed,
            **days,
            sort=sort if sort.removeprefix("-") in _SORTS else cls().sort,
            page=int(page) if page.isdecimal() and 0 < len(page) < 7 and int(page) else 1,
        )

    def but(self, **changes: str) -> dict[str, str]:
        """The parameters with something changed, on the first page unless one is named."""
        usual, values = type(self)(), asdict(self) | {"page": 1} | changes
        return {
            field.name: str(values[field.name])
            for field in fields(self)
            if str(values[field.name]) != str(getattr(usual, field.name))
        }

    @property
    def selects(self) -> bool:
        """Whether anything is left out."""
        return self.but(sort="-date") != {}

    def fits(self, listed: Listed) -> bool:
        """Whether a document is shown."""
        names = f"{listed.title} {listed.file}".casefold()
        day = listed.date.isoformat() if listed.date else ""
        return (
            all(word in names for word in self.q.casefold().split())
            and (not (self.since or self.until) or bool(day))
            and (self.since or day) <= day <= (self.until or day)
            and self.language in ("", listed.language)
            and self.folder in ("", *_folders(listed.file))
            and self.kind in ("", _kind(listed.file))
        )

    def ordered(self, listed: Sequence[Listed]) -> list[Listed]:
        """The documents in the order that is asked for, those without a date last."""
        keys = {
            "title": lambda one: (one.title.casefold(), one.file),
            "date": lambda one: (one.date or date.min, one.title),
            "changed": lambda one: (one.changed, one.title),
        }
        falling = self.sort.startswith("-")
        return sorted(listed, key=keys[self.sort.removeprefix("-")], reverse=falling)


def router(engine: Engine, site: Site) -> APIRouter:
    """The route `/documents`; each reader sees their own."""
    routes = APIRouter(include_in_schema=False)

    # A plain function, so that it runs outside the event loop.
    @routes.get("/documents")
    def documents(request: Request) -> HTMLResponse:
        scope = scope_of(request)
        page = Page.of(request, "documents", site, has_form=True, has_filters=True)
        selection = DocumentSelection.of(request.query_params)
        listed = engine.listing(scope)
        values = _shown(page.view, selection, listed)
        state = _state(page.view, listed, engine.is_embedding())
        unreadable = engine.unreadable(scope)
        return page.response("documents.html", 200, **values, **state, unreadable=unreadable)

    return routes


def _shown(view: View, selection: DocumentSelection, listed: Sequence[Listed]) -> dict[str, Any]:
    fitting = selection.ordered([one for one in listed if selection.fits(one)])
    pages = max(1, -(-len(fitting) // ROWS))
    number = min(selection.page, pages)
    language = view.language
    return {
        "w": DOCUMENT_TEXTS[language],
        "selection": selection,
        "total": count(len(fitting), language),
        "rows": [_row(one, view) for one in fitting[(number - 1) * ROWS : number * ROWS]],
        "number": number,
        "pages": pages,
        "sorts": _SORTS,
        "address": lambda **changes: (
            f"documents?{urlencode(selection.but(**changes) | view.query())}"
        ),
        "asking": _asking(view, selection, fitting),
        **_choices(view, listed),
    }


def _row(listed: Listed, view: View) -> dict[str, str]:
    written = datetime.fromtimestamp(listed.changed / _NS, tz=UTC).date()
    return {
        "title": listed.title,
        "language": listed.language,
        "file": listed.file,
        "address": source_address(listed.file, view),
        "day": long_date(listed.date, view.language) if listed.date else "",
        "changed": told_day(written.isoformat(), view.language),
    }


def _choices(view: View, listed: Sequence[Listed]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, with its word."""
    languages = sorted({one.language for one in listed})
    folders = sorted({folder for one in listed for folder in _folders(one.file)})
    kinds = sorted({_kind(one.file) for one in listed})
    return {
        "languages": [(code, language_name(code, view.language)) for code in languages],
        "folders": [(folder, folder) for folder in folders],
        "kinds": [(kind, kind.upper()) for kind in kinds],
    }


def _state(view: View, listed: Sequence[Listed], embedding: bool) -> dict[str, Any]:
    words, language = DOCUMENT_TEXTS[view.language], view.language
    named = ", ".join(
        language_name(code, language) for code in sorted({o.language for o in listed})
    )
    told = [words.state.format(count=count(len(listed), language), languages=named)]
    if listed:
        latest = datetime.fromtimestamp(max(one.changed for one in listed) / _NS, tz=UTC)
        told.append(words.state_changed.format(day=long_date(latest.date(), language)))
    return {"state": " ".join(told if listed else []), "embedding": embedding}


def _asking(view: View, selection: DocumentSelection, fitting: Sequence[Listed]) -> str | None:
    """The address of the chat that searches only these; None where it has no way to say so."""
    if not selection.selects or not fitting:
        return None
    if not selection.q and not selection.language:
        folder = f"{selection.folder}/" if selection.folder else ""
        named = f"{folder}*.{selection.kind}" if selection.kind else f"{folder}*"
        wish = view.within([named] if named != "*" else [], selection.since, selection.until)
    elif len(fitting) <= MOST_FILES:
        wish = view.within([one.file for one in fitting])
    else:
        return None
    return f"{'embed' if view.embedded else './'}?{urlencode(wish.query())}"


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""


def _folders(file: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(file).parents if str(parent) != "."]


def _kind(file: str) -> str:
    return PurePosixPath(file).suffix.removeprefix(".").lower()
