"""The facts of a text, as tests compare them."""

from decimal import Decimal

from index.facts import Fact, FactKind, facts
from tests.claims import checker

KNOWN = checker([])
Day = tuple[int | None, int | None, int | None]


def found(text: str, language: str, *kinds: FactKind) -> list[Fact]:
    """The facts of a text; those of some kinds, or all."""
    return [fact for fact in facts(text, language, KNOWN) if not kinds or fact.kind in kinds]


def numbers(text: str, language: str) -> list[tuple[Decimal | None, str | None]]:
    """The values of a text, each with its unit where that is a sign."""
    return [
        (fact.value, fact.unit if fact.has_sign else None)
        for fact in found(text, language, FactKind.NUMBER)
    ]


def days(text: str, language: str) -> list[Day]:
    return [fact.day for fact in found(text, language, FactKind.DATE)]


def named(text: str, language: str, *kinds: FactKind) -> list[str]:
    """The words of sure names in a text, those of one name in one string."""
    kinds = kinds or (FactKind.PERSON, FactKind.PLACE, FactKind.NAME)
    return [" ".join(fact.words) for fact in found(text, language, *kinds) if not fact.soft]
