"""Every word of the pages of partnerships, in its three languages: a file of each beside this."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class PartnerTexts:
    """The words of one language. Those with {braces} are filled in with `str.format`.

    `kinds`, `statuses`, `parts` and `sorts` word what the register calls by a word of its own;
    `columns` are begin, end and renewals.
    """

    overview: str
    overview_short: str
    intro: str
    as_of: str
    count_partnerships: str
    count_organisations: str
    view_label: str
    views: Mapping[str, str]

    filters: str
    search: str
    organisation: str
    kind: str
    status: str
    country: str
    year: str
    all: str
    apply: str
    reset: str

    partnership: str
    who: str
    begin: str
    columns: tuple[str, ...]
    evidence: str
    evidence_many: str
    evidence_one: str
    sort_by: str
    sorted_up: str
    sorted_down: str
    show_in_document: str
    nothing: str
    nothing_yet: str
    page: str
    pages_label: str
    previous: str
    next: str

    exports: str
    exported: Mapping[str, str]
    picture: str
    ask_about: str

    since: str
    until: str
    from_to: str
    renewed: str

    kinds: Mapping[str, str]
    kinds_many: Mapping[str, str]
    statuses: Mapping[str, str]
    parts: Mapping[str, str]
    sorts: Mapping[str, str]

    names: str
    seat: str
    people: str
    person: str
    role: str
    term: str
    now: str
    before: str
    partners_of: str
    figures: str
    figure: str
    value: str
    told_on: str
    measures: Mapping[str, str]
    documents: str
    no_date: str
    partners_counted: str
    back_to_overview: str
    no_organisation_heading: str
    no_organisation: str

    graph_label: str
    graph_help: str
    graph_around: str
    graph_left_out: str
    graph_whole: str
    graph_table: str
    legend: str
    ended_line: str
    hub: str

    timeline_label: str
    timeline_help: str
    timeline_now: str
    timeline_none: str

    questions: Mapping[str, str]


PARTNER_TEXTS: Final[dict[Language, PartnerTexts]] = {
    language: read_table(Path(__file__).with_name(f"partners.{language}.yaml"), PartnerTexts)
    for language in LANGUAGES
}
