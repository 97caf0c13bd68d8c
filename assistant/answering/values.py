"""What a sentence has of the kind that a question asks for: dates, numbers, names, addresses."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from assistant.asking.kinds import QuestionKind
from index.facts.people import people, possible_people
from index.text.dates import find_dates
from index.text.tables import Alternatives, Table, read_table

Span = tuple[int, int]
"""Where something stands in a text: [start, end)."""

_ENUMERATED = 3  # items that make a sentence an enumeration
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:er)?\b")
_DIGITS = r"\b\d[\d.,]*(?<![.,])"
_WEB = r"\S+@\S+\.\w+|https?://\S+|\bwww\.\S+|\b[\w-]+\.(?:de|com|org|net|eu|fr|at|ch)\b(?!\w)"
_TELEPHONE = r"\+?\d[\d /()-]{6,}\d"


class _Words(Table):
    counts: Alternatives
    magnitudes: Alternatives
    currencies: Alternatives
    currency_signs: Alternatives
    free: Alternatives
    times: Alternatives
    seasons: Alternatives
    streets: Alternatives
    before_places: Alternatives
    place_articles: Alternatives
    joining: Alternatives
    item_articles: Alternatives


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)


@cache
def _patterns() -> Mapping[QuestionKind, re.Pattern[str]]:
    """How what is asked for is written, of the kinds that patterns tell."""
    said = _words()
    money = (
        rf"{_DIGITS}(?:\s{said.magnitudes})?\s?(?:d['’]\s?)?{said.currencies}"
        rf"|{said.currency_signs}\s?{_DIGITS}|\b{said.free}\b"
    )
    return {
        QuestionKind.NUMBER: re.compile(rf"{_DIGITS}|\b{said.counts}\b", re.IGNORECASE),
        QuestionKind.MONEY: re.compile(money, re.IGNORECASE),
        QuestionKind.CONTACT: re.compile(rf"{_WEB}|{_TELEPHONE}|\b\w+{said.streets}\s\d+\w?"),
        QuestionKind.PLACE: re.compile(
            rf"\b{said.before_places}\s(?:{said.place_articles}\s)?(?P<answer>[A-ZÄÖÜÉ][\w-]+)"
        ),
    }


@cache
def _time() -> re.Pattern[str]:
    """Other ways to say when: centuries, seasons, spans of time."""
    return re.compile(
        rf"\b(?:{_DIGITS}|{_words().counts})\.?\s\(?{_words().times}\b|\b{_words().seasons}\b"
        r"|\b\d{1,2}[.:]\d\d\s(?:Uhr|h)\b",
        re.IGNORECASE,
    )


@cache
def _item() -> re.Pattern[str]:
    """Where a further item of an enumeration begins: "..., die Stadt Ulm"."""
    return re.compile(
        rf"(?:(?:,|;|\b{_words().joining})\s(?:-\s)?|\n\s*-\s)"
        rf"(?:{_words().item_articles}\s)?[A-ZÄÖÜÉ]"
    )


VALUES = (
    QuestionKind.DATE,
    QuestionKind.NUMBER,
    QuestionKind.MONEY,
    QuestionKind.PERSON,
    QuestionKind.PLACE,
    QuestionKind.CONTACT,
)
"""The kinds of which a text has values."""

_NEEDED = frozenset(
    {QuestionKind.DATE, QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.CONTACT}
)


def answers_in(kind: QuestionKind, sentence: str, question: str) -> list[Span]:
    """What of the kind asked for the sentence has and the question has not itself, in order."""
    return [span for span in _found(kind, sentence) if _is_new(sentence[slice(*span)], question)]


def fits(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence has what is asked for; to a list belong several items."""
    if kind is QuestionKind.LIST:
        return len(_item().findall(sentence)) >= _ENUMERATED
    return bool(answers_in(kind, sentence, question))


def values_in(text: str) -> dict[QuestionKind, list[Span]]:
    """All that a text has of each kind of value; when something was may be told in any way."""
    found = {kind: list(_found(kind, text)) for kind in VALUES}
    found[QuestionKind.DATE] += [match.span() for match in _time().finditer(text)]
    found[QuestionKind.PERSON] = [
        span for span in found[QuestionKind.PERSON] if people(text[slice(*span)])
    ]
    return {kind: spans for kind, spans in found.items() if spans}


def items_in(text: str) -> int:
    """How many further items an enumeration in a text has."""
    return len(_item().findall(text))


def could_answer(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence may have what is asked for; only few kinds can be missed for sure."""
    if kind not in _NEEDED or fits(kind, sentence, question):
        return True
    times = (
        (match.span() for match in _time().finditer(sentence)) if kind is QuestionKind.DATE else ()
    )
    return _any_new(times, sentence, question)


def _found(kind: QuestionKind, sentence: str) -> Iterator[Span]:
    if kind is QuestionKind.DATE:
        dates = [(found.start, found.end) for found in find_dates(sentence)]
        years = (match.span() for match in _YEAR.finditer(sentence))
        alone = [year for year in years if not any(start <= year[0] < end for start, end in dates)]
        yield from sorted([*dates, *alone])
    elif kind is QuestionKind.PERSON:
        yield from (match.span() for match in possible_people(sentence))
    elif kind in _patterns():
        days = [] if kind is not QuestionKind.NUMBER else list(_found(QuestionKind.DATE, sentence))
        for match in _patterns()[kind].finditer(sentence):
            if not any(start <= match.start() < end for start, end in days):
                yield match.span("answer") if "answer" in match.groupdict() else match.span()


def _any_new(spans: Iterable[Span], sentence: str, question: str) -> bool:
    return any(_is_new(sentence[slice(*span)], question) for span in spans)


def _is_new(phrase: str, question: str) -> bool:
    said = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return not re.search(said, question, re.IGNORECASE)
