"""Who does what where: persons with their roles, from sentences and from pages of a team."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.documents import BlockKind
from index.register.days import since_and_until
from index.register.reading import ORGANISATION, PERSON, NameMention, Reading, Sentence
from index.register.rows import Proof, Role
from index.register.words import role_names
from index.text.tables import Alternatives, Phrases, Table, read_table

_ROLE = "ꓢ"
_SLOT = re.compile(r"<(\w+)>")
_ANY = r"[^;:ꓑꓳ]{0,90}?"
_SIGN = {"who": PERSON, "at": ORGANISATION, "role": _ROLE}
_ARTICLE = r"(?:(?:der|die|das|dem|den|des|the|le|la|du)\s|l['’])"
_LEADING = re.compile(
    rf"(?P<article>\b{_ARTICLE})(?:[a-zäöüß]+(?:e|en|er|es)\s)(?={ORGANISATION}|{PERSON})"
)
_FIELD = re.compile(
    rf"^\W*(?P<label>[^:ꓳꓑ|]{{3,60}}): ?{PERSON}(?P<who>\d+){PERSON}"
    rf"(?:,? \(?{ORGANISATION}(?P<at>\d+){ORGANISATION})?"
)
_TEAM = re.compile(
    rf"^\W*{PERSON}(?P<who>\d+){PERSON}(?:,| –|\n| \() ?(?P<role>[^ꓳꓑ\n@\d]{{3,70}})"
)
_BESIDE = 4  # characters beside a name on a line of its own
_LONGEST = 110  # of a line that tells a role
_EARLY = 45  # characters before the role on it
_BEFORE_THAT = re.compile(
    r"(?:zuvor|vorher|früher|bislang|previously|formerly|auparavant|kommt|kam|comes|came)"
    r" (?:bei|beim|an|am|von|vom|with|at|from|chez|de|du)(?: (?:der|dem|the|la))? $"
)
_TEAM_SIZE = 3  # lines with a name and a role from which on a page is a team's
_CONTACT = re.compile(
    r"(?:kontakt|contact|ansprechpartner|presse|press|auskunft|rückfragen|anmeldung|questions|verwaltung|"
    r"wissenschaft|communication|kommunikation|leitung|lead|manager|koordination|projekt|chair|vorsitz|director)",
    re.IGNORECASE,
)


class Roles(Table):
    """Phrases that say who does what where."""

    told: tuple[Alternatives, ...]
    untold: tuple[Alternatives, ...]
    former: Phrases


@cache
def _table() -> Roles:
    return read_table(Path(__file__).with_suffix(".yaml"), Roles)


@cache
def _phrases(sort: str) -> tuple[re.Pattern[str], ...]:
    expressions: tuple[str, ...] = getattr(_table(), sort)
    return tuple(map(_compiled, expressions))


def _compiled(expression: str) -> re.Pattern[str]:
    counts: dict[str, int] = {}

    def slot(match: re.Match[str]) -> str:
        counts[match[1]] = counts.get(match[1], 0) + 1
        sign, group = _SIGN[match[1]], f"{match[1]}_{counts[match[1]]}"
        return rf"{_ARTICLE}?{sign}(?P<{group}>\d+){sign}"

    return re.compile(_SLOT.sub(slot, expression.replace(r"\b.*\b", _ANY)))


@dataclass(frozen=True, slots=True)
class _Held:
    who: NameMention
    role: str
    at: str
    told: bool


def roles_in(reading: Reading) -> Iterator[Role]:
    """The roles that a document tells."""
    yield from _below_names(reading)
    yield from _of_heading(reading)
    for number, sentence in enumerate(reading.sentences):
        if not sentence.of(PERSON):
            continue
        slots, names = _slots(sentence)
        told = list(_held(sentence, slots, names, "told"))
        yield from (_role(reading, sentence, held) for held in told)
        with_role = {held.who.start for held in told}
        at = _unsaid(reading, number, sentence, {held.at for held in told})
        for held in _untold(sentence, slots, names, at):
            if held.who.start not in with_role:
                with_role.add(held.who.start)
                yield _role(reading, sentence, held)


def _below_names(reading: Reading) -> Iterator[Role]:
    """Pages of a team: a line that is a name, and one right above or below that says the role."""
    lines = reading.sentences
    owner = reading.owner or reading.topic
    if not owner:
        return
    is_team = sum(map(_is_of_team, lines)) >= _TEAM_SIZE
    for number, line in enumerate(lines):
        who = _name_alone(line)
        if not who or _role_line(line):
            continue
        behind = lines[number + 1] if number + 1 < len(lines) else None
        before = lines[number - 1] if number else None
        near = next((beside for beside in (behind, before) if beside and _role_line(beside)), None)
        if is_team and not near and before and _is_field(before):
            near = before
        if near:
            role_told = _role_line(near) or near.text.strip()
            held = _Held(who, role_told, owner, False)
            start, end = min(line.start, near.start), max(line.end, near.end)
            role = _role(reading, near, held)
            yield replace(role, evidence=Proof(reading.document.file, start, end))


def _is_of_team(line: Sentence) -> bool:
    """Whether a line begins with a person: on a page of a team there are several."""
    people = line.of(PERSON)
    return line.kind is not BlockKind.PROSE and bool(people) and people[0].start == line.start


def _is_field(line: Sentence) -> bool:
    """Whether a line may be what a person of a team does: "Presse und Öffentlichkeitsarbeit"."""
    text = line.text.strip()
    return (
        line.kind is not BlockKind.PROSE
        and not line.mentions
        and len(text.split()) < 6
        and not re.search(r"[@\d|.:]", text)
    )


def _of_heading(reading: Reading) -> Iterator[Role]:
    """A row of names under a heading that is a role: the others of the board."""
    for heading, line in pairwise(reading.sentences):
        role = role_names().fullmatch(heading.text.strip(" :"))
        owner = reading.owner or reading.topic
        if not role or not owner or heading.kind is not BlockKind.HEADING:
            continue
        people = line.of(PERSON)
        if len(people) > 1 and len(people) == len(line.mentions):
            for who in people:
                yield _role(reading, line, _Held(who, role[0], owner, False))


def _name_alone(line: Sentence) -> NameMention | None:
    people = line.of(PERSON)
    if len(people) != 1 or len(line.mentions) != 1:
        return None
    rest = line.text[: people[0].start - line.start] + line.text[people[0].end - line.start :]
    return people[0] if len(rest.strip(" -–*•·,:")) < _BESIDE else None


def _role_line(line: Sentence) -> str:
    """The role that a short line without a person tells; "" for none."""
    first = line.text.strip().split("\n")[0]
    if line.of(PERSON) or len(first) > _LONGEST or first.endswith("."):
        return ""
    match = role_names().search(first)
    return first.strip(" -–*•·,:") if match and match.start() < _EARLY else ""


def _slots(sentence: Sentence) -> tuple[str, list[str]]:
    """The sentence with signs for roles as well, and the roles."""
    names: list[str] = []

    def sign(match: re.Match[str]) -> str:
        names.append(match[0])
        return f"{_ROLE}{len(names) - 1}{_ROLE}"

    slots = _articles_alone(sentence.slots)
    return _with_field().sub(sign, slots), names


@cache
def _with_field() -> re.Pattern[str]:
    """A role with the field that belongs to it: "Leiterin Internationales"."""
    field = r"(?:(?<=eiterin)|(?<=eiter)|(?<=eitung))"
    field += r"(?: [A-ZÄÖÜ][a-zäöüß-]{3,}(?: und [A-ZÄÖÜ][a-zäöüß-]+)?)"
    return re.compile(rf"(?i:{role_names().pattern})(?-i:{field})?")


def _held(sentence: Sentence, slots: str, names: Sequence[str], sort: str) -> Iterator[_Held]:
    for phrase in _phrases(sort):
        for match in _matches(phrase, slots, sentence):
            groups = {name.split("_")[0]: n for name, n in match.groupdict().items() if n}
            if "who" not in groups or "at" not in groups:
                continue
            role = names[int(groups["role"])] if "role" in groups else _noun(match[0])
            yield _Held(
                sentence.mentions[int(groups["who"])],
                role,
                sentence.mentions[int(groups["at"])].whom[0],
                True,
            )


def _matches(phrase: re.Pattern[str], slots: str, sentence: Sentence) -> Iterator[re.Match[str]]:
    """A phrase that names its role by a word of its own finds that in the sentence as it is."""
    named = any(group.startswith("role") for group in phrase.groupindex)
    for text in [slots] if named else dict.fromkeys([slots, _articles_alone(sentence.slots)]):
        yield from phrase.finditer(text)


def _articles_alone(slots: str) -> str:
    """The text without adjectives between an article and a name."""
    return _LEADING.sub(lambda match: match["article"], slots)


def _noun(phrase: str) -> str:
    match = re.search(
        r"Leitung|Geschäftsführung|Direktion|Vorsitz|leitet|leads|dirige|found|gründ|fond|\w*[Nn]achfolge"
        r"|Vorgänger\w*|Stellvertret\w*|[Dd]eputy|Professur|Lehrstuhl",
        phrase,
    )
    return (
        {"leitet": "Leitung", "leads": "head", "dirige": "direction"}.get(match[0], match[0])
        if match
        else ""
    )


def _untold(
    sentence: Sentence, slots: str, names: Sequence[str], at: str | None
) -> Iterator[_Held]:
    if field := _FIELD.search(slots):
        place = sentence.mentions[int(field["at"])].whom[0] if field["at"] else at
        label = _plain(field["label"], names)
        if place and (role_names().search(label) or _CONTACT.search(label)):
            yield _Held(sentence.mentions[int(field["who"])], label, place, bool(field["at"]))
    if not at:
        return
    if sentence.kind is not BlockKind.PROSE and (team := _TEAM.search(slots)):
        role = _plain(team["role"], names).strip(" ,(")
        if role_names().search(role):
            yield _Held(sentence.mentions[int(team["who"])], role, at, False)
    for phrase in _phrases("untold"):
        for match in _matches(phrase, slots, sentence):
            groups = {name.split("_")[0]: n for name, n in match.groupdict().items() if n}
            if "who" in groups:
                role = names[int(groups["role"])] if "role" in groups else _noun(match[0])
                yield _Held(sentence.mentions[int(groups["who"])], role, at, False)


def _plain(text: str, names: Sequence[str]) -> str:
    return re.sub(rf"{_ROLE}(\d+){_ROLE}", lambda match: names[int(match[1])], text)


def _unsaid(reading: Reading, number: int, sentence: Sentence, taken: set[str]) -> str | None:
    """Whose role it is where that is left unsaid; `taken` are whose roles others are told to be."""
    named = _named(sentence) - taken
    if len(named) == 1:
        return named.pop()
    if named:
        return None
    for before in reversed(reading.sentences[:number]):
        if before.block != sentence.block:
            break
        if near := _named(before):
            return (
                near.pop() if len(near) == 1 else reading.owner if reading.owner in near else None
            )
    if reading.owner and (reading.speaks or _is_spoken_of(reading, reading.owner)):
        return reading.owner
    return reading.topic if sentence.kind is BlockKind.PROSE else None


def _is_spoken_of(reading: Reading, whom: str) -> bool:
    """Whether it is named more than once, or its house is the documents' own."""
    times = sum(
        whom in mention.whom for line in reading.sentences for mention in line.of(ORGANISATION)
    )
    return times > 1 or whom == reading.lexicon.house


def _named(sentence: Sentence) -> set[str]:
    """The organisations that a sentence names, but for those in brackets behind a person."""
    return {
        mention.whom[0]
        for before, mention in zip((None, *sentence.mentions), sentence.mentions, strict=False)
        if mention.sign == ORGANISATION
        and mention.told
        and not _BEFORE_THAT.search(sentence.text[: mention.start - sentence.start])
        and not (
            before
            and before.sign == PERSON
            and sentence.text[before.end - sentence.start : mention.start - sentence.start] == " ("
        )
    }


def _role(reading: Reading, sentence: Sentence, held: _Held) -> Role:
    name, title = reading.person(held.who.whom[0])
    since, until = since_and_until(sentence.text, reading.document.date)
    near = sentence.text[
        max(0, held.who.start - sentence.start - 60) : held.who.end - sentence.start + 40
    ]
    told = reading.document.date
    return Role(
        person=name,
        title=title,
        role=held.role,
        organisation=held.at,
        evidence=Proof(reading.document.file, sentence.start, sentence.end),
        since=since,
        until=until,
        former=bool(_table().former.search(near)),
        said=told.isoformat() if told else None,
        told=held.told,
    )
