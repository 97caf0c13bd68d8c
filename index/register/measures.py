"""Figures of organisations, merged: each number once for its day, with all that tell it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from index.register.rows import Figure, Proof

_ORDER = ("members", "employees", "budget", "founded")


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of an organisation, as the documents write it; `as_of` is the day that it is of.

    Different numbers of one day are contradictions, and stand side by side.
    """

    organisation: str
    what: str
    value: str
    as_of: str | None
    evidence: tuple[Proof, ...]


def measures_of(figures: Iterable[Figure]) -> tuple[Measure, ...]:
    """Figures by organisation and sort, the newest first."""
    groups: defaultdict[tuple[str, str, str, str], list[Proof]] = defaultdict(list)
    for figure in figures:
        key = figure.organisation, figure.what, figure.value, figure.as_of or ""
        if figure.evidence not in groups[key]:
            groups[key].append(figure.evidence)
    measures = [
        Measure(whom, what, value, as_of or None, tuple(evidence))
        for (whom, what, value, as_of), evidence in groups.items()
    ]
    measures.sort(key=lambda measure: measure.as_of or "", reverse=True)
    measures.sort(key=lambda measure: (measure.organisation, _ORDER.index(measure.what)))
    return tuple(measures)
