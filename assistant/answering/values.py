"""What a sentence has of the kind that a question asks for: dates, numbers, names, addresses."""

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.asking.kinds import QuestionKind
from index.text.dates import find_dates

Span = tuple[int, int]
"""Where something stands in a text: [start, end)."""

_ENUMERATED = 3  # items that make a sentence an enumeration
_ITEM = re.compile(
    r"(?:(?:,|;|\bsowie|\bund|\band|\bet)\s(?:-\s)?|\n\s*-\s)"
    r"(?:(?:d(?:er|ie|as|en|em)|the|l[ae]s?)\s)?[A-ZÄÖÜÉ]"
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:er)?\b")
_DIGITS = r"\b\d[\d.,]*(?<![.,])"
_COUNT = (
    r"(?:null|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w*(?:zehn|hundert|tausend"
    r"|million(?:en)?|milliarden?)|\w*(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|\w*drei(?:ß|ss)ig"
    r"|dutzend|hälfte|drittel|viertel|doppelt\w*|beiden?|\w+fache[ns]?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundreds?|thousands?|millions?|billions?|dozens?|half|third|quarter|both"
    r"|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|(?:vingt|trente|quarante|cinquante|soixante|cent|mille)s?|douzaine|moitié|tiers)"
)
_NUMBER = re.compile(rf"{_DIGITS}|\b{_COUNT}\b", re.IGNORECASE)
_CURRENCY = r"(?:€|EUR\b|Euros?\b|\$|USD\b|Dollars?\b|£|Pfund\b|CHF\b|Franken\b|francs\b)"
_MONEY = re.compile(
    rf"{_DIGITS}(?:\s(?:Mio|Mrd)\b\.?|\s(?:Million|Milliarde|million|billion|milliard)\w*)?\s?"
    rf"(?:d['’]\s?)?{_CURRENCY}|(?:€|\$|£)\s?{_DIGITS}|\b(?:kostenlos|kostenfrei|unentgeltlich"
    r"|free of charge|gratuit\w*)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\S+@\S+\.\w+|https?://\S+|\bwww\.\S+|\b[\w-]+\.(?:de|com|org|net|eu|fr|at|ch)\b(?!\w)"
    r"|\+?\d[\d /()-]{6,}\d|\b\w+(?:straße|str\.|platz|weg|allee)\s\d+\w?"
)
_PERSON = re.compile(
    r"(?:\b(?:Dr|Prof|Ing|Mr|Mrs|Ms)\.\s)*\b[A-ZÄÖÜÉ][a-zäöüßé’'-]+(?:\s(?:von|van|de|du|der|zu)\b)?"
    r"\s[A-ZÄÖÜÉ][a-zäöüßé’'-]+\b"
)
_PLACE = re.compile(
    r"\b(?:in|im|aus|bei|nach|auf|at|near|from|à|au|en|dans)\s(?:der\s|dem\s|the\s|la\s)?"
    r"(?P<answer>[A-ZÄÖÜÉ][\w-]+)"
)
# Other ways to say when: centuries, seasons, spans of time.
_TIME = re.compile(
    rf"\b(?:{_DIGITS}|{_COUNT})\.?\s\(?(?:BP|v\.\sChr|Jahrhundert\w*|centur(?:y|ies)|siècles?"
    r"|(?:Jahr|Monat|Tag)(?:e[ns]?|s)?|(?:Woche|Stunde|Minute|Sekunde)n?"
    r"|(?:year|month|week|day|hour|minute|second)s?"
    r"|ans?|années?|mois|(?:semaine|jour|heure|seconde)s?)\b"
    r"|\b\w*(?:frühjahr|frühling|sommer|herbst|winter|jahrhundert|jahrzehnt)\w*\b"
    r"|\b(?:spring|summer|autumn|century|centurie|printemps|automne|hiver|siècle)s?\b"
    r"|(?:\b[ld]['’]|\b(?:en|cet|un)\s)été\b|\b\d{1,2}[.:]\d\d\s(?:Uhr|h)\b",
    re.IGNORECASE,
)
_PATTERNS: Mapping[QuestionKind, re.Pattern[str]] = {
    QuestionKind.NUMBER: _NUMBER,
    QuestionKind.MONEY: _MONEY,
    QuestionKind.CONTACT: _CONTACT,
    QuestionKind.PERSON: _PERSON,
    QuestionKind.PLACE: _PLACE,
}
_NEEDED = frozenset(
    {QuestionKind.DATE, QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.CONTACT}
)


def answers_in(kind: QuestionKind, sentence: str, question: str) -> list[Span]:
    """What of the kind asked for the sentence has and the question has not itself, in order."""
    return [span for span in _found(kind, sentence) if _is_new(sentence[slice(*span)], question)]


def fits(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence has what is asked for; to a list belong several items."""
    if kind is QuestionKind.LIST:
        return len(_ITEM.findall(sentence)) >= _ENUMERATED
    return bool(answers_in(kind, sentence, question))


def could_answer(kind: QuestionKind, sentence: str, question: str) -> bool:
    """Whether the sentence may have what is asked for; only few kinds can be missed for sure."""
    if kind not in _NEEDED or fits(kind, sentence, question):
        return True
    times = (
        (match.span() for match in _TIME.finditer(sentence)) if kind is QuestionKind.DATE else ()
    )
    return _any_new(times, sentence, question)


def _found(kind: QuestionKind, sentence: str) -> Iterator[Span]:
    if kind is QuestionKind.DATE:
        dates = [(found.start, found.end) for found in find_dates(sentence)]
        years = (match.span() for match in _YEAR.finditer(sentence))
        alone = [year for year in years if not any(start <= year[0] < end for start, end in dates)]
        yield from sorted([*dates, *alone])
    elif kind in _PATTERNS:
        days = [] if kind is not QuestionKind.NUMBER else list(_found(QuestionKind.DATE, sentence))
        for match in _PATTERNS[kind].finditer(sentence):
            if not any(start <= match.start() < end for start, end in days):
                yield match.span("answer") if "answer" in match.groupdict() else match.span()


def _any_new(spans: Iterable[Span], sentence: str, question: str) -> bool:
    return any(_is_new(sentence[slice(*span)], question) for span in spans)


def _is_new(phrase: str, question: str) -> bool:
    said = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return not re.search(said, question, re.IGNORECASE)
