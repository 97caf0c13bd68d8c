"""What a sentence has of the kind that a question asks for: dates, numbers, names, addresses."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from assistant.asking.kinds import QuestionKind
from index.facts.numbers import NUMBER
from index.facts.people import people, possible_people
from index.text.dates import find_dates
from index.text.languages import LANGUAGES, frequency
from index.text.plain import Plain
from index.text.tables import Alternatives, Table, read_table

Span = tuple[int, int]
"""Where something stands in a text: [start, end)."""

_ENUMERATED = 3  # items that make a sentence an enumeration
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:er)?\b")
_DIGITS = rf"(?<![\d.,'’]){NUMBER}"
_DOMAIN = r"(?<![\w.@-])[a-zäöü0-9-]{2,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,20}(?![\w.]\w)"
_TELEPHONE = r"(?<![\w.,/+-])(?:\+\d|\(?\d)[\d /().–-]{5,30}\d(?!\d)"
_POSTCODE = r"(?:\b[A-Z]{1,2}-)?\b\d{4,5} [A-ZÄÖÜÉ][\w-]+"
_STREET_BEFORE = (
    r"\b[A-ZÄÖÜÉ][\w.'’-]{0,40}(?: [\w.'’-]{1,40}){0,3} \d{1,5}(?:[/–-]\d{1,3})? ?[a-z]?,? "
)
_STREET_AFTER = r"\b\d{1,5},? (?:[\w'’-]{1,40} ){1,4}[\w'’-]{1,40},? "
# A word behind a number, and the one behind that: "45 angeschlossene Labore".
_BEHIND = re.compile(r" ([^\W\d_]{3,})(?: ([^\W\d_]{3,}))?")
_KNOWN = 2e-8  # the share of running text from which on a word is in a language's list
_NEAR_DIGITS = ".,'’-–/:"  # between two digits they belong to one number


class _Words(Table):
    counts: Alternatives
    magnitudes: Alternatives
    currencies: Alternatives
    free: Alternatives
    times: Alternatives
    seasons: Alternatives
    moments: Alternatives
    some_time: Alternatives
    at: Alternatives
    dot: Alternatives
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
    amount = rf"(?:{_DIGITS}(?:,[-–])?|\b{said.counts}(?:[ -]{said.counts})*)"
    money = (
        rf"{amount}(?: ?{said.magnitudes})? ?(?:d['’] ?)?(?:{said.currencies})(?!\w)"
        rf"|(?<!\w)(?:{said.currencies}) ?{_DIGITS}(?: ?{said.magnitudes}(?!\w))?|\b{said.free}\b"
    )
    mail = rf"(?<![\w.+-])[\w.+-]{{1,64}} ?{said.at} ?[\w-]+(?: ?{said.dot} ?[\w-]+)+"
    address = rf"(?:{_STREET_BEFORE}|{_STREET_AFTER})?{_POSTCODE}"
    return {
        QuestionKind.NUMBER: re.compile(rf"{_DIGITS}|\b{said.counts}\b", re.IGNORECASE),
        QuestionKind.MONEY: re.compile(money, re.IGNORECASE),
        QuestionKind.CONTACT: re.compile(
            rf"{mail}|https?://\S+|\bwww\.\S+|{address}|{_TELEPHONE}|{_DOMAIN}"
            rf"|\b\w+{said.streets} \d+\w?"
        ),
        QuestionKind.PLACE: re.compile(
            rf"\b{said.before_places}\s(?:{said.place_articles}\s)?(?P<answer>[A-ZÄÖÜÉ][\w-]+)"
        ),
    }


@cache
def _moments() -> re.Pattern[str]:
    """Times that are no dates but say when: "KW 38", "3. Quartal", "14 Uhr"."""
    return re.compile(rf"(?<![\w.]){_words().moments}(?!\w)", re.IGNORECASE)


@cache
def _time() -> re.Pattern[str]:
    """Other ways to say when: centuries, seasons, spans of time, "heute"."""
    said = _words()
    return re.compile(
        rf"\b(?:{_DIGITS}|{said.counts})\.?\s\(?{said.times}\b|\b(?:{said.seasons}|{said.some_time})\b",
        re.IGNORECASE,
    )


@cache
def _item() -> re.Pattern[str]:
    """Where a further item of an enumeration begins: "..., die Stadt Ulm"."""
    return re.compile(
        rf"(?:(?:,|;|\b{_words().joining})\s(?:-\s)?|\n[ \t]*-\s)"
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


def answers_in(kind: QuestionKind, sentence: str, question: str) -> list[Span]:
    """What of the kind asked for the sentence has and the question has not itself, in order.

    It never begins or ends within a number.
    """
    plain, asked = Plain.of(sentence), Plain.of(question).text
    return [
        plain.original(*span)
        for span in _found(kind, plain.text)
        if _is_new(plain.text[slice(*span)], asked) and not _cuts_number(plain.text, span)
    ]


def fits(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence has what is asked for; to a list belong several items."""
    if kind is QuestionKind.LIST:
        return len(_item().findall(sentence)) >= _ENUMERATED
    return bool(answers_in(kind, sentence, question))


