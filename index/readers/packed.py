"""Files that are ZIP archives, as Office's are: opened within bounds, and their XML with nothing in
it that refers to anything else.
"""

import io
import zipfile
from datetime import date
from typing import Final

from lxml import etree

from index.readers.extract import Stated, UnreadableError
from index.text.dates import date_in_field

LARGEST: Final = 300_000_000
"""Bytes that the files of an archive may have in all, once they are unpacked."""

_SWOLLEN = 200  # times the packed size: texts come to 20, and what comes to more is made to harm
_SWOLLEN_FROM = 20_000_000  # bytes
_MOST_FILES = 20_000
_ENCRYPTED = 1  # a bit of a file's flags
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"


def opened(content: bytes) -> zipfile.ZipFile:
    """An archive. Raises UnreadableError where it is damaged, locked or grows beyond all bounds."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableError(
            "it is damaged or has been cut off", "Copy it again from where it comes from."
        ) from error
    files = archive.infolist()
    size = sum(file.file_size for file in files)
    swollen = size > _SWOLLEN_FROM and size > _SWOLLEN * len(content)
    if size > LARGEST or swollen or len(files) > _MOST_FILES:
        raise UnreadableError(
            f"it unpacks to {size // 1_000_000} MB in {len(files)} files",
            "Leave out what it is not for.",
        )
    if any(file.flag_bits & _ENCRYPTED for file in files):
        raise UnreadableError("it is locked by a password", "Save it without one.")
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A file of the archive, or None. Raises UnreadableError where it is damaged."""
    try:
        return archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableError(
            "it is damaged or has been cut off", "Copy it again from where it comes from."
        ) from error


def xml(content: bytes) -> etree._Element:
    """The root of an XML file. Raises UnreadableError where it is none, or defines entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"its XML can't be read ({error.msg})", "Save it anew.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(
            "its XML defines entities, which could read other files", "Save it anew."
        )
    return root


def core_properties(archive: zipfile.ZipFile) -> Stated:
    """What an Office file states of itself."""
    content = part(archive, "docProps/core.xml")
    if not content:
        return Stated()
    root = xml(content)
    return Stated(
        title=root.findtext(f"{_DC}title"),
        written=_day(root.findtext(f"{_TERMS}modified") or root.findtext(f"{_TERMS}created")),
        language=root.findtext(f"{_DC}language"),
    )


def _day(written: str | None) -> date | None:
    return date_in_field(written[:10]) if written else None


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Raises UnreadableError where one of the archive's XML files declares a type, with entities.

    Asked before libraries parse them in their own way.
    """
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in (part(archive, name) or b""):
            raise UnreadableError(
                "its XML defines entities, which could read other files", "Save it anew."
            )
