"""What a document is called, and its date, language and address, where they are not stated."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from index.documents import Block, BlockKind
from index.text.dates import find_dates
from index.text.languages import DOCUMENT_LANGUAGES, identify
from index.text.layout import has_contact, is_date, is_labelled, is_sentence
from index.text.tables import Alternatives, Expressions, Phrases, Table, read_table

_LETTERS = re.compile(r"[^\W\d_]+")
_WORD_CHARACTERS = 4
_FILE_NAME = re.compile(
    r"^\S*\.[a-z]{2,5}$|\.(?:docx?|pptx?|xlsx?|indd|pdf|odt|rtf)\b", re.IGNORECASE
)
_TITLE_WORDS = 3
_TITLE_CHARACTERS = 90
_HEADING_CHARACTERS = 140
# What stands before the date in "Kiel, den 3. November 2024 - Die Agentur ...".
_BEFORE_DATE = re.compile(r"\W*(?:[A-ZÄÖÜÉ][^,.:;\n]{1,40},\s*)?(?:den\s|le\s)?")
_SENTENCE_ENDS = re.compile(r"(?<=[^\d\s.]{3}[.!?])\s+|(?<=\d{4}[.!?])\s+|\n")
_LABELLED_URL = re.compile(
    r"^(?:seiten-?adresse|adresse|quelle|url|link|source|page address|adresse de la page)\s*:\s*"
    r"(https?://\S+)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


class _Words(Table):
    labels: Alternatives
    future: Phrases
    no_titles: Expressions


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)


@cache
def _labelled_date() -> re.Pattern[str]:
    return re.compile(rf"^[>*( \t]*{_words().labels}\b[^\n]{{0,40}}", re.IGNORECASE | re.MULTILINE)


def is_title(told: str, text: str) -> bool:
    """Whether what a file states as its title is that of its text.

    Programs write their own words there, and templates keep the title of what they were made for:
    of that the text has less than half of the words.
    """
    if _words().no_titles.fullmatch(told) or _FILE_NAME.search(told):
        return False
    words = {word for word in _LETTERS.findall(told.casefold()) if len(word) >= _WORD_CHARACTERS}
    said = set(_LETTERS.findall(text.casefold()))
    return bool(_LETTERS.search(told)) and 2 * len(words & said) >= len(words)


def title_of(text: str, blocks: Sequence[Block]) -> str:
    """The first heading of three words and more above the text, else the text's first words."""
    above = _above(text, blocks)
    for line in above:
        if len(line.split()) >= _TITLE_WORDS and not _tells_else(line):
            return line
    quotable = [b for b in blocks if b.kind is not BlockKind.FURNITURE]
    first = text[quotable[0].start : quotable[0].end] if quotable else text.strip()
    return _shortened(above[0] if above else " ".join(first.split()))


def _tells_else(line: str) -> bool:
    """Whether a line tells how to reach whom, or from when the text is."""
    return has_contact(line) or is_labelled(line) or bool(_labelled_date().match(line))


def _above(text: str, blocks: Sequence[Block]) -> list[str]:
    """The short lines before the first sentence or list, dates and furniture left out."""
    lines: list[str] = []
    for block in blocks:
        line = " ".join(text[block.start : block.end].split())
        if block.kind in (BlockKind.FURNITURE, BlockKind.DATE):
            continue
        is_listed = (
            block.kind is BlockKind.LIST and block.start > 0 and text[block.start - 1] in "\t "
        )
        is_text = block.kind is BlockKind.TABLE or is_listed
        if is_text or (block.kind is not BlockKind.HEADING and _is_long(line)):
            break
        lines.append(line)
    return lines


def _is_long(line: str) -> bool:
    return is_sentence(line) or len(line) > _HEADING_CHARACTERS


def _shortened(line: str) -> str:
    if len(line) <= _TITLE_CHARACTERS:
        return line
    return line[:_TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def language_of(text: str, blocks: Sequence[Block]) -> str:
    """The language of what the page says, navigation left aside."""
    return identify("\n".join(_content(text, blocks)) or text, DOCUMENT_LANGUAGES)


def date_of(text: str, blocks: Sequence[Block], today: date | None = None) -> date | None:
    """The date that stands alone on a line or has a label, or with which the text begins.

    Else it is the latest date in the prose that is not still to come. A day with no year is of the
    only year that the prose names. What is later than `today` is no document's date.
    """
    lines = [text[b.start : b.end] for b in blocks if b.kind is not BlockKind.FURNITURE]
    stated = [line for line in lines if is_date(line)]
    stated += [match[0] for match in _labelled_date().finditer(text)]
    stated += [line for line in _above(text, blocks) if len(find_dates(line)) == 1]
    today = today or date.today()
    for line in stated:
        for written in find_dates(line):
            if (day := written.as_date()) and day <= today:
                return day
    prose = _content(text, blocks)
    return _dateline(prose) or _latest("\n".join(prose), today)


def _dateline(prose: list[str]) -> date | None:
    """The date, with or without a place, that a press release begins with."""
    days = find_dates(prose[0]) if prose else []
    leads = days and _BEFORE_DATE.fullmatch(prose[0][: days[0].start])
    return days[0].as_date() if leads else None


def _latest(prose: str, today: date) -> date | None:
    years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", prose)}
    only_year = years.pop() if len(years) == 1 else None
    told = (part for part in _SENTENCE_ENDS.split(prose) if not _words().future.search(part))
    days = [written.as_date(only_year) for part in told for written in find_dates(part)]
    return max((day for day in days if day and day <= today), default=None)


def url_of(text: str) -> str | None:
    """The page's address, where a line of its own gives it."""
    labelled = _LABELLED_URL.search(text)
    return labelled.group(1) if labelled else None


def _content(text: str, blocks: Sequence[Block]) -> list[str]:
    wanted = (BlockKind.PROSE, BlockKind.LIST)
    return [text[b.start : b.end] for b in blocks if b.kind in wanted]
