"""What a question asks of the register: of whom, for which rows, with which country."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from index.facts.places import is_place
from index.register.lexicon import NameLexicon
from index.register.seats import countries
from index.register.words import legal_form, nationalities, register_words
from index.text.languages import LANGUAGES, frequency
from index.text.tables import Phrases, Table, Words, read_table
from index.text.words import fold

_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’.&@+][^\W_]+)*")
_LONGEST = 6  # words of a name
_COMMON = 2e-6  # the share of running text from which on a word is no name, where it is typed small
_ALIKE = 85  # of 100: how alike a word is that is typed wrongly
_TELLING = 3e-4  # the share up to which a word that is left says something


class OverviewKind(Table):
    """A sort of question."""

    what: str
    when: Phrases
    rows: tuple[str, ...]
    alone: bool = False


class _Questions(Table):
    asks: tuple[OverviewKind, ...]
    chairs: Phrases
    free: Words


@cache
def _table() -> _Questions:
    return read_table(Path(__file__).with_name("questions.yaml"), _Questions)


@dataclass(frozen=True, slots=True)
class OverviewQuestion:
    """A question that the register may answer; `organisations` are ids, in order.

    `post` is the kind of role that is asked for, where one is.
    """

    ask: OverviewKind
    organisations: tuple[str, ...]
    country: str
    post: str


class Typed:
    """Finds organisations in what people type: small letters, blanks within names."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self._names: dict[str, str] = {}
        self._parts: dict[str, list[str]] = {}
        for organisation in lexicon.organisations:
            for name in (organisation.name, *organisation.aliases):
                squeezed = _squeezed(name)
                if len(squeezed) > 1:
                    self._names.setdefault(squeezed, organisation.id)
                for part in _WORD.findall(legal_form().sub(" ", name)):
                    owners = self._parts.setdefault(_squeezed(part), [])
                    if organisation.id not in owners:
                        owners.append(organisation.id)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """[start, end) of each name with its organisation's id; the longest where they overlap."""
        words = list(_WORD.finditer(text))
        named: list[tuple[int, int, str]] = []
        position = 0
        while position < len(words):
            length, identity = self._longest(words[position : position + _LONGEST])
            if identity:
                end = words[position + length - 1].end()
                named.append((words[position].start(), end, identity))
            position += max(1, length)
        return named

    def parts(self, text: str) -> list[tuple[int, int, str]]:
        """Words of a name that only one organisation has: "hsinchu" for its promotion office."""
        taken = [range(start, end) for start, end, _ in self.find(text)]
        return [
            (word.start(), word.end(), owners[0])
            for word in _WORD.finditer(text)
            if len(owners := self._parts.get(_squeezed(word[0]), [])) == 1
            and not any(word.start() in span for span in taken)
            and not _is_word(word[0].lower())
            and _squeezed(word[0]) not in {fold(free) for free in _table().free}
        ]

    def _longest(self, words: Sequence[re.Match[str]]) -> tuple[int, str]:
        for length in range(len(words), 0, -1):
            squeezed = "".join(_squeezed(word[0]) for word in words[:length])
            identity = self._names.get(squeezed) or self._names.get(squeezed.removesuffix("s"))
            if identity and not (length == 1 and _is_word(words[0][0])):
                return length, identity
        return 0, ""


def _squeezed(name: str) -> str:
    return "".join(_WORD.findall(fold(legal_form().sub(" ", name)))).replace("-", "")


def _is_word(word: str) -> bool:
    """Whether it is typed as an ordinary word is, and is one."""
    return word.islower() and any(frequency(word, language) > _COMMON for language in LANGUAGES)


def read(text: str, typed: Typed) -> OverviewQuestion | None:
    """What a question asks of the register; None where it asks something else as well."""
    named = sorted({*typed.find(text), *typed.parts(text)})
    rest = text
    for start, end, _ in reversed(named):
        rest = f"{rest[:start]} {rest[end:]}"
    country, rest = _country(rest)
    organisations = tuple(dict.fromkeys(identity for *_, identity in named))
    for ask in _table().asks:
        if not ask.when.search(text) or not (organisations or ask.alone):
            continue
        if _says_more(rest):
            return None
        post = "chair" if _table().chairs.search(text) else "head"
        return OverviewQuestion(ask, organisations, country, post)
    return None


def _country(text: str) -> tuple[str, str]:
    for form, code, is_code in _country_names():
        match = form.search(text)
        if match and (not is_code or match[0].isupper()):
            return code, text[: match.start()] + text[match.end() :]
    for code, form in nationalities().items():
        named = form.search(text)
        if named and code != "DE":
            return code, text[: named.start()] + text[named.end() :]
    return "", text


@cache
def _country_names() -> list[tuple[re.Pattern[str], str, bool]]:
    """Patterns of the names of countries, with the code, and whether the name is one itself."""
    return [
        (re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE), code, len(name) <= len(code))
        for name, code in countries().items()
    ]


def _says_more(rest: str) -> bool:
    """Whether a word is left that no sort of question has: then it asks for something else."""
    free = {fold(word) for word in _table().free} | {
        fold(word) for word in register_words().small_words
    }
    return any(
        fold(word) not in free
        and max(frequency(word, language) for language in LANGUAGES) < _TELLING
        and not any(is_place(word, language) for language in LANGUAGES)
        and not process.extractOne(fold(word), free, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        for word in _WORD.findall(rest)
    )
