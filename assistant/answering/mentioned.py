"""Whether documents mention what a question names, and have what it asks for.

Names are found inflected, inside of compounds, and misspelt; of an attribute ("Budget"), or of what
is counted ("Mitglieder"), translations and synonyms are found as well.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.answering.evidence import Evidence
from assistant.answering.selection import Quote
from assistant.answering.values import could_answer
from assistant.asking.kinds import is_count_of_owner
from assistant.asking.question import Term
from assistant.finding.analysis import analysis_of
from assistant.finding.hit import Hit
from index.text.alike import is_misspelt
from index.text.compounds import has_head, has_part
from index.text.dates import years_in
from index.text.features import grams, stem
from index.text.languages import LANGUAGES, frequency
from index.text.words import fold

_LOOKED_THROUGH = 10  # passages, for names
_OF_DOCUMENT = 5  # passages of the document that is quoted first
_COUNTED = 0.4  # a match of a term from which on a unit is about it
_SAME_FROM = 0.6  # of a word's 4-grams, in one other word
_LONG = 6  # letters of a word that may be misspelt
_RARE = 2e-6  # the share of running text that few words but names fall short of
_ENDINGS = ("", "s", "n", "en", "es")


def lacking(evidence: Evidence, quotes: Sequence[Quote]) -> Mapping[str, float]:
    """1 for each thing that is lacking, else 0: a name, an attribute, a value of the kind asked."""
    question, hits = evidence.question, evidence.hits[:_LOOKED_THROUGH]
    file = quotes[0].document.file
    own = [hit for hit in evidence.hits if hit.document.file == file][:_OF_DOCUMENT]
    attribute = question.attribute
    unnamed = [name for name in question.names if not _mentioned(name, hits)]
    return {
        "lacks_proper_name": float(any(map(_is_proper, unnamed))),
        "lacks_year": float(_lacks_year(evidence, quotes)),
        "lacks_name": float(bool(unnamed)),
        "lacks_name_there": float(not all(_mentioned(name, own) for name in question.names)),
        "lacks_attribute": float(bool(attribute) and not _mentioned(attribute, hits)),
        "lacks_attribute_there": float(bool(attribute) and not _mentioned(attribute, own)),
        "lacks_value": float(not any(_has_value(evidence, unit) for unit in _units(quotes))),
        "lacks_count": float(_lacks_count(evidence, quotes)),
    }


def _is_proper(name: Sequence[Term]) -> bool:
    """Whether it can only be a name: several words, or one that running text hardly has."""
    said = {word.casefold() for term in name for word in term.text.split()}
    return len(said) > 1 or not any(map(_is_usual, said))


def _is_usual(word: str) -> bool:
    """Whether running text has a word, or what it is without an ending."""
    forms = [word.removesuffix(ending) for ending in _ENDINGS]
    return any(frequency(form, language) > _RARE for form in forms for language in LANGUAGES)


def _lacks_year(evidence: Evidence, quotes: Sequence[Quote]) -> bool:
    """Whether the one year that is asked about stands nowhere around the quotes."""
    asked = evidence.asked_years
    return len(asked) == 1 and not any(asked & _years_around(evidence, quote) for quote in quotes)


def _years_around(evidence: Evidence, quote: Quote) -> frozenset[str]:
    """The years in a quote's paragraph, in what stands above it, and of its document."""
    stretch, number = evidence.of(quote.first), int(evidence.number[quote.first])
    paragraphs, document = stretch.paragraphs, stretch.document
    own = [
        text
        for text, paragraph in zip(stretch.texts, paragraphs, strict=True)
        if paragraph == paragraphs[number]
    ]
    above = stretch.units[number].heading
    heading = document.text[slice(*above)] if above else ""
    told = [*own, heading, document.title, str(document.date or ""), document.file]
    return years_in(" ".join(told))


def _units(quotes: Sequence[Quote]) -> list[int]:
    return [unit for quote in quotes for unit in quote.units]


def _has_value(evidence: Evidence, unit: int) -> bool:
    question = evidence.question
    return could_answer(question.kind, evidence.text(unit), question.query_str)


def _lacks_count(evidence: Evidence, quotes: Sequence[Quote]) -> bool:
    """Whether no quoted unit, or what stands above it, has a number and what it is asked of."""
    question = evidence.question
    if not question.attribute or not is_count_of_owner(question.query_str):
        return False
    counted = [n for n, term in enumerate(question.terms) if term in question.attribute]
    about = np.maximum(evidence.matches, evidence.headings)[:, counted].max(axis=1, initial=0.0)
    return not any(
        _has_value(evidence, unit) and about[unit] >= _COUNTED for unit in _units(quotes)
    )


def _mentioned(terms: Sequence[Term], hits: Sequence[Hit]) -> bool:
    """Whether a passage has all words of one of the terms, or of what stands for it."""
    phrases = [phrase for term in terms for phrase in term.phrases]
    return any(all(_stands_in(word, hit) for word in phrase) for hit in hits for phrase in phrases)


def _stands_in(word: str, hit: Hit) -> bool:
    passage = analysis_of(hit)
    if stem(word, hit.document.language) in passage.passage.saturations:
        return True
    return any(_is_like(word, other) for other in passage.words)


def _is_like(word: str, other: str) -> bool:
    """A part of a compound, or the last part of the word as a compound, or the word misspelt.

    Few letters are soon alike: of a short word, other forms have to have its stem.
    """
    word, other = fold(word), fold(other)
    if other == f"{word}s" or has_part(other, word) or has_head(word, other, rest=0):
        return True
    if len(word) < _LONG or word[:2] != other[:2]:
        return False
    wanted = set(grams(word))
    alike = len(wanted.intersection(grams(other))) >= _SAME_FROM * len(wanted)
    return alike or is_misspelt(word, other)
