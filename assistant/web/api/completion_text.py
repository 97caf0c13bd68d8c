"""An answer as chats of others show it: Markdown, with a numbered list of its sources."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer import Answer, Citation
from assistant.answering.wording import PHRASES
from assistant.web.api.completion_forms import Annotation, UrlCitation
from assistant.web.markdown import escaped
from assistant.web.page_language import as_language
from assistant.web.typography import long_date

_MARKER: Final = re.compile(r"\[(\d{1,3})\]")
_RULE: Final = "\n\n---\n\n"
# What closes an answer of ours, in each language: in a history, it is not what was answered.
_SOURCES: Final = re.compile(
    rf"{re.escape(_RULE)}(?:"
    + "|".join(
        re.escape(f"**{words}:**\n")
        for phrases in PHRASES.values()
        for words in (phrases.sources, phrases.on_topic_sources)
    )
    + ")"
)

AddressOf = Callable[[Citation], str]


@dataclass(frozen=True, slots=True)
class Written:
    """Markdown, and where in it the sources are named."""

    content: str
    annotations: list[Annotation]


def written(answer: Answer, address_of: AddressOf) -> Written:
    """The answer with its sources, whose addresses are told; nothing in it is Markdown of others.

    A note, why an LLM did not write it, stands before it.
    """
    lines = filter(str.strip, [answer.note or "", *answer.answer.splitlines()])
    content, annotations = _marked("\n\n".join(lines), answer, address_of)
    return Written(content + _sources(answer, address_of), annotations)


def without_sources(content: str) -> str:
    """What was answered, of the content that an answer had."""
    return _SOURCES.split(content, maxsplit=1)[0]


def _marked(text: str, answer: Answer, address_of: AddressOf) -> tuple[str, list[Annotation]]:
    """The text escaped, but for the markers of citations, and where these stand."""
    cited = {str(citation.number): citation for citation in answer.citations}
    first, *others = _MARKER.split(text)
    content = escaped(first)
    annotations: list[Annotation] = []
    for number, behind in zip(others[::2], others[1::2], strict=True):
        marker = f"[{number}]"
        if citation := cited.get(number):
            annotations.append(_annotation(citation, len(content), len(marker), address_of))
        content += marker if number in cited else escaped(marker)
        content += escaped(behind)
    return content, annotations


def _annotation(citation: Citation, start: int, length: int, address_of: AddressOf) -> Annotation:
    address = address_of(citation)
    return Annotation(
        url_citation=UrlCitation(
            start_index=start, end_index=start + length, title=citation.title, url=address
        )
    )


def _sources(answer: Answer, address_of: AddressOf) -> str:
    phrases = PHRASES[as_language(answer.language)]
    sources, heading = answer.citations, phrases.sources
    if not answer.answerable:
        sources, heading = answer.related, phrases.on_topic_sources
    if not sources:
        return ""
    return f"{_RULE}**{heading}:**\n\n" + "\n".join(_listed(sources, answer, address_of))


def _listed(sources: Sequence[Citation], answer: Answer, address_of: AddressOf) -> list[str]:
    language = as_language(answer.language)
    lines = []
    for citation in sources:
        day = f", {long_date(citation.date, language)}" if citation.date else ""
        title = escaped(" ".join(citation.title.split()))
        link = f"[{title}]({address_of(citation)}){day}, {escaped(citation.file)}"
        lines.append(f"{citation.number}. {link}" if answer.answerable else f"- {link}")
    return lines
