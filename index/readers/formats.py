"""The reader of each kind of files that a library has to parse: only the worker imports this."""

from collections.abc import Mapping
from functools import partial

from index.readers.archive import read_archive
from index.readers.decoding import decode
from index.readers.extract import Extract, Inner, Reader, UnreadableError
from index.readers.kinds import Kind, kind_of
from index.readers.mail import read_mail, read_outlook
from index.readers.markdown import read_markdown
from index.readers.open_document import read_open_document
from index.readers.pdf import read_pdf
from index.readers.rich_text import read_rich_text
from index.readers.sheets import read_csv, read_sheets
from index.readers.slides import read_slides
from index.readers.web import read_saved_page, read_web_page
from index.readers.word import read_word
from index.text.layout import blocks

_DEEPEST = 3  # files within each other: a mail in a folder that is attached to a mail


def read_plain(content: bytes) -> Extract:
    """A text without markup that lies in another file. Raises UnreadableError."""
    text = _decoded(content)
    return Extract(text, blocks(text))


def read_marked(content: bytes) -> Extract:
    """A text in Markdown that lies in another file. Raises UnreadableError."""
    text, layout = read_markdown(_decoded(content))
    return Extract(text, layout)


def read_old_word(_content: bytes) -> Extract:
    """None is read: what has Word's old format is told by its content, and this has another."""
    raise UnreadableError("it is no Word file, or has been cut off", "Save it as .docx.")


READERS: Mapping[Kind, Reader] = {
    Kind.PLAIN: read_plain,
    Kind.MARKDOWN: read_marked,
    Kind.PDF: read_pdf,
    Kind.WORD: read_word,
    Kind.OLD_WORD: read_old_word,
    Kind.SLIDES: read_slides,
    Kind.SHEETS: read_sheets,
    Kind.TABLE: read_csv,
    Kind.OPEN_DOCUMENT: read_open_document,
    Kind.RICH_TEXT: read_rich_text,
    Kind.WEB_PAGE: read_web_page,
    Kind.SAVED_PAGE: read_saved_page,
}
CONTAINERS = {Kind.MAIL: read_mail, Kind.OUTLOOK: read_outlook, Kind.ARCHIVE: read_archive}
"""Readers of files that hold others, for which they are given what reads those."""


def read_file(name: str, content: bytes, depth: int = 0) -> Extract:
    """What a file says, by its content and, where that leaves it open, by its suffix.

    `depth` counts the files that it lies in. Raises UnreadableError.
    """
    if depth > _DEEPEST:
        raise UnreadableError("it lies in too many files within each other", "Unpack it.")
    kind = kind_of(name, content)
    if kind in CONTAINERS:
        inner: Inner = partial(read_file, depth=depth + 1)
        return CONTAINERS[kind](content, inner)
    return READERS[kind](content)


def _decoded(content: bytes) -> str:
    try:
        return decode(content)
    except ValueError as error:
        raise UnreadableError(str(error), "Save it as text in UTF-8.") from error
