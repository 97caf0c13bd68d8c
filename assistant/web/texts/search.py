"""Every word of the page that searches, in its three languages: a file of each beside this."""

from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class SearchTexts:
    """The words of one language. Those with {braces} are filled in with `str.format`.

    `described` is what an intranet or a browser says of the search that it offers.
    """

    heading: str
    described: str
    label: str
    search: str
    counted_one: str
    counted: str
    nothing: str
    pages_label: str
    page: str
    previous: str
    next: str
    ask_about: str


SEARCH_TEXTS: Final[dict[Language, SearchTexts]] = {
    language: read_table(Path(__file__).with_name(f"search.{language}.yaml"), SearchTexts)
    for language in LANGUAGES
}
