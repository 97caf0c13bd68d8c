"""What a question asks for: of which kind it is, whose value it wants to know, what it names."""

import re
from enum import Enum
from itertools import groupby

from index.text.languages import frequency


class QuestionKind(Enum):
    """What is asked for."""

    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    CONTACT = "contact"
    PERSON = "person"
    PLACE = "place"
    DEFINITION = "definition"
    LIST = "list"
    OTHER = "other"


_ASKS = (
    (
        QuestionKind.CONTACT,
        r"\b(?:telefon\w*|rufnummer|faxnummer|e-?mail-?adresse|mailadresse|anschrift|postadresse"
        r"|internetadresse|web-?(?:site|seite|adresse)|homepage|url|phone(?: number)?"
        r"|e-?mail address|(?:web|postal|street) address|téléphone|adresse (?:e-?mail|postale)"
        r"|courriel|site (?:web|internet))\b",
    ),
    (
        QuestionKind.MONEY,
        r"\b(?:was (?:kostet|kosten)|wie (?:teuer|viel (?:geld|euro))"
        r"|wie hoch (?:ist|sind|war|waren) (?:der|die|das|ihr|sein)e? (?:\w+ )?\w*(?:budget|etat"
        r"|haushalt|preis|umsatz|gewinn|kosten|beitrag|gebühr(?:en)?|förder(?:ung|summe|betrag)"
        r"|zuschuss|investition(?:en)?)|how (?:much (?:money|funding)|expensive)"
        r"|how much (?:does|do|did|is|was)\b.*\b(?:cost|fee|pay)"
        r"|what (?:is|was|are|were) the (?:\w+ )?(?:budget|price|costs?|revenue|turnover|fees?)"
        r"|combien (?:coûte\w*|d'argent)|quel(?:le)?s? (?:est|était|sont) (?:le|la|les) (?:budget"
        r"|prix|coût|montant|cotisation|subvention|chiffre d['’]affaires))\b",
    ),
    (
        QuestionKind.DATE,
        r"\b(?:wann|wie lange|welche[nmrs]? (?:jahre?|tag|datum|monat|zeit|zeitpunkt|zeitraum)"
        r"|when|how long|(?:what|which) (?:year|date|day|month)|quand|quelle (?:année|date)"
        r"|quel (?:jour|mois)"
        r"|depuis combien de temps)\b",
    ),
    (
        QuestionKind.NUMBER,
        r"\b(?:wie ?viele?[nrm]?|wie (?:hoch|groß|alt|oft|weit|schnell|lang|schwer|teuer)"
        r"|welche (?:anzahl|zahl|summe|höhe)|how (?:many|much|high|large|big|old|often|far|fast)"
        r"|what (?:number|percentage|amount|share)|combien|quel (?:nombre|pourcentage|montant))\b",
    ),
    (
        QuestionKind.PLACE,
        r"\b(?:wo|wohin|woher|where|où|welche[rnms]? (?:stadt|ort|land|region|standort))\b",
    ),
    (QuestionKind.PERSON, r"^(?:\W*\w+\W+)?(?:wer|wem|wen|wessen|who|whom|whose|qui)\b"),
    (
        QuestionKind.DEFINITION,
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
        r"""^(?:[Ww]ie\s(?:hoch|groß|viele?|lang|alt|teuer)\s
          (?:(?:ist|sind|war|waren|wird|betrug|beträgt)\s)?(?:(?:der|die|das|den|eine?)\s)?
        | (?P<named>[Ww]ie\s(?:lautete?n?|heißt|hieß)\s(?:(?:der|die|das)\s)?
          | [Ww](?:as|ie)\s(?:ist|war|sind|waren|wird|werden)\s(?:der|die|das)\s)
        | [Ww]elche[nmrs]?\s(?=\S+\s(?:\S+\s)?(?:hat|haben|hatte|besitzt)\b)
        | [Ww]o\s(?:hat|haben|hatte)\s.+\s(?:seine[nr]?|ihre[nr]?)\s
        )(?:[a-zäöüß]+\s)?(?P<word>[A-ZÄÖÜ][\w-]+)""",
        re.VERBOSE,
    ),
    "en": re.compile(
        r"""^(?:(?:what|which|how\s(?:high|large|big))\s(?:is|are|was|were)\sthe\s(?:\w+\s)*?
          (?P<word>\w+)\s(?:of|for)\b
        | how\smany\s(?:\w+\s)?(?P<counted>\w+)\s(?:does|do|did|has|have)\b
        | what\s(?:is|are|was|were)\s.+['’]s\s(?:\w+\s)?(?P<own>\w+)\W*$)""",
        re.VERBOSE | re.IGNORECASE,
    ),
    "fr": re.compile(
        r"""^(?:quel(?:le)?s?\s(?:est|sont|était|étaient)\s(?:le\s|la\s|les\s|l['’])(?P<word>\w+)
        | combien\s(?:de\s|d['’])(?P<counted>\w+))""",
        re.VERBOSE | re.IGNORECASE,
    ),
}
# Nouns that documents leave out when they give what is asked for.
_LABEL_WORDS = """
    Anteil Anzahl Art Begriff Bezeichnung Dauer Grund Höhe Leute Menschen Name Personen Prozent
    Prozentsatz Spitzname Titel Unterschied Zahl Zeit Ziel Zweck
    aim difference goal name number people percentage purpose reason time title
    but différence gens nom nombre personnes pourcentage raison titre
"""
_LABELS = frozenset(_LABEL_WORDS.split())
_NAMES = {
    # A noun with no article behind a preposition: a name, or what is only there in the plural.
    "de": re.compile(
        r"\b(?:mit|in|aus|von|nach|bei|für|über|zwischen|und|an|auf|durch|gegen|ohne|um|zu)"
        r"\s((?:[A-ZÄÖÜ][\w-]+\s?)+)"
    ),
    "en": re.compile(r"(?<=[\s(])((?:[A-Z][\w-]+\s?)+)"),
    "fr": re.compile(r"(?<=[\s’'(])((?:[A-ZÀÉÈÎÔ][\w-]+\s?)+)"),
}
_CAPITALISED = re.compile(r"(?<=[\s„\"(])[A-ZÄÖÜ][\w-]*\w(?:\s[A-ZÄÖÜ][\w-]*\w)*")
_COMPANY = re.compile(r"\b([A-ZÄÖÜ][\w-]+)\s(?:AG|GmbH|SE|KG|Inc|Ltd|SAS?)\b")
_OWNED_COUNT = re.compile(
    r"^(?:wie viele (?:\w+ )?\S+ (?:hat|haben|hatte|zählt|beschäftigt|besitzt|umfasst)\b"
    r"|how many (?:\w+ )?\S+ (?:does|do|did) .*\b(?:have|employ|count|own)\b"
    r"|combien (?:de |d['’])(?:\w+ )?\S+ .*\b(?:a|ont|compte|comptent|emploie|emploient)\b)",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"(?:ung|heit|keit|schaft|ion|ismus|tät)(?:en|s)?\s?$")
