"""What is connected with what in a sentence, and whether passages connect it in the same way."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby, product

from assistant.checking.lines import Clause, PassageLine
from assistant.checking.sentence import ClaimSentence, Part, Unit, same_date, same_number
from index.facts import Fact, FactKind, with_digits
from index.text.words import fold, words

_AS_GOOD = 0.5  # of the words that one line has, in another one that says the like
_STEM = 6  # letters that forms of a noun have in common
_OF_IT = 0.3  # of the words of the clause that carries a clause, in one that names its subject

_TOGETHER = re.compile(
    r"\b(?:und|sowie|mit|zwischen|oder|and|with|between|or|et|avec|entre|ou)\b|&|/", re.IGNORECASE
)
_PASSIVE = re.compile(
    r"\b(?:w[iu]rd\w*|worden|geworden|was|were|is|are|been|est|sont|été|fut|furent)\b"
    r".*\b(?:von|vom|durch|by|par)\b",
    re.IGNORECASE,
)

_OBLIQUE = re.compile(
    r"\b(?:dem|den|des|einem|einen|eines|zum|zur|vom|beim|im|am|von|für|an|auf|bei|in|nach|aus"
    r"|durch|gegen|über|unter|vor|to|of|for|from|at|on|by|in|de|du|à|au|aux|pour|par|chez|dans)"
    r"\s(?:\w+\s)?$"
)
_OBJECT = re.compile(r"\b(?:den|dem|einen|einem)\s(?:\w+\s)?$")
_SUBJECTS = (FactKind.NAME, FactKind.PERSON)
_PAIRED = (
    (FactKind.PERSON, FactKind.NAME),
    (FactKind.PERSON, FactKind.PLACE),
    (FactKind.NAME, FactKind.PLACE),
    (FactKind.NAME, FactKind.NUMBER),
    (FactKind.PERSON, FactKind.NUMBER),
    (FactKind.PLACE, FactKind.NUMBER),
    (FactKind.NAME, FactKind.DATE),
    (FactKind.PERSON, FactKind.DATE),
    (FactKind.PLACE, FactKind.DATE),
    (FactKind.DATE, FactKind.NUMBER),
)
Pair = tuple[Fact, Fact]


def _pairs(found: Sequence[Fact], kinds: tuple[FactKind, FactKind]) -> list[Pair]:
    """Which facts of two kinds belong together in a sentence.

    In "A hat 120 Mitglieder, B 45" they take turns, and each belongs to the one next to it; where
    they don't, each may belong to every one.
    """
    both = [fact for fact in found if fact.kind in kinds]
    runs = [list(run) for _, run in groupby(both, key=lambda fact: fact.kind)]
    if len(runs) < 4 or len(runs) % 2:
        runs = [[f for f in both if f.kind is kind] for kind in (kinds[0], kinds[1])]
    pairs = []
    for left, right in zip(runs[::2], runs[1::2], strict=True):
        for one, other in product(left, right):
            pairs.append((one, other) if one.kind is kinds[0] else (other, one))
    return pairs


def misconnected(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A fact that the lines connect with something else than the sentence does."""
    return (
        _of_another(sentence, lines)
        or _exchanged(sentence, lines)
        or _turned_round(sentence, lines)
        or _miscounted(sentence, lines)
    )


