"""A page of ours, made of a template; its only script is that for the frame of another page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from assistant.web.guard.protection import static_policy
from assistant.web.texts import TEXTS, Texts
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
    """The page at `path`, below the chat's; links are relative, so that any path prefix will do."""

    view: View
    path: str
    frame_ancestors: Sequence[str]

    @property
    def texts(self) -> Texts:
        """The words of the page."""
        return TEXTS[self.view.language]

    def response(self, template: str, status: int, **values: object) -> HTMLResponse:
        """The page that a template makes of the values."""
        html = _templates.get_template(template).render(
            t=self.texts, view=self.view, **self._addresses(), **values
        )
        headers = {
            "Content-Security-Policy": static_policy(self.frame_ancestors, self.view.embedded),
            "Content-Language": self.view.language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(html, status, headers)

    def _addresses(self) -> dict[str, str]:
        root = "../" * self.path.count("/") or "./"
        chat = f"{root}{'embed' if self.view.embedded else ''}?{urlencode(self.view.query())}"
        return {"web": f"{root}web/", "chat": chat, "ancestors": " ".join(self.frame_ancestors)}
