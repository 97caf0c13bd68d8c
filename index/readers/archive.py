"""Folders that are packed into one file (.zip): the documents in it, one after the other."""

from index.readers import packed
from index.readers.extract import Composer, Extract, Inner
from index.readers.mail import write_contained

_HIDDEN = (".", "~$", "__MACOSX")


def read_archive(content: bytes, inner: Inner) -> Extract:
    """The documents of an archive, each of which `inner` reads. Raises UnreadableError."""
    page = Composer()
    with packed.opened(content) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if entry.is_dir() or any(
                part.startswith(_HIDDEN) for part in entry.filename.split("/")
            ):
                continue
            packed_file = packed.part(archive, entry.filename)
            if packed_file:
                write_contained(page, entry.filename, packed_file, inner)
    return page.extract()
