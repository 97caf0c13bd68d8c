"""The checker: passages in, sentences in, verdicts out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from assistant.asking.question import QuestionReader
from assistant.checking.connections import misconnected
from assistant.checking.lines import CitedPassage, PassageLine
from assistant.checking.opposites import contradicts
from assistant.checking.sentence import ClaimSentence, FactPart, Forms, is_fact, plain
from assistant.dictionaries.dictionary import Dictionaries, Dictionary, place_names
from assistant.faults import Reason
from assistant.finding.analysis import SENTENCE_WORDS
from assistant.finding.hit import Hit
from index.facts import Fact, FactKind, facts, is_lone_one, with_digits
from index.facts.places import is_place, place_of
from index.text.features import Profile, bag
from index.text.injection import gives_orders, orders
from index.text.languages import LANGUAGES
from index.text.words import fold, words

_LINES = 4  # sentences at most that carry one
_GAIN = 0.05  # of a sentence's words by weight, for which a further sentence is taken
_FACT = 0.5  # what a fact counts beside all words
# What no sentence of prose has: markup, scripts, templates, formulas.
_MARKUP = re.compile(
    r"</?[a-z!%]|\||!?\[[^\]]*\]\s?[(:\[]|\b(?:javascript|data|vbscript):\S|\{\{|[$#%][({]|\{\d*\.?_|<%|\$\$"
    r"|\\\w+\{|&#?\w+;",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?(?:https?://|www\.|mailto:)\S+|\S+@\S+")
_LONGEST_SENTENCE = 1_000  # characters
_LONGEST = 60  # letters of a word
_REPEATED = 6  # times that a word stands in a sentence


_REASONS = {
    FactKind.NUMBER: Reason.NUMBER,
    FactKind.DATE: Reason.DATE,
    FactKind.QUOTATION: Reason.QUOTATION,
}


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """Whether a sentence is carried, and by which lines; or why not, and for which of its facts."""

    lines: tuple[PassageLine, ...] = ()
    reason: Reason | None = None
    fact: Fact | None = None

    @property
    def supported(self) -> bool:
        return self.reason is None

    @property
    def sources(self) -> list[int]:
        """The numbers of the passages that carry it."""
        return sorted({line.source for line in self.lines})


class Checker:
    """Compares sentences with passages, by the words that the reader and the dictionary know."""

    def __init__(self, reader: QuestionReader, dictionary: Dictionary) -> None:
        self._reader = reader
        self._words = dictionary
        self._words_and_places = Dictionaries([dictionary, place_names()])

    def sources(self, hits: Sequence[Hit]) -> list[CitedPassage]:
        """The passages as sources, numbered from 1."""
        return [self._source(number, hit) for number, hit in enumerate(hits, start=1)]

    def check(self, text: str, language: str, sources: Sequence[CitedPassage]) -> ClaimVerdict:
        """Whether these sources together carry a sentence; those that add nothing are left out."""
        sentence = self._sentence(text, language)
        together = self._judged(sentence, sources)
        if not together.supported or len(sources) == 1:
            return together
        alone = [self._judged(sentence, [source]) for source in sources]
        also = [line for verdict in alone if verdict.supported for line in verdict.lines]
        missing = {line.source for line in also} - set(together.sources)
        added = [line for line in also if line.source in missing]
        return ClaimVerdict((*together.lines, *added))

    def only_source(
        self, text: str, language: str, sources: Sequence[CitedPassage]
    ) -> ClaimVerdict:
        """Whether exactly one of these sources carries a sentence that cites none."""
        sentence = self._sentence(text, language)
        verdicts = [self._judged(sentence, [source]) for source in sources]
        carrying = [verdict for verdict in verdicts if verdict.supported]
        return carrying[0] if len(carrying) == 1 else ClaimVerdict(reason=Reason.UNCITED)

    def facts(self, text: str, language: str) -> list[Fact]:
        """The facts of a sentence, in their order."""
        return facts(text, language, self)

    # What is known of words, for facts()

    def is_place(self, word: str, language: str) -> bool:
        """Whether it is the name of a place."""
        return is_place(word, language)

    def is_common(self, word: str) -> bool:
        """Whether a dictionary has other words for it, as it has for all but names."""
        return any(
            fold(phrase) != fold(word)
            for language in LANGUAGES
            for phrase in _renderings(self._words, word, language)
        )

    def _sentence(self, text: str, language: str) -> ClaimSentence:
        facts = [f for f in self.facts(text, language) if not is_lone_one(f, text)]
        # Without the capital that it begins with, which would make a noun of a verb.
        question = self._reader.read(_uncapitalised(with_digits(text, language)), language)
        written = (fact.written for fact in facts if fact.kind is not FactKind.QUOTATION)
        named = {fold(word) for wording in written for word in words(wording)}
        weights = [0.0 if is_fact(term, named) else term.weight for term in question.terms]
        tells = {fold(term.text): term.weight for term in question.terms}
        units = [unit for fact in facts for unit in self._units(fact, language, tells)]
        return ClaimSentence(text, language, question, tuple(facts), tuple(units), tuple(weights))

    def _units(self, fact: Fact, language: str, tells: Mapping[str, float]) -> Iterator[FactPart]:
        """What of a fact has to stand somewhere: a person's name as a whole, else each word."""
        if not fact.words:
            yield FactPart(fact)
            return
        forms = [self._forms(word, language) for word in fact.words]
        if fact.kind is FactKind.PERSON:
            yield FactPart(fact, tuple(forms))
        else:
            for word, form in zip(fact.words, forms, strict=True):
                yield FactPart(fact, (form,), fact.soft, tells.get(fold(word), 0.0))

    def _forms(self, word: str, language: str) -> Forms:
        dictionary = self._words_and_places
        phrases = [word, *_renderings(dictionary, word, language)]
        if (place := place_of(word, language)) and fold(place) != fold(word):
            phrases += [place, *_renderings(dictionary, place, language)]
        return tuple(dict.fromkeys(tuple(fold(w) for w in words(phrase)) for phrase in phrases))

    # Judging

    def _judged(self, sentence: ClaimSentence, sources: Sequence[CitedPassage]) -> ClaimVerdict:
        if not _is_prose(sentence.text):
            return ClaimVerdict(reason=Reason.WORDS)
        lines = [line for source in sources for line in source.lines]
        chosen = _carrying(sentence, [line for line in lines if not line.is_heading])
        headings = [line for line in lines if line.is_heading]
        seen = [*chosen, *headings]
        for unit in sentence.units:
            if not (unit.soft or unit.is_in(seen) or _spans(unit, lines)):
                return ClaimVerdict(
                    reason=_REASONS.get(unit.fact.kind, Reason.NAME), fact=unit.fact
                )
        if not sentence.has_most_words_in(seen, headings):
            return ClaimVerdict(reason=Reason.WORDS)
        carrying = chosen or [line for line in lines if not line.is_heading][:1]
        if not carrying:
            return ClaimVerdict(reason=Reason.WORDS)
        if contradicts(sentence, carrying):
            return ClaimVerdict(reason=Reason.NEGATION)
        if wrong := misconnected(sentence, lines):
            return ClaimVerdict(reason=Reason.CONNECTION, fact=wrong)
        return ClaimVerdict(tuple(carrying))

    # Reading passages

    def _source(self, number: int, hit: Hit) -> CitedPassage:
        text, offset, document = hit.passage.text, hit.passage.start, hit.document
        ordering = [(offset + first, offset + last) for first, last in orders(text)]
        lines = [
            self._line(number, (start, end), hit.text(start, end), document.language)
            for start, end in hit.sentences
            if not any(first < end and start < last for first, last in ordering)
        ]
        lines = [_dated(line, document.date) for line in lines]
        day = document.date.isoformat() if document.date else ""
        headings = "" if gives_orders(hit.indexed.context) else hit.indexed.context
        heading = self._line(number, None, f"{headings} {day}".strip(), document.language)
        return CitedPassage(number, hit, (heading, *lines))

    def _line(
        self, source: int, span: tuple[int, int] | None, text: str, language: str
    ) -> PassageLine:
        start, end = span or (None, None)
        facts = tuple(self.facts(text, language))
        read = with_digits(text, language)
        spoken = frozenset(fold(word) for word in words(read))
        profile = Profile.of(bag(read, language), SENTENCE_WORDS)
        return PassageLine(
            source=source,
            start=start,
            end=end,
            text=text,
            language=language,
            facts=facts,
            words=spoken,
            profile=profile,
        )


