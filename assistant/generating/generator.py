"""Answers that an LLM writes from the passages, each sentence checked; quotes where it fails."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.answer import Citation, Claim, Delta, Progress
from assistant.answering.extractive import CitedResponse, on_topic
from assistant.answering.highlight import likely
from assistant.answering.wording import PHRASES
from assistant.asking.follow_ups import Turn
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.asking.question import Question
from assistant.checking import Checker
from assistant.faults import Fault, ModelError
from assistant.finding.hit import Hit
from assistant.finding.nodes import nodes_of
from assistant.generating.context import PassagesOf, around, in_order
from assistant.generating.draft import Draft
from assistant.generating.language_model import LanguageModel
from assistant.generating.prompts import NO_ANSWER, fitting, to_answer, to_rewrite
from assistant.generating.remarks import without_label
from assistant.generating.withheld import NOTHING, Withheld
from index.facts import with_digits
from index.text.languages import has_content, identify
from index.text.words import fold, without_invisible, words

_REWRITING = 1 / 3  # of the time for an answer, that rewriting the question may take
_QUOTATION = re.compile(r"[„“\"»«][^„“”\"»«]+[“”\"»«]")


class Generator:
    """Has an LLM write answers. It is never shown what documents say that are `withheld`."""

    def __init__(
        self,
        model: LanguageModel,
        checker: Checker,
        passages_of: PassagesOf,
        withheld: Withheld = NOTHING,
    ) -> None:
        self._model = model
        self._checker = checker
        self._passages_of = passages_of
        self._withheld = withheld

    def deadline(self) -> float:
        """When a question that is asked now has to be answered, by time.monotonic()."""
        return time.monotonic() + self._model.seconds

    def standalone(
        self, question: str, language: str, turns: Sequence[Turn], deadline: float
    ) -> str | None:
        """The question with what it leaves unsaid; None where the LLM has no fit one.

        It may have no number, date or name that the conversation has not, and has to have a word of
        content that the questions have. Where documents are withheld the LLM gets no answers, as
        these may quote them.
        """
        within = deadline - (1 - _REWRITING) * self._model.seconds
        shown = [replace(turn, answer="") for turn in turns] if self._withheld else turns
        try:
            written = self._model.complete(to_rewrite(question, language, shown), within)
        except ModelError:
            return None
        rewritten = without_label(" ".join(without_invisible(written).split())).strip('*_"„“')
        if not 0 < len(rewritten) <= MAX_QUESTION_CHARACTERS:
            return None
        asked = _spoken([question, *(turn.question for turn in turns)], language)
        said = asked | _spoken([turn.answer for turn in turns], language)
        facts = self._checker.facts(rewritten, language)
        added = _spoken([fact.written for fact in facts], language) - said
        content = {_bare(w) for w in words(rewritten) if has_content(w, language)}
        return rewritten if content & asked and not added else None

    def stream(
        self,
        question: Question,
        wording: str,
        hits: Sequence[Hit],
        extracted: CitedResponse,
        deadline: float,
    ) -> Iterator[Progress | CitedResponse]:
        """The answer while it is written, and at last the whole: or `extracted`, and why.

        `wording` is the question as it was typed, without capitals that were put in to find more.
        Whether the passages answer is the LLM's to say; its refusal shows what is on the topic.
        What documents answer that are withheld is quoted.
        """
        sendable = [hit for hit in hits if not self._withheld.holds(hit.document.file)]
        quoted = (citation.file for citation in extracted.citations)
        if not sendable or any(map(self._withheld.holds, quoted)):
            yield _noted(extracted, question, Fault.WITHHELD)
            return
        near = around(sendable, (*extracted.citations, *extracted.related), self._passages_of)
        taken = in_order(fitting(near, self._model.context))
        draft = Draft(self._checker, taken, question.language)
        prompt = to_answer(wording, question.language, taken)
        try:
            with closing(self._model.stream(prompt, deadline)) as replies:
                yield from self._written(draft, replies, deadline)
            if draft.is_refusal:
                related = extracted.citations or extracted.related
                refusal = on_topic(question, hits, related) if related else extracted
                yield _noted(replace(refusal, mode="generated"), question, Fault.NO_ANSWER)
                return
            if _is_in_another_language(draft, question.language):
                raise ModelError(Fault.OTHER_LANGUAGE)
            if not any(claim.supported for claim in draft.claims):
                raise ModelError(Fault.UNSUPPORTED)
        except ModelError as error:
            yield _noted(extracted, question, error.fault)
            return
        yield CitedResponse(
            draft.text,
            nodes_of(hits),
            citations=_highlighted(draft.citations, question, taken),
            mode="generated",
            claims=tuple(draft.claims),
        )

    def _written(self, draft: Draft, replies: Iterator[str], deadline: float) -> Iterator[Progress]:
        shown = ""
        for said in replies:
            yield from _fit(draft.follow(said), deadline)
            text = draft.open
            if text != shown and not NO_ANSWER.startswith(text.rstrip(" .!")):
                shown = text
                yield Delta(shown)
        yield from _fit(draft.end(), deadline)


def _highlighted(
    citations: Sequence[Citation], question: Question, hits: Sequence[Hit]
) -> tuple[Citation, ...]:
    """The citations, each with the likely answer in it, where one can be told."""
    spoken = {hit.document.file: hit.document.language for hit in hits}
    return tuple(
        replace(
            citation,
            highlight=likely(question, citation.quote, citation.start, spoken[citation.file]),
        )
        for citation in citations
    )


def _noted(response: CitedResponse, question: Question, fault: Fault) -> CitedResponse:
    """The response with a note on why it is none of the LLM's."""
    has_quotes = bool(response.citations or response.related)
    return replace(response, note=PHRASES[question.language].note(fault, has_quotes))


def _fit(claims: Iterator[Claim], deadline: float) -> Iterator[Claim]:
    """The claims of a draft as they come in time, or else ModelError."""
    for claim in claims:
        if time.monotonic() > deadline:
            raise ModelError(Fault.LATE)
        yield claim


def _is_in_another_language(draft: Draft, language: str) -> bool:
    """Whether an answer as a whole is: without what it quotes, and without names.

    The words that every sentence has tell it, as in "the" and "und".
    """
    quotes = {citation.number: _squeezed(citation.quote) for citation in draft.citations}
    own = [claim.text for claim in draft.claims if not _is_quoted(claim, quotes)]
    said = [word for text in own for word in _telling(_QUOTATION.sub(" ", text))]
    other = identify(" ".join(said), otherwise=language)
    common = Counter({code: _function_words(said, code) for code in (language, other)})
    return other != language and common[other] > max(1, common[language])


def _is_quoted(claim: Claim, quotes: Mapping[int, str]) -> bool:
    """Whether a sentence stands word for word in what it cites."""
    text = _squeezed(claim.text).rstrip(".!?…: ")
    return any(text in quotes[number] for number in claim.citations)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _function_words(said: Sequence[str], language: str) -> int:
    return sum(not has_content(word, language) for word in said)


def _telling(sentence: str) -> list[str]:
    """Its words but those with a capital inside of it: names are of no language."""
    said = words(sentence)
    return [*said[:1], *(word for word in said[1:] if word.islower())]


def _spoken(texts: Iterable[str], language: str) -> set[str]:
    """The words of some texts, numbers as digits."""
    return {_bare(word) for text in texts for word in words(with_digits(text, language))}


def _bare(word: str) -> str:
    """A word without its genitive's s."""
    return fold(word).removesuffix("s")
