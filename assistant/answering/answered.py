"""The answer as it is told: quotes with their copies, and the documents that were found."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer, Citation, Retrieved
from assistant.answering.extractive import CitedResponse
from assistant.asking.question import Question
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of
from assistant.finding.rescoring import FULL_SCORE

_RETRIEVED = 10  # documents that an answer names as found


def answer_of(response: CitedResponse, asked: Question, seconds: float) -> Answer:
    """The answer that a response makes, after so many seconds."""
    hits = hits_of(response.source_nodes)
    return Answer(
        question=asked.query_str,
        searched=asked.query_str,
        language=asked.language,
        answerable=bool(response.citations),
        mode=response.mode,
        answer=str(response),
        citations=_with_copies(response.citations, hits),
        related=_with_copies(response.related, hits),
        retrieved=_retrieved(hits),
        seconds=round(seconds, 4),
        claims=response.claims,
        note=response.note,
    )


def _with_copies(citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    copies = {hit.document.file: hit.copies for hit in hits if hit.copies}
    return tuple(
        replace(citation, also_in=copies.get(citation.file, citation.also_in))
        for citation in citations
    )


def _retrieved(hits: Sequence[Hit]) -> tuple[Retrieved, ...]:
    """The best documents, each with the score of its best passage; `hits` come best first."""
    best: dict[str, float] = {}
    for hit in hits:
        for file in (hit.document.file, *hit.copies):
            best.setdefault(file, min(1.0, hit.score / FULL_SCORE))
    return tuple(
        Retrieved(file, round(score, 4)) for file, score in list(best.items())[:_RETRIEVED]
    )