_RARE, _USUAL = 5e-6, 1e-6  # a word's share of running text
_PART = 3  # letters that a part of a compound has at least


def kind_of(question: str) -> QuestionKind:
    """What the question asks for; the first kind in the order of the table that it has words of."""
    if _SEVERAL.match(question):
        return QuestionKind.LIST
    return next((kind for kind, asks in _KINDS if asks.search(question)), QuestionKind.OTHER)


def attribute_in(question: str, language: str) -> str | None:
    """The noun whose value is asked for: "Budget" in "Wie hoch ist das Budget des Vereins?".

    A rare compound behind "Was ist die ..." is rather the questioner's own way to put it.
    """
    match = _ATTRIBUTE[language].match(question)
    if not match:
        return None
    groups = match.groupdict()
    word = groups["word"] or groups.get("counted") or groups.get("own")
    own_words = groups.get("named") and word and frequency(word, language) < _USUAL
    return None if own_words or word in _LABELS else word


def is_count_of_owner(question: str) -> bool:
    """Whether it asks how many of something somebody has: "Wie viele Mitglieder hat ...?"."""
    return bool(_OWNED_COUNT.match(question))


def names_in(question: str, language: str) -> list[str]:
    """What the question seems to name, each name in one piece.

    In German, where all nouns have capitals, also rare ones that are no compounds.
    """
    names = [n.strip() for n in _NAMES[language].findall(question) if not _ABSTRACT.search(n)]
    names += _COMPANY.findall(question)
    return names + (_rare_runs(question) if language == "de" else [])


def _rare_runs(question: str) -> list[str]:
    """Rare capitalised words, those in a row together: "Greta Lund" is one name."""
    runs = [run.split() for run in _CAPITALISED.findall(question)]
    together = [list(words) for run in runs for rare, words in groupby(run, _is_rare) if rare]
    return [" ".join(words) for words in together]


def _is_rare(word: str) -> bool:
    usual = _ABSTRACT.search(word) or _ends_usual(word)
    return frequency(word, "de") < _RARE and not usual


def _ends_usual(word: str) -> bool:
    """Whether it is a compound, such as Schultypen: rare, but no name."""
    heads = (word[start:] for start in range(_PART, len(word) - _PART))
    return any(frequency(head, "de") > _USUAL for head in heads)
