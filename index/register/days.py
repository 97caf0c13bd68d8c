"""Since when, until when, and on which day, as far as a sentence tells."""

import re
from datetime import date, timedelta

from index.text.dates import FoundDate, find_dates

_UNTIL = re.compile(
    r"(?:bis(?: zum| Ende| Anfang| Mitte)?|until|through|jusqu['’](?:en|au|à)|läuft .{0,20}bis|"
    r"valid until|zum|fin|endet(?: nun)? am|ended? on|–|-|to)\s"
    r"(?:Ende |end of |fin |la fin de l['’]année )?$",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?:seit(?: dem)?|since|depuis(?: le)?|ab(?: dem)?|from|à partir du|zum|started on"
    r"|begann am|began on|startet am|vom|lancé(?:e)?(?: en| le)?)\s"
    r"(?:dem )?(?:Herbst |Jahresbeginn |Anfang |Ende )?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]?\d)")
_TODAY = re.compile(
    r"\b(?:heute|today|aujourd['’]hui|ce (?:lundi|mardi|mercredi|jeudi|vendredi))\b", re.I
)
_YESTERDAY = re.compile(r"\b(?:gestern|yesterday|hier soir)\b", re.I)
_SPAN = re.compile(
    r"(?:für|for|auf|pour|gilt|läuft|of|eine Laufzeit von|durée de|dauert)\s"
    r"(?:zunächst |weitere |another |die Dauer von )?"
    r"(?P<number>\d+|zwei|drei|vier|fünf|sechs|two|three|four|five|six|deux|trois|quatre|cinq) "
    r"(?:weitere )?(?P<unit>Jahre?n?|years?|ans|Monate?n?|months?|mois)",
    re.IGNORECASE,
)
_NUMBERS = {
    "zwei": 2, "two": 2, "deux": 2, "drei": 3, "three": 3, "trois": 3, "vier": 4, "four": 4,
    "quatre": 4, "fünf": 5, "five": 5, "cinq": 5, "sechs": 6, "six": 6,
}  # fmt: skip


def since_and_until(text: str, told: date | None) -> tuple[str | None, str | None]:
    """The days from which and until which something holds, as a sentence says it."""
    since = until = None
    for start, day in days_in(text, told):
        if _UNTIL.search(text[:start]) and not _begins(text[:start], day):
            until = until or day
        elif _SINCE.search(text[:start]):
            since = since or day
    return since, until


def _begins(before: str, day: str) -> bool:
    """Whether something begins "zum 1. Juli"; "zum 31. Juli" it ends."""
    return (
        before.rstrip().endswith(("zum", "Zum"))
        and day.endswith("-01")
        and len(day) > len("2024-01")
    )


def day_of(text: str, told: date | None) -> str | None:
    """The day on which something happened, as a sentence says it."""
    for start, day in days_in(text, told):
        if not _UNTIL.search(text[:start]) or _begins(text[:start], day):
            return day
    if told and _TODAY.search(text):
        return told.isoformat()
    if told and _YESTERDAY.search(text):
        return (told - timedelta(days=1)).isoformat()
    return None


def days_in(text: str, told: date | None) -> list[tuple[int, str]]:
    """Each day in a text, as far as it is told, with its place; years alone as well."""
    dates = find_dates(text)
    days = [(day.start, _written(day, told)) for day in dates]
    for match in _YEAR.finditer(text):
        if all(match.end() <= day.start or match.start() >= day.end for day in dates):
            days.append((match.start(), match[0]))
    return sorted((start, day) for start, day in days if day)


def span_in(text: str) -> int | None:
    """The months for which something is said to hold."""
    match = _SPAN.search(text)
    if not match:
        return None
    number = _NUMBERS.get(match["number"].lower()) or int(match["number"])
    is_months = match["unit"].lower().startswith(("mon", "moi"))
    return number if is_months else 12 * number


def later(day: str, months: int) -> str | None:
    """The month so many months after a day; None where only its year is known."""
    if len(day) < 7:
        return str(int(day) + months // 12) if months % 12 == 0 else None
    total = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    return f"{total // 12}-{total % 12 + 1:02}"


def _written(found: FoundDate, told: date | None) -> str:
    year = found.year or (told.year if told else None)
    if not year:
        return ""
    return f"{year}-{found.month:02}" + (f"-{found.day:02}" if found.day else "")
