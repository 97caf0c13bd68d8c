"""A question, understood: its language, what it asks for, and its words with their weights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from llama_index.core.schema import QueryBundle
from numpy.typing import NDArray

from assistant.asking.kinds import QuestionKind, attribute_in, kind_of, names_in
from assistant.dictionaries.dictionary import Dictionary, Renderings
from index.text.features import Postings, Profile, features, stem, weight
from index.text.languages import LANGUAGES, frequency, identify
from index.text.words import words

_TRANSLATION, _SYNONYM = 0.9, 0.4  # what another word counts beside the question's own
_LESS_USUAL = 0.05  # what each rendering counts less than the one before it
_NAME = 1e-7  # the share of running text below which a word is taken for a name
_COMMON = 5e-6  # the share from which on a word is none
_SYNONYMS = 6  # renderings in the question's own language; more take time and gain nothing
_ASKED = 6  # renderings of each, the most usual ones
_MEANT = 4  # renderings that the vector has, and that may stand for a name or an attribute
_RAREST = 8  # terms whose stems the full text is asked for

Reading = Mapping[str, float]
"""Features of a phrase, each with its share of the phrase's weight."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the question, and the ways in which documents may put it.

    `readings` holds its own features, whose shares add up to 1, and those of translations and
    synonyms, which add up to less; `phrases` are the words of each. `weight` is what the term
    counts among the others. A foreign word that no dictionary has is not `understood`.
    """

    text: str
    weight: float
    readings: tuple[Reading, ...]
    phrases: tuple[tuple[str, ...], ...]
    stems: frozenset[str]
    understood: bool
    parts: tuple["Term", ...] = ()

    def match(self, profile: Profile) -> float:
        """How much the text is about the term: about 1 for a mention in a text of usual length."""
        return Matcher.of([self]).matches(profile)[0]


@dataclass(frozen=True, slots=True)
class Matcher:
    """Terms turned about, so that a text is scored in one pass over what it shares with them.

    `shares` has for each feature the numbers of the readings that it stands in, with its share
    there; `spans` has for each term its readings' numbers, and those of its parts with the parts'
    shares in the term's weight.
    """

    shares: Mapping[str, Sequence[tuple[int, float]]]
    spans: Sequence[tuple[slice, Sequence[tuple[slice, float]]]]
    readings: int

    @classmethod
    def of(cls, terms: Sequence[Term]) -> "Matcher":
        """The matcher of some terms."""
        numbered: list[Reading] = []

        def number(term: Term) -> slice:
            numbered.extend(term.readings)
            return slice(len(numbered) - len(term.readings), len(numbered))

        spans = []
        for term in terms:
            total = sum(part.weight for part in term.parts) or 1.0
            parts = [(number(part), part.weight / total) for part in term.parts]
            spans.append((number(term), parts))
        shares: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, reading in enumerate(numbered):
            for feature, share in reading.items():
                shares[feature].append((place, share))
        return cls(dict(shares), spans, len(numbered))

    def matches(self, profile: Profile) -> list[float]:
        """How much the text is about each term, as in `Term.match`."""
        scores = [0.0] * self.readings
        saturations, shares = profile.saturations, self.shares
        for feature in shares.keys() & saturations.keys():
            tells = saturations[feature]
            for place, share in shares[feature]:
                scores[place] += share * tells
        return [
            max(*scores[whole], sum(share * max(scores[part]) for part, share in parts), 0.0)
            for whole, parts in self.spans
        ]

    def table(self, postings: Postings) -> NDArray[np.float64]:
        """How much each of many texts is about each term; (texts, terms)."""
        scores = np.zeros((self.readings, postings.texts))
        for feature in self.shares.keys() & postings.of.keys():
            texts, tells = postings.of[feature]
            for place, share in self.shares[feature]:
                scores[place, texts] += share * tells
        columns = [
            np.maximum(
                scores[whole].max(axis=0, initial=0.0),
                sum(share * scores[part].max(axis=0, initial=0.0) for part, share in parts),
            )
            for whole, parts in self.spans
        ]
        return np.array(columns).reshape(len(self.spans), postings.texts).T


@dataclass
class Question(QueryBundle):
    """A llama-index query that carries what was understood of it.

    `attribute` are the terms of what is asked about something, "Budget" or "Sitz", and `names` for
    each name those terms of which one has to be mentioned: documents without don't answer.
    `files` are those that it is asked of; None are all.
    """

    language: str = LANGUAGES[0]
    kind: QuestionKind = QuestionKind.OTHER
    terms: Sequence[Term] = field(default_factory=tuple)
    attribute: Sequence[Term] = field(default_factory=tuple)
    names: Sequence[Sequence[Term]] = field(default_factory=tuple)
    files: frozenset[str] | None = None

    def score(self, profile: Profile) -> float:
        """The terms' matches by their weights: 0 for nothing in common, about 1 for everything."""
        return self._weighed(self.matches(profile))

    def coverage(self, profile: Profile) -> float:
        """The share of the question's weight that the text has, from 0 to 1."""
        return self._weighed(min(1.0, match) for match in self.matches(profile))

    def matches(self, profile: Profile) -> Sequence[float]:
        """How much the text is about each term; a text is compared but once."""
        if profile not in self._compared:
            self._compared[profile] = self._matcher.matches(profile)
        return self._compared[profile]

    def table(self, postings: Postings) -> NDArray[np.float64]:
        """How much each of many texts is about each term, 1 at most; (texts, terms)."""
        return np.minimum(self._matcher.table(postings), 1.0)

    def _weighed(self, matches: Iterable[float]) -> float:
        pairs = zip(self.weights, matches, strict=True)
        return sum(weight * match for weight, match in pairs) / (sum(self.weights) or 1.0)

    @cached_property
    def weights(self) -> Sequence[float]:
        """What each term counts among the others."""
        return tuple(term.weight for term in self.terms)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher.of(self.terms)

    @cached_property
    def _compared(self) -> dict[Profile, Sequence[float]]:
        return {}

    def rarest_stems(self) -> list[str]:
        """The stems of the terms that tell most, translations and synonyms included."""
        telling = sorted(self.terms, key=lambda term: -term.weight)[:_RAREST]
        return sorted({stem for term in telling for stem in term.stems})


