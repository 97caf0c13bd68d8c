"""Which documents a question is asked of: those that its reader may read, of some files or time."""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.errors import ScopeError
from index.text.alike import closest
from index.text.words import composed

_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
_SUGGESTED = 3  # files
_SHOWN = 80  # characters of what was given
_READERS = 256  # whose rules are kept as they are matched
_DECISIONS = 100_000  # on files, for each of them


@dataclass(frozen=True, slots=True)
class Rights:
    """What a reader may read: of the rules, the first whose pattern fits a file decides.

    A rule is a file's name, a folder, or a pattern such as "protokolle/*.md", in which * stands
    for slashes too, with whether what it fits may be read. What none fits may not.
    """

    rules: tuple[tuple[str, bool], ...] = ()

    def admits(self, file: str) -> bool:
        """Whether a document with this file may be read."""
        return _decision(self.rules)(file)

    def of(self, files: Iterable[str]) -> frozenset[str]:
        """Those of the files that may be read."""
        return frozenset(filter(_decision(self.rules), files))


@lru_cache(_READERS)
def _decision(rules: tuple[tuple[str, bool], ...]) -> Callable[[str], bool]:
    """What rules say of a file, which they are compared with once."""
    matchers = [  # those in a row that say the same as one expression
        (re.compile("|".join(_fitting(composed(pattern)) for pattern, _ in row)), may)
        for may, row in groupby(rules, itemgetter(1))
    ]

    @lru_cache(_DECISIONS)
    def decided(file: str) -> bool:
        name = composed(file)
        return next((may for fits, may in matchers if fits.match(name)), False)

    return decided


def _fitting(pattern: str) -> str:
    """What a name or pattern fits, and what lies below the folder that it may be."""
    folder = pattern.removesuffix("/")
    return f"{re.escape(pattern)}\\Z|{translate(pattern)}|{translate(folder + '/*')}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents of these files, dated from `since` to `until`, both days included.

    `files` are names or patterns such as "protokolle/*.md", in which * stands for slashes too; none
    are all. A document without a date is not within any dates. Only documents pass that the rights
    `within` admit, if there are any: to whom they are asked for, no others exist.
    """

    files: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    within: Rights | None = None

    @classmethod
    def read(
        cls, files: Iterable[str] = (), since: str | None = None, until: str | None = None
    ) -> "Scope":
        """The scope as it is typed: a date is a day, or a month or year as a whole.

        Raises ScopeError for what is no date, and for dates in the wrong order.
        """
        first = _days("since", since)[0] if since is not None else None
        last = _days("until", until)[1] if until is not None else None
        if first and last and first > last:
            raise ScopeError(f"since {since} is after until {until}.", "Exchange the two.")
        return cls(tuple(files), first, last)

    def narrowed(self, wish: "Scope") -> "Scope":
        """What a wish leaves of all that may be read in this scope."""
        return replace(wish, within=self.within)

    def as_json(self) -> dict[str, Any]:
        """What is given of it, as `/api/ask` takes it and `read` reads it."""
        given = {
            "files": list(self.files),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in given.items() if value}

    def of(self, dated: Mapping[str, date | None]) -> frozenset[str]:
        """The files that pass, of all documents' files, which come with their dates.

        Raises ScopeError for a name or pattern that is no file's, and where no document passes.
        """
        if self.within is not None:
            dated = {file: dated[file] for file in self.within.of(dated)}
        chosen = {file for given in self.files for file in _matching(given, dated)}
        days = {file: dated[file] for file in (chosen if self.files else dated)}
        if not self.since and not self.until:
            return frozenset(days)
        admitted = frozenset(file for file, day in days.items() if day and self._includes(day))
        if not admitted:
            raise self._empty(days)
        return admitted

    def admits(self, file: str, day: date | None) -> bool:
        """Whether a document with this file and date passes."""
        if self.within is not None and not self.within.admits(file):
            return False
        named = not self.files or any(_fits(file, name) for name in self.files)
        dated = day is not None and self._includes(day)
        return named and (dated or not (self.since or self.until))

    def _includes(self, day: date) -> bool:
        return (self.since or day) <= day <= (self.until or day)

    def _empty(self, days: Mapping[str, date | None]) -> ScopeError:
        dates = [("since", self.since), ("until", self.until)]
        wanted = " ".join(f"{word} {day}" for word, day in dates if day)
        dated = sorted(day for day in days.values() if day)
        reach = f"Dates reach from {dated[0]} to {dated[-1]}." if dated else "None has a date."
        these = " of these files" if self.files else ""
        return ScopeError(f"No document{these} is dated {wanted}.", reach)


@dataclass(frozen=True, slots=True)
class Readable:
    """The documents that a reader may read, with their dates; `files` None are all there are."""

    dates: Mapping[str, date | None]
    files: frozenset[str] | None


def readable(dates: Mapping[str, date | None], rights: Rights | None) -> Readable:
    """What somebody with these rights may read of documents with these dates; None are all."""
    files = rights.of(dates) if rights is not None else frozenset(dates)
    if len(files) == len(dates):
        return Readable(dates, None)
    return Readable({file: dates[file] for file in files}, files)


EVERYTHING = Scope()
"""All documents."""


def _days(name: str, value: str) -> tuple[date, date]:
    """The first and the last day that a date means."""
    if match := _DATE.fullmatch(value):
        year, month, day = (int(part) if part else None for part in match.groups())
        last = month or 12
        with suppress(ValueError):  # 2016-02-30
            return (
                date(year or 0, month or 1, day or 1),
                date(year or 0, last, day or monthrange(year or 0, last)[1]),
            )
    raise ScopeError(
        f"{name}: {value[:_SHOWN]!r} is no date.",
        "Give a day (2016-04-26), a month (2016-04) or a year (2016).",
    )


def _matching(given: str, files: Collection[str]) -> list[str]:
    """The file of this name, or else those that the pattern fits."""
    fitting = [given] if given in files else [file for file in files if _fits(file, given)]
    if fitting:
        return fitting
    near = " or ".join(_like(given, files))
    raise ScopeError(
        f"No document's file is {given[:_SHOWN]!r}.",
        f"Is it {near}?" if near else "Its name is as answers show it; * stands for any letters.",
    )


def _fits(file: str, given: str) -> bool:
    """Whether a name or pattern is a file's, however the umlauts of either are composed."""
    file, given = composed(file), composed(given)
    return file == given or fnmatchcase(file, given)


def _like(given: str, files: Iterable[str]) -> list[str]:
    """Files that may be meant: those with these letters in their name, then those alike."""
    letters = given.strip("*").casefold()
    holding = [file for file in sorted(files) if letters in file.casefold()]
    alike = closest(given, files, _SUGGESTED)
    return list(dict.fromkeys([*holding[:_SUGGESTED], *alike]))[:_SUGGESTED]
