"""A question, understood: its language, what it asks for, and its words with their weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from llama_index.core.schema import QueryBundle

from assistant.dictionaries import Dictionary, Found
from assistant.kinds import Kind, attribute_in, kind_of, names_in
from index.language import LANGUAGES, frequency, identify
from index.lexical import Bag, features, stem, weight, words

MAX_QUESTION_CHARACTERS = 2_000

_TRANSLATION, _SYNONYM = 0.9, 0.7  # what another word counts beside the question's own
_UNTRANSLATED = 0.25  # what a word counts that no dictionary has in the documents' language
_NAME = 1e-7  # the share of running text below which a word is taken for a name
_RAREST = 8  # terms whose stems the full text is asked for

Reading = Mapping[str, float]
"""Features of a phrase, each with its share of the phrase's weight."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the question, and the ways in which documents may put it.

    `readings` holds its own features, whose shares add up to 1, and those of translations and
    synonyms, which add up to less; `phrases` are the words of each. `weight` is what the term
    counts among the others, less where it is not `understood`: a foreign word in no dictionary.
    """

    text: str
    weight: float
    readings: tuple[Reading, ...]
    phrases: tuple[tuple[str, ...], ...]
    stems: frozenset[str]
    understood: bool

    def match(self, bag: Bag, usual_words: int) -> float:
        """How much the text is about the term: about 1 for a mention in a text of usual length."""
        return max(
            sum(share * bag.saturation(feature, usual_words) for feature, share in reading.items())
            for reading in self.readings
        )


@dataclass
class Question(QueryBundle):
    """A llama-index query that carries what was understood of it.

    `indispensable` are names, and the attribute asked for: documents that have none of the terms
    of one of these groups don't answer the question.
    """

    language: str = LANGUAGES[0]
    kind: Kind = Kind.OTHER
    terms: Sequence[Term] = field(default_factory=tuple)
    indispensable: Sequence[Sequence[Term]] = field(default_factory=tuple)

    def score(self, bag: Bag, usual_words: int) -> float:
        """The terms' matches by their weights: 0 for nothing in common, about 1 for everything."""
        total = sum(term.weight for term in self.terms)
        if not total:
            return 0.0
        return sum(term.weight * term.match(bag, usual_words) for term in self.terms) / total

    def coverage(self, bag: Bag, usual_words: int) -> float:
        """The share of the question's weight that the text has, from 0 to 1."""
        total = sum(term.weight for term in self.terms)
        if not total:
            return 0.0
        return sum(t.weight * min(1.0, t.match(bag, usual_words)) for t in self.terms) / total

    def rarest_stems(self) -> list[str]:
        """The stems of the terms that tell most, translations and synonyms included."""
        telling = sorted(self.terms, key=lambda term: -term.weight)[:_RAREST]
        return sorted({stem for term in telling for stem in term.stems})


class QuestionReader:
    """Reads questions for documents in the given languages."""

    def __init__(self, dictionary: Dictionary, languages: Sequence[str]) -> None:
        self._dictionary = dictionary
        self._languages = tuple(languages) or LANGUAGES[:1]

    def read(self, text: str, language: str | None = None) -> Question:
        """The question, understood; without `language` it is told from the words."""
        language = language or identify(text)
        terms: dict[str, Term] = {}
        rendered: list[str] = []
        remaining = words(text)
        while remaining:
            found = self._dictionary.lookup(remaining, language)
            own = remaining[: found.length if found else 1]
            remaining = remaining[len(own) :]
            others = self._others(own, found)
            terms[" ".join(own).lower()] = self._term(own, language, others)
            rendered += [phrase for phrases in others.values() for phrase in phrases]
        named = [*names_in(text, language), attribute_in(text, language) or ""]
        return Question(
            query_str=text,
            custom_embedding_strs=[text, " ".join(rendered)] if rendered else None,
            language=language,
            kind=kind_of(text),
            terms=tuple(terms.values()),
            indispensable=tuple(filter(None, (_covering(terms.values(), n) for n in named))),
        )

    def _others(self, own: Sequence[str], found: Found | None) -> dict[str, list[str]]:
        """Other phrases for the question's own words, in the documents' languages."""
        said = " ".join(own).lower()
        return {
            language: [phrase for phrase in found.renderings.get(language, ()) if phrase != said]
            for language in self._languages
            if found
        }

    def _term(self, own: Sequence[str], language: str, others: Mapping[str, Sequence[str]]) -> Term:
        readings = [_reading(own, spoken) for spoken in self._languages]
        said = [tuple(own)]
        stems = {stem(word, spoken) for word in own for spoken in self._languages}
        for spoken, phrases in others.items():
            counts = _SYNONYM if spoken == language else _TRANSLATION
            for phrase in phrases:
                split = words(phrase)
                readings.append(_reading(split, spoken, counts))
                said.append(tuple(split))
                stems.update(stem(word, spoken) for word in split)
        heaviest = max(_weight(word, {language, *self._languages}) for word in own)
        understood = language in self._languages or any(others.values()) or _is_name(own, language)
        return Term(
            text=" ".join(own),
            weight=heaviest if understood else heaviest * _UNTRANSLATED,
            readings=tuple(readings),
            phrases=tuple(said),
            stems=frozenset(stems),
            understood=understood,
        )


def _covering(terms: Iterable[Term], phrase: str) -> tuple[Term, ...]:
    """The terms that have words of the phrase and could be understood."""
    wanted = set(words(phrase))
    return tuple(term for term in terms if term.understood and wanted & set(term.text.split()))


def _reading(phrase: Sequence[str], language: str, counts: float = 1.0) -> Reading:
    """The features of a phrase's words, with shares that add up to `counts`."""
    weights = {
        feature: weight(feature, language)
        for word in phrase
        for feature in features(word, language)
    }
    total = sum(weights.values())
    return {feature: counts * value / total for feature, value in weights.items()}


def _weight(word: str, languages: Iterable[str]) -> float:
    """What a word tells: what it does in the language in which it is most common."""
    return min(
        sum(weight(feature, language) for feature in set(features(word, language)))
        for language in languages
    )


def _is_name(phrase: Sequence[str], language: str) -> bool:
    return all(frequency(word, language) < _NAME or word.isupper() for word in phrase)
