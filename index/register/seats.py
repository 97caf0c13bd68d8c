"""Where organisations sit: towns and countries, as the words beside their names tell."""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from index.register.nouns import is_head
from index.register.reading import ORGANISATION, NameMention, Reading, Sentence
from index.register.rows import Place, Proof
from index.register.words import nationalities, register_words
from index.text.languages import LANGUAGES
from index.text.months import MONTHS

_TOWN = re.compile(
    r"(?:,? (?:aus|in|from|of|de|à|based in|mit Sitz in|avec siège à)| \(|, )\s?"
    r"(?P<town>(?:St\. |Saint-|Den |La |Le )?[A-ZÄÖÜÉ][\w-]+"
    r"(?: (?:am|im|an der|upon|sur) [A-Z]\w+)?)"
    r"(?: \((?P<code>[A-Z]{2})\))?(?=[\s,.;)]|$)"
)
_CODE = re.compile(r"\((?P<code>[A-Z]{2})\)")
_REACH = 40
_MORE = {"USA": "US", "Québec": "CA", "England": "GB", "UK": "GB", "Taiwan": "TW", "Südkorea": "KR"}


@cache
def countries() -> dict[str, str]:
    """The name of each country, in each language, with its code."""
    codes = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes[name] = code
    return codes | _MORE


def country_name(code: str, language: str) -> str:
    """What a country is called in a language."""
    return str(Locale(language).territories.get(code, code))


def seats_in(reading: Reading) -> Iterator[Place]:
    """Towns and countries that stand beside organisations' names."""
    for sentence in reading.sentences:
        for mention in sentence.of(ORGANISATION):
            if mention.told:
                yield from _beside(reading, sentence, mention)


def _beside(reading: Reading, sentence: Sentence, mention: NameMention) -> Iterator[Place]:
    text = reading.document.text
    whom = mention.whom[0]
    behind = text[mention.end : min(sentence.end, mention.end + _REACH)]
    before = text[max(sentence.start, mention.start - _REACH) : mention.start]
    evidence = Proof(reading.document.file, sentence.start, sentence.end)
    if town := _TOWN.match(behind):
        name = town["town"]
        if code := countries().get(name) or _known_code(town["code"]):
            yield Place(whom, "", code, evidence)
        starts = mention.end + town.start("town")
        inside = any(other.start <= starts < other.end for other in sentence.mentions)
        if name not in countries() and not name.isupper() and not inside and not _is_word(name):
            yield Place(whom, name, "", evidence)
    elif (match := _CODE.search(behind[:12])) and (nearby := _known_code(match["code"])):
        yield Place(whom, "", nearby, evidence)
    for code, form in nationalities().items():
        if form.search(before) or form.match(behind.strip()):
            yield Place(whom, "", code, evidence)
    line = re.match(r"\W*(?P<country>[^:\n]{3,30}?)(?: \([^)]*\))? ?:", sentence.text)
    if line and (listed := countries().get(line["country"].strip())):
        yield Place(whom, "", listed, evidence)


def _is_word(name: str) -> bool:
    """Whether it is a month or the noun that a name begins with, and no town."""
    return name.casefold() in MONTHS or is_head(name)


def _known_code(code: str | None) -> str:
    return code if code and code in set(countries().values()) else ""


def country_of_form(name: str) -> str:
    """The country whose legal form a name has, where only one has it."""
    forms = register_words().legal_forms
    return next((code for form, code in forms.items() if code and name.endswith(f" {form}")), "")