def _of_another(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A name of which a part says what the clause that carries it says of another one."""
    there = [clause for line in lines if not line.is_heading for clause in line.clauses]
    headings = [line for line in lines if line.is_heading]
    for part in sentence.parts:
        said = {clause: sentence.said_in(clause, part) for clause in there}
        main = max(there, key=lambda clause: said[clause], default=None)
        if main is None or not said[main]:
            continue
        for fact in sentence.facts_in(part):
            if fact.kind in _SUBJECTS and _is_said_of_another(
                sentence, fact, part, main, said, headings
            ):
                return fact
    return None


def _is_said_of_another(
    sentence: ClaimSentence,
    fact: Fact,
    part: Part,
    main: Clause,
    said: Mapping[Clause, float],
    headings: Sequence[PassageLine],
) -> bool:
    """Whether the main clause has another name of the kind, and the fact's own say other things."""
    unit = sentence.wholes[fact]
    own = sentence.facts_in(part)
    naming = [each for each in said if _is_in(unit, each)]
    if not naming or max(said[each] for each in naming) >= _OF_IT * said[main]:
        return False
    others = [sentence.wholes[each] for each in own if each is not fact]
    if any(_is_in(other, each) for other in others for each in naming):
        return False
    rivals = [
        other
        for other in main.facts
        if other.kind is fact.kind
        and not any(_same(sentence.wholes[each], other, main.line) for each in own)
    ]
    topic = [line for line in headings if line.source == main.line.source]
    if any(_has(unit, line) for line in topic) and not any(
        _same(Unit(fact, unit.forms), other, line) for other in rivals for line in topic
    ):
        return False
    return bool(rivals) and any(sentence.says_else(each, part) for each in naming)


def _is_in(unit: Unit, clause: Clause) -> bool:
    return any(_same(unit, other, clause.line) for other in clause.facts)


def _has(unit: Unit, line: PassageLine) -> bool:
    return any(_same(unit, other, line) for other in line.facts)


def _exchanged(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A fact that goes with another one in the lines, where its own goes with another too."""
    units = sentence.wholes
    for kinds in _PAIRED:
        there = [(line, pair) for line in lines for pair in _pairs(line.facts, kinds)]
        for one, other in _pairs(sentence.facts, kinds):
            with_one = [(line, b) for line, (a, b) in there if _same(units[one], a, line)]
            with_other = [line for line, (_, b) in there if _same(units[other], b, line)]
            if any(_same(units[other], b, line) for line, b in with_one):
                continue
            most = sentence.most(line for line in lines if _has(units[one], line))
            rivals = [line for line, b in with_one if _comparable(other, b) and line in most]
            others = [line for line in with_other if line in sentence.most(with_other)]
            if any(_says_the_like(sentence, *pair) for pair in product(rivals, others)):
                return other
    return None


def _same(unit: Unit, other: Fact, line: PassageLine) -> bool:
    fact = unit.fact
    if fact.kind is not other.kind:
        return False
    if fact.kind is FactKind.NUMBER:
        return same_number(fact, other, line)
    if fact.kind is FactKind.DATE:
        return same_date(fact, other)
    spoken = {fold(part) for word in other.words for part in words(word)}
    common = sum(any(set(form) <= spoken for form in forms) for forms in unit.forms)
    return 0 < common >= min(len(unit.forms), len(other.words))


def _comparable(fact: Fact, other: Fact) -> bool:
    """Whether a number counts the same things as another; all else can be compared."""
    if fact.kind is not FactKind.NUMBER or fact.unit is None or other.unit is None:
        return True
    return fact.has_sign is other.has_sign and (not fact.has_sign or fact.unit == other.unit)


def _says_the_like(sentence: ClaimSentence, line: PassageLine, other: PassageLine) -> bool:
    """Whether the one line has as much of the sentence's words as the other."""
    has, others = (sentence.share(sentence.words_in(candidate)) for candidate in (line, other))
    return line is other or has >= _AS_GOOD * others > 0


def _miscounted(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A number of what the lines give another number of."""
    there = [f for line in lines for f in line.facts if f.kind is FactKind.NUMBER and f.unit]
    for fact in sentence.facts:
        if fact.kind is not FactKind.NUMBER or not fact.unit or fact.has_sign:
            continue
        alike = [other.value for other in there if _counts_the_like(fact.unit, other.unit)]
        own = [other for other in there if other.value == fact.value and not other.has_sign]
        if own and alike and fact.value not in alike:
            return fact
    return None


def _counts_the_like(unit: str, other: str | None) -> bool:
    return bool(other) and unit[:_STEM] == (other or "")[:_STEM]


def _turned_round(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A name that does what is done to it in the lines: "A berät B", and not "B berät A"."""
    units = sentence.wholes
    names = [fact for fact in sentence.facts if fact.kind in _SUBJECTS]
    text = with_digits(sentence.text, sentence.language)
    for first, second in combinations(names, 2):
        if first.kind is not second.kind:
            continue
        turned = False
        for line in sentence.most(line for line in lines if not line.is_heading):
            a = next((f for f in line.facts if _same(units[first], f, line)), None)
            b = next((f for f in line.facts if _same(units[second], f, line)), None)
            if a is None or b is None or a is b:
                continue
            there = with_digits(line.text, line.language)
            if not _is_turned(text, (first, second), there, (a, b)):
                turned = False
                break
            turned = True
        if turned:
            return first
    return None


def _is_turned(text: str, own: Pair, there: str, others: Pair) -> bool:
    between = text[own[0].start + len(own[0].written) : own[1].start]
    left, right = sorted(others, key=lambda fact: fact.start)
    between_there = there[left.start + len(left.written) : right.start]
    if any(_TOGETHER.search(words) for words in (between, between_there)):
        return False
    if bool(_PASSIVE.search(text)) != bool(_PASSIVE.search(there)):
        return False
    shared = {fold(w) for w in words(between)} & {fold(w) for w in words(between_there)}
    oblique = [_is_oblique(text, fact) for fact in own]
    oblique_there = [_is_oblique(there, fact) for fact in others]
    if sum(oblique) == sum(oblique_there) == 1:
        return oblique != oblique_there and bool(shared)
    if not any(oblique) and sum(oblique_there) == 1:  # then the first of our own is the subject
        return bool(shared) and _is_object(there, others[0])
    return others[0] is right and bool(shared) and not any((*oblique, *oblique_there))


def _is_object(text: str, fact: Fact) -> bool:
    """Whether a German name stands behind an article that says that something is done to it."""
    return bool(_OBJECT.search(text[: fact.start]))


def _is_oblique(text: str, fact: Fact) -> bool:
    """Whether a name stands behind an article or preposition that makes it no subject."""
    return bool(_OBLIQUE.search(text, 0, fact.start))
