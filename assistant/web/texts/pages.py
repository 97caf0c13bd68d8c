"""Every word of the footer and of the pages about the page itself, in its three languages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Chapter:
    """A heading with its paragraphs and items; shown only where what `only` names holds."""

    heading: str
    text: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    only: str = ""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class PageTexts:
    """The words of one language. Those with {braces} are filled in with `str.format`."""

    skip: str
    pages_label: str
    imprint: str
    theme_label: str
    themes: Mapping[str, str]
    draft: str
    contact: str

    about_short: str
    about: str
    about_lead: str
    about_state: str
    asked: Mapping[str, str]
    asked_heading: str
    examples_heading: str
    about_sections: tuple[Chapter, ...]

    privacy_short: str
    privacy: str
    privacy_lead: str
    privacy_sections: tuple[Chapter, ...]

    accessibility_short: str
    accessibility: str
    accessibility_lead: str
    accessibility_sections: tuple[Chapter, ...]


PAGE_TEXTS: Final[dict[Language, PageTexts]] = {
    language: read_table(Path(__file__).with_name(f"pages.{language}.yaml"), PageTexts)
    for language in LANGUAGES
}
