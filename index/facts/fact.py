"""What a fact is."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

SIGNS = ("%", "€", "$", "£", "CHF", "days", "weeks", "months", "years")
"""Units that are the same in each language; any other unit is a word of the sentence."""

MEASURE = re.compile(
    r"(?:Mio|Mill|Mrd|Tsd|Million\w*|Milliard\w*|Billion\w*|Euros?|EUR|Prozent|Uhr|Nr|Dr|Prof|Ing"
    r"|Mr|Mrs|Ms|Miss|Mme|Mlle|Herrn?|Frau|Madame|Monsieur|Franken|francs?|(?:US-)?Dollars?"
    r"|pounds?|Pfund|USD|CHF|GBP|Professor(?:in)?|Docteur|Sir|\d+-[a-zäöü]\w*"
    r"|[\d.,'’/:]+(?:m|bn|k)?)",
    re.IGNORECASE,
)
"""Words that measure or address and are no content by themselves, and numbers."""


class FactKind(Enum):
    """What a fact is; those of different kinds are never the same."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    NAME = "name"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, as it is `written`, beginning at `start` of its sentence.

    `words` are its words (of a name, without marks), `value` a number's value and `unit` what it
    counts: a sign such as "%", or else the next word. `day` has year, month and day of a date as
    far as they are given. A name that is `soft` may as well be an ordinary word.
    """

    kind: FactKind
    written: str
    start: int
    words: tuple[str, ...] = ()
    value: Decimal | None = None
    unit: str | None = None
    day: tuple[int | None, int | None, int | None] = (None, None, None)
    soft: bool = False

    @property
    def has_sign(self) -> bool:
        """Whether its unit is a sign, which is the same in each language."""
        return self.unit in SIGNS
