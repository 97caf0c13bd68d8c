"""Answers without an LLM: the sentences that answer best, quoted, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import MockLLM
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answer import Citation, Claim, Mode, cited
from assistant.answering.highlight import highlighted
from assistant.answering.refusal import Verdict, judged
from assistant.answering.selection import Quotable, chosen, ranked
from assistant.answering.wording import PHRASES, quoted
from assistant.asking.question import Question, QuestionReader
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of, nodes_of

_RELATED = 2  # sentences that a near miss shows
_NEAREST = 3  # documents that a refusal names


@dataclass
class CitedResponse(Response):
    """A llama-index response with what its markers stand for; no citations: a refusal.

    `related` is then what the documents say about the topic. `claims` are the sentences of one
    that an LLM has written, and `note` says why it has not, where it should have.
    """

    citations: tuple[Citation, ...] = ()
    related: tuple[Citation, ...] = ()
    mode: Mode = "extractive"
    claims: tuple[Claim, ...] = ()
    note: str | None = None


class ExtractiveSynthesizer(BaseSynthesizer):
    """Quotes one to three sentences, or refuses."""

    def __init__(self, reader: QuestionReader) -> None:
        # If it got none, llama-index would take the LLM of its global settings: OpenAI's.
        super().__init__(llm=MockLLM(), callback_manager=CallbackManager())
        self._reader = reader

    def synthesize(
        self,
        query: str | QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **_response_kwargs: Any,
    ) -> CitedResponse:
        """The answer of these passages, best first, to the query."""
        bundle = QueryBundle(query) if isinstance(query, str) else query
        question, hits = self._reader.of(bundle), hits_of(nodes)
        sources = [*nodes, *(additional_source_nodes or ())]
        quotes = chosen(question, hits)
        match judged(question, hits, quotes):
            case Verdict.ANSWERED:
                citations = tuple(_cited(n, quote, question) for n, quote in enumerate(quotes, 1))
                return CitedResponse(_answer(question, quotes), sources, citations=citations)
            case Verdict.NEAR_MISS:
                return on_topic(question, hits)
            case Verdict.UNRELATED:
                return CitedResponse(_refusal(question, hits), sources)

    async def asynthesize(
        self,
        query: str | QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **response_kwargs: Any,
    ) -> CitedResponse:
        """As `synthesize`; there is nothing to wait for."""
        return self.synthesize(query, nodes, additional_source_nodes, **response_kwargs)

    def get_response(self, query_str: str, text_chunks: Sequence[str], **_kwargs: Any) -> str:
        """Never called: text alone can't be cited."""
        raise TypeError(f"{query_str!r}: {len(text_chunks)} texts without passages can't be cited.")

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **kwargs: Any) -> str:
        """Never called, as `get_response`."""
        return self.get_response(query_str, text_chunks, **kwargs)

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: dict[str, Any]) -> None:
        """There are none."""


def on_topic(question: Question, hits: Sequence[Hit]) -> CitedResponse:
    """The refusal of a question that passages, best first, are about, with what they say."""
    near = ranked(question, hits)[:_RELATED]
    related = tuple(_cited(number, quote) for number, quote in enumerate(near, 1))
    return CitedResponse(_near_miss(question, near), nodes_of(hits), related=related)


def _cited(number: int, quote: Quotable, question: Question | None = None) -> Citation:
    """The citation of a quote; with the question that it answers, the likely answer is told."""
    likely = highlighted(question, quote) if question else None
    return cited(number, quote.hit.indexed, quote.start, quote.end, likely)


def _answer(question: Question, quotes: Sequence[Quotable]) -> str:
    """A line for each quote, with its number; if they are in another language, a line says so."""
    lines = [
        f"{quoted(quote.text, quote.language)} [{number}]"
        for number, quote in enumerate(quotes, start=1)
    ]
    language, spoken = question.language, quotes[0].language
    introduction = [PHRASES[language].introduction(spoken)] if spoken != language else []
    return "\n".join([*introduction, *lines])


def _refusal(question: Question, hits: Sequence[Hit]) -> str:
    titles = dict.fromkeys(hit.document.title for hit in hits)
    return PHRASES[question.language].refusal(list(titles)[:_NEAREST])


def _near_miss(question: Question, related: Sequence[Quotable]) -> str:
    """A refusal with what the documents say about the topic."""
    lines = [_on_topic(question, quote) for quote in related]
    return PHRASES[question.language].near_miss(lines)


def _on_topic(question: Question, quote: Quotable) -> str:
    """A quote with its document's title, and with its language if that is not the question's."""
    facts, spoken = [quote.hit.document.title], quote.language
    if spoken != question.language:
        facts.append(PHRASES[question.language].in_language(spoken))
    return f"{quoted(quote.text, spoken)} ({', '.join(facts)})"
