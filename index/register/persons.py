"""Persons in a text: by a title, a role or a first name before the name."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.register.nouns import is_head
from index.register.tokens import is_small_word
from index.register.words import legal_form, role_names, title
from index.text.languages import LANGUAGES, frequency
from index.text.words import fold

_FIRST_NAMES = Path(__file__).parents[1] / "facts" / "first_names.txt"
_PARTICLE = r"(?:van den|van der|van|von der|de la|du|di|da|del|la|Le|La|De|Van|Ben|ter|y|i)"
_WORD = r"[A-ZÄÖÜÉÈÊÅØÆŠŽÇÁÍÓÚÑŁŚ][\w’']*(?:-[A-ZÄÖÜÉÈÊÅØÆŠŽÇÁÍÓÚÑŁŚ][\w’']*)*"
_NAME = re.compile(rf"{_WORD}(?: {_PARTICLE})? {_WORD}(?: i {_WORD})?")
_SURNAME = re.compile(rf"(?:{_PARTICLE} )?{_WORD}")
_INITIAL = re.compile(rf"[A-Z]\. (?P<surname>{_WORD})")
_ROLE_BEHIND = re.compile(r",? (?:\(?(?:die|der|the|la|le|l['’])? ?)?")
_CONTACT_BEHIND = re.compile(r",(?: [^,\n@]{2,40},)? (?:\S+@|Tel\b|Durchwahl|\+\d)")
_USUAL = 4e-6  # the share of running text from which on a word is no first name
_ABSTRACT = re.compile(
    r"(?:ung|ungen|heit|keit|schaft|tion|tionen|ität|tät|ment|tik|gie|nik|ness|ship|cy|té|tions)$"
)
_CAPITAL = ("Le", "La", "De")


@dataclass(frozen=True, slots=True)
class Person:
    """A person at [start, end) of a text, titles included; `name` may be a surname alone.

    One is `sure` by a title or a first name, and not by what stands beside the name; `held` says
    that a role stands there.
    """

    name: str
    title: str
    start: int
    end: int
    sure: bool = True
    held: bool = False

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]


def persons(text: str, start: int, end: int) -> list[Person]:
    """The persons that text[start:end] names, in their order."""
    named: list[Person] = []
    position = start
    for match in re.finditer(rf"(?<![\w-]){_WORD}", text[start:end]):
        at = start + match.start()
        if at < position:
            continue
        if person := _person_at(text, at, end):
            named.append(person)
            position = person.end
    return named


def _person_at(text: str, at: int, end: int) -> Person | None:
    titled = title().match(text, at, end)
    if titled:
        return _named(text, at, titled.end(), end, titled[0].strip())
    if initial := _INITIAL.match(text, at, end):
        return Person(initial["surname"], "", at, initial.end())
    name = _full_name(text, at, end)
    if not name:
        return None
    first, *others = name[0].split()
    sure = is_first_name(first)
    if not sure and (_is_usual(first) or any(map(_is_abstract, others))):
        return None  # "Digitale Gesundheit: Leiter"
    if not sure and not _has_role_beside(text, at, name[1], end):
        return None
    return Person(name[0], "", at, name[1], sure, not sure and _has_role(text, at, name[1], end))


def _is_usual(word: str) -> bool:
    """Whether it is a usual word of a language: who is called so has it as a surname at most."""
    return any(frequency(word.lower(), language) > _USUAL for language in LANGUAGES)


def _is_abstract(word: str) -> bool:
    """Whether it ends as words of things do and is one: Jonischkeit is none."""
    return bool(_ABSTRACT.search(word)) and _is_usual(word)


def _has_role_beside(text: str, at: int, stop: int, end: int) -> bool:
    """Whether a role stands right before or behind a name, or where to reach the person."""
    return _has_role(text, at, stop, end) or bool(_CONTACT_BEHIND.match(text, stop))


def _has_role(text: str, at: int, stop: int, end: int) -> bool:
    if any(match.end() == at - 1 for match in role_names().finditer(text, max(0, at - 60), at)):
        return True
    gap = _ROLE_BEHIND.match(text, stop, end)
    if gap and gap.end() > stop and role_names().match(text, gap.end()):
        return text[stop] == ","
    return False


def _named(text: str, begin: int, at: int, end: int, titles: str) -> Person | None:
    name = _full_name(text, at, end)
    if name and not _is_abstract(name[0].split()[-1]):
        return Person(name[0], _academic(titles), begin, name[1])
    single = _SURNAME.match(text, at, end)
    if (
        not single
        or is_head(single[0])
        or is_small_word(single[0])
        or role_names().fullmatch(single[0])
    ):
        return None
    return Person(single[0], _academic(titles), begin, single.end())


def _is_plain_title(titles: str) -> bool:
    """Whether only a surname is likely behind it: "Frau Ehrat bleibt"."""
    return titles in ("Herr", "Herrn", "Frau", "Mr.", "Mrs.", "Ms.", "Mr", "Ms", "Mme", "M.")


def _academic(titles: str) -> str:
    return " ".join(
        part
        for part in titles.split()
        if part.endswith(".") and part not in ("M.", "Mr.", "Mrs.", "Ms.")
    )


def _full_name(text: str, at: int, end: int) -> tuple[str, int] | None:
    """A first name and a surname at a place; names of organisations are none."""
    match = _NAME.match(text, at, end)
    if not match or legal_form().match(text, match.end() + 1):
        return None
    words = match[0].split()
    if any(is_small_word(word) for word in words if word[0].isupper() and word not in _CAPITAL):
        return None
    if is_head(words[-1]) or any(role_names().fullmatch(word) for word in words):
        return None
    name = " ".join(words)
    return name, at + len(name)


@cache
def is_first_name(word: str) -> bool:
    """Whether it is in the list of first names, each part of it."""
    parts = re.split(r"[-‐‑]", word)
    return all(fold(part) in _first_names() for part in parts)


@cache
def _first_names() -> frozenset[str]:
    return frozenset(fold(name) for name in _FIRST_NAMES.read_text(encoding="utf-8").split())
