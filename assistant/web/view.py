"""How a reader sees the page: its language, its colours, and whether it stands in another page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

from starlette.requests import HTTPConnection

from assistant.web.page_language import DEFAULT, Language, of_request

Theme = Literal["auto", "light", "dark"]

MOST_FILES: Final = 20
"""Files that an address names at most, with `|` between them."""

_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_LONGEST: Final = 300  # characters of a file's name
_THEMES: Final[dict[str, Theme]] = {"light": "light", "dark": "dark"}
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{10,64}")


@dataclass(frozen=True, slots=True)
class View:
    """What an address says of how its page is to be shown; all pages of the chat carry it on.

    `embedded` pages stand in a frame of another page. `conversation` is the token of the one that
    the reader is in, so that it is there again when they come back to the chat. `files`, `since`
    and `until` are the documents that they want to be searched alone, as `Scope.read` takes them.
    """

    language: Language = DEFAULT
    theme: Theme = "auto"
    embedded: bool = False
    conversation: str = ""
    files: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], headers: Mapping[str, str]) -> Self:
        """The view that an address asks for, in the browser's language if it says none."""
        token = query.get("conversation", "")
        return cls(
            of_request(query, headers),
            _THEMES.get(query.get("theme", ""), "auto"),
            query.get("embedded") == "1",
            token if _TOKEN.fullmatch(token) else "",
            *_wish(query),
        )

    @classmethod
    def of_connection(cls, connection: HTTPConnection) -> Self:
        """The view to answer an HTTP request with."""
        return cls.of(connection.query_params, connection.headers)

    def query(self) -> dict[str, str]:
        """The parameters of an address whose page is to be seen in the same way."""
        parameters = {"lang": str(self.language)}
        if self.theme != "auto":
            parameters["theme"] = self.theme
        if self.embedded:
            # Elsewhere the browser's tab knows its conversation, and addresses are passed on.
            parameters |= {"embedded": "1", "conversation": self.conversation}
        return parameters | self.wish()

    def wish(self) -> dict[str, str]:
        """The parameters of an address that restrict what is searched."""
        given = {"in": "|".join(self.files), "in_since": self.since, "in_until": self.until}
        return {name: value for name, value in given.items() if value}

    def within(self, files: Sequence[str] = (), since: str = "", until: str = "") -> Self:
        """The same view, of these documents alone; without any, of all."""
        return replace(self, files=tuple(files), since=since, until=until)


def _wish(query: Mapping[str, str]) -> tuple[tuple[str, ...], str, str]:
    files = [name[:_LONGEST] for name in query.get("in", "").split("|") if name.strip()]
    since, until = (
        day if _DAY.fullmatch(day := query.get(name, "")) else ""
        for name in ("in_since", "in_until")
    )
    return tuple(files[:MOST_FILES]), since, until
