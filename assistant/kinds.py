"""What a question asks for, and what a sentence that answers it has in it."""

import re
from collections.abc import Iterable
from enum import Enum

from index.dates import find_dates
from index.language import frequency


class Kind(Enum):
    """What is asked for."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    DEFINITION = "definition"
    LIST = "list"
    OTHER = "other"


_ASKS = (
    (
        Kind.DATE,
        r"\b(?:wann|wie lange|welche[nmrs]? (?:jahre?|tag|datum|monat|zeit\w*)|when|how long"
        r"|(?:what|which) (?:year|date|day|month)|quand|quelle (?:année|date)|quel (?:jour|mois)"
        r"|depuis combien de temps)\b",
    ),
    (
        Kind.NUMBER,
        r"\b(?:wie ?viele?[nrm]?|wie (?:hoch|groß|alt|oft|weit|schnell|lang|schwer|teuer)"
        r"|welche (?:anzahl|zahl|summe|höhe)|how (?:many|much|high|large|big|old|often|far|fast)"
        r"|what (?:number|percentage|amount|share)|combien|quel (?:nombre|pourcentage|montant))\b",
    ),
    (
        Kind.PLACE,
        r"\b(?:wo|wohin|woher|where|où|welche[rnms]? (?:stadt|ort|land|region|standort))\b",
    ),
    (Kind.PERSON, r"^(?:\W*\w+\W+)?(?:wer|wem|wen|wessen|who|whom|whose|qui)\b"),
    (
        Kind.DEFINITION,
        r"^\W*(?:was (?:ist|sind|war|bedeutet|heißt|versteht|macht|tut)|wofür steht"
        r"|what (?:is|are|was|does)|qu['’]est-ce|que (?:signifie|fait))\b",
    ),
)
# Asked for in the plural. Patterns for German are case-sensitive: nouns tell themselves apart.
_SEVERAL = re.compile(
    r"""^(?: (?:[Aa]n|[Bb]ei|[Ii]n|[Mm]it|[Zz]u|[Vv]on|[Aa]us|[Aa]uf|[Ff]ür)\s(?:welchen|wem)\b
      | [Ww]elche[rn]?\s(?:\S+\s)?[A-ZÄÖÜ][\w-]+\s(?:sind|waren|gab|gibt|\w+en)\b
      | [Ww]er\s(?:sind|waren|\w+en)\b | (?:[Nn]enne|[Zz]ähle|[Ll]iste)\w*\b
      | (?:[Ww]ho|[Ww]hat|[Ww]hich)\s(?:\w+\s){0,2}(?:are|were|have|of\sthe)\b
      | [Ww]hich\s(?:\w+(?:an|ese|ish|al|ic|ed|ing|nt)\s)?\w+[^s\W]s\s | [Ll]ist\b
      | [Nn]ame\sthe\b | [Qq]uel(?:le)?s\b | [Aa]vec\s(?:qui|quels|quelles)\b | [Qq]ui\ssont\b)""",
    re.VERBOSE,
)
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKS)

# The attribute in "Wie hoch ist das Budget ...?", "Welche Telefonnummer hat ...?" and their like.
_ATTRIBUTE = {
    "de": re.compile(
        r"""^(?:[Ww]ie\s(?:hoch|groß|viele?|lautete?n?|heißt|hieß|lang|alt|teuer)\s
          (?:(?:ist|sind|war|waren|wird|betrug|beträgt)\s)?(?:(?:der|die|das|den|eine?)\s)?
        | [Ww](?:as|ie)\s(?:ist|war|sind|waren|wird|werden)\s(?:der|die|das)\s
        | [Ww]elche[nmrs]?\s(?=\S+\s(?:\S+\s)?(?:hat|haben|hatte|besitzt)\b)
        )(?:[a-zäöüß]+\s)?(?P<word>[A-ZÄÖÜ][\w-]+)""",
        re.VERBOSE,
    ),
    "en": re.compile(
        r"""^(?:(?:what|which|how\s(?:high|large|big))\s(?:is|are|was|were)\sthe\s(?:\w+\s)*?
          (?P<word>\w+)\s(?:of|for)\b
        | (?:how\smany|which|what)\s(?:\w+\s)?(?P<counted>\w+)\s(?:does|do|did|has|have)\b)""",
        re.VERBOSE | re.IGNORECASE,
    ),
    "fr": re.compile(
        r"""^(?:quel(?:le)?s?\s(?:est|sont|était|étaient)\s(?:le\s|la\s|les\s|l['’])(?P<word>\w+)
        | combien\s(?:de\s|d['’])(?P<counted>\w+))""",
        re.VERBOSE | re.IGNORECASE,
    ),
}
_NAMES = {
    # A noun with no article behind a preposition: a name, or what is only there in the plural.
    "de": re.compile(
        r"\b(?:mit|in|aus|von|nach|bei|für|über|zwischen|und|an|auf|durch|gegen|ohne|um|im|am|zu)"
        r"\s((?:[A-ZÄÖÜ][\w-]+\s?)+)"
    ),
    "en": re.compile(r"(?<=\s)((?:[A-Z][\w-]+\s?)+)"),
    "fr": re.compile(r"(?<=[\s’'])((?:[A-ZÀÉÈÎÔ][\w-]+\s?)+)"),
}
_CAPITALISED = re.compile(r"(?<=[\s„\"(])[A-ZÄÖÜ][\w-]*\w")
_RARE, _USUAL = 5e-6, 1e-6  # a word's share of running text
_PART = 3  # letters that a part of a compound has at least

_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_DIGITS = re.compile(r"\b\d[\d.,]*")
_NUMBER_WORD = re.compile(
    r"\b(?:null|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w*(?:zehn|zig|hundert"
    r"|tausend|million(?:en)?|milliarden?)|dutzend|hälfte|drittel|viertel|doppelt\w*|beiden?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+(?:teen|ty)|hundreds?"
    r"|thousands?|millions?|billions?|dozens?|half|third|quarter|both|deux|trois|quatre|cinq|six"
    r"|sept|huit|neuf|dix|onze|douze|\w*(?:vingt|trente|cent|mille)s?|douzaine|moitié|tiers)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:\b(?:Dr|Prof|Ing|Mr|Mrs|Ms)\.\s)?\b[A-ZÄÖÜÉ][a-zäöüßé’'-]+(?:\s(?:von|van|de|du|der|zu)\b)?"
    r"\s[A-ZÄÖÜÉ][a-zäöüßé’'-]+\b"
)
_ITEM = re.compile(
    r"(?:,|\n|;|\bsowie|\bund|\band|\bet)\s(?:-\s)?(?:(?:d(?:er|ie|as|en|em)|the|l[ae]s?)\s)?[A-ZÄÖÜÉ]"
)
_ENUMERATED = 3  # items that make a sentence an enumeration
_PLACED = re.compile(
    r"\b(?:in|im|aus|bei|nach|auf|at|near|from|à|au|en|dans)\s(?:der\s|dem\s|the\s|la\s)?([A-ZÄÖÜÉ][\w-]+)"
)


def kind_of(question: str) -> Kind:
    """What the question asks for; the first kind in the order of the table that it has words of."""
    if _SEVERAL.match(question):
        return Kind.LIST
    return next((kind for kind, asks in _KINDS if asks.search(question)), Kind.OTHER)


def attribute_in(question: str, language: str) -> str | None:
    """The noun whose value is asked for: "Budget" in "Wie hoch ist das Budget des Vereins?"."""
    match = _ATTRIBUTE[language].match(question)
    return next((word for word in match.groups() if word), None) if match else None


def names_in(question: str, language: str) -> list[str]:
    """What the question seems to name, each name in one piece.

    In German, where all nouns have capitals, also rare ones that are no compounds.
    """
    names = [name.strip() for name in _NAMES[language].findall(question)]
    if language == "de":
        rest = _CAPITALISED.findall(question)
        names += [
            word for word in rest if frequency(word, language) < _RARE and not _ends_usual(word)
        ]
    return names


def _ends_usual(word: str) -> bool:
    """Whether it is a compound, such as Schultypen: rare, but no name."""
    heads = (word[start:] for start in range(_PART, len(word) - _PART))
    return any(frequency(head, "de") > _USUAL for head in heads)


def has_answer(kind: Kind, sentence: str, question: str) -> bool:
    """Whether the sentence has anything of the kind asked for that the question has not itself."""
    match kind:
        case Kind.DATE:
            dates = [sentence[found.start : found.end] for found in find_dates(sentence)]
            return _any_new([*dates, *_YEAR.findall(sentence)], question)
        case Kind.NUMBER:
            numbers = _DIGITS.findall(sentence) + _NUMBER_WORD.findall(sentence)
            return _any_new(numbers, question)
        case Kind.PERSON:
            return _any_new(_NAME.findall(sentence), question)
        case Kind.PLACE:
            return _any_new(_PLACED.findall(sentence), question)
        case Kind.LIST:
            return len(_ITEM.findall(sentence)) >= _ENUMERATED
        case _:
            return False


def _any_new(found: Iterable[str], question: str) -> bool:
    return any(item.lower() not in question.lower() for item in found)
