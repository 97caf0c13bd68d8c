"""Invented press releases, as many as are wanted: who agreed with whom on what, when and where.

    python -m tests.benchmarks.press_releases 100000 FOLDER [--seed 1]

Each comes of its number and the seed alone, so a million need no more memory than one. Three in a
row tell of one agreement; organisations come again, so that agreements connect.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from babel.dates import format_date
from wordfreq import top_n_list

IN_A_FOLDER: Final = 1_000  # files
TOLD: Final = 3  # releases of one agreement: when it begins, later, and when another joins
_LANGUAGES: Final = ("de",) * 8 + ("en", "fr")
_FIRST_DAY, _DAYS = date(2009, 1, 5), 6_000
_WORDS: Final = 20_000  # of a language, from which those of a text are drawn
_PARAGRAPHS: Final = (4, 10)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a release tells of: two organisations, and what they have agreed on."""

    a: str
    b: str
    project: str
    day: date
    home: str


@dataclass(frozen=True, slots=True)
class PressRelease:
    """A document: its path in the folder, and its text with front matter."""

    file: str
    text: str


def releases(count: int, seed: int = 1) -> Iterator[PressRelease]:
    """The first `count` of all releases that this seed has."""
    return (release(number, seed) for number in range(count))


def release(number: int, seed: int = 1) -> PressRelease:
    """The release of a number, always the same."""
    drawn = random.Random(f"{seed}/{number}")
    language = drawn.choice(_LANGUAGES)
    told_of = agreement(number // TOLD, seed)
    written = told_of.day + timedelta(days=drawn.randrange(1, 900) if number % TOLD else 1)
    words = _Words(_tables()[language], language, told_of, drawn)
    heading = words.sentence("titles", number % TOLD)
    body = "\n\n".join([words.sentence("told", number % TOLD), *words.paragraphs()])
    head = f"---\ntitle: {heading!r}\ndate: {written}\nlanguage: {language}\n---\n"
    return PressRelease(_file(number), f"{head}\n# {heading}\n\n{body}\n")


def question(number: int, seed: int = 1) -> str:
    """One that this release and the others of its agreement answer, in the release's language."""
    language = random.Random(f"{seed}/{number}").choice(_LANGUAGES)
    told_of = agreement(number // TOLD, seed)
    text: str = _tables()[language]["question"]
    return text.format(a=told_of.a, b=told_of.b, project=told_of.project)


def files_about(number: int) -> set[str]:
    """The releases that tell of the same agreement as this one, and so answer its question."""
    first = number // TOLD * TOLD
    return {_file(told) for told in range(first, first + TOLD)}


def _file(number: int) -> str:
    return f"{number // IN_A_FOLDER:04}/{number:07}.md"


def agreement(number: int, seed: int = 1) -> Agreement:
    """The agreement of a number. Organisations grow with the root of it: they come again."""
    drawn = random.Random(f"{seed}:{number}")
    first, other = drawn.sample(range(40 + int(40 * number**0.5)), 2)
    (a, home), (b, _) = _organisation(first), _organisation(other)
    day = _FIRST_DAY + timedelta(days=drawn.randrange(_DAYS))
    return Agreement(a, b, _project(number), day, home)


def write(count: int, folder: Path, seed: int = 1) -> None:
    """Writes releases into the folder, a thousand to a subfolder, one after the other."""
    for written in releases(count, seed):
        path = folder / written.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written.text, "utf-8")


def _organisation(number: int) -> tuple[str, str]:
    """Its name and its place; no two numbers below some 38,000 have the same."""
    tables = _tables()["organisations"]
    number, first = divmod(number * 7 + 3, len(tables["first"]))
    number, place = divmod(number, len(tables["places"]))
    number, second = divmod(number, len(tables["second"]))
    home = tables["places"][place]
    form = tables["forms"][(first + second) % len(tables["forms"])]
    name = f"{tables['first'][first]}{tables['second'][second]} {home} {form}".strip()
    return (f"{name} {number + 1}" if number else name), home


def _project(number: int) -> str:
    """A name that no other agreement has."""
    syllables, endings = _tables()["projects"], _tables()["endings"]
    rest, ending = divmod(number, len(endings))
    name = endings[ending]
    while True:
        rest, syllable = divmod(rest, len(syllables))
        name = syllables[syllable].lower() + name
        if not rest:
            return name.upper()


class _Words:
    """Fills sentences of a language with what an agreement says, and with what is drawn."""

    def __init__(
        self, table: dict[str, Any], language: str, told_of: Agreement, drawn: random.Random
    ) -> None:
        self._table = table
        self._drawn = drawn
        people, places = _tables()["people"], _tables()["organisations"]["places"]
        self._fixed = {
            "a": told_of.a,
            "b": told_of.b,
            "project": told_of.project,
            "home": told_of.home,
            "day": format_date(told_of.day, "long", locale=language),
            "person": f"{drawn.choice(people['given'])} {drawn.choice(people['family'])}",
            "role": drawn.choice(table["roles"]),
            "topic": drawn.choice(table["topics"]),
        }
        self._made: dict[str, Callable[[], object]] = {
            "place": lambda: drawn.choice(places),
            "years": lambda: drawn.randint(2, 9),
            "money": lambda: drawn.randint(1, 60),
            "share": lambda: drawn.randint(10, 70),
            "partners": lambda: drawn.randint(3, 48),
            "founded": lambda: drawn.randint(1985, 2008),
            "words": lambda: ", ".join(_frequent(language, drawn)),
        }

    def sentence(self, name: str, number: int) -> str:
        """One of the sentences of this name."""
        return self._filled(self._table[name][number])

    def paragraphs(self) -> list[str]:
        """What comes after the first: details, what somebody says, and who they are."""
        chosen = self._details(2 * self._drawn.randint(*_PARAGRAPHS))
        details = [
            " ".join(map(self._filled, chosen[place : place + 2]))
            for place in range(0, len(chosen), 2)
        ]
        details.insert(len(details) // 2, self._filled(self._table["said"]))
        return [*details, self._filled(self._table["about"])]

    def _details(self, wanted: int) -> Sequence[str]:
        """Sentences, each once; those with drawn words may come again, as they differ then."""
        told: list[str] = self._table["more"]
        again = self._drawn.choices([text for text in told if "{words}" in text], k=wanted)
        chosen = [*told, *again][:wanted]
        self._drawn.shuffle(chosen)
        return chosen

    def _filled(self, sentence: str) -> str:
        return sentence.format(**self._fixed, **{name: make() for name, make in self._made.items()})


def _frequent(language: str, drawn: random.Random) -> list[str]:
    """Some words, frequent ones more often: by Zipf, the rank of one is log-uniform."""
    ranked = _ranked(language)
    return [
        ranked[int(len(ranked) ** drawn.uniform(0.45, 1)) - 1] for _ in range(drawn.randint(3, 6))
    ]


@cache
def _ranked(language: str) -> list[str]:
    return [word for word in top_n_list(language, _WORDS) if word.isalpha() and len(word) > 3]


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return tables


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes invented press releases into a folder.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.count, options.folder, options.seed)
