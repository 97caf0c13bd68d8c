"""Files as documents: which reader takes one, and what is told of it besides its text."""

import logging
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TypeVar

from index.documents import BlockKind, Document
from index.errors import DocumentError, FormatError
from index.readers import front_matter
from index.readers.decoding import decode
from index.readers.extract import Extract
from index.readers.kinds import SUFFIXES, Kind, is_written, kind_by_suffix
from index.readers.markdown import read_markdown
from index.readers.metadata import date_of, is_title, language_of, title_of, url_of
from index.text.dates import date_in_field
from index.text.languages import is_supported
from index.text.layout import blocks

VERSION = 5
"""How documents are read: where it has changed since, each document is read again."""

LARGEST = 100_000_000
"""Bytes of a file that is read."""

logger = logging.getLogger(__name__)
T = TypeVar("T")

ReadFormat = Callable[[str, bytes], Extract]
"""Reads a file of a format that a library has to parse. Raises DocumentError."""

_LONGEST_TITLE, _LONGEST_URL = 500, 2_000
_LONGEST_LINE = 2_000_000  # characters: what has a longer one is no text that anybody wrote
_FEW_WORDS = 20  # too few to tell a language from
_TOLD = 100  # characters of a value that a warning shows


def refuse_name(file: str) -> None:
    """Raises FormatError for a file that no reader takes, DocumentError for a name not in UTF-8."""
    if not file.isprintable():
        name = file.encode("utf-8", "replace").decode()
        raise DocumentError(f"{name!r}: the file's name is no text in UTF-8.", "Rename it.")
    if kind_by_suffix(file) is None:
        raise FormatError(
            f"{file}: files of this kind are not read.",
            f"Save it as one of {', '.join(sorted(SUFFIXES))}.",
        )


def refuse_size(file: str, size: int) -> None:
    """Raises DocumentError for a file of so many bytes that it would not fit into memory."""
    if size > LARGEST:
        raise DocumentError(
            f"{file}: it has {size // 1_000_000} MB, and is not read.",
            f"Split it into files of at most {LARGEST // 1_000_000} MB.",
        )


def load(file: str, content: bytes, read: ReadFormat | None = None) -> Document:
    """The document that a file holds; `file` is its path relative to the seeds folder.

    What is told of it comes from the first of these that has it:

    - title: front matter; the file's own field, a page's heading or a mail's subject, unless it is
      left over from a template; what stands on a first page in the largest letters; the text
    - date: front matter; the day on which a page says it was published, or a mail sent; the text;
      the day on which the file was written
    - language: front matter; the text, if it has more than a few words; the file's own field
    - address: front matter; the file's own field; the text

    `read` reads what is no text as its author wrote it. Raises FormatError where no reader takes
    the file, or where it holds no text, and DocumentError where it is damaged.
    """
    refuse_name(file)
    refuse_size(file, len(content))
    stated, extract = _read(file, content, read)
    if not extract.text.strip():
        raise FormatError(f"{file}: there is no text in it.", "Fill or remove it.")
    own, text = extract.stated, extract.text
    return Document(
        file=file,
        text=text,
        title=_stated(file, stated, "title", _title) or _title_of(file, extract),
        date=_stated(file, stated, "date", date_in_field)
        or own.published
        or date_of(text, extract.blocks)
        or own.written,
        language=_stated(file, stated, "language", _language) or _language_of(extract),
        url=_stated(file, stated, "url", _url) or _url(own.url or "") or url_of(text),
        blocks=tuple(extract.blocks),
        places=tuple(extract.places),
        replaces=_stated(file, stated, "replaces", _title),
    )


def _read(file: str, content: bytes, read: ReadFormat | None) -> tuple[Mapping[str, str], Extract]:
    """What the front matter states, and what the file says."""
    if not is_written(file, content):
        if read is None:
            raise DocumentError(f"{file}: there is nothing to read it with.", "Install it anew.")
        return {}, read(file, content)
    try:
        whole = decode(content)
    except ValueError as error:
        raise FormatError(f"{file}: {error}.", "Save it as text in UTF-8.") from error
    if max(map(len, whole.splitlines()), default=0) > _LONGEST_LINE:
        raise FormatError(f"{file}: it has a line that nobody wrote.", "Break its lines.")
    stated, written = front_matter.split(file, whole)
    if kind_by_suffix(file) is Kind.MARKDOWN:
        return stated, Extract(*read_markdown(written))
    return stated, Extract(written, blocks(written))


def _title_of(file: str, extract: Extract) -> str:
    """The title of a document that has no front matter with one."""
    for told in (extract.stated.title, extract.stated.shown):
        title = _title(told or "")
        if title and is_title(title, extract.text):
            return title
    first = next((b for b in extract.blocks if b.kind is not BlockKind.FURNITURE), None)
    is_packed = bool(extract.places) and extract.places[0].place.attachment is not None
    if is_packed or (first and first.kind is BlockKind.TABLE):
        return " ".join(re.sub(r"[_\s]+", " ", PurePath(file).stem).split()) or file
    return title_of(extract.text, extract.blocks)


def _language_of(extract: Extract) -> str:
    if len(extract.text.split()) <= _FEW_WORDS and (
        told := _language(extract.stated.language or "")
    ):
        return told
    return language_of(extract.text, extract.blocks)


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
