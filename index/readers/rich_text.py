"""Rich text (.rtf): its text, as `striprtf` has it, with a paragraph on each line."""

import re
from datetime import date

from striprtf.striprtf import rtf_to_text

from index.readers.extract import Extract, Stated, UnreadableError, without_controls
from index.text.layout import blocks

_TITLE = re.compile(r"\{\\title ([^{}]{1,500})\}")
_WRITTEN = re.compile(r"\\revtim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rich_text(content: bytes) -> Extract:
    """The text of a document. Raises UnreadableError."""
    markup = content.decode("latin-1")
    if "\\rtf" not in markup[:200]:
        raise UnreadableError("it is no rich text", "Save it anew.")
    said = _plain(markup)
    said = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = (_row(line) if line.count("|") > 1 else line for line in said.splitlines())
    paragraphs = [" ".join(line.split()) for line in lines if line.strip()]
    text = without_controls("\n".join(_spaced(paragraphs)) + "\n" if paragraphs else "")
    title = _TITLE.search(markup)
    return Extract(
        text,
        blocks(text),
        stated=Stated(_plain(f"{{\\rtf1 {title[1]}}}") if title else None, written=_day(markup)),
    )


def _plain(markup: str) -> str:
    return str(rtf_to_text(markup, errors="replace"))  # type: ignore[no-untyped-call]


def _row(line: str) -> str:
    """A table's row, whose cells striprtf ends with a bar each."""
    return f"| {' | '.join(cell.strip() for cell in line.rstrip('| ').split('|'))} |"


def _spaced(paragraphs: list[str]) -> list[str]:
    """An empty line between two paragraphs, and none between two rows of a table."""
    spaced: list[str] = []
    for paragraph in paragraphs:
        if spaced and not (paragraph[0] == spaced[-1][0] == "|"):
            spaced.append("")
        spaced.append(paragraph)
    return spaced


def _day(markup: str) -> date | None:
    match = _WRITTEN.search(markup)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
