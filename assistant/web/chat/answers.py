"""The text of an answer as HTML: quotes as such, an LLM's sentences with their verdicts."""

import re
from itertools import groupby
from typing import Final

from assistant.answer import Answer, Claim
from assistant.answering.wording import quoted
from assistant.web.chat.context import Context
from assistant.web.chat.quote_html import quote_html
from assistant.web.html import plain, tag
from assistant.web.texts import Texts

_ITEM: Final = "- "  # as answers from the register begin their lines
_MARKER: Final = re.compile(r"\[(\d{1,3})\]")
_BEFORE_LAST_MARKER: Final = re.compile(r" (?=\[\d{1,3}\]$)")


def answer_html(answer: Answer, context: Context) -> str:
    """The answer's text, with markers that lead to the quotes."""
    return _generated(answer, context) if answer.claims else _extractive(answer, context)


def written_html(claims: list[Claim], writing: str, texts: Texts) -> str:
    """What an LLM has written before the answer is complete: its sources have no place yet."""
    written = [
        _claim(claim, texts, "".join(_unlinked(n) for n in claim.citations)) for claim in claims
    ]
    if writing:
        written.append(tag("span", "writing", plain(writing)))
    return tag("p", "answer", " ".join(written))


def _unlinked(number: int) -> str:
    return tag("span", "marker", f"[{number}]")


def _generated(answer: Answer, context: Context) -> str:
    """What an LLM has written, its paragraphs as they were written; and that it was an LLM."""
    markers = _Markers(answer, context)
    paragraphs, rest = [""], answer.answer
    for claim in answer.claims:
        before, _, rest = rest.partition(claim.text)
        if "\n" in before:
            paragraphs.append("")
        paragraphs[-1] += f"{_claim(claim, context.texts, markers.of(claim))} "
    html = "".join(tag("p", "", paragraph.strip()) for paragraph in paragraphs if paragraph)
    text = tag("div", "answer", html, lang=answer.language)
    return text + tag("p", "generated", plain(context.texts.generated))


def _claim(claim: Claim, texts: Texts, markers: str) -> str:
    """A sentence with its markers, or with a doubt."""
    if claim.supported:
        return f"{plain(claim.text)}\u00a0{markers}"
    doubt = tag("span", "doubt", plain(f"{texts.unsupported} {claim.reason or ''}".strip()))
    return tag("span", "unsupported", plain(claim.text)) + " " + doubt


def _extractive(answer: Answer, context: Context) -> str:
    markers = _Markers(answer, context)
    html, rest = "", answer.answer
    for citation in answer.citations:
        language = context.language(citation)
        words = f"{quoted(citation.quote, language)} [{citation.number}]"
        before, found, behind = rest.partition(words)
        if found:
            quote = quote_html(citation, context, "\u00a0" + context.marker(citation))
            html += markers.paragraphs(before) + tag("div", "said", quote, lang=language)
            rest = behind
    return tag("div", "answer", html + markers.paragraphs(rest), lang=answer.language)


class _Markers:
    """The numbers in an answer's text, as far as they are those of its citations."""

    def __init__(self, answer: Answer, context: Context) -> None:
        self._html = {citation.number: context.marker(citation) for citation in answer.citations}

    def of(self, claim: Claim) -> str:
        return "".join(self._html.get(number, f"[{number}]") for number in claim.citations)

    def paragraphs(self, text: str) -> str:
        html, lines = "", filter(str.strip, text.splitlines())
        for is_item, run in groupby(lines, lambda line: line.startswith(_ITEM)):
            if is_item:
                items = (tag("li", "", self._line(line.removeprefix(_ITEM))) for line in run)
                html += tag("ul", "listed", "".join(items))
            else:
                html += "".join(tag("p", "", self._line(line)) for line in run)
        return html

    def _line(self, line: str) -> str:
        # A marker is not to stand alone at the start of the next line.
        pieces = _MARKER.split(_BEFORE_LAST_MARKER.sub("\u00a0", line))
        html = plain(pieces[0])
        for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
            html += self._html.get(int(number), f"[{number}]") + plain(text)
        return html
