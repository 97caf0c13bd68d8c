"""What a word of a question is called in the documents' language, and what else it is called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from index.facts import places
from index.text.features import stem
from index.text.german import basic_forms
from index.text.languages import LANGUAGES
from index.text.tables import read_table
from index.text.words import words

Stems = tuple[str, ...]
Group = Mapping[str, Sequence[str]]
"""Phrases that mean the same, by language."""

GLOSSARY = Path(__file__).with_name("glossary.yaml")


@dataclass(frozen=True, slots=True)
class Renderings:
    """What a dictionary has for the next `length` words: other phrases for them, by language."""

    length: int
    renderings: Mapping[str, Sequence[str]]


class Dictionary(Protocol):
    """Anything that can say what a phrase is called otherwise."""

    def lookup(self, phrase: Sequence[str], language: str) -> Renderings | None:
        """What is known of the longest run of words that `phrase` begins with."""


class Glossary:
    """The words of the field, in groups of the same meaning, in several languages."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._entries: dict[str, dict[Stems, list[Group]]] = {
            language: defaultdict(list) for language in LANGUAGES
        }
        for group in groups:
            for language, phrases in group.items():
                for phrase in phrases:
                    self._entries[language][_stems(words(phrase), language)].append(group)
        self._longest = max(
            (len(key) for entries in self._entries.values() for key in entries), default=0
        )

    def lookup(self, phrase: Sequence[str], language: str) -> Renderings | None:
        """What is known of the longest run of words that `phrase` begins with."""
        entries = self._entries.get(language, {})
        for length in range(min(self._longest, len(phrase)), 0, -1):
            if groups := entries.get(_stems(phrase[:length], language)):
                return Renderings(length, _merged(groups))
        for form in basic_forms(phrase[0]) if phrase and language == "de" else ():
            if groups := entries.get(_stems([form], language)):
                return Renderings(1, _merged(groups))
        return None


class Dictionaries:
    """Several dictionaries as one: of what they find, the longest phrase, in their order."""

    def __init__(self, dictionaries: Sequence[Dictionary]) -> None:
        self._dictionaries = tuple(dictionaries)

    def lookup(self, phrase: Sequence[str], language: str) -> Renderings | None:
        """What is known of the longest run of words that `phrase` begins with."""
        hits = [hit for d in self._dictionaries if (hit := d.lookup(phrase, language))]
        if not hits:
            return None
        length = max(hit.length for hit in hits)
        return Renderings(length, _merged([hit.renderings for hit in hits if hit.length == length]))


def abbreviations(pairs: Iterable[tuple[str, str]]) -> Glossary:
    """Short and long forms as a dictionary; they are the same in every language."""
    return Glossary([dict.fromkeys(LANGUAGES, pair) for pair in sorted(pairs)])


@cache
def place_names() -> Glossary:
    """The names of places in other languages."""
    return Glossary(places.groups())


@cache
def glossary() -> Glossary:
    """The glossary that comes with the program."""
    return Glossary(read_table(GLOSSARY, list[dict[str, list[str]]]))


def _stems(phrase: Sequence[str], language: str) -> Stems:
    return tuple(stem(word, language) for word in phrase)


def _merged(groups: Sequence[Group]) -> dict[str, Sequence[str]]:
    merged: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for language, phrases in group.items():
            merged[language] += [phrase for phrase in phrases if phrase not in merged[language]]
    return {language: tuple(phrases) for language, phrases in merged.items()}
