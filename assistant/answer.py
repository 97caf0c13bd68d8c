"""What an answer is made of: quotes that are slices of a document's text, each with its number."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from index.documents import Document, IndexedPassage, PlaceInFile, place_at

Mode = Literal["extractive", "generated", "register"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `quote == document.text[start:end]` of the document `file`.

    `highlight` is the likely answer in it, [start, end) in the same text, where one can be told.
    `place` is where in its file that stands, else where the quote begins, of a file that has pages,
    slides or sheets. `also_in` are other files with the same text.
    """

    number: int
    file: str
    title: str
    date: date | None
    url: str | None
    quote: str
    start: int
    end: int
    highlight: tuple[int, int] | None = None
    place: PlaceInFile | None = None
    also_in: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The citation as answers have it in JSON."""
        return asdict(self) | {
            "date": self.date.isoformat() if self.date else None,
            "highlight": list(self.highlight) if self.highlight else None,
            "place": self.place.as_json() if self.place else None,
            "also_in": list(self.also_in),
        }


def cited(
    number: int,
    indexed: IndexedPassage,
    start: int,
    end: int,
    highlight: tuple[int, int] | None = None,
) -> Citation:
    """The citation of what stands at [start, end) of a document's text, within a passage of it."""
    passage, document = indexed.passage, indexed.document
    return Citation(
        number=number,
        file=document.file,
        title=document.title,
        date=document.date,
        url=document.url,
        quote=passage.text[start - passage.start : end - passage.start],
        start=start,
        end=end,
        highlight=highlight,
        place=place_at(passage.places, highlight[0] if highlight else start),
    )


def quoted_from(
    number: int, document: Document, start: int, end: int, highlight: tuple[int, int] | None = None
) -> Citation:
    """The citation of what stands at [start, end) of a document's text."""
    return Citation(
        number=number,
        file=document.file,
        title=document.title,
        date=document.date,
        url=document.url,
        quote=document.text[start:end],
        start=start,
        end=end,
        highlight=highlight,
        place=place_at(document.places, highlight[0] if highlight else start),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that an LLM wrote, and whether the passages that it cites carry it.

    `citations` are the numbers of those that do; of a sentence that is not `supported` there are
    none, and `reason` says why, in the answer's language.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """The sentence that an LLM is writing, as far as it has come; it is not checked yet."""

    text: str


Progress = Delta | Claim
"""What is known of an answer before it is complete: words, and sentences that are checked."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A document that was found, with the score of its best passage, from 0 to 1."""

    file: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question, or a refusal: then `answerable` is False and nothing is cited.

    `searched` is the question as it stands alone: after others, with what it left unsaid. `answer`
    is plain text with markers such as `[1]`, `language` that of the question (de, en or fr),
    `retrieved` the documents found, best first, and `seconds` what the answer took. `related` is
    what the documents say about the topic of a question that they don't answer.

    An answer that is "generated" has its sentences as `claims`. `note` is a sentence for the user
    where an LLM should have written the answer, and did not.
    """

    question: str
    searched: str
    language: str
    answerable: bool
    mode: Mode
    answer: str
    citations: Sequence[Citation]
    retrieved: Sequence[Retrieved]
    seconds: float
    related: Sequence[Citation] = ()
    claims: Sequence[Claim] = ()
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer as `ask --json` prints it and the web API returns it."""
        fields = asdict(self)
        for name in ("citations", "related"):
            fields[name] = [citation.as_json() for citation in getattr(self, name)]
        for claim in fields["claims"]:
            claim["citations"] = list(claim["citations"])
        lists = ("retrieved", "claims")
        return fields | {name: list(fields[name]) for name in lists}
