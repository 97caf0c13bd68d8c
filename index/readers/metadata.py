"""What a document is called, and its date, language and address, where they are not stated."""

import re
from datetime import date

from index.text.dates import find_dates
from index.text.languages import DOCUMENT_LANGUAGES, identify
from index.text.layout import BlockKind, blocks

_TITLE_WORDS = 3
_TITLE_CHARACTERS = 90
_LABELLED_DATE = re.compile(
    r"^(?:stand|datum|veröffentlicht|erschienen|date|published|updated|publié)\b[^\n]{0,40}",
    re.IGNORECASE | re.MULTILINE,
)
# What stands before the date in "Kiel, den 3. November 2024 - Die Agentur ...".
_BEFORE_DATE = re.compile(r"\W*(?:[A-ZÄÖÜÉ][^,.:;\n]{1,40},\s*)?(?:den\s|le\s)?")
_LABELLED_URL = re.compile(
    r"^(?:seiten-?adresse|adresse|quelle|url|link|source|page address|adresse de la page)\s*:\s*"
    r"(https?://\S+)\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def title_of(text: str) -> str:
    """The first heading of three words and more, else the first words of the text."""
    found = blocks(text)
    lines = [text[b.start : b.end] for b in found if b.kind is BlockKind.HEADING]
    for line in lines:
        if len(line.split()) >= _TITLE_WORDS:
            return " ".join(line.split())
    quotable = [b for b in found if b.kind in (BlockKind.PROSE, BlockKind.LIST)]
    first = text[quotable[0].start : quotable[0].end] if quotable else text.strip()
    return _shortened(" ".join(first.split()))


def _shortened(line: str) -> str:
    if len(line) <= _TITLE_CHARACTERS:
        return line
    return line[:_TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def language_of(text: str) -> str:
    """The language of what the page says, navigation left aside."""
    return identify("\n".join(_content(text)) or text, DOCUMENT_LANGUAGES)


def date_of(text: str) -> date | None:
    """The date that stands alone on a line or has a label, or with which the prose begins.

    Else it is the latest date in the prose. A day with no year is of the only year that the prose
    names.
    """
    stated = [text[b.start : b.end] for b in blocks(text) if b.kind is BlockKind.DATE]
    stated += _LABELLED_DATE.findall(text)
    for line in stated:
        for found in find_dates(line):
            if day := found.as_date():
                return day
    prose = _content(text)
    return _dateline(prose) or _latest("\n".join(prose))


def _dateline(prose: list[str]) -> date | None:
    """The date, with or without a place, that a press release begins with."""
    found = find_dates(prose[0]) if prose else []
    leads = found and _BEFORE_DATE.fullmatch(prose[0][: found[0].start])
    return found[0].as_date() if leads else None


def _latest(prose: str) -> date | None:
    years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", prose)}
    only_year = years.pop() if len(years) == 1 else None
    days = [found.as_date(only_year) for found in find_dates(prose)]
    return max((day for day in days if day), default=None)


def url_of(text: str) -> str | None:
    """The page's address, where a line of its own gives it."""
    labelled = _LABELLED_URL.search(text)
    return labelled.group(1) if labelled else None


def _content(text: str) -> list[str]:
    wanted = (BlockKind.PROSE, BlockKind.LIST)
    return [text[b.start : b.end] for b in blocks(text) if b.kind in wanted]
