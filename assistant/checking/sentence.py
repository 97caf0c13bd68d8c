"""A sentence that is to be judged: what of it has to stand in lines, and what stands there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.asking.question import Question, Term
from assistant.checking.lines import Clause, PassageLine, clause_spans
from index.facts import MEASURE, Fact, FactKind, with_digits
from index.text.compounds import has_head, has_part
from index.text.features import Profile, stem
from index.text.languages import has_content
from index.text.words import fold, visible, words

_MATCHED = 0.3  # a match of a term from which on a sentence has it
_MOSTLY = 0.5  # of a sentence's words by weight, that passages have
_TOPIC = 0.5  # what a word counts that the headings have
_EXACT = 12.0  # what a number or a date counts among the words, which weigh about 10 each
_LEAST = 5.0  # what a word with content weighs
_UNDERSTOOD = 0.3  # of a sentence's words by weight, that have to be understood to be judged
_BETWEEN = r"[a-z]|van|von|vom|der|den|de|du|di|da|del|la|le|ter|ten|zu|zur|al|el"
_ROOT = 4  # letters of a stem that stands in other words

Forms = tuple[tuple[str, ...], ...]
"""A word's own form and those in other languages, each as folded words."""


@dataclass(frozen=True, slots=True, eq=False)
class FactPart:
    """What has to stand in one line: a number, a date, a quotation, a word of a name.

    Of a name, `forms` has for each word its own form and those in other languages. A word that may
    be no name is `soft`: where it stands nowhere, it counts by its `weight`, as other words do.
    """

    fact: Fact
    forms: tuple[Forms, ...] = ()
    soft: bool = False
    weight: float = 0.0

    @property
    def is_exact(self) -> bool:
        """Whether it is a number or a date."""
        return self.fact.kind in (FactKind.NUMBER, FactKind.DATE)

    def is_in(self, lines: Iterable[PassageLine]) -> bool:
        """Whether it stands in one of some lines."""
        return any(self.stands_in(line) for line in lines)

    def stands_in(self, line: PassageLine) -> bool:
        match self.fact.kind:
            case FactKind.NUMBER:
                return any(same_number(self.fact, other, line) for other in line.facts)
            case FactKind.DATE:
                return any(same_date(self.fact, other) for other in line.facts)
            case FactKind.QUOTATION:
                return plain(self.fact.written) in plain(line.text)
            case FactKind.PERSON:
                return self._has_words(line, exactly=True) and _is_whole(self.fact, line)
            case _:
                return self._has_words(line)

    def _has_words(self, line: PassageLine, exactly: bool = False) -> bool:
        return all(
            any(all(_word_in(word, line, exactly) for word in form) for form in forms)
            for forms in self.forms
        )


