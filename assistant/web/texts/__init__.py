"""Every sentence of the page, in its three languages: a file of each beside this one."""

from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Texts:
    """The words of one language. Those with {braces} are filled in with `str.format`."""

    language: Language
    language_name: str

    page_title: str
    tagline: str
    switch_label: str
    new_conversation: str
    headline: str
    intro: str
    intro_generated: str
    examples_label: str
    question_label: str
    placeholder: str
    send: str
    keys: str
    footnote: str
    feedback_notice: str
    offline: str
    script_needed: str

    you_asked: str
    searched: str
    searching: str
    writing: str
    generated: str
    unsupported: str
    source: str
    sources: str
    no_date: str
    show_in_document: str
    open_original: str
    original_file: str
    also_in: str
    place: str
    new_tab: str
    refusal_heading: str
    nearest: str
    on_topic: str
    not_the_answer: str
    failure_heading: str
    failure: str
    no_entry_heading: str
    no_entry: str
    sign_in: str
    signed_in: str
    close_window: str
    sign_out: str
    signed_out: str
    stopped: str

    stop: str
    copy: str
    copy_markdown: str
    copied: str
    not_copied: str
    copy_link: str
    retry: str
    helpful: str
    not_helpful: str
    rated: str
    not_rated: str
    comment_add: str
    comment_change: str
    comment_label: str
    comment_help: str
    comment_send: str
    cancel: str

    hint_empty: str
    hint_too_long: str
    hint_busy: str
    hint_too_many: str
    status_answered: str
    status_refused: str
    status_on_topic: str

    back_to_chat: str
    document: str
    date: str
    document_language: str
    file: str
    original: str
    quote_marked: str
    go_to_quote: str
    left_out: str
    not_found_heading: str
    not_found: str
    no_page_heading: str
    no_page: str


TEXTS: Final[dict[Language, Texts]] = {
    language: read_table(Path(__file__).with_name(f"{language}.yaml"), Texts)
    for language in LANGUAGES
}
