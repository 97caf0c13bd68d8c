"""Passages as who searches gets them: each with its score, and the words that it was found by."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.asking.question import Question
from assistant.finding.hit import Hit
from assistant.finding.rescoring import FULL_SCORE
from index.documents import PlaceInFile, place_at
from index.text.features import stem
from index.text.languages import LANGUAGES, has_content
from index.text.words import WORD


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found: `text` is [start, end) of the document's text.

    `score` is from 0 to 1. `highlights` are the words of the query in it, [start, end) of the
    document's text as well, and `place` is where it begins in a file that has pages or the like.
    """

    file: str
    title: str
    date: date | None
    language: str
    url: str | None
    score: float
    text: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    place: PlaceInFile | None = None

    def as_json(self) -> dict[str, Any]:
        """The passage as programs get it."""
        return asdict(self) | {
            "date": self.date.isoformat() if self.date else None,
            "highlights": [list(highlight) for highlight in self.highlights],
            "place": self.place.as_json() if self.place else None,
        }


def found_passages(question: Question, hits: Sequence[Hit]) -> list[FoundPassage]:
    """The hits as who searches gets them, in their order."""
    asked = {stem for term in question.terms for stem in term.stems}
    return [_found(hit, asked) for hit in hits]


def _found(hit: Hit, asked: set[str]) -> FoundPassage:
    passage, document = hit.passage, hit.document
    return FoundPassage(
        file=document.file,
        title=document.title,
        date=document.date,
        language=document.language,
        url=document.url,
        score=round(min(1.0, max(0.0, hit.score / FULL_SCORE)), 4),
        text=passage.text,
        start=passage.start,
        end=passage.end,
        highlights=tuple(_highlights(hit, asked)),
        place=place_at(passage.places, passage.start),
    )


def _highlights(hit: Hit, asked: set[str]) -> Iterator[tuple[int, int]]:
    """Where words of the query, or of what it was rendered to, stand; those like "und" do not."""
    language, offset = hit.document.language, hit.passage.start
    spoken = {language, *LANGUAGES}
    for word in WORD.finditer(hit.passage.text):
        tells = all(has_content(word[0], code) for code in spoken)
        if tells and stem(word[0], language) in asked:
            yield offset + word.start(), offset + word.end()
