"""What editors of the register have decided, and taken back; it outlives the index."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql
from sqlalchemy.schema import CreateTable

from index.storage import tables
from index.storage.catalogue import Catalogue, count_change

_TABLE = tables.decisions
_COLUMNS = _TABLE.c


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it is stored: its number, when it was made and by what, and when taken back.

    Times are in UTC, as 2026-11-28T17:04:00Z.
    """

    number: int
    made: str
    by: str
    undone: str | None
    decision: Mapping[str, Any]


class Decisions:
    """The editors' part of the catalogue's database; what changes there begins a new revision."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        with catalogue.transaction() as connection:
            connection.execute(CreateTable(_TABLE, if_not_exists=True))

    def entries(self) -> list[StoredDecision]:
        """All decisions, oldest first, with those that were taken back."""
        with self._catalogue.transaction() as connection:
            rows = connection.execute(sql.select(_TABLE).order_by(_COLUMNS.number))
            return [StoredDecision(**row._mapping) for row in rows]

    def add(self, decisions: Iterable[Mapping[str, Any]], made: str, by: str) -> list[int]:
        """Stores decisions, all or none: their numbers."""
        insert = sql.insert(_TABLE).returning(_COLUMNS.number)
        with self._catalogue.transaction() as connection:
            numbers = [
                connection.execute(
                    insert.values(made=made, by=by, decision=dict(decision))
                ).scalar_one()
                for decision in decisions
            ]
            if numbers:
                count_change(connection)
        return numbers

    def take_back(self, number: int, undone: str) -> bool:
        """Marks a decision as undone; False where there is none that holds."""
        this = (_COLUMNS.number == number) & _COLUMNS.undone.is_(None)
        with self._catalogue.transaction() as connection:
            taken = connection.execute(sql.update(_TABLE).where(this).values(undone=undone))
            if taken.rowcount:
                count_change(connection)
        return bool(taken.rowcount)
