"""What the address of a page of partnerships selects, and addresses that select something else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, Self, get_args

from assistant.partners.wanted import ORDERS, Order, Wanted

Shown = Literal["table", "organisations", "graph", "timeline"]
SHOWN: Final[tuple[Shown, ...]] = get_args(Shown)
ROWS: Final = 50  # a page
_LONGEST: Final = 200  # characters of what is typed
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_YEAR: Final = re.compile(r"[12][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the register is shown, how, in which order, and which page of it.

    The fields are the parameters of an address, where those with their default are left out.
    """

    view: Shown = "table"
    q: str = ""
    org: str = ""
    kind: str = ""
    status: str = ""
    country: str = ""
    year: str = ""
    sort: Order = "-start"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The selection of an address; what makes no sense in it is left out."""
        typed = {name: query.get(name, "").strip()[:_LONGEST] for name in _TYPED}
        shown, order, page = (query.get(name, "") for name in ("view", "sort", "page"))
        if not _YEAR.fullmatch(typed["year"]):
            typed["year"] = ""
        return cls(
            view=shown if shown in SHOWN else cls().view,
            sort=order if order in ORDERS else cls().sort,
            page=int(page) if _NUMBER.fullmatch(page) else 1,
            **typed,
        )

    @property
    def wanted(self) -> Wanted:
        """What rows have to fit."""
        return Wanted(
            organisation=self.org,
            kind=self.kind,
            country=self.country,
            status=self.status,
            since=self.year or None,
            until=self.year or None,
            text=self.q,
        )

    @property
    def selects(self) -> bool:
        """Whether anything is left out."""
        return self.wanted != Wanted()

    def parameters(self) -> dict[str, str]:
        """The selection as parameters of an address."""
        usual = type(self)()
        names = [field.name for field in fields(self)]
        return {
            name: str(getattr(self, name))
            for name in names
            if getattr(self, name) != getattr(usual, name)
        }

    def but(self, **changes: str) -> dict[str, str]:
        """The parameters with something changed, on the first page unless one is named."""
        return type(self).of(self.parameters() | {"page": ""} | changes).parameters()


_TYPED: Final = ("q", "org", "kind", "status", "country", "year")
