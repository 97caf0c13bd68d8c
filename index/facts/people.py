"""Persons whom a text names: with a title, or with a first name."""

import re

from index.text.languages import LANGUAGES, frequency

_UNKNOWN = 2e-8  # the share of running text of a word that is in no list
_FIRST_NAME, _SURNAME = 1e-4, 1e-5  # the most that names have
_PART = r"[A-ZÄÖÜÉ][a-zäöüßéèç]+(?:-[A-ZÄÖÜÉ][a-zäöüßéèç]+)?"
_PERSON = re.compile(
    rf"\b(?P<title>(?:(?:Dr|Prof)\.\s)+)?(?P<name>(?P<first>{_PART})\s(?P<last>{_PART}))\b"
)


def people(text: str) -> list[str]:
    """The persons that a text names: with a title, or with a first name, known in all languages."""
    return [
        found["name"]
        for found in _PERSON.finditer(text)
        if found["title"]
        or (_is_first_name(found["first"]) and frequency(found["last"], "de") < _SURNAME)
    ]


def _is_first_name(word: str) -> bool:
    return all(_UNKNOWN < frequency(word, language) < _FIRST_NAME for language in LANGUAGES)
