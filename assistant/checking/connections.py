"""What is connected with what in a sentence, and whether passages connect it in the same way.

A sentence may have nothing but facts that stand in its passages and still be wrong, because they
belong to others there. If a passage says "Ahorn hat 12 Mitglieder, Birke 45. Ahorn berät Birke.",
then "Birke hat 12 Mitglieder" and "Birke berät Ahorn" are made of its facts, and are not said.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations, groupby, product
from pathlib import Path

from assistant.checking.lines import Clause, PassageLine
from assistant.checking.sentence import ClaimSentence, FactPart, Part, same_date, same_number
from index.facts import Fact, FactKind, with_digits
from index.text.tables import Expressions, Table, read_table
from index.text.words import fold, words

_AS_GOOD = 0.5  # of the sentence's words in one line, that another line has to have too
_STEM = 6  # letters that forms of a noun have in common: "Mitglieder", "Mitgliedern"
_OF_IT = 0.3  # of what the main clause says, from which on another clause says it as well

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
_ALTERNATING = 4  # runs of facts from which on two kinds take turns: name, number, name, number


class _Words(Table):
    together: Expressions
    passive: Expressions
    oblique: Expressions
    object: Expressions


@cache
def _words() -> _Words:
    return read_table(Path(__file__).with_suffix(".yaml"), _Words)


def _pairs(facts: Sequence[Fact], kinds: tuple[FactKind, FactKind]) -> list[Pair]:
    """Which facts of two kinds belong together in a sentence.

    In "Ahorn hat 12 Mitglieder, Birke 45" names and numbers take turns, and each belongs to the one
    next to it. In "Ahorn und Birke haben 12" they don't, and each may belong to every other.
    """
    both = [fact for fact in facts if fact.kind in kinds]
    runs = [list(run) for _, run in groupby(both, key=lambda fact: fact.kind)]
    if len(runs) < _ALTERNATING or len(runs) % 2:
        runs = [[fact for fact in both if fact.kind is kind] for kind in kinds]
    pairs = []
    for left, right in zip(runs[::2], runs[1::2], strict=True):
        for one, other in product(left, right):
            pairs.append((one, other) if one.kind is kinds[0] else (other, one))
    return pairs


def misconnected(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A fact that the lines connect with something else than the sentence does; None if none.

    "12" in "Birke hat 12 Mitglieder", where the lines say "Ahorn hat 12 Mitglieder, Birke 45".
    """
    return (
        _of_another(sentence, lines)
        or _exchanged(sentence, lines)
        or _turned_round(sentence, lines)
        or _miscounted(sentence, lines)
    )


