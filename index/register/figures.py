"""How large an organisation is and since when it exists, where it is certain whose number it is."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from index.documents import BlockKind
from index.facts.numbers import NUMBER, with_digits
from index.register.days import days_in
from index.register.reading import ORGANISATION, NameMention, Reading
from index.register.rows import Figure, Proof
from index.text.tables import Table, read_table

_AT = rf"{ORGANISATION}(?P<at>\d+){ORGANISATION}"
_ANY = rf"[^{ORGANISATION};]{{0,90}}?"
_YEAR = r"(?:\d{1,2}\. ?\w+ )?(?P<year>(?:18|19|20)\d\d)(?!\d)"
_MONEY = (
    rf"(?P<money>(?:€ ?|EUR ?)?(?<![\w.,]){NUMBER}"
    r" ?(?:Mio\.?|Millionen|million|millions(?: d[e’'])?|M)? ?(?:€|Euro|EUR|euros?|Franken|CHF)?)"
)
_ROUND = (
    r"(?:(?:rund|gut|etwa|über|knapp|fast|mehr als|about|around|some|over|nearly|près de|environ)"
    r"\s)?"
)
_PERSONS = "(?:Personen|Menschen|Leute|people|persons|personnes)"
_BEGIN = r"^\W*(?:(?:der|die|das|the|le|la) |l['’])?(?:\w+ )?"
_STANDS = re.compile(
    r"(?:zum|am|ende|stand:?|stand vom|by|at the end of|end of|as of|au|fin|im jahr|im|in|en)\s$",
    re.IGNORECASE,
)
_AT_BEGIN = 25  # characters of a sentence within which its subject stands
_SIGN = re.compile(rf"{ORGANISATION}\d+{ORGANISATION}(?=[a-zäöüéèà])")
_CURRENCY = re.compile(r"€|Euro|EUR|Franken|CHF", re.IGNORECASE)


class _Frames(Table):
    units: Mapping[str, str]
    has: str
    counted: tuple[str, ...]
    employed: tuple[str, ...]
    unreal: str
    budget: tuple[str, ...]
    founded: tuple[str, ...]
    by: str


@cache
def _table() -> _Frames:
    return read_table(Path(__file__).with_name("figures.yaml"), _Frames)


@cache
def _frames() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    """The frames of each sort of figure."""
    table = _table()
    counted = {
        what: tuple(_compiled(frame, unit) for frame in table.counted)
        for what, unit in table.units.items()
    }
    employed = tuple(map(_compiled, table.employed))
    return counted | {
        "employees": (*counted["employees"], *employed),
        "budget": tuple(map(_compiled, table.budget)),
        "founded": tuple(map(_compiled, table.founded)),
    }


def _compiled(frame: str, unit: str = "") -> re.Pattern[str]:
    number = rf"(?P<number>(?<![\w.,]){NUMBER}) {unit}"
    pieces = {
        "<at>": _AT,
        "<has>": _table().has,
        "<n>": _ROUND + number,
        "<persons>": _ROUND + rf"(?P<number>(?<![\w.,]){NUMBER}) {_PERSONS}",
        "<begin>": _BEGIN,
        "<money>": _MONEY,
        "<year>": _YEAR,
        "…": _ANY,
    }
    return re.compile(rf"(?<!\w)(?:{_with_pieces(frame, pieces)})(?!\w)", re.IGNORECASE)


def _with_pieces(frame: str, pieces: Mapping[str, str]) -> str:
    for piece, expression in pieces.items():
        first, _, later = frame.partition(piece)
        if later or frame.endswith(piece):
            nameless = re.sub(r"\?P<\w+>", "?:", expression)
            frame = first + expression + later.replace(piece, nameless)
    return frame


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    table = _table()
    return {
        "unreal": re.compile(rf"\b(?:{table.unreal})\b", re.IGNORECASE),
        "by": re.compile(table.by, re.IGNORECASE),
    }


def figures_in(reading: Reading) -> Iterator[Figure]:
    """The figures of organisations that a document's sentences tell."""
    for number, sentence in enumerate(reading.sentences):
        owners = _owners(reading, number)
        if sentence.kind is BlockKind.FURNITURE or not owners:
            continue
        written = _SIGN.sub(r"\g<0> ", sentence.slots)  # a pronoun may take its space along
        if _words()["unreal"].search(written):
            continue
        digits = with_digits(written, reading.document.language)
        for what, frames in _frames().items():
            text = written if what == "budget" else digits  # a sum stays as it is written
            match = next(filter(None, (frame.search(text) for frame in frames)), None)
            if match and (owner := owners.get(int(match["at"]))):
                yield from _figure(reading, number, what, match, owner)


def _owners(reading: Reading, number: int) -> dict[int, str]:
    """Whose each organisation's sign in a sentence surely is."""
    sentence = reading.sentences[number]
    return {
        position: mention.whom[0]
        for position, mention in enumerate(sentence.mentions)
        if mention.sign == ORGANISATION
        and len(mention.whom) == 1
        and (
            mention.told
            or mention.whom[0] == reading.owner
            or _is_subject(reading, number, mention)
        )
    }


def _is_subject(reading: Reading, number: int, mention: NameMention) -> bool:
    """Whether what begins a sentence stands for the one that alone begins the sentence before."""
    sentence, before = reading.sentences[number], reading.sentences[number - 1] if number else None
    if mention.start != sentence.start or not before or before.block != sentence.block:
        return False
    named = before.of(ORGANISATION)
    return {whom for one in named for whom in one.whom} == set(mention.whom) and named[
        0
    ].start - before.start < _AT_BEGIN


def _figure(
    reading: Reading, number: int, what: str, match: re.Match[str], owner: str
) -> Iterator[Figure]:
    value = match["year"] if what == "founded" else match["money" if what == "budget" else "number"]
    if what == "budget" and not _CURRENCY.search(value):
        return
    if what == "founded" and _words()["by"].search(match.string[: match.start("at") - 1]):
        return
    as_of = None if what == "founded" else _as_of(reading, match)
    sentence = reading.sentences[number]
    is_told = sentence.mentions[int(match["at"])].told
    start = sentence.start if is_told else reading.sentences[number - 1].start
    evidence = Proof(reading.document.file, start, sentence.end)
    yield Figure(owner, what, " ".join(value.split()), as_of, evidence)


def _as_of(reading: Reading, match: re.Match[str]) -> str | None:
    """The day that a number is said to be of, or else the document's."""
    told, text = reading.document.date, match.string
    for start, day in days_in(text, told):
        if not match.start("at") <= start < match.end("at") and _STANDS.search(text[:start]):
            return day
    return told.isoformat() if told else None
