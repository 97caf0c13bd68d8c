"""The pages about the page itself: what can be asked, what is kept, how accessible it is."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from assistant.access import Scope
from assistant.setting_forms import PICTURES
from assistant.settings import variable
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from assistant.web.pages.page import Page
from assistant.web.site import Site
from assistant.web.texts.pages import Chapter
from assistant.web.typography import count, long_date

_OF_A_PICTURE: Final = "default-src 'none'; style-src 'unsafe-inline'"


def router(engine: Engine, site: Site) -> APIRouter:
    """The routes `/about`, `/privacy`, `/accessibility`, and the site's own logo and colours."""
    routes = APIRouter(include_in_schema=False)

    # Plain functions, so that they run outside the event loop.
    @routes.get("/about")
    def about(request: Request) -> Response:
        page = Page.of(request, "about", site)
        return page.response("about.html", 200, **_about(page, engine, scope_of(request)))

    @routes.get("/privacy")
    def privacy(request: Request) -> Response:
        page = Page.of(request, "privacy", site)
        words = page.words
        told = (words.privacy, words.privacy_lead, words.privacy_sections)
        return _statement(page, "privacy_url", site.privacy, *told)

    @routes.get("/accessibility")
    def accessibility(request: Request) -> Response:
        page = Page.of(request, "accessibility", site)
        words = page.words
        told = (words.accessibility, words.accessibility_lead, words.accessibility_sections)
        return _statement(page, "accessibility_url", site.accessibility, *told)

    if site.is_branded:
        routes.add_api_route("/brand.css", lambda: _style(site))
    if site.logo:
        routes.add_api_route("/logo", lambda: _logo(site))
    return routes


def _about(page: Page, engine: Engine, scope: Scope) -> dict[str, Any]:
    language = page.view.language
    dates = sorted(document.date for document in engine.documents(scope) if document.date)
    state = ""
    if dates:
        state = page.words.about_state.format(
            count=count(len(engine.documents(scope)), language),
            first=long_date(dates[0], language),
            last=long_date(dates[-1], language),
        )
    return {
        "lead": page.words.about_lead.format(name=page.site.name),
        "state": state,
        "examples": engine.ready_examples(scope).get(language, ()),
        "sections": _shown(page.site, page.words.about_sections),
    }


def _statement(
    page: Page,
    setting: str,
    elsewhere: str | None,
    heading: str,
    lead: str,
    sections: Sequence[Chapter],
) -> Response:
    """A draft of ours, or the way to the page that the settings name."""
    if elsewhere:
        return RedirectResponse(elsewhere)
    draft = page.words.draft.format(setting=variable(setting))
    shown = _shown(page.site, sections)
    return page.response(
        "statement.html", 200, heading=heading, lead=lead, draft=draft, sections=shown
    )


def _shown(site: Site, sections: Sequence[Chapter]) -> list[Chapter]:
    holding = {"", *_holding(site)}
    return [section for section in sections if section.only in holding]


def _holding(site: Site) -> Iterator[str]:
    yield "history" if site.keeps_history else "no_history"
    if site.keeps_feedback:
        yield "feedback"
    yield "login" if site.has_login else "no_login"
    if site.asks_llm:
        yield "llm"
    if site.notes_readers:
        yield "audit"


def _style(site: Site) -> Response:
    """The site's colours and logo in place of ours."""
    rules = []
    if site.colours:
        light, dark = site.colours.light, site.colours.dark
        strong = "color-mix(in srgb, var(--accent) 78%, var(--ink))"
        rules.append(
            f":root {{ --accent: light-dark({light}, {dark}); --accent-strong: {strong};"
            f" --on-accent: light-dark({site.colours.on_light}, {site.colours.on_dark});"
            " --asked: color-mix(in srgb, var(--accent) 14%, var(--surface)); }"
        )
    if site.logo:
        rules.append('#brand .brand::before { background-image: url("logo"); }')
    return Response("\n".join(rules), media_type="text/css", headers={"Cache-Control": "no-cache"})


def _logo(site: Site) -> Response:
    path = site.logo
    if path is None:
        raise ValueError("The route is there with a logo alone")
    headers = {"Content-Security-Policy": _OF_A_PICTURE, "Cache-Control": "no-cache"}
    return FileResponse(path, media_type=PICTURES[path.suffix.lower()], headers=headers)
