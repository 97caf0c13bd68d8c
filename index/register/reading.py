"""A document, read with the lexicon: its sentences and lines, and who is spoken of in each.

Organisations, persons and projects stand in the `slots` text as signs, so that frames are about
who stands where, and not about names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.documents import BlockKind, Document
from index.register.candidates import addresses
from index.register.lexicon import NameLexicon
from index.register.nouns import apposition_kind
from index.register.persons import Person, persons
from index.register.tokens import Token, tokens
from index.register.words import cue_patterns, legal_form, references
from index.text.layout import blocks
from index.text.sentences import sentences

ORGANISATION, PERSON, PROJECT = "ꓳ", "ꓑ", "ꓙ"
_SIGN = re.compile(rf"([{ORGANISATION}{PERSON}{PROJECT}])(\d+)\1")
_SHORT = re.compile(r"\s?\(([^()\n]{2,30})\)")
_PAPER = re.compile(
    r"protokoll|newsletter|presse|medien|mitteilung|rundbrief|intranet|bulletin|minutes|\bnews\b"
    r"|communiqué|lettre d['’]info|jahresbericht|tätigkeitsbericht|annual report|quarterly|magazin",
    re.IGNORECASE,
)
_FIRST_LINES = 4
_TITLE_COUNTS = 3
_HOUSES = ("cluster", "association", "agency")
_SURE = 0.4  # the share of mentions from which on an organisation is what a document is about


@dataclass(frozen=True, slots=True)
class NameMention:
    """An organisation, person or project at [start, end) of the text.

    `whom` are ids of organisations (several for "beide Partner"), or the person's or project's
    name. What is `told` stands there by name; the rest is resolved from what stands before.
    """

    sign: str
    whom: tuple[str, ...]
    start: int
    end: int
    told: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a line at [start, end), with its mentions in order; `block` numbers blocks."""

    text: str
    start: int
    end: int
    block: int
    kind: BlockKind
    mentions: tuple[NameMention, ...]

    @property
    def slots(self) -> str:
        """The sentence in one line with signs in place of its mentions."""
        parts, position = [], self.start
        for number, mention in enumerate(self.mentions):
            parts.append(self.text[position - self.start : mention.start - self.start])
            parts.append(f"{mention.sign}{number}{mention.sign}")
            position = mention.end
        parts.append(self.text[position - self.start :])
        return re.sub(r"\s+", " ", "".join(parts))

    def of(self, sign: str) -> list[NameMention]:
        """Its mentions of a sort."""
        return [mention for mention in self.mentions if mention.sign == sign]


@dataclass
class Reading:
    """A document's sentences, and whose it is: `owner` is the organisation that speaks in it.

    It `speaks` for sure where the document has its addresses.
    """

    document: Document
    lexicon: NameLexicon
    projects: frozenset[str]
    sentences: list[Sentence] = field(default_factory=list)
    owner: str | None = None
    topic: str | None = None
    project: str | None = None
    speaks: bool = False

    @cached_property
    def full_names(self) -> dict[str, Person]:
        """Each surname with the person, named in full somewhere in the document."""
        named = persons(self.document.text, 0, len(self.document.text))
        return {person.surname: person for person in named if " " in person.name}

    def person(self, name: str) -> tuple[str, str]:
        """A person's full name and title, as far as the document has them."""
        full = self.full_names.get(name.split()[-1]) if " " not in name else None
        return (full.name, full.title) if full else (name, "")


def read(document: Document, lexicon: NameLexicon, projects: frozenset[str]) -> Reading:
    """The document with its mentions resolved."""
    reading = Reading(document, lexicon, projects)
    plain = list(_sentences(reading))
    reading.owner, reading.topic = _owner(document, lexicon, plain)
    reading.speaks = _by_address(document.text, lexicon) is not None or _heads(plain, reading.owner)
    reading.project = _project(plain)
    reading.sentences = _resolved(reading, plain)
    return reading


def _sentences(reading: Reading) -> Iterator[Sentence]:
    document = reading.document
    for number, block in enumerate(blocks(document.text)):
        if block.kind is BlockKind.FURNITURE:
            continue
        if block.kind is BlockKind.PROSE:
            spans = sentences(document.text, block.start, block.end, document.language)
        else:
            spans = [(block.start, block.end)]
        for start, end in spans:
            mentions = tuple(_mentions(reading, start, end))
            yield Sentence(document.text[start:end], start, end, number, block.kind, mentions)


def _mentions(reading: Reading, start: int, end: int) -> list[NameMention]:
    text = reading.document.text
    line = tokens(text, start, end)
    mentions = list(_organisations(reading.lexicon, text, line, end))
    mentions += _projects(reading.projects, line, mentions)
    taken = [(mention.start, mention.end) for mention in mentions]
    for person in persons(text, start, end):
        if all(person.end <= first or person.start >= last for first, last in taken):
            mentions.append(NameMention(PERSON, (person.name,), person.start, person.end))
    return sorted(mentions, key=lambda mention: mention.start)


def _organisations(
    lexicon: NameLexicon, text: str, line: Sequence[Token], stop: int
) -> Iterator[NameMention]:
    words = [token.text for token in line]
    position = 0
    while position < len(line):
        match = lexicon.match(words, position)
        if not match:
            if part := lexicon.prefix(words[position]):
                at = line[position].start
                yield NameMention(ORGANISATION, (part[1],), at, at + part[0])
            position += 1
            continue
        length, identity = match
        start, end = line[position].start, _with_form(text, line[position + length - 1].end, stop)
        short = _SHORT.match(text, end, stop)
        if short and (other := lexicon.find(short[1])) and other.id == identity:
            end = short.end()
        yield NameMention(ORGANISATION, (identity,), start, end)
        position += length
        while position < len(line) and line[position].start < end:
            position += 1


