"""Frames: who is connected with whom, by the words between them, as frames.yaml has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from index.register.reading import ORGANISATION, PERSON, PROJECT, NameMention, Sentence
from index.register.rows import Kind, Part
from index.text.tables import Alternatives, Expressions, Phrases, Table, read_table

# What may stand before a name and belongs to it: article, adjectives, and a noun that says what.
_ARTICLE = r"(?:(?:der|die|das|dem|den|des|the|le|la|les|du)\s|l['’])"
_NOUN = (
    r"(?:[\w-]*(?:[Cc]luster|[Nn]etzwerk|[Aa]gentur|[Vv]erein|[Ff]irma|[Uu]nternehmen"
    r"|[Pp]artner|[Vv]erband)[nes]?"
    r"|network|association|company|pôle|réseau|fund|fabricant de \w+)\s"
)
_ADJECTIVE = r"[a-zäöüßéè-]+(?:e|en|er|es|em|ish|an|ese|ois|ais|aise|and)\s"
_LEAD = re.compile(
    rf"(?:(?P<article>\b{_ARTICLE}|\b(?:den beiden|die beiden|both|de la)\s)(?:{_ADJECTIVE}){{0,2}}"
    rf"(?:{_NOUN})?"
    rf"|\b{_NOUN})(?={ORGANISATION})"
)
_TAIL = re.compile(
    rf"(?<={ORGANISATION})(?: \([^()]*\)"
    r"| (?:aus|in|from|of|à|de|bei) [A-ZÄÖÜÉ]\w+(?: [A-ZÄÖÜ]\w+)?)"
)
_AND = (
    r"(?:, (?:und |and |et |sowie )?| (?:und|and|et|sowie|&|as well as|ainsi que|sowie auch) |; )"
)
_ROW = re.compile(
    rf"{ORGANISATION}\d+{ORGANISATION}(?:{_AND}{_ARTICLE}?{ORGANISATION}\d+{ORGANISATION})*"
)
_ROW_SIGN = "ꓣ"
_ANY = r"[^;:]{0,110}?"
# What stands behind a preposition is no subject, with which a phrase begins.
_NO_SUBJECT = "".join(
    rf"(?<!\b{word} )"
    for word in [
        "im",
        "in",
        "mit",
        "bei",
        "beim",
        "von",
        "vom",
        "zum",
        "zur",
        "aus",
        "für",
        "zwischen",
        "with",
        "of",
        "at",
        "for",
        "from",
        "by",
        "avec",
        "chez",
        "du",
    ]
)
_SLOT = re.compile(r"<(\w+)>")

_PARTS: dict[str, Part] = {
    "partners": "partner",
    "partner": "partner",
    "member": "member",
    "members": "member",
    "network": "network",
    "coordinator": "coordinator",
    "funder": "funder",
    "host": "host",
}


class Frame(Table):
    """One way to say who is connected with whom."""

    kind: str
    when: tuple[Alternatives, ...]
    needs: tuple[Alternatives, ...] = ()
    owner: str = ""
    joins: str = ""


class Loose(Table):
    """Words that connect whom a sentence names, where no frame fits."""

    kind: str
    words: Expressions
    alone: Expressions
    most: int


class Frames(Table):
    """All frames, and what takes back, puts off or ends what they say."""

    frames: tuple[Frame, ...]
    loose: tuple[Loose, ...]
    denials: Phrases
    plans: Phrases
    over: Phrases
    renewals: Phrases


@dataclass(frozen=True, slots=True)
class Found:
    """Parties that a frame has found in a sentence, each with its part."""

    kind: Kind
    parties: tuple[tuple[Part, NameMention], ...]
    owner: Part | None
    project: str | None
    joins: bool
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Compiled:
    frame: Frame
    phrases: tuple[re.Pattern[str], ...]
    needs: tuple[re.Pattern[str], ...]


@cache
def frames() -> Frames:
    """The table, read once."""
    return read_table(Path(__file__).with_suffix(".yaml"), Frames)


@cache
def _compiled() -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(
            frame,
            tuple(_phrase(expression) for expression in frame.when),
            tuple(re.compile(expression) for expression in frame.needs),
        )
        for frame in frames().frames
    )


def _phrase(expression: str) -> re.Pattern[str]:
    counts: dict[str, int] = {}

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        counts[name] = counts.get(name, 0) + 1
        group = f"{name}_{counts[name]}"
        if name == "project":
            return rf"(?P<{group}>{PROJECT}\d+{PROJECT})"
        if name == "person":
            return rf"(?P<{group}>{PERSON}\d+{PERSON})"
        if name.startswith("all_"):
            return rf"(?P<{group}>.*{_ROW_SIGN}.*)"
        numbers = r"\d+(?:-\d+)+" if name in ("partners", "members") else r"[\d-]+"
        before = _NO_SUBJECT if match.start() == len("(?:") else ""
        return rf"{before}{_ARTICLE}?{_ROW_SIGN}(?P<{group}>{numbers}){_ROW_SIGN}"

    return re.compile(_SLOT.sub(slot, expression.replace(r"\b.*\b", _ANY)))


def found_in(sentence: Sentence) -> Iterator[Found]:
    """What the frames find in a sentence."""
    slots = _rows(sentence.slots)
    if _ROW_SIGN not in slots:
        return
    # A verb that begins the sentence is written with a capital: "Finanziert wird es vom ..."
    forms = dict.fromkeys([slots, slots[:1].lower() + slots[1:]])
    for compiled in _compiled():
        if not all(need.search(slots) for need in compiled.needs):
            continue
        for phrase in compiled.phrases:
            for match in (match for form in forms for match in phrase.finditer(form)):
                if connection := _found(sentence, compiled.frame, match):
                    yield connection


def loosely_found(sentence: Sentence, owner: str | None = None) -> Found | None:
    """Whom the words of a sentence connect where no frame tells who stands in what part."""
    mentions = [mention for mention in sentence.of(ORGANISATION) if mention.told]
    named = {mention.whom[0] for mention in mentions}
    projects = {mention.whom[0] for mention in sentence.of(PROJECT)}
    part: Part
    for frame in frames().loose:
        if len(named) > frame.most or not frame.words.search(sentence.text):
            continue
        if frame.kind == "project":
            if len(projects) == 1 and named:
                parties = tuple((_PARTS["partner"], mention) for mention in mentions)
                return Found("project", parties, None, next(iter(projects)), True)
        elif len(named) == 1 and owner and owner not in named and frame.alone.search(sentence.text):
            part = "network" if frame.kind == "membership" else "partner"
            own: Part = "member" if frame.kind == "membership" else "partner"
            return Found(cast(Kind, frame.kind), ((part, mentions[0]),), own, None, False, True)
        elif len(named) == 2:
            part = "member" if frame.kind == "membership" else "partner"
            last = {"membership": "network", "funding": "funder"}.get(frame.kind, "partner")
            first = [m for m in mentions if m.whom != mentions[0].whom][:1]
            parties = ((part, mentions[0]), (cast(Part, last), first[0]))
            return Found(cast(Kind, frame.kind), parties, None, None, False)
    return None


def _rows(slots: str) -> str:
    """The text with one sign for each row of organisations: their numbers, with - between them."""
    bare = _TAIL.sub("", _LEAD.sub(lambda match: match["article"] or "", slots))

    def row(match: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", match[0])
        return f"{_ROW_SIGN}{'-'.join(numbers)}{_ROW_SIGN}"

    return _ROW.sub(row, bare)


def _found(sentence: Sentence, frame: Frame, match: re.Match[str]) -> Found | None:
    parties: list[tuple[Part, NameMention]] = []
    project = None
    for group, text in match.groupdict().items():
        name = group.rsplit("_", 1)[0]
        if not text:
            continue
        if name == "project":
            project = sentence.mentions[int(text.strip(PROJECT))].whom[0]
        elif name.startswith("all_"):
            part = _PARTS[name.removeprefix("all_")]
            numbers = re.findall(rf"{_ROW_SIGN}([\d-]+){_ROW_SIGN}", text)
            parties += (
                (part, sentence.mentions[int(n)]) for row in numbers for n in row.split("-")
            )
        elif name in _PARTS:
            parties += ((_PARTS[name], sentence.mentions[int(n)]) for n in text.split("-"))
    if not parties:
        return None
    owner = cast(Part, frame.owner) if frame.owner else None
    return Found(cast(Kind, frame.kind), tuple(parties), owner, project, frame.joins == "project")
