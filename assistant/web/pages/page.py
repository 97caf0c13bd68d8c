"""A page of ours, made of a template; its only script is that for the frame of another page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from assistant.web.footer import Appearance, FooterLink, footer_links, theme_links
from assistant.web.guard.protection import static_policy
from assistant.web.site import Site
from assistant.web.texts import TEXTS, Texts
from assistant.web.texts.pages import PAGE_TEXTS, PageTexts
from assistant.web.view import View

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The page at `path`, below the chat's; links are relative, so that any path prefix will do.

    `has_form` lets it send a form, to this server alone. `query` is what of its address its own
    links carry on.
    """

    view: View
    path: str
    site: Site
    has_form: bool = False
    query: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        connection: HTTPConnection,
        path: str,
        site: Site,
        *,
        has_form: bool = False,
        has_filters: bool = False,
    ) -> Self:
        """The page to answer a request with; one that `has_filters` carries them on."""
        view = View.of_connection(connection)
        query = dict(connection.query_params) if has_filters else view.query()
        return cls(view, path, site, has_form, query)

    @property
    def texts(self) -> Texts:
        """The words of the page."""
        return TEXTS[self.view.language]

    @property
    def words(self) -> PageTexts:
        """The words of what stands on every page."""
        return PAGE_TEXTS[self.view.language]

    def response(self, template: str, status: int, **values: object) -> HTMLResponse:
        """The page that a template makes of the values."""
        html = self.rendered(template, **values)
        policy = static_policy(self.site.frame_ancestors, self.view.embedded, self.has_form)
        headers = {
            "Content-Security-Policy": policy,
            "Content-Language": self.view.language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(html, status, headers)

    def rendered(self, template: str, **values: object) -> str:
        """What a template makes of the values, with the words and addresses of the page."""
        return _templates.get_template(template).render(
            t=self.texts, view=self.view, page=self, **self._addresses(), **values
        )

    @property
    def root(self) -> str:
        """The relative address of what is at the top."""
        return "../" * self.path.count("/") or "./"

    @property
    def footer(self) -> list[FooterLink]:
        """What is linked from every page."""
        return footer_links(self.site, self.view, self.root)

    @property
    def themes(self) -> list[Appearance]:
        """This page in other colours."""
        return theme_links(self.view, "", self.query)

    def asking(self, question: str) -> str:
        """The address of the chat, seen in the same way, that asks a question."""
        return self._chat({"q": question})

    def _chat(self, query: dict[str, str]) -> str:
        where = "embed" if self.view.embedded else ""
        return f"{self.root}{where}?{urlencode(query | self.view.query())}"

    def _addresses(self) -> dict[str, str]:
        return {
            "root": self.root,
            "web": f"{self.root}web/",
            "chat": self._chat({"back": "1"}),
            "ancestors": " ".join(self.site.frame_ancestors),
        }
