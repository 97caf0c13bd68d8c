"""Files as documents: a table of suffixes, and what is done with bytes that are no UTF-8."""

import codecs
import logging
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import yaml

from index.documents import Document
from index.errors import DocumentError, FormatError
from index.readers.metadata import date_of, language_of, title_of, url_of
from index.text.dates import date_in_field
from index.text.languages import is_supported

VERSION = 2
"""How documents are read: where it has changed since, each document is read again."""

logger = logging.getLogger(__name__)
T = TypeVar("T")

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it is asked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = 0.3
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_STRAY = 0.001  # the share of control characters that a text may have by accident
_LONGEST_FRONT_MATTER = 20_000  # characters; what is longer is text between two rules
_LONGEST_TITLE, _LONGEST_URL = 500, 2_000
_TOLD = 100  # characters of a value that a warning shows
_NO_VALUE = "tag:yaml.org,2002:null"
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)\n*", re.DOTALL | re.MULTILINE)


def decode(content: bytes) -> str:
    """Text of bytes in UTF-8, UTF-16, UTF-32, or else Windows' Latin-1 (cp1252).

    Raises ValueError for bytes that are no text.
    """
    text = _decoded(content)
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > max(1, len(text) * _STRAY):
        raise ValueError("it holds binary data and not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        # With no mark, UTF-16 is known by the zero in most pairs of bytes of Latin text.
        if content[first::2].count(0) > len(content) * _ZEROS:
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


READERS: Mapping[str, Callable[[bytes], str]] = {
    ".txt": decode,
    ".md": decode,
}
"""The reader of each suffix: bytes -> text; it raises ValueError for bytes that it can't read."""


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
        whole = READERS[Path(file).suffix.lower()](content)
    except ValueError as error:
        raise FormatError(f"{file}: {error}.", "Save it as text in UTF-8.") from error
    stated, text = _front_matter(file, whole)
    if not text.strip():
        raise FormatError(f"{file}: there is no text in it.", "Fill or remove it.")
    return Document(
        file=file,
        text=text,
        title=_stated(file, stated, "title", _title) or title_of(text),
        date=_stated(file, stated, "date", date_in_field) or date_of(text),
        language=_stated(file, stated, "language", _language) or language_of(text),
        url=_stated(file, stated, "url", _url) or url_of(text),
    )


def _front_matter(file: str, text: str) -> tuple[Mapping[str, str], str]:
    """What the front matter states, and the text below it; lines that are no YAML are text."""
    match = _FRONT_MATTER.match(text)
    if not match or len(match.group(1)) > _LONGEST_FRONT_MATTER:
        return {}, text
    try:
        # Not constructed: a date that YAML can't read is not the end of the rest, and what refers
        # to itself or to others (aliases) can grow to any size.
        stated = yaml.compose(match.group(1), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        logger.warning("%s: its front matter is not YAML, so it counts as text: %s", file, error)
        return {}, text
    if not isinstance(stated, yaml.MappingNode):
        return {}, text
    return _single_values(stated), text[match.end() :]


def _single_values(stated: yaml.MappingNode) -> Mapping[str, str]:
    """The keys with one value each, as it is written; lists and the like are none of ours."""
    return {
        key.value: value.value
        for key, value in stated.value
        if isinstance(key, yaml.ScalarNode)
        and isinstance(value, yaml.ScalarNode)
        and value.tag != _NO_VALUE
    }


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