class QuestionReader:
    """Reads questions for documents in the given languages."""

    def __init__(self, dictionary: Dictionary, languages: Sequence[str]) -> None:
        self._dictionary = dictionary
        self._languages = tuple(languages) or LANGUAGES[:1]
        self._usual = next(filter(LANGUAGES.__contains__, languages), None)

    def read(self, text: str, language: str | None = None) -> Question:
        """The question, understood; without `language` it is told from the words, if these do."""
        language = language or identify(text, otherwise=self._usual)
        terms: dict[str, Term] = {}
        rendered: list[str] = []
        remaining = words(text)
        while remaining:
            renderings = self._dictionary.lookup(remaining, language)
            own = remaining[: renderings.length if renderings else 1]
            remaining = remaining[len(own) :]
            others = self._others(own, language, renderings)
            terms[" ".join(own).lower()] = self._term(own, language, others)
            rendered += [phrase for phrases in others.values() for phrase in phrases[:_MEANT]]
        understood = [term for term in terms.values() if term.understood]
        attribute = _covering(understood, attribute_in(text, language) or "")
        names = [
            self._named(_covering(understood, name), language) for name in names_in(text, language)
        ]
        return Question(
            query_str=text,
            custom_embedding_strs=[text, " ".join(rendered)] if rendered else None,
            language=language,
            kind=kind_of(text),
            terms=tuple(terms.values()),
            attribute=attribute,
            names=tuple(filter(None, names)),
        )

    def of(self, query: QueryBundle) -> Question:
        """What was understood of a query; one that comes from elsewhere is read now."""
        return query if isinstance(query, Question) else self.read(query.query_str)

    def _others(
        self, own: Sequence[str], language: str, found: Renderings | None
    ) -> dict[str, list[str]]:
        """Other phrases for the question's own words, in the documents' languages."""
        if not found:
            return {}
        said = " ".join(own).lower()
        others: dict[str, list[str]] = {}
        for spoken in self._languages:
            phrases = [phrase for phrase in found.renderings.get(spoken, ()) if phrase != said]
            others[spoken] = phrases[:_SYNONYMS] if spoken == language else phrases
        return others

    def _term(self, own: Sequence[str], language: str, others: Mapping[str, Sequence[str]]) -> Term:
        readings = [_reading(own, spoken) for spoken in self._languages]
        said = [tuple(own)]
        stems = {stem(word, spoken) for word in own for spoken in self._languages}
        for spoken, phrases in others.items():
            counts = _SYNONYM if spoken == language else _TRANSLATION
            for rank, phrase in enumerate(phrases):
                split = words(phrase)
                readings.append(_reading(split, spoken, counts / (1 + _LESS_USUAL * rank)))
                if rank < _MEANT:
                    said.append(tuple(split))
                if rank < _ASKED:
                    stems.update(stem(word, spoken) for word in split)
        parts = self._parts(own, language)
        understood = language in self._languages or any(others.values()) or _is_name(own, language)
        return Term(
            text=" ".join(own),
            weight=sum(_weight(word, {language, *self._languages}) for word in own),
            readings=tuple(readings),
            phrases=tuple(said),
            stems=frozenset(stems).union(*(part.stems for part in parts)),
            understood=understood,
            parts=parts,
        )

    def _named(self, name: Sequence[Term], language: str) -> Sequence[Term]:
        """Of a name's words, those of which one has to be mentioned: Lyon of "Messe Lyon".

        That is the one that tells most, or else the last one if it is rare, as surnames are.
        """
        heaviest = sorted(name, key=lambda term: -term.weight)[:1]
        surname = [term for term in name[-1:] if frequency(term.text, language) < _NAME]
        return [self._without_synonyms(term, language) for term in (*heaviest, *surname)]

    def _without_synonyms(self, term: Term, language: str) -> Term:
        """The term as a name, for which no common word stands: a Charité is no hospital."""
        if language not in self._languages:
            return term
        own, *others = term.phrases
        names = [other for other in others if all(frequency(w, language) < _COMMON for w in other)]
        return replace(term, phrases=(own, *names))

    def _parts(self, own: Sequence[str], language: str) -> tuple[Term, ...]:
        """A phrase's words, for documents that say them apart or in a compound."""
        if len(own) == 1:
            return ()
        looked_up = [(word, self._dictionary.lookup([word], language)) for word in own]
        return tuple(
            self._term([w], language, self._others([w], language, renderings))
            for w, renderings in looked_up
        )


def _covering(terms: Iterable[Term], phrase: str) -> tuple[Term, ...]:
    """The terms that consist of words of the phrase."""
    wanted = set(words(phrase))
    return tuple(term for term in terms if wanted.issuperset(term.text.split()))


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