def values_in(text: str) -> dict[QuestionKind, list[Span]]:
    """All that a text has of each kind of value; when something was may be told in any way."""
    by_kind = {kind: list(_found(kind, text)) for kind in VALUES}
    by_kind[QuestionKind.DATE] += [match.span() for match in _time().finditer(text)]
    by_kind[QuestionKind.PERSON] = [
        span for span in by_kind[QuestionKind.PERSON] if people(text[slice(*span)])
    ]
    return {kind: spans for kind, spans in by_kind.items() if spans}


def items_in(text: str) -> int:
    """How many further items an enumeration in a text has."""
    return len(_item().findall(text))


def could_answer(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence may have what is asked for, in whatever form.

    Only what needs figures can be missed for sure: a date, a number, an amount, a contact.
    """
    if kind not in _NEEDED or fits(kind, sentence, question):
        return True
    text, asked = Plain.of(sentence).text, Plain.of(question).text
    if any(_is_new(match[0], asked) for match in _NEEDED[kind]().finditer(text)):
        return True
    return any(_is_new(number, asked) for number in _unexplained(kind, text))


def _unexplained(kind: QuestionKind, text: str) -> Iterator[str]:
    """Numbers that may be what is asked for in a form that is in no list.

    Those that count things ("45 Labore") are not, and in a date only where one is asked for.
    """
    days = _dates(text) if kind is not QuestionKind.DATE else []
    for number in _digits().finditer(text):
        is_day = any(start <= number.start() < end for start, end in days)
        if not is_day and not _counts_things(text, number.end()):
            yield number[0]


def _counts_things(text: str, end: int) -> bool:
    """Whether a known noun stands behind a number, or behind one word that follows it."""
    match = _BEHIND.match(text, end)
    if not match:
        return False
    words = [word for word in match.groups() if word and not word.isupper()]
    nouns = [word for word in words if word[0].isupper() or word[-1] == "s"]
    forms = [noun.removesuffix(ending) for noun in nouns for ending in ("", "n", "e", "en", "s")]
    return any(frequency(form, language) > _KNOWN for form in forms for language in LANGUAGES)


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(_DIGITS)


@cache
def _any_number() -> re.Pattern[str]:
    return re.compile(rf"{_DIGITS}|\b{_words().counts}\b|\b\w*zwei\w*\b", re.IGNORECASE)


@cache
def _any_amount() -> re.Pattern[str]:
    return re.compile(rf"\b{_words().counts}\s{_words().magnitudes}", re.IGNORECASE)


@cache
def _any_contact() -> re.Pattern[str]:
    return re.compile(rf"\w@\w|{_words().at}|{_DOMAIN}")


_NEEDED: Mapping[QuestionKind, Callable[[], re.Pattern[str]]] = {
    QuestionKind.DATE: _time,
    QuestionKind.NUMBER: _any_number,
    QuestionKind.MONEY: _any_amount,
    QuestionKind.CONTACT: _any_contact,
}


def _found(kind: QuestionKind, sentence: str) -> Iterator[Span]:
    if kind is QuestionKind.DATE:
        yield from _dates(sentence)
    elif kind is QuestionKind.PERSON:
        yield from (match.span() for match in possible_people(sentence))
    elif kind in _patterns():
        apart = _dates(sentence) if kind in (QuestionKind.NUMBER, QuestionKind.CONTACT) else []
        for match in _patterns()[kind].finditer(sentence):
            if not any(start <= match.start() < end for start, end in apart):
                yield match.span("answer") if "answer" in match.groupdict() else match.span()


def _dates(sentence: str) -> list[Span]:
    """Dates, years that stand alone, and moments."""
    spans = [(day.start, day.end) for day in find_dates(sentence)]
    for pattern in (_moments(), _YEAR):
        alone = (match.span() for match in pattern.finditer(sentence))
        spans += [s for s in alone if not any(start < s[1] and s[0] < end for start, end in spans)]
    return sorted(spans)


def _cuts_number(sentence: str, span: Span) -> bool:
    """Whether digits go on before or behind a span that begins or ends with one."""
    before, after = sentence[: span[0]][-2:], sentence[span[1] :][:2]
    starts, ends = sentence[span[0]].isdigit(), sentence[span[1] - 1].isdigit()
    goes_on = after[:1].isdigit() or (after[:1] in _NEAR_DIGITS and after[1:].isdigit())
    led = before[-1:].isdigit() or (before[-1:] in _NEAR_DIGITS and before[:1].isdigit())
    return (starts and len(before) > 0 and led) or (ends and len(after) > 0 and goes_on)


def _is_new(phrase: str, question: str) -> bool:
    said = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return not re.search(said, question, re.IGNORECASE)
