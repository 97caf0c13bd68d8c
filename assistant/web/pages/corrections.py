"""The pages on which editors correct the register: forms for a row, and all that was decided."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.partners.corrections import (
    about_link,
    about_organisation,
    link_of,
    organisation_of,
)
from assistant.web.engine import Engine
from assistant.web.guard.editors import Editors, is_from_here
from assistant.web.guard.reader import scope_of
from assistant.web.pages.page import Page
from assistant.web.pages.rows import Shelf
from assistant.web.site import Site
from assistant.web.texts.corrections import CORRECTION_TEXTS, CorrectionTexts
from assistant.web.texts.partners import PartnerTexts
from assistant.web.typography import long_date
from index.errors import UsageError
from index.register.decisions import KINDS, SORTS, STATUSES, Decision, decision_of
from index.register.kept import KeptRegister
from index.storage.decisions import StoredDecision

_LARGEST: Final = 20_000  # bytes of a form
_DAY: Final = len("2026-11-28")

Form = Mapping[str, Sequence[str]]


async def _form(request: Request) -> Form:
    """The fields of a form that a page of ours has sent.

    Raises HTTPException for one from elsewhere: its sender's browser may not know what it sends.
    """
    if not is_from_here(request):
        raise HTTPException(403, "Corrections are sent from the pages of this server alone.")
    body = await request.body()
    if len(body) > _LARGEST:
        raise HTTPException(413, f"A form has {_LARGEST} bytes at most.")
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


_Sent = Annotated[Form, Depends(_form)]


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision as a row of the list."""

    number: int
    when: str
    what: str
    by: str
    undone: str


def router(engine: Engine, kept: KeptRegister, site: Site, editors: Editors) -> APIRouter:
    """The routes below `/corrections`, for those whom LOTSE_EDITORS admits alone."""

    def admitted(request: Request) -> None:
        if not editors.admits(request):
            raise HTTPException(404, "There is nothing at this address.")

    routes = APIRouter(include_in_schema=False, dependencies=[Depends(admitted)])

    def shelf(request: Request) -> Shelf:
        scope = scope_of(request)
        # Never in the frame of another page, which might lay something over the buttons.
        alone = replace(site, frame_ancestors=())
        page = Page.of(request, "corrections", alone, has_form=True)
        return Shelf(engine.partners(scope), page, engine, scope, edits=True)

    # Plain functions, so that they run outside the event loop.
    @routes.get("/corrections")
    def corrections(request: Request) -> HTMLResponse:
        shown, query = shelf(request), request.query_params
        if query.get("partnership") or query.get("organisation"):
            return _row(shown, query)
        return _listed(shown, kept, is_done=query.get("done") == "1")

    @routes.get("/corrections.json")
    def export() -> Response:
        standing = [one.decision for one in kept.decisions() if one.undone is None]
        body = json.dumps(standing, ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="corrections.json"'}
        return Response(body, headers=headers, media_type="application/json")

    @routes.post("/corrections")
    def decide(request: Request, sent: _Sent) -> Response:
        shown = shelf(request)
        try:
            kept.decide([_decision(shown, sent)], by="page")
        except UsageError:
            return _refused(shown, sent)
        return _back(shown)

    @routes.post("/corrections/undo")
    def undo(request: Request, sent: _Sent) -> Response:
        number = _field(sent, "number")
        if not number.isdecimal() or not kept.take_back(int(number[:9])):
            raise HTTPException(404, "There is no such decision that holds.")
        return _back(shelf(request), "../")

    return routes


def _refused(shown: Shelf, sent: Form) -> HTMLResponse:
    other, words = _field(sent, "other"), CORRECTION_TEXTS[shown.language]
    problem = words.wrong_name.format(name=other) if other else words.wrong
    query = {name: _field(sent, name) for name in ("partnership", "organisation")}
    return _row(shown, query, problem)


def _back(shown: Shelf, root: str = "./") -> Response:
    query = urlencode(shown.page.view.query() | {"done": "1"})
    return RedirectResponse(f"{root}corrections?{query}", 303)


def _field(sent: Form, name: str) -> str:
    return next(iter(sent.get(name, ())), "").strip()


def _decision(shown: Shelf, sent: Form) -> Decision:
    """What a form decides. Raises UsageError where it makes no sense."""
    register, value = shown.register, _field(sent, "value")
    what: Any = _field(sent, "what")
    if identity := _field(sent, "partnership"):
        link = link_of(register, identity)
        if link is None:
            raise UsageError(f"There is no partnership {identity!r}.", "Reload the overview.")
        made = about_link(register, link, what, value)
    else:
        organisation = organisation_of(register, _field(sent, "organisation"))
        other = _field(sent, "other")
        others = [organisation_of(register, other)] if other else []
        names = sent.get("name", ())
        made = about_organisation(organisation, what, value, others, names)
    return decision_of(made.as_json())


# Pages


def _common(shown: Shelf) -> dict[str, Any]:
    return {"w": shown.words, "c": CORRECTION_TEXTS[shown.language], "shelf": shown}


def _row(shown: Shelf, query: Mapping[str, str], problem: str = "") -> HTMLResponse:
    """The forms for a partnership or an organisation; with a problem, of what was sent."""
    register, words = shown.register, shown.words
    values: dict[str, Any] = _common(shown) | {"problem": problem, "row": None, "found": None}
    if query.get("partnership"):
        link = link_of(register, query["partnership"])
        kinds: list[tuple[str, str]] = [(kind, words.kinds[kind]) for kind in KINDS]
        statuses = [(status, words.statuses[status]) for status in STATUSES]
        values |= {"row": shown.link(link) if link else None, "statuses": statuses}
    else:
        of_id = (one for one in register.organisations if one.id == query["organisation"])
        kinds = [(sort, words.sorts[sort]) for sort in SORTS]
        names = sorted(one.name for one in register.organisations)
        values |= {"found": next(of_id, None), "names": names}
    if not values["row"] and not values["found"]:
        raise HTTPException(404, "The register has no such row.")
    status = 422 if problem else 200
    return shown.page.response("correction.html", status, **values, kinds=kinds)


def _listed(shown: Shelf, kept: KeptRegister, is_done: bool) -> HTMLResponse:
    words = CORRECTION_TEXTS[shown.language]
    day = _days(shown)
    decisions = [
        ShownDecision(
            number=stored.number,
            when=f"{day(stored.made)}, {stored.made[_DAY + 1 : _DAY + 6]} UTC",
            what=_told(stored, words, shown.words),
            by=words.by.get(stored.by, stored.by),
            undone=words.undone.format(day=day(stored.undone)) if stored.undone else "",
        )
        for stored in reversed(kept.decisions())
    ]
    values = _common(shown) | {"decisions": decisions, "is_done": is_done}
    return shown.page.response("corrections.html", 200, **values)


def _days(shown: Shelf) -> Callable[[str], str]:
    return lambda time: long_date(date.fromisoformat(time[:_DAY]), shown.language)


def _told(stored: StoredDecision, words: CorrectionTexts, partner: PartnerTexts) -> str:
    """A decision in words."""
    decision = decision_of(stored.decision)
    whom = " – ".join(decision.organisations)
    value = decision.value
    if decision.of:
        called = ", ".join(filter(None, [partner.kinds[decision.of], decision.name]))
        whom = f"{whom} ({called})"
    if decision.what in ("kind", "status"):
        kinds = partner.kinds if decision.of else partner.sorts
        value = (kinds if decision.what == "kind" else partner.statuses)[value]
    if decision.what == "split":
        value = ", ".join(decision.names)
    return words.deeds[decision.what].format(whom=whom, value=value)
