"""Answers without an LLM: the sentences that answer best, quoted, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import MockLLM
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answer import Citation, Claim, Mode, quoted_from
from assistant.answering.highlight import highlighted
from assistant.answering.learnt import shares
from assistant.answering.library import Library
from assistant.answering.likelihood import scores
from assistant.answering.selection import Quote, chosen
from assistant.answering.verdict import Verdict, judged
from assistant.answering.versions import is_older_version, newest_first
from assistant.answering.wording import PHRASES, quoted
from assistant.answering.yes_no import says_yes
from assistant.asking.breadth import breadth_of
from assistant.asking.question import Question, QuestionReader
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of, nodes_of

_RELATED = 2  # quotes that a near miss shows
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
    """Quotes what answers a question, or refuses."""

    def __init__(self, reader: QuestionReader, library: Library) -> None:
        # If it got none, llama-index would take the LLM of its global settings: OpenAI's.
        super().__init__(llm=MockLLM(), callback_manager=CallbackManager())
        self._reader = reader
        self._library = library

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
        is_near = any(hit.score > 0 for hit in hits)
        evidence = self._library.evidence(question, hits) if is_near else None
        if evidence is None:
            return CitedResponse(_refusal(question, hits), sources)
        told = scores(evidence)
        quotes = chosen(evidence, shares(told), breadth_of(question.query_str))
        match judged(evidence, told, quotes):
            case Verdict.ANSWERED:
                quotes = newest_first(quotes, shares(told))
                return CitedResponse(written(question, quotes), sources, citations=_cited(quotes))
            case Verdict.NEAR_MISS:
                return on_topic(question, hits, _cited(quotes[:_RELATED]))
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


def on_topic(question: Question, hits: Sequence[Hit], found: Sequence[Citation]) -> CitedResponse:
    """The refusal of a question that quotes of what was found are about, with what they say."""
    languages = {hit.document.file: hit.document.language for hit in hits}
    related = tuple(replace(citation, highlight=None) for citation in found[:_RELATED])
    lines = [_on_topic(question, citation, languages[citation.file]) for citation in related]
    said = PHRASES[question.language].near_miss(lines)
    return CitedResponse(said, nodes_of(hits), related=related)


def _cited(quotes: Sequence[Quote]) -> tuple[Citation, ...]:
    """The citations of quotes, in their order."""
    return tuple(
        quoted_from(number, quote.document, quote.start, quote.end, highlighted(quote))
        for number, quote in enumerate(quotes, 1)
    )


def written(question: Question, quotes: Sequence[Quote]) -> str:
    """A line for each quote, with its number.

    Before them stands "Ja." or "Nein." where the first one says so, and in which language they are
    if that is not the question's; before one of an older version that it is one.
    """
    language, spoken = question.language, quotes[0].document.language
    phrases, reply = PHRASES[language], says_yes(quotes[0])
    lines = []
    for number, quote in enumerate(quotes, start=1):
        line = f"{quoted(quote.text, quote.document.language)} [{number}]"
        is_older = is_older_version(quote.document, quotes[0].document)
        lines.append(f"{phrases.older} {line}" if is_older else line)
    opening = [] if reply is None else [phrases.yes if reply else phrases.no]
    opening += [phrases.introduction(spoken)] if spoken != language else []
    return "\n".join([" ".join(opening), *lines] if opening else lines)


def _refusal(question: Question, hits: Sequence[Hit]) -> str:
    titles = dict.fromkeys(hit.document.title for hit in hits)
    return PHRASES[question.language].refusal(list(titles)[:_NEAREST])


def _on_topic(question: Question, quote: Citation, spoken: str) -> str:
    """A quote with its document's title, and with its language if that is not the question's."""
    facts = [quote.title]
    if spoken != question.language:
        facts.append(PHRASES[question.language].in_language(spoken))
    return f"{quoted(quote.quote, spoken)} ({', '.join(facts)})"
