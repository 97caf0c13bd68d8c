"""What kind of file it is: by its suffix, and by its first bytes where the suffix lies."""

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import PurePath

from index.readers.extract import Lack, UnreadableError


class Kind(StrEnum):
    """A kind of files that one reader takes."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    PDF = "pdf"
    WORD = "word"
    OLD_WORD = "old word"
    SLIDES = "slides"
    SHEETS = "sheets"
    TABLE = "table"
    OPEN_DOCUMENT = "open document"
    RICH_TEXT = "rich text"
    WEB_PAGE = "web page"
    SAVED_PAGE = "saved page"
    MAIL = "mail"
    OUTLOOK = "outlook"
    ARCHIVE = "archive"


SUFFIXES: Mapping[str, Kind] = {
    ".txt": Kind.PLAIN,
    ".md": Kind.MARKDOWN,
    ".pdf": Kind.PDF,
    ".docx": Kind.WORD,
    ".dotx": Kind.WORD,
    ".docm": Kind.WORD,
    ".doc": Kind.OLD_WORD,
    ".pptx": Kind.SLIDES,
    ".xlsx": Kind.SHEETS,
    ".xlsm": Kind.SHEETS,
    ".xls": Kind.SHEETS,
    ".ods": Kind.SHEETS,
    ".csv": Kind.TABLE,
    ".odt": Kind.OPEN_DOCUMENT,
    ".odp": Kind.OPEN_DOCUMENT,
    ".rtf": Kind.RICH_TEXT,
    ".html": Kind.WEB_PAGE,
    ".htm": Kind.WEB_PAGE,
    ".mhtml": Kind.SAVED_PAGE,
    ".mht": Kind.SAVED_PAGE,
    ".eml": Kind.MAIL,
    ".msg": Kind.OUTLOOK,
    ".zip": Kind.ARCHIVE,
}
"""The kind that each suffix stands for."""

_PDF, _ZIP, _OLE, _RICH_TEXT = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"{\\rtf",
)
_BINARY = (_PDF, _ZIP, _OLE, _RICH_TEXT)
_FIRST = 1_024  # bytes, in which a PDF may begin
_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html)\b", re.I | re.S
)
_PACKED: Mapping[str, Kind] = {  # a folder or a file that an archive of each kind has
    "word/": Kind.WORD,
    "ppt/": Kind.SLIDES,
    "xl/": Kind.SHEETS,
}
_MIMETYPES: Mapping[str, Kind] = {
    "text": Kind.OPEN_DOCUMENT,
    "presentation": Kind.OPEN_DOCUMENT,
    "spreadsheet": Kind.SHEETS,
}
_STREAMS: Mapping[
    str, Kind | UnreadableError
] = {  # of the older container of Microsoft's, by a name in its directory
    "__properties_version1.0": Kind.OUTLOOK,
    "Workbook": Kind.SHEETS,
    "EncryptedPackage": UnreadableError("it is locked by a password", "Save it without one."),
    "WordDocument": UnreadableError(
        "it has Word's format of before 2007", "Save it as .docx.", lack=Lack.CONVERSION
    ),
    "PowerPoint Document": UnreadableError(
        "it has PowerPoint's format of before 2007", "Save it as .pptx."
    ),
}


def kind_by_suffix(name: str) -> Kind | None:
    """The kind that a file's suffix stands for; None for one that is not read."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def is_binary(content: bytes) -> bool:
    """Whether a file begins as those do that are no text, whatever its suffix says."""
    return content.startswith(_BINARY)


def is_written(name: str, content: bytes) -> bool:
    """Whether a file is text as its author wrote it, for which no library has to parse a format."""
    is_text = kind_by_suffix(name) in (Kind.PLAIN, Kind.MARKDOWN)
    return is_text and not is_binary(content) and not _WEB_PAGE.match(content[:_FIRST])


def kind_of(name: str, content: bytes) -> Kind:
    """The kind that a file is. Raises UnreadableError where no reader takes it."""
    stated, actual = kind_by_suffix(name), _kind_by_content(content)
    if actual is not None and (actual is not Kind.ARCHIVE or stated is None):
        return actual
    if stated is None:
        raise UnreadableError("files of this kind are not read", "Save it in another format.")
    if stated is Kind.SHEETS and not is_binary(content):
        return Kind.TABLE  # many programs export tables as text under Excel's suffix
    return stated


def _kind_by_content(content: bytes) -> Kind | None:
    if content.startswith(_ZIP):
        return _kind_of_archive(content)
    if content.startswith(_OLE):
        return _kind_of_container(content)
    if content.startswith(_RICH_TEXT):
        return Kind.RICH_TEXT
    if _PDF in content[:_FIRST]:
        return Kind.PDF
    if _WEB_PAGE.match(content[:_FIRST]):
        return Kind.WEB_PAGE
    return None


def _kind_of_archive(content: bytes) -> Kind | None:
    """The kind of an archive; none where its directory can't be read."""
    with suppress(zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if "mimetype" in names and archive.getinfo("mimetype").file_size < _FIRST:
            stated = archive.read("mimetype").decode("ascii", "replace").strip()
            for name, kind in _MIMETYPES.items():
                if f"opendocument.{name}" in stated:
                    return kind
        if "[Content_Types].xml" in names:
            for folder, kind in _PACKED.items():
                if any(name.startswith(folder) for name in names):
                    return kind
        return Kind.ARCHIVE
    return None


def _kind_of_container(content: bytes) -> Kind | None:
    for name, kind in _STREAMS.items():
        if name.encode("utf-16-le") in content:
            if isinstance(kind, UnreadableError):
                raise kind
            return kind
    return None
