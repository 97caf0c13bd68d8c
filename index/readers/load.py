"""Files as documents: a table of suffixes, and what is told of a document besides its text."""

import logging
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

from index.documents import Block, Document
from index.errors import DocumentError, FormatError
from index.readers import front_matter
from index.readers.decoding import decode
from index.readers.markdown import read_markdown
from index.readers.metadata import date_of, language_of, title_of, url_of
from index.text.dates import date_in_field
from index.text.languages import is_supported
from index.text.layout import blocks

VERSION = 3
"""How documents are read: where it has changed since, each document is read again."""

logger = logging.getLogger(__name__)
T = TypeVar("T")
Reader: TypeAlias = Callable[[str], tuple[str, Sequence[Block]]]

_LONGEST_TITLE, _LONGEST_URL = 500, 2_000
_TOLD = 100  # characters of a value that a warning shows


def read_plain(written: str) -> tuple[str, Sequence[Block]]:
    """A text without any markup, as it is written, and its blocks."""
    return written, blocks(written)


READERS: Mapping[str, Reader] = {
    ".txt": read_plain,
    ".md": read_markdown,
}
"""The reader of each suffix: what is written -> the text of record, and the blocks in it."""


def refuse_name(file: str) -> None:
    """Raises FormatError for a file that no reader takes, DocumentError for a name not in UTF-8."""
    if not file.isprintable():
        name = file.encode("utf-8", "replace").decode()
        raise DocumentError(f"{name!r}: the file's name is no text in UTF-8.", "Rename it.")
    if Path(file).suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise FormatError(
            f"{file}: files of this kind are not read.", f"Save it as one of {known}."
        )


def load(file: str, content: bytes) -> Document:
    """The document that a file holds; `file` is its path relative to the seeds folder.

    Title, date, address and language come from YAML front matter, else from the text.
    Raises FormatError where no reader takes the file, or where it holds no text.
    """
    refuse_name(file)
    try:
        whole = decode(content)
    except ValueError as error:
        raise FormatError(f"{file}: {error}.", "Save it as text in UTF-8.") from error
    stated, written = front_matter.split(file, whole)
    text, found = READERS[Path(file).suffix.lower()](written)
    if not text.strip():
        raise FormatError(f"{file}: there is no text in it.", "Fill or remove it.")
    return Document(
        file=file,
        text=text,
        title=_stated(file, stated, "title", _title) or title_of(text, found),
        date=_stated(file, stated, "date", date_in_field) or date_of(text, found),
        language=_stated(file, stated, "language", _language) or language_of(text, found),
        url=_stated(file, stated, "url", _url) or url_of(text),
        blocks=tuple(found),
    )


def _stated(
    file: str, stated: Mapping[str, str], key: str, read: Callable[[str], T | None]
) -> T | None:
    """The value of a key, or None, with a warning, where it does not fit."""
    if not stated.get(key):
        return None
    value = read(stated[key])
    if value is None:
        told = textwrap.shorten(repr(stated[key]), _TOLD)
        logger.warning("%s: %s: %s does not fit and is derived instead", file, key, told)
    return value


def _title(value: str) -> str | None:
    title = " ".join(value.split())
    return title if 0 < len(title) <= _LONGEST_TITLE else None


def _language(value: str) -> str | None:
    code = value.strip().lower()[:2]
    return code if is_supported(code) else None


def _url(value: str) -> str | None:
    address = value.strip()
    fits = len(address) <= _LONGEST_URL and re.fullmatch(r"https?://[^\s<>\"']+", address)
    return address if fits else None