def _dated(line: PassageLine, day: date | None) -> PassageLine:
    """The line, its days without a year in that of the document."""
    if day is None:
        return line
    facts = tuple(
        replace(fact, day=(day.year, *fact.day[1:]))
        if fact.kind is FactKind.DATE and fact.day[0] is None
        else fact
        for fact in line.facts
    )
    return replace(line, facts=facts)


def _renderings(dictionary: Dictionary, word: str, language: str) -> list[str]:
    """What a word is called in other languages."""
    split = words(word)
    entry = dictionary.lookup(split, language)
    if entry is None or entry.length < len(split):
        return []
    others = (phrases for other, phrases in entry.renderings.items() if other != language)
    return [phrase for phrases in others for phrase in phrases]


def _is_prose(text: str) -> bool:
    """Whether a sentence can say something: it is no markup, and no word repeated for ever."""
    spoken = [fold(word) for word in words(text)]
    most = max(map(spoken.count, set(spoken)), default=0)
    longest = max(map(len, spoken), default=0)
    bare = _ADDRESS.sub("", text)
    return (
        len(text) <= _LONGEST_SENTENCE
        and longest <= _LONGEST
        and most < max(_REPEATED, len(spoken) / 2)
        and not _MARKUP.search(text)
        and len(words(bare)) > 1
    )


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _carrying(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> list[PassageLine]:
    """The lines that have most of a sentence together, the best first."""
    units = {line: {n for n, u in enumerate(sentence.units) if u.stands_in(line)} for line in lines}
    terms = {line: sentence.words_in(line) for line in lines}
    chosen: list[PassageLine] = []
    has_units: set[int] = set()
    has_terms: set[int] = set()

    def gain(line: PassageLine) -> float:
        more = has_terms | terms[line]
        words = sentence.share(more) - sentence.share(has_terms)
        return _FACT * len(units[line] - has_units) + words

    while len(chosen) < _LINES and (rest := [line for line in lines if line not in chosen]):
        best = max(rest, key=lambda line: (gain(line), sentence.question.score(line.profile)))
        if gain(best) < _GAIN:
            break
        chosen.append(best)
        has_units |= units[best]
        has_terms |= terms[best]
    return chosen


def _spans(unit: FactPart, lines: Sequence[PassageLine]) -> bool:
    """Whether a quotation of several sentences stands in the passage."""
    if unit.fact.kind is not FactKind.QUOTATION:
        return False
    for _, passage in groupby(lines, key=lambda line: line.source):
        text = " ".join(line.text for line in passage if not line.is_heading)
        if plain(unit.fact.written) in plain(text):
            return True
    return False
