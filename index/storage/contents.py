"""What stands in the catalogue, as a list: without any text, so that it is quick."""

import sqlalchemy as sql

from index.documents import Listed
from index.storage import tables
from index.storage.catalogue import Catalogue
from index.storage.refused import Refused

_COLUMNS = ("file", "title", "date", "language", "modified")


class Contents:
    """The catalogue's documents and the files that could not be read as such."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def documents(self) -> tuple[Listed, ...]:
        """All documents, by their file's name."""
        chosen = sql.select(*(tables.documents.c[name] for name in _COLUMNS))
        with self._catalogue.transaction() as connection:
            rows = connection.execute(chosen.order_by(tables.documents.c.file))
            return tuple(Listed(*row) for row in rows)

    def unreadable(self) -> dict[str, str]:
        """Why each file that is no document could not be read, by the file's name."""
        refused = Refused(self._catalogue).all()
        return {file: refusal.error.problem for file, refusal in sorted(refused.items())}