def _with_form(text: str, end: int, stop: int) -> int:
    form = legal_form().match(text, end + 1, stop + 1)
    return form.end() if form and text[end] in " \u00a0" else end


def _projects(
    projects: frozenset[str], line: Sequence[Token], taken: Sequence[NameMention]
) -> Iterator[NameMention]:
    for position, token in enumerate(line):
        if any(mention.start <= token.start < mention.end for mention in taken):
            continue
        for length in (4, 3, 2, 1):
            part = line[position : position + length]
            name = " ".join(word.text for word in part)
            if len(part) == length and name in projects:
                yield NameMention(PROJECT, (name,), token.start, part[-1].end)
                break


# Whose the document is


def _owner(
    document: Document, lexicon: NameLexicon, plain: Sequence[Sentence]
) -> tuple[str | None, str | None]:
    """Who speaks in a document, and whom it is about: by addresses, title, and mentions."""
    counts: Counter[str] = Counter()
    for number, sentence in enumerate(plain):
        for mention in sentence.of(ORGANISATION):
            counts[mention.whom[0]] += 1
            if number < _FIRST_LINES:
                counts[mention.whom[0]] += 1
    topic = counts.most_common(1)[0][0] if counts else None
    written = _by_address(document.text, lexicon)
    first = next((m.whom[0] for s in plain[:_FIRST_LINES] for m in s.of(ORGANISATION)), None)
    about = {m.whom[0] for s in plain for m in s.of(ORGANISATION) if _is_about(document.text, m)}
    owner = written or (about.pop() if len(about) == 1 else None)
    if owner is None and first is not None and first == topic:
        owner = first
    total = sum(counts.values())
    if topic and counts[topic] < _SURE * total:
        topic = owner
    return owner, topic or owner


def _heads(plain: Sequence[Sentence], owner: str | None) -> bool:
    """Whether the first lines say that a paper is the owner's: "Protokoll", "Newsletter"."""
    return any(
        _PAPER.search(sentence.text)
        and any(owner in mention.whom for mention in sentence.of(ORGANISATION))
        for sentence in plain[:_FIRST_LINES]
    )


def _is_about(text: str, mention: NameMention) -> bool:
    line = text.rfind("\n", 0, mention.start) + 1
    return bool(cue_patterns("before")["about"].search(text[line : mention.start]))


def _by_address(text: str, lexicon: NameLexicon) -> str | None:
    """The organisation in whose name most addresses of mail and web are."""
    counts: Counter[str] = Counter()
    for label, _ in addresses(text):
        if owner := lexicon.by_label(label):
            counts[owner] += 1
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _project(plain: Sequence[Sentence]) -> str | None:
    """The project that a document is about: that of its title, or the only one it names."""
    counts: Counter[str] = Counter()
    for number, sentence in enumerate(plain):
        for mention in sentence.of(PROJECT):
            counts[mention.whom[0]] += _TITLE_COUNTS if number < _FIRST_LINES else 1
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0] if ranked[0][1] > 1 else None


# What stands for a name


def _resolved(reading: Reading, plain: Sequence[Sentence]) -> list[Sentence]:
    done: list[Sentence] = []
    for sentence in plain:
        added = list(_references(reading, sentence, done))
        mentions = sorted([*sentence.mentions, *added], key=lambda mention: mention.start)
        done.append(
            Sentence(
                sentence.text,
                sentence.start,
                sentence.end,
                sentence.block,
                sentence.kind,
                tuple(mentions),
            )
        )
    return done


def _references(
    reading: Reading, sentence: Sentence, before: Sequence[Sentence]
) -> Iterator[NameMention]:
    """Pronouns and nouns that stand for organisations named before, where that is certain."""
    if sentence.kind is not BlockKind.PROSE:
        return
    taken = [(mention.start, mention.end) for mention in sentence.mentions]
    for sort, form in references().items():
        for match in form.finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            if any(start < last and end >= first - 2 for first, last in taken):
                continue
            if whom := _meant(reading, sort, match[0], sentence, before):
                taken.append((start, end))
                yield NameMention(ORGANISATION, whom, start, end, told=False)


def _meant(
    reading: Reading, sort: str, noun: str, sentence: Sentence, before: Sequence[Sentence]
) -> tuple[str, ...]:
    if sort == "owner":
        return (reading.owner,) if reading.owner else ()
    last = before[-1] if before and before[-1].block == sentence.block else None
    named = list(dict.fromkeys(w for m in (last.of(ORGANISATION) if last else ()) for w in m.whom))
    if sort == "both":
        if len(named) == 2:
            return tuple(named)
        pairs = [_pair(earlier) for earlier in before]
        distinct = list(dict.fromkeys(pair for pair in pairs if pair))
        return distinct[0] if len(distinct) == 1 else ()
    candidates = list(dict.fromkeys(filter(None, (*named, reading.owner, reading.topic))))
    if said := apposition_kind(noun.split()[-1]):
        fitting = [
            identity for identity in candidates if reading.lexicon.by_id[identity].kind == said
        ]
        if not fitting and said in _HOUSES:  # a cluster may be an association by its form
            fitting = [
                identity
                for identity in candidates
                if reading.lexicon.by_id[identity].kind in _HOUSES
            ]
        if len(fitting) == 1:
            return (fitting[0],)
    if len(named) == 1:
        return (named[0],)
    if not named and reading.topic:
        return (reading.topic,)
    return ()


def _pair(sentence: Sentence) -> tuple[str, ...]:
    named = sorted({w for m in sentence.of(ORGANISATION) if m.told for w in m.whom})
    return tuple(named) if len(named) == 2 else ()