@dataclass(frozen=True)
class ClaimSentence:
    """A sentence that is to be judged; `weights` are those of its words that are no facts."""

    text: str
    language: str
    question: Question
    facts: tuple[Fact, ...]
    units: tuple[FactPart, ...]
    weights: tuple[float, ...]

    @cached_property
    def wholes(self) -> Mapping[Fact, "FactPart"]:
        """Each fact with all its words."""
        forms: dict[Fact, tuple[Forms, ...]] = {}
        for unit in self.units:
            forms[unit.fact] = (*forms.get(unit.fact, ()), *unit.forms)
        return {fact: FactPart(fact, every) for fact, every in forms.items()}

    @cached_property
    def _judged(self) -> tuple[float, ...]:
        """The weights of the words that can be compared at all: the language's, or translated."""
        pairs = zip(self.question.terms, self.weights, strict=True)
        return tuple(weight if term.understood else 0.0 for term, weight in pairs)

    @cached_property
    def parts(self) -> Sequence["Part"]:
        """The sentence's clauses."""
        text = with_digits(self.text, self.language)
        return [Part(text[a:b], a, b, self._terms_in(text[a:b])) for a, b in clause_spans(text)]

    def facts_in(self, part: "Part") -> list[Fact]:
        """The facts of a part that are judged."""
        return [fact for fact in self.wholes if part.start <= fact.start < part.end]

    def _terms_in(self, text: str) -> frozenset[int]:
        spoken = {fold(word) for word in words(text)}
        own = (words(term.text) for term in self.question.terms)
        return frozenset(n for n, parts in enumerate(own) if spoken.issuperset(map(fold, parts)))

    def words_in(self, line: PassageLine) -> frozenset[int]:
        """The numbers of the terms that a line has, be it as a part of another word."""
        return self._matched(line.profile) | frozenset(
            n for n, term in enumerate(self.question.terms) if _is_part(term, line)
        )

    def _matched(self, profile: Profile) -> frozenset[int]:
        matches = self.question.matches(profile)
        return frozenset(n for n, match in enumerate(matches) if match >= _MATCHED)

    def said_in(self, clause: Clause, part: "Part", facts: bool = False) -> float:
        """The weight of a part's words, with its facts or without, that a clause has."""
        common = part.terms & self._matched(clause.profile)
        weights = self.question.weights if facts else self._judged
        return sum(weights[number] for number in common)

    def says_else(self, clause: Clause, part: "Part") -> bool:
        """Whether a clause has words of content that the part has not: more than a name."""
        named = {fold(word) for fact in clause.facts for word in words(fact.written)}
        rest = [word for word in words(clause.text) if fold(word) not in named]
        own = {stem for number in part.terms for stem in self.question.terms[number].stems}
        return any(
            has_content(word, clause.line.language) and stem(word, clause.line.language) not in own
            for word in rest
        )

    def share(self, numbers: Iterable[int]) -> float:
        """What these terms are of all that can be compared, from 0 to 1; 1 if nothing can."""
        total = sum(self._judged)
        return sum(self._judged[number] for number in numbers) / total if total else 1.0

    def most(self, lines: Iterable[PassageLine]) -> list[PassageLine]:
        """Those of some lines that have most of the sentence's words."""
        shares = [(self.share(self.words_in(line)), line) for line in lines]
        highest = max((share for share, _ in shares), default=0.0)
        return [line for share, line in shares if share >= highest]

    def has_most_words_in(
        self, lines: Sequence[PassageLine], headings: Sequence[PassageLine]
    ) -> bool:
        """Whether lines have most of its words; those of the headings say but what it is about."""
        if sum(self._judged) < _UNDERSTOOD * sum(self.weights):
            return bool(self.units)  # the facts have to do
        if not self.units and not sum(self._judged):
            return False
        topic = frozenset().union(*map(self.words_in, headings))
        weights = [w * _TOPIC if n in topic else w for n, w in enumerate(self._judged)]
        has = frozenset().union(*map(self.words_in, lines))
        lacking = sum(unit.weight for unit in self.units if unit.soft and not unit.is_in(lines))
        said = [line for line in lines if not line.is_heading]
        numbers = [unit for unit in self.units if unit.is_exact]
        in_lines = sum(unit.is_in(said) for unit in numbers)
        if in_lines < len(numbers) and not self._is_about(topic, has):
            return False
        exact = _EXACT * in_lines
        words = sum(weights[n] for n in has) + exact
        return words >= _MOSTLY * (sum(weights) + lacking + exact)

    def _is_about(self, topic: frozenset[int], has: frozenset[int]) -> bool:
        """Whether most of its words but the topic's are there, if it has any.

        A document's date alone says nothing of what else happened.
        """
        rest = {n: w for n, w in enumerate(self._judged) if n not in topic and w >= _LEAST}
        return sum(rest[n] for n in rest if n in has) >= _MOSTLY * sum(rest.values())


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of the sentence, [start, end) of it in digits, with the numbers of its terms."""

    text: str
    start: int
    end: int
    terms: frozenset[int]


def is_fact(term: Term, named: set[str]) -> bool:
    """Whether a term is one of the words of facts, which are compared by themselves."""
    return all(fold(word) in named or MEASURE.fullmatch(word) for word in words(term.text))


def _is_part(term: Term, line: PassageLine) -> bool:
    """Whether a stem of the term stands in another word: "leiten" in "Projektleiter"."""
    roots = [root for root in term.stems if len(root) >= _ROOT]
    return any(root in word for root in roots for word in line.words)


# Facts in lines


def same_number(fact: Fact, other: Fact, line: PassageLine) -> bool:
    if fact.value is None or (other.kind is FactKind.DATE and fact.value != other.day[0]):
        return False
    if other.kind is FactKind.DATE:
        return not fact.has_sign
    if other.kind is not FactKind.NUMBER or fact.value != other.value:
        return False
    if fact.unit is None or other.unit is None or not (fact.has_sign or other.has_sign):
        return True
    if fact.has_sign:  # "zwischen 20 und 30 %": the sign comes but once
        return fact.unit == other.unit or any(f.unit == fact.unit for f in line.facts)
    return False


def same_date(fact: Fact, other: Fact) -> bool:
    if other.kind is FactKind.NUMBER:
        return fact.day == (other.value, None, None)
    if other.kind is not FactKind.DATE:
        return False
    pairs = zip(fact.day, other.day, strict=True)
    return all(own is None or own == there for own, there in pairs)


def _word_in(word: str, line: PassageLine, exactly: bool) -> bool:
    """Whether a line has a word of a name: as it is or in the genitive, or else in any form."""
    if word in line.words or f"{word}s" in line.words or word.removesuffix("s") in line.words:
        return True
    if exactly:
        return False
    has_stem = stem(word, line.language) in line.profile.saturations
    return has_stem or any(_is_form(word, other) for other in line.words)


def _is_form(word: str, other: str) -> bool:
    """A genitive, or a part of a compound, or the last part of the word as a compound."""
    if other in (f"{word}s", f"{word}er") or word in (f"{other}s", f"{other}er"):
        return True
    return (len(word) >= _ROOT and has_part(other, word)) or has_head(word, other)


def _is_whole(person: Fact, line: PassageLine) -> bool:
    """Whether a first name and a surname stand together, and not with others."""
    if len(person.words) < 2:
        return True
    first, last = (re.escape(fold(person.words[n])) for n in (0, -1))
    spoken = " ".join(fold(word) for word in words(line.text))
    together = rf"\b{first}(?: (?:{_BETWEEN}))* {last}s?\b|\b{last} {first}\b"
    return bool(re.search(together, spoken))


def plain(text: str) -> str:
    """The text as it is compared word for word: without marks that editors set otherwise."""
    return " ".join(re.findall(r"\w+", visible(text).casefold()))
