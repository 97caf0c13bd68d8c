"""What every page links to below its text: what a public body has to show, and other colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from assistant.web.site import Site
from assistant.web.texts.pages import PAGE_TEXTS
from assistant.web.view import Theme, View

THEMES: Final[tuple[Theme, ...]] = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link of the footer; what `is_away` leads to another site."""

    label: str
    address: str
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Appearance:
    """One of several ways to see a page; the present one `is_chosen`."""

    name: str
    label: str
    address: str
    is_chosen: bool


def footer_links(site: Site, view: View, root: str = "") -> list[FooterLink]:
    """The links, relative to the page that `root` leads up from."""
    words, query = PAGE_TEXTS[view.language], urlencode(view.query())
    about = FooterLink(words.about_short, f"{root}about?{query}")
    imprint = [FooterLink(words.imprint, site.imprint, True)] if site.imprint else []
    ours = (("privacy", words.privacy_short), ("accessibility", words.accessibility_short))
    given = {"privacy": site.privacy, "accessibility": site.accessibility}
    return [
        about,
        *imprint,
        *(
            FooterLink(label, given[name] or f"{root}{name}?{query}", bool(given[name]))
            for name, label in ours
        ),
    ]


def theme_links(view: View, path: str, query: Mapping[str, str]) -> list[Appearance]:
    """The page at `path` with this query, following the system, light and dark."""
    words = PAGE_TEXTS[view.language]
    return [
        Appearance(
            theme,
            words.themes[theme],
            f"{path}?{urlencode({**query, 'theme': theme})}",
            theme == view.theme,
        )
        for theme in THEMES
    ]
