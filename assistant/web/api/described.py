"""What descriptions of routes share: problems, and what their examples are made of."""

from collections.abc import Mapping
from typing import Any, Final

from assistant.web.guard.problems import FAILED, MEDIA_TYPE, body

QUOTE: Final = (
    "Die BIOPRO Baden-Württemberg gehört dem Council of European Bioregions (CEBR) seit April 2024 "
    "als Mitglied an."
)
ENTRY: Final = {
    "file": "001_a305a8ea11b8cbe0.txt",
    "title": "BIOPRO Baden-Württemberg im Council of European Bioregions (CEBR)",
    "date": "2024-04-01",
    "language": "de",
    "url": None,
}


def problems(said: Mapping[int, tuple[str, str]]) -> dict[int | str, dict[str, Any]]:
    """Responses by status, of each when it comes, and the detail of an example."""
    return {status: _problem(status, *words) for status, words in said.items()}


def _problem(status: int, when: str, detail: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": body(status, detail)}}
    headers = {"headers": {"Retry-After": RETRY_AFTER}} if status in (429, 503) else {}
    return {"description": when, "content": content, **headers}


RETRY_AFTER: Final = {
    "description": "The seconds after which to come again.",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
FAILED_AT_ALL: Final = {500: ("Something went wrong in the program.", FAILED)}
