"""The facts in a sentence that can be checked: its numbers, dates, names and quotations.

Each is brought into one form, whichever way German, English and French write it: "1.200" is 1,200,
"fünf" is 5, "3,5 Mio. Euro" are 3,500,000 €, and "5. Juli 2022" is "05.07.2022".
"""

import re
from collections.abc import Iterator, Sequence

from index.facts.fact import MEASURE, Fact, FactKind
from index.facts.names import Known, names
from index.facts.numbers import dates, is_lone_one, numbers, with_digits

__all__ = ["MEASURE", "Fact", "FactKind", "Known", "facts", "is_lone_one", "with_digits"]

_QUOTATION = re.compile(
    r"„(?P<de>[^„“”]+)[“”]|“(?P<en>[^“”]+)”|«\s?(?P<fr>[^«»]+?)\s?»|»(?P<book>[^«»]+)«|‚(?P<low>[^‚‘’]+)[‘’]"
    r"|‘(?P<single>[^‘’]+)’|(?<!\w)\"(?P<typed>[^\"]+)\"(?!\w)"
)


def facts(text: str, language: str, known: Known) -> list[Fact]:
    """All facts of a sentence in their order."""
    text = with_digits(text, language)
    days = list(dates(text))
    counted = [fact for fact in numbers(text, language) if not _within(fact, days)]
    named = [n for n in names(text, language, known) if not _within(n, days)]
    return sorted([*days, *counted, *named, *_quotations(text)], key=lambda fact: fact.start)


def _within(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(o.start <= fact.start < o.start + len(o.written) for o in others)


def _quotations(text: str) -> Iterator[Fact]:
    for match in _QUOTATION.finditer(text):
        inner = next(group for group in match.groups() if group)
        yield Fact(FactKind.QUOTATION, inner.strip(" .,;:!?"), match.start())
