"""Every word of the pages on which the register is corrected: a file of each language beside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from assistant.web.page_language import LANGUAGES, Language
from index.text.tables import read_table


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class CorrectionTexts:
    """The words of one language. Those with {braces} are filled in with `str.format`.

    `deeds` word what was decided, with {whom} and {value}; `by` words where.
    """

    heading: str
    intro: str
    correct: str
    none_yet: str
    done: str
    undo: str
    undone: str
    when: str
    what: str
    where: str
    export: str
    by: Mapping[str, str]
    deeds: Mapping[str, str]

    confirm: str
    confirm_help: str
    confirmed: str
    by_hand: str
    hide: str
    hide_help: str
    kind: str
    status: str
    rename: str
    new_name: str
    merge: str
    merge_help: str
    other: str
    split: str
    split_help: str
    set: str
    all_corrections: str
    wrong: str
    wrong_name: str


CORRECTION_TEXTS: Final[dict[Language, CorrectionTexts]] = {
    language: read_table(Path(__file__).with_name(f"corrections.{language}.yaml"), CorrectionTexts)
    for language in LANGUAGES
}
