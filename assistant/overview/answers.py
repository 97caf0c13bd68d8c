"""Rows of the register as the lines of an answer, each with the evidence that it is cited by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_skeleton

from assistant.overview.asked import OverviewQuestion
from index.register.people import Post
from index.register.register import Link, Register
from index.register.rows import Part, Proof
from index.text.tables import ByLanguage, Table, read_table

_PIECES = 3  # of evidence that a line is cited by
_LOCALE = {"de": "de", "en": "en_GB", "fr": "fr"}
_MOST = 30  # lines of an answer
_LEAST = 2  # lines of a list; of one thing a quote says more


class _Wording(Table):
    found: Mapping[str, str]
    of: str
    since: str
    until: str
    renewed: str
    ended: str
    planned: str
    now: str
    before: str
    parts: Mapping[str, str]


@cache
def _wordings() -> ByLanguage[_Wording]:
    return read_table(Path(__file__).with_name("wording.yaml"), ByLanguage[_Wording])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer, and what it is cited by."""

    text: str
    evidence: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """An answer: a sentence that introduces and counts, and a line for each row."""

    introduction: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Teller:
    """Tells rows in a language; `text_of` is a document's text."""

    register: Register
    language: str
    text_of: Callable[[str], str]

    def told(self, asked: OverviewQuestion) -> ToldLine | None:
        """The answer to a question; None where no row answers it."""
        if asked.ask.what == "leaders":
            return self._leaders(asked)
        links = [link for link in self.register.links if self._fits(link, asked)]
        links.sort(key=lambda link: (link.start or link.end or "9", link.name))
        told = {
            "members": self._members,
            "memberships": self._memberships,
            "partners": self._partners,
            "projects": self._projects,
            "chronology": self._chronology,
        }.get(asked.ask.what, self._agreements)(links, asked)
        least = 1 if asked.ask.what == "chronology" else _LEAST
        return told if len(told.lines) >= least else None

    def _fits(self, link: Link, asked: OverviewQuestion) -> bool:
        if link.kind not in asked.ask.rows or not link.parties.keys() >= set(asked.organisations):
            return False
        if asked.country and not asked.organisations:
            return any(self._country(whom) == asked.country for whom in link.parties)
        others = link.parties.keys() - set(asked.organisations)
        return not asked.country or any(self._country(whom) == asked.country for whom in others)

    def _country(self, whom: str) -> str:
        return self.register.seats[whom].country

    # Sorts of answers

    def _agreements(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        lines = [
            self._line(" – ".join(self._names(link.parties)), self._facts(link), link, asked)
            for link in links
        ]
        return self._introduced("agreement", lines, asked)

    def _partners(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        if not asked.organisations:
            return self._agreements([link for link in links if link.kind == "agreement"], asked)
        lines = []
        for link in links:
            others = [whom for whom in link.parties if whom not in asked.organisations]
            facts = self._facts(link)
            if link.kind == "alliance":
                others = [whom for whom in others if link.parties[whom] != "network"]
                facts = [link.name, *facts]
            lines.append(self._line(", ".join(self._names(others)), facts, link, asked))
        return self._introduced("partner", lines, asked)

    def _projects(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        lines = []
        for link in links:
            own = [link.parties[whom] for whom in asked.organisations]
            parts = [self._words.parts[part] for part in own if part != "partner"]
            lines.append(
                self._line(link.name, [*parts, *self._facts(link, name=False)], link, asked)
            )
        return self._introduced("project", lines, asked)

    def _members(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        lines = []
        for link in links:
            if not self._has_part(link, asked.organisations[0], ("network", "host")):
                continue
            for whom, part in link.parties.items():
                if part in ("member", "partner") and whom not in asked.organisations:
                    facts = self._facts(link, name=False) if link.kind == "membership" else []
                    lines.append(self._line(self._name(whom), facts, link, asked, whom))
        unique = {line.text.split(":")[0]: line for line in reversed(lines)}
        return self._introduced("member", list(reversed(unique.values())), asked)

    def _memberships(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        lines = []
        for link in links:
            if self._has_part(link, asked.organisations[0], ("member", "partner")):
                networks = [whom for whom, part in link.parties.items() if part == "network"]
                facts = self._facts(link, name=False)
                lines.append(self._line(", ".join(self._names(networks)), facts, link, asked))
        return self._introduced("membership", lines, asked)

    def _chronology(self, links: Sequence[Link], asked: OverviewQuestion) -> ToldLine:
        if len(asked.organisations) < 2:
            return ToldLine("", ())
        return self._introduced(
            "chronology",
            [
                self._line(
                    link.name or " – ".join(self._names(link.parties)),
                    self._facts(link),
                    link,
                    asked,
                )
                for link in links
            ],
            asked,
        )

    def _leaders(self, asked: OverviewQuestion) -> ToldLine | None:
        posts = [
            post
            for post in self.register.posts
            if post.organisation in asked.organisations and post.sort == asked.post
        ]
        posts.sort(key=lambda post: (not post.current, post.since or post.said))
        current = [post for post in posts if post.current]
        if len(current) != len(set(asked.organisations)):
            return None
        lines = [self._post(post) for post in posts]
        return self._introduced("leader", lines, asked)

    # Wording

    @property
    def _words(self) -> _Wording:
        return _wordings()[self.language]

    def _introduced(self, sort: str, lines: Sequence[Line], asked: OverviewQuestion) -> ToldLine:
        words = self._words
        who = words.of.format(who=", ".join(self._names(asked.organisations)))
        whom = who if asked.organisations else ""
        introduction = words.found[sort].format(n=len(lines), who=whom)
        return ToldLine(introduction, tuple(lines[:_MOST]))

    def _post(self, post: Post) -> Line:
        words = self._words
        term = [
            words.now if post.current else words.before,
            words.since.format(day=self._day(post.since)) if post.since else "",
            words.until.format(day=self._day(post.until)) if post.until else "",
        ]
        name = f"{post.title} {post.person}".strip()
        return Line(f"{name}: {', '.join(filter(None, [post.role, *term]))}", post.evidence[:2])

    def _line(
        self, name: str, facts: Iterable[str], link: Link, asked: OverviewQuestion, whom: str = ""
    ) -> Line:
        said = ", ".join(filter(None, facts))
        wanted = [whom] if whom else list(asked.organisations)
        return Line(f"{name}: {said}" if said else name, self._evidence(link, wanted))

    def _facts(self, link: Link, name: bool = True) -> list[str]:
        words = self._words
        facts = [link.name] if name and link.kind == "agreement" else []
        if link.start:
            facts.append(words.since.format(day=self._day(link.start)))
        facts += (words.renewed.format(day=self._day(day)) for day in link.renewed)
        if link.end:
            facts.append(words.until.format(day=self._day(link.end)))
        if link.status == "ended" and not link.end:
            facts.append(words.ended)
        if link.status == "planned":
            facts.append(words.planned)
        return facts

    def _evidence(self, link: Link, wanted: Sequence[str]) -> tuple[Proof, ...]:
        """What tells most: the pieces that name whom is asked for, one of each document."""
        names = [self._all_names(whom) for whom in wanted or link.parties]

        def tells(piece: Proof) -> tuple[int, int]:
            quote = self.text_of(piece.file)[piece.start : piece.end]
            return -sum(
                any(name in quote for name in own_names) for own_names in names
            ), piece.end - piece.start

        chosen: dict[str, Proof] = {}
        for piece in sorted(link.evidence, key=tells):
            chosen.setdefault(piece.file, piece)
        return tuple(list(chosen.values())[:_PIECES])

    def _all_names(self, whom: str) -> tuple[str, ...]:
        organisation = self.register.lexicon.by_id[whom]
        return (organisation.name, *organisation.aliases)

    @staticmethod
    def _has_part(link: Link, whom: str, parts: Sequence[Part]) -> bool:
        return link.parties.get(whom) in parts

    def _names(self, whom: Iterable[str]) -> list[str]:
        return [self._name(identity) for identity in whom]

    def _name(self, whom: str) -> str:
        return self.register.lexicon.by_id[whom].name

    def _day(self, day: str | None) -> str:
        """A day or a month as the language writes it; a year as it stands."""
        parts = [int(part) for part in day.split("-")] if day else []
        match parts:
            case [year, month]:
                return format_skeleton("yMMMM", date(year, month, 1), locale=_LOCALE[self.language])
            case [year, month, number]:
                return format_date(date(year, month, number), "long", _LOCALE[self.language])
        return day or ""
