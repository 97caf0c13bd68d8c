"""Rows of the register as the pages show them: worded, with the addresses of what they name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from assistant.access import Scope
from assistant.partners.rows import id_of
from assistant.web.addresses import partners_address, source_address
from assistant.web.engine import Engine
from assistant.web.page_language import Language
from assistant.web.pages.page import Page
from assistant.web.texts.corrections import CORRECTION_TEXTS, CorrectionTexts
from assistant.web.texts.partners import PARTNER_TEXTS, PartnerTexts
from assistant.web.typography import long_date, told_day
from index.documents import Document
from index.register.measures import Measure
from index.register.people import Post
from index.register.register import Link, Register
from index.register.rows import Proof

_USUAL = ("partner", "member")  # parts that need no word beside a name


@dataclass(frozen=True, slots=True)
class ShownParty:
    """An organisation in a row: its name, its page, and its part where that says something."""

    id: str
    name: str
    address: str
    part: str


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece of evidence: a quote, and the page of its document with the mark."""

    quote: str
    language: str
    title: str
    day: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A partnership as a row of a table.

    `decided` is what editors have said of it; `correct` is where they say so, for them alone.
    """

    id: str
    kind: str
    kind_name: str
    name: str
    parties: tuple[ShownParty, ...]
    status: str
    status_name: str
    term: str
    renewed: str
    evidence: tuple[ShownPiece, ...]
    decided: str
    correct: str


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A person's role as a row of a table."""

    person: str
    role: str
    term: str
    evidence: tuple[ShownPiece, ...]


@dataclass(frozen=True)
class Shelf:
    """The register of a reader, and what its rows need to be shown on a page.

    `edits` says whether the reader may correct it.
    """

    register: Register
    page: Page
    engine: Engine
    scope: Scope
    edits: bool = False

    @property
    def language(self) -> Language:
        return self.page.view.language

    @property
    def words(self) -> PartnerTexts:
        return PARTNER_TEXTS[self.language]

    def document(self, file: str) -> Document | None:
        return self.engine.document(file, self.scope)

    def text_of(self, file: str) -> str:
        document = self.document(file)
        return document.text if document else ""

    def address_of(self, organisation: str) -> str:
        return self.page.root + partners_address(self.page.view, organisation)

    def overview(self, parameters: dict[str, str], suffix: str = "") -> str:
        """The address of the overview, or of a file of it, with a selection."""
        query = urlencode(parameters | self.page.view.query())
        return f"{self.page.root}partners{suffix}?{query}"

    def link(self, link: Link) -> ShownLink:
        words = self.words
        return ShownLink(
            id=id_of(link),
            kind=link.kind,
            kind_name=words.kinds[link.kind],
            name=self._name(link),
            parties=tuple(
                ShownParty(
                    whom,
                    self.register.lexicon.by_id[whom].name,
                    self.address_of(whom),
                    "" if part in _USUAL else words.parts[part],
                )
                for whom, part in link.parties.items()
            ),
            status=link.status,
            status_name=words.statuses[link.status],
            term=self.term(link.start, link.end),
            renewed=self.days(words.renewed, link.renewed),
            evidence=self.pieces(link.evidence),
            decided=self._decided(link),
            correct=self.correcting(partnership=id_of(link)) if self.edits else "",
        )

    @property
    def corrections(self) -> CorrectionTexts:
        return CORRECTION_TEXTS[self.language]

    def correcting(self, **row: str) -> str:
        """The address of the page on which a row is corrected, or of all corrections."""
        return f"{self.page.root}corrections?{urlencode(row | self.page.view.query())}"

    def _decided(self, link: Link) -> str:
        words = self.corrections
        set_by_hand = {"kind", "status"} & set(link.decided)
        told = [words.confirmed] if "confirm" in link.decided else []
        return ", ".join([*told, words.by_hand] if set_by_hand else told)

    def _name(self, link: Link) -> str:
        """What it is called, where that is more than the name of who takes part."""
        by_id = self.register.lexicon.by_id
        names = {name for whom in link.parties for name in (by_id[whom].name, *by_id[whom].aliases)}
        return "" if link.name in names else link.name

    def post(self, post: Post) -> ShownPost:
        name = f"{post.title} {post.person}".strip()
        term = self.term(post.since, post.until)
        return ShownPost(name, post.role, term, self.pieces(post.evidence))

    def term(self, start: str | None, end: str | None) -> str:
        """A time in words, "" for none."""
        words, day = self.words, partial(told_day, language=self.language)
        if start and end:
            return words.from_to.format(start=day(start), end=day(end))
        if start:
            return words.since.format(day=day(start))
        return words.until.format(day=day(end)) if end else ""

    def told(self, measure: Measure) -> str:
        """The day that a figure is of, in words; "" for none."""
        return told_day(measure.as_of, self.language) if measure.as_of else ""

    def days(self, wording: str, days: Iterable[str]) -> str:
        told = ", ".join(told_day(day, self.language) for day in days)
        return wording.format(days=told) if told else ""

    def source(self, document: Document) -> str:
        return self.page.root + source_address(document.file, self.page.view)

    def day(self, document: Document) -> str:
        return long_date(document.date, self.language) if document.date else self.words.no_date

    def pieces(self, evidence: Sequence[Proof]) -> tuple[ShownPiece, ...]:
        quoted = ((piece, self.document(piece.file)) for piece in evidence)
        return tuple(self._piece(piece, document) for piece, document in quoted if document)

    def _piece(self, piece: Proof, document: Document) -> ShownPiece:
        at = source_address(document.file, self.page.view, (piece.start, piece.end))
        return ShownPiece(
            quote=" ".join(document.text[piece.start : piece.end].split()),
            language=document.language,
            title=document.title,
            day=self.day(document),
            address=self.page.root + at,
        )
