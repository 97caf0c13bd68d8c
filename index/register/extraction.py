"""One document's rows: what its sentences and lists tell of partnerships and people."""

import re
from collections.abc import Iterator, Mapping, Sequence

from index.documents import BlockKind, Document
from index.register.days import day_of, later, since_and_until, span_in
from index.register.figures import figures_in
from index.register.frames import Found, found_in, frames, loosely_found
from index.register.lexicon import NameLexicon
from index.register.listed import of_lists, of_runs
from index.register.reading import ORGANISATION, PROJECT, NameMention, Reading, Sentence, read
from index.register.roles import roles_in
from index.register.rows import Kind, Part, Partnership, Party, Proof, Rows, Status
from index.register.seats import seats_in

_REACH = 400  # characters that evidence may begin before its sentence, where it refers back
_FOLLOWING = 3  # sentences behind an agreement that may tell how long it holds
_NAMED = re.compile(
    r"Memorandum of Understanding|MoU|Letter of Intent|LoI|\w*[Aa]bsichtserklärung"
    r"|\w*[Vv]ereinbarung"
    r"|\w*[Vv]ertrag|\w*[Aa]bkommen|\w*[Kk]ooperation\w*|\w*[Pp]artnerschaft|Zusammenarbeit"
    r"|(?:cooperation|partnership) agreement|partnership|accord de coopération|accord|convention"
    r"|contrat de coopération|lettre d['’]intention|protocole d['’]accord|partenariat"
)
_OWN = re.compile(r"\b(?:wir|unser\w*|we|our|nous|notre|nos)\b", re.IGNORECASE)


def extract(document: Document, lexicon: NameLexicon, projects: frozenset[str]) -> Rows:
    """The rows of a document, whose organisations and projects are known from all documents."""
    reading = read(document, lexicon, projects)
    rows = [*_of_sentences(reading), *of_lists(reading), *of_runs(reading)]
    return Rows(
        partnerships=tuple(rows),
        roles=tuple(roles_in(reading)),
        figures=tuple(figures_in(reading)),
        places=tuple(dict.fromkeys(seats_in(reading))),
    )


def _of_sentences(reading: Reading) -> Iterator[Partnership]:
    for number, sentence in enumerate(reading.sentences):
        if sentence.kind is BlockKind.LIST and len(sentence.text.split()) < 5:
            continue
        if frames().denials.search(sentence.text):
            continue
        best = _best(found_in(sentence))
        if not best and (loose := loosely_found(sentence, reading.owner)):
            best = [loose] if sentence.kind is BlockKind.PROSE or len(loose.parties) > 1 else []
        for connection in best:
            if row := _row(reading, number, sentence, connection):
                yield row


def _best(found: Iterator[Found]) -> list[Found]:
    """Of each kind what names most parties; of an agreement one, of a project all."""
    chosen: dict[tuple[str, int], Found] = {}
    for number, connection in enumerate(found):
        key = (
            connection.kind,
            number if connection.joins or connection.kind == "membership" else 0,
        )
        if key not in chosen or _size(connection) > _size(chosen[key]):
            chosen[key] = connection
    kinds = {kind for kind, _ in chosen}
    return [
        connection
        for connection in chosen.values()
        if not (connection.kind == "agreement" and "alliance" in kinds)
    ]


def _size(found: Found) -> int:
    return len({whom for _, mention in found.parties for whom in mention.whom})


def _row(reading: Reading, number: int, sentence: Sentence, found: Found) -> Partnership | None:
    parties = _parties(found.parties)
    if found.owner and (owner := _owner(reading, number, found, parties)):
        parties.setdefault(owner, found.owner)
    project = (found.project or _project_of(reading, sentence)) if found.joins else None
    if found.kind == "funding" and len(parties) == 1 and not project and reading.topic:
        parties.setdefault(reading.topic, "partner")
    if found.joins and found.kind != "funding" and not project:
        return None
    if len(parties) < 2 and not project:
        return None
    text = reading.document.text
    evidence = _evidence(reading, number, sentence, [mention for _, mention in found.parties])
    since, until = since_and_until(sentence.text, reading.document.date)
    status = _status(sentence)
    event = _event(sentence, status)
    day = _day(reading, sentence, event, since)
    name = project or _name(found.kind, sentence, parties, reading.lexicon)
    until = until or _held(reading, number, found.kind, day)
    row = Partnership(
        kind=found.kind,
        name=name,
        parties=tuple(Party(whom, part) for whom, part in parties.items()),
        status=status,
        evidence=Proof(reading.document.file, *evidence),
        start=day,
        end=until,
        event=event,
    )
    return row if text[evidence[0] : evidence[1]].strip() else None


