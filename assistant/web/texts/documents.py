"""Every word of the page of all documents, in its three languages: a file of each beside this."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class DocumentTexts:
    """The words of one language. Those with {braces} are filled in with `str.format`."""

    documents: str
    documents_short: str
    intro: str
    state: str
    state_changed: str
    embedding: str
    filters: str
    search: str
    since: str
    until: str
    language: str
    folder: str
    kind: str
    all: str
    apply: str
    reset: str
    count: str
    nothing: str
    title: str
    date: str
    file: str
    changed: str
    no_date: str
    sort_by: str
    page: str
    previous: str
    next: str
    ask_within: str
    unreadable: str
    unreadable_intro: str
    reason: str
    only_in: str
    only_files: str
    only_since: str
    only_until: str
    only_lift: str
    only_change: str
    only_none: str
    sorts: Mapping[str, str]


DOCUMENT_TEXTS: Final[dict[Language, DocumentTexts]] = {
    language: read_table(Path(__file__).with_name(f"documents.{language}.yaml"), DocumentTexts)
    for language in LANGUAGES
}
