"""Looking words up in the store of dictionaries."""

import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from assistant.dictionaries.dictionary import Renderings
from assistant.dictionaries.entries import LONGEST
from index.text.features import stem
from index.text.languages import LANGUAGES
from index.text.words import words

logger = logging.getLogger(__name__)

MOST = 12
"""Renderings of a phrase in one language; 8 to 16 are within .003 of MRR on XQuAD."""

_BETWEEN = 6  # phrases of a third language that lead on, fewer than MOST: each adds wrong senses
_KEPT = 20_000  # phrases whose renderings stay in memory
_OTHER_FORM = 0.1  # worth of what stands under another form; 1 loses .012 of MRR, 0 loses .002


class Lexicon:
    """The installed dictionaries, in a database that `store` made; several threads may ask."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.directions = frozenset(self._all("SELECT language, into_language FROM directions"))
        """Every (language, language of renderings) that there is a dictionary for."""
        self.passed_over: dict[str, str] = dict(self._all("SELECT file, reason FROM passed_over"))
        """Files that could not be read, each with the reason."""
        self._basic: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for language, form, word in self._all("SELECT language, form, word FROM irregular"):
            self._basic[language, form].append(word)
        self._known = lru_cache(_KEPT)(self._look_up)

    def close(self) -> None:
        """Gives the database's file free."""
        self._connection.close()

    def leads_into(self, languages: Collection[str]) -> bool:
        """Whether there is a dictionary from another language into one of these."""
        return any(one != into and into in languages for one, into in self.directions)

    def lookup(
        self, phrase: Sequence[str], language: str, into: Collection[str] | None = None
    ) -> Renderings | None:
        """What is known of the longest run of words that `phrase` begins with.

        With `into`, only renderings in these languages count.
        """
        for length in range(min(LONGEST, len(phrase)), 0, -1):
            by_language = self._known(tuple(phrase[:length]), language)
            renderings = {to: by_language[to] for to in by_language if into is None or to in into}
            if renderings:
                return Renderings(length, renderings)
        return None

    def _look_up(self, phrase: tuple[str, ...], language: str) -> Mapping[str, Sequence[str]]:
        worths = self._worths(phrase, language)
        renderings = {into: _best(phrases, into) for into, phrases in worths.items()}
        for between, into in self._detours(language):
            if led := self._led_on(worths.get(between, {}), between, into):
                renderings[into] = _best(led, into)
        return renderings

    def _detours(self, language: str) -> list[tuple[str, str]]:
        """Third languages, and where they lead that no dictionary does from this one."""
        return [
            (between, into)
            for one, between in sorted(self.directions)
            for into in LANGUAGES
            if one == language and len({one, between, into}) == 3
            if (between, into) in self.directions and (one, into) not in self.directions
        ]

    def _led_on(self, worths: Mapping[str, float], between: str, into: str) -> Mapping[str, float]:
        """What the best phrases of a third language are called in turn: worth most by several."""
        renderings: defaultdict[str, float] = defaultdict(float)
        for phrase in _best(worths, between)[:_BETWEEN]:
            further = self._worths(tuple(words(phrase)), between).get(into, {})
            whole = sum(further.values())
            for rendering, worth in further.items():
                renderings[rendering] += worths[phrase] * worth / whole
        return renderings

    def _worths(self, phrase: tuple[str, ...], language: str) -> Mapping[str, Mapping[str, float]]:
        """All renderings by their language, each with its worth."""
        first, *others = (stem(word, language) for word in phrase)
        spelt = " ".join(phrase).lower()
        worths: defaultdict[str, defaultdict[str, float]]
        worths = defaultdict(lambda: defaultdict(float))
        for start in (first, *self._basic.get((language, phrase[0].lower()), ())):
            for form, into, *renderings in self._entries(language, " ".join([start, *others])):
                counts = 1.0 if form == spelt else _OTHER_FORM
                for rendering, worth in zip(renderings[::2], renderings[1::2], strict=True):
                    worths[into][rendering] += counts * float(worth)
        return worths

    def _entries(self, language: str, key: str) -> list[list[str]]:
        query = "SELECT entry FROM entries WHERE language = ? AND key = ?"
        rows = self._all(query, language, key)
        return [line.split("\t") for line in rows[0][0].split("\n")] if rows else []

    def _all(self, query: str, *values: str) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            logger.error("The dictionaries' store can't be read: %s.", error)
            return []


def _best(worths: Mapping[str, float], language: str) -> tuple[str, ...]:
    """The renderings worth most, one of those that differ in inflection only."""
    best: dict[tuple[str, ...], str] = {}
    for rendering in sorted(worths, key=lambda rendering: -worths[rendering]):
        best.setdefault(tuple(stem(word, language) for word in words(rendering)), rendering)
        if len(best) == MOST:
            break
    return tuple(best.values())