def _owner(reading: Reading, number: int, found: Found, parties: Mapping[str, Part]) -> str | None:
    """With whom parties are connected that a sentence names without it.

    Of a network's members it is the one that the sentence before names, else the document's owner.
    """
    sentence = reading.sentences[number]
    several = found.kind in ("other", "funding", "alliance", "membership") and not found.loose
    if reading.owner in parties and found.kind != "alliance":
        return None
    if found.owner == "network" and number and not found.loose:
        if owner := _named_before(reading, number, parties):
            return owner
        if found.kind == "alliance":
            return reading.topic if reading.topic not in parties else None
    if found.kind == "other" and number and (owner := _named_before(reading, number, parties)):
        return owner
    if reading.owner is None or not (several or len(parties) == 1):
        return None
    if _speaks(reading, sentence, parties) or (found.loose and len(parties) == 1):
        return reading.owner
    return None


def _named_before(reading: Reading, number: int, parties: Mapping[str, Part]) -> str | None:
    """The only other organisation that the sentence before names, in the same paragraph."""
    before = reading.sentences[number - 1]
    named = {whom for mention in before.of(ORGANISATION) for whom in mention.whom} - parties.keys()
    same = before.block == reading.sentences[number].block
    return named.pop() if same and len(named) == 1 else None


def _day(reading: Reading, sentence: Sentence, event: str, since: str | None) -> str | None:
    """The day on which it began, or was renewed; what holds "since 2019" was not renewed then."""
    told = reading.document.date
    if event == "ended":
        return since
    if event == "renewed":
        day = day_of(sentence.text, told)
        if day and day != since and len(day) > len("2019"):
            return day
        return told.isoformat() if told else None
    return since or day_of(sentence.text, told)


def _speaks(reading: Reading, sentence: Sentence, parties: Mapping[str, Part]) -> bool:
    """Whether no other organisation is named than the parties, so that the owner is another."""
    sure = (
        reading.speaks or reading.owner == reading.lexicon.house or re.search(_OWN, sentence.text)
    )
    return bool(sure) and {w for m in sentence.of(ORGANISATION) for w in m.whom} == set(parties)


def _parties(found: Sequence[tuple[Part, NameMention]]) -> dict[str, Part]:
    parties: dict[str, Part] = {}
    for part, mention in found:
        for whom in mention.whom:
            parties.setdefault(whom, part)
    return parties


def _project_of(reading: Reading, sentence: Sentence) -> str | None:
    """The project that a sentence names, or the last one before it in its block, or the topic."""
    named = sentence.of(PROJECT)
    if len({mention.whom for mention in named}) == 1:
        return named[0].whom[0]
    if named:
        return None
    for other in reversed(reading.sentences):
        if other.block == sentence.block and other.start < sentence.start and other.of(PROJECT):
            return other.of(PROJECT)[-1].whom[0]
    return reading.project


def _evidence(
    reading: Reading, number: int, sentence: Sentence, mentions: Sequence[NameMention]
) -> tuple[int, int]:
    """The sentence, with the one before where that says who is meant."""
    if all(mention.told for mention in mentions) or number == 0:
        return sentence.start, sentence.end
    before = reading.sentences[number - 1]
    near = sentence.start - before.start < _REACH and before.block == sentence.block
    return (before.start if near else sentence.start), sentence.end


def _status(sentence: Sentence) -> Status:
    words = frames()
    if words.over.search(sentence.text):
        return "ended"
    if words.plans.search(sentence.text) and not words.renewals.search(sentence.text):
        return "planned"
    return "active"


def _event(sentence: Sentence, status: Status) -> str:
    if status in ("ended", "planned"):
        return status
    return "renewed" if frames().renewals.search(sentence.text) else "signed"


def _held(reading: Reading, number: int, kind: Kind, day: str | None) -> str | None:
    """The end of an agreement by how long it is said to hold, here or in the sentences behind."""
    if kind != "agreement":
        return None
    for sentence in reading.sentences[number : number + _FOLLOWING]:
        if sentence.start != reading.sentences[number].start and len(sentence.of(ORGANISATION)) > 1:
            break
        _, until = since_and_until(sentence.text, reading.document.date)
        months = span_in(sentence.text)
        if until or (months and day):
            return until or later(day or "", months or 0)
    return None


def _name(kind: Kind, sentence: Sentence, parties: dict[str, Part], lexicon: NameLexicon) -> str:
    networks = [whom for whom, part in parties.items() if part == "network"]
    if networks:
        return lexicon.by_id[networks[0]].name
    match = _NAMED.search(sentence.text)
    return match[0] if match and kind == "agreement" else ""