def _of_another(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A name of which a clause says what the passages say of another name.

    "Birke" in "Birke baut ein Labor", where "Ahorn baut ein Labor" and "Birke tagt in Ulm".
    """
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
    """Whether the clause `main`, which says most of the part, says it of another name.

    It has to name somebody else of the kind; the clauses that have the fact's name have to say
    other things, and none of what else the part names. Nothing is said of another where a heading
    above the main clause has the name: then "it" or "the network" is meant there.
    """
    unit = sentence.wholes[fact]
    own = sentence.facts_in(part)
    naming = [clause for clause in said if _is_in(unit, clause)]
    if not naming or max(said[clause] for clause in naming) >= _OF_IT * said[main]:
        return False
    others = [sentence.wholes[other] for other in own if other is not fact]
    if any(_is_in(other, clause) for other in others for clause in naming):
        return False
    rivals = [
        other
        for other in main.facts
        if other.kind is fact.kind
        and not any(_same(sentence.wholes[named], other, main.line) for named in own)
    ]
    topic = [line for line in headings if line.source == main.line.source]
    if any(_has(unit, line) for line in topic) and not any(
        _same(FactPart(fact, unit.forms), other, line) for other in rivals for line in topic
    ):
        return False
    return bool(rivals) and any(sentence.says_else(clause, part) for clause in naming)


def _is_in(unit: FactPart, clause: Clause) -> bool:
    """Whether a clause has a fact of the sentence."""
    return any(_same(unit, other, clause.line) for other in clause.facts)


def _has(unit: FactPart, line: PassageLine) -> bool:
    """Whether a line has a fact of the sentence."""
    return any(_same(unit, other, line) for other in line.facts)


def _exchanged(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A fact that the lines have with something else, while what it has here has another there.

    "12" in "Birke hat 12 Mitglieder": in "Ahorn hat 12 Mitglieder, Birke 45", 12 goes with Ahorn,
    and Birke with 45.
    """
    units = sentence.wholes
    for kinds in _PAIRED:
        there = [(line, pair) for line in lines for pair in _pairs(line.facts, kinds)]
        for one, other in _pairs(sentence.facts, kinds):
            with_one = [
                (line, right) for line, (left, right) in there if _same(units[one], left, line)
            ]
            with_other = [line for line, (_, right) in there if _same(units[other], right, line)]
            if any(_same(units[other], right, line) for line, right in with_one):
                continue
            most = sentence.most(line for line in lines if _has(units[one], line))
            rivals = [
                line for line, right in with_one if _comparable(other, right) and line in most
            ]
            others = [line for line in with_other if line in sentence.most(with_other)]
            if any(_says_the_like(sentence, *pair) for pair in product(rivals, others)):
                return other
    return None


def _same(unit: FactPart, other: Fact, line: PassageLine) -> bool:
    """Whether a fact of the sentence is one of a line; "Nordlicht" is "Netzwerk Nordlicht"."""
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
    """Whether one fact may stand for the other: 12 members for 45, but not for 45 euros."""
    if fact.kind is not FactKind.NUMBER or fact.unit is None or other.unit is None:
        return True
    return fact.has_sign is other.has_sign and (not fact.has_sign or fact.unit == other.unit)


def _says_the_like(sentence: ClaimSentence, line: PassageLine, other: PassageLine) -> bool:
    """Whether the one line has about as many of the sentence's words as the other."""
    share, of_other = (sentence.share(sentence.words_in(said)) for said in (line, other))
    return line is other or share >= _AS_GOOD * of_other > 0


def _miscounted(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A number of what the lines give another number of, as they have it of other things.

    "12" in "Ahorn hat 12 Mitglieder", where the lines have "45 Mitglieder" and "12 Projekte".
    """
    there = [
        other
        for line in lines
        for other in line.facts
        if other.kind is FactKind.NUMBER and other.unit
    ]
    for fact in sentence.facts:
        if fact.kind is not FactKind.NUMBER or not fact.unit or fact.has_sign:
            continue
        alike = [other.value for other in there if _counts_the_like(fact.unit, other.unit)]
        own = [other for other in there if other.value == fact.value and not other.has_sign]
        if own and alike and fact.value not in alike:
            return fact
    return None


def _counts_the_like(unit: str, other: str | None) -> bool:
    """Whether two units are forms of one word: "mitglieder", "mitgliedern"."""
    return bool(other) and unit[:_STEM] == (other or "")[:_STEM]


def _turned_round(sentence: ClaimSentence, lines: Sequence[PassageLine]) -> Fact | None:
    """A name that does what is done to it in the lines: "A berät B", and not "B berät A"."""
    names = [fact for fact in sentence.facts if fact.kind in _SUBJECTS]
    pairs = (pair for pair in combinations(names, 2) if pair[0].kind is pair[1].kind)
    return next((pair[0] for pair in pairs if _is_turned_in(sentence, pair, lines)), None)


def _is_turned_in(sentence: ClaimSentence, pair: Pair, lines: Sequence[PassageLine]) -> bool:
    """Whether the lines that say most of the sentence and have both names all turn them round."""
    text = with_digits(sentence.text, sentence.language)
    turned = []
    for line in sentence.most(line for line in lines if not line.is_heading):
        first, second = (_of(sentence.wholes[fact], line) for fact in pair)
        if first is not None and second is not None and first is not second:
            there = with_digits(line.text, line.language)
            turned.append(_is_turned(text, pair, there, (first, second)))
    return bool(turned) and all(turned)


def _of(unit: FactPart, line: PassageLine) -> Fact | None:
    """The fact of a line that is one of the sentence."""
    return next((fact for fact in line.facts if _same(unit, fact, line)), None)


def _is_turned(text: str, own: Pair, there: str, others: Pair) -> bool:
    """Whether two names have changed places: `own` in the sentence, `others` in the line `there`.

    The words between them have to have one in common, and the names have to differ in which of them
    is the subject: by their articles ("A berät den B", "dem A hilft B"), or else by their order.
    Nothing is turned where both do the same ("A und B") or where only one of the two is passive.
    """
    between = text[own[0].start + len(own[0].written) : own[1].start]
    left, right = sorted(others, key=lambda fact: fact.start)
    between_there = there[left.start + len(left.written) : right.start]
    if any(_words().together.search(part) for part in (between, between_there)):
        return False
    if bool(_words().passive.search(text)) != bool(_words().passive.search(there)):
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
    """Whether something is done to a German name, by its article: "den" in "berät den Ahorn"."""
    return bool(_words().object.search(text[: fact.start]))


def _is_oblique(text: str, fact: Fact) -> bool:
    """Whether an article or preposition makes a name no subject: "für Ahorn", "by Ahorn"."""
    return bool(_words().oblique.search(text, 0, fact.start))
