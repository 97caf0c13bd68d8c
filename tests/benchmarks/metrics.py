"""The figures of a ranking and of times."""

from collections.abc import Sequence
from statistics import mean


def rank(wanted: str, files: Sequence[str]) -> int | None:
    """The place of the file wanted, from 1; None where it was not found."""
    return files.index(wanted) + 1 if wanted in files else None


def hit(ranks: Sequence[int | None], within: int) -> float:
    """The share of questions whose file is among the first `within` (hit@k)."""
    return mean(place is not None and place <= within for place in ranks)


def reciprocal(ranks: Sequence[int | None], within: int = 10) -> float:
    """The mean of 1/rank, 0 for what is not among the first `within` (MRR@k)."""
    return mean(1 / place if place and place <= within else 0 for place in ranks)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies; one of them, so nothing is made up."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]
