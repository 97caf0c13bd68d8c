"""Passages as what can be compared with a sentence: lines with their facts, and their clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.finding.analysis import SENTENCE_WORDS
from assistant.finding.hit import Hit
from index.facts import Fact, with_digits
from index.text.features import Profile, bag

_CLAUSE = re.compile(
    r"[,;:–—](?!\d)|\s(?:aber|sondern|jedoch|während|wohingegen|but|while|whereas|mais|tandis que"
    r"|alors que)\s"
    # "A tut dies und B das", but not "A und B": what follows begins with a small word.
    r"|\s(?:und|and|et)\s(?=(?:die|der|das|dem|den|im|in|am|bei|für|the|for|at|le|la|les|celle|à)"
    r"\s\w|l['’]|\w+ed\s|a\s\w+é|\w{3,}ten?\s)"
)


@dataclass(frozen=True, eq=False)
class PassageLine:
    """A sentence of a passage, or the headings and the date above it, which begin at no offset."""

    source: int
    start: int | None
    end: int | None
    text: str
    language: str
    facts: tuple[Fact, ...]
    words: frozenset[str]
    profile: Profile

    @property
    def is_heading(self) -> bool:
        return self.start is None

    @cached_property
    def clauses(self) -> Sequence["Clause"]:
        """Its clauses, those of nothing but marks left out."""
        text = with_digits(self.text, self.language)
        clauses = []
        for start, end in clause_spans(text):
            inside = tuple(fact for fact in self.facts if start <= fact.start < end)
            profile = Profile.of(bag(text[start:end], self.language), SENTENCE_WORDS)
            clauses.append(Clause(self, text[start:end], inside, profile))
        return clauses


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A part of a line between two commas or the like, with its facts."""

    line: PassageLine
    text: str
    facts: tuple[Fact, ...]
    profile: Profile


@dataclass(frozen=True, slots=True, eq=False)
class CitedPassage:
    """A passage with its number in the prompt, and what can be said from it."""

    number: int
    hit: Hit
    lines: tuple[PassageLine, ...]


def clause_spans(text: str) -> Sequence[tuple[int, int]]:
    """Where the clauses of a text stand."""
    marks = [(mark.start(), mark.end()) for mark in _CLAUSE.finditer(text)]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(text)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()]
