"""The conversation as HTML that can do nothing but be read.

Gradio shows it through its Markdown component: the HTML component needs `eval`, which the page's
content policy forbids. So every piece of text is escaped twice over. Characters that mean anything
to HTML, to Markdown or to Gradio's own placeholders become numeric references, and the whole is a
single line, which Markdown passes on untouched.
"""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode, urlsplit

from assistant.citations import Answer, Citation, Claim
from assistant.phrases import quoted
from assistant.quotes import Line, lines
from assistant.web.conversation import Conversation, Turn
from assistant.web.language import Language
from assistant.web.paragraphs import pieces
from assistant.web.texts import TEXTS, Texts
from assistant.web.typography import long_date, quotation_marks
from index.documents import Document
from index.settings import DICTIONARY_PACKAGES

Lookup = Callable[[str], Document | None]

_ACTIVE: Final = re.compile(r"[^\w \u0080-\U0010ffff]|_", re.ASCII)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKER: Final = re.compile(r"\[(\d{1,3})\]")
_BEFORE_LAST_MARKER: Final = re.compile(r" (?=\[\d{1,3}\]$)")
_NEAREST_SHOWN: Final = 3


def plain(text: str) -> str:
    """Text as HTML that shows exactly this text, whatever it contains."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", _UNPRINTABLE.sub("\ufffd", text))


def suggestion_html(texts: Texts) -> str:
    """What to install for questions to be understood better, for who looks after the program."""
    before, after = texts.suggestion.split("{command}")
    command = f"<code>{plain(f'apt install {DICTIONARY_PACKAGES}')}</code>"
    return f"<div><p>{plain(before)}{command}{plain(after)}</p></div>"


def source_address(file: str, language: Language, span: tuple[int, int] | None = None) -> str:
    """The address of a document's page, relative to the chat's; with a span, of that quote."""
    query = {"start": span[0], "end": span[1]} if span else {}
    parameters = urlencode(query | {"lang": language})
    return f"sources/{percent_encoded(file)}?{parameters}" + ("#quote" if span else "")


def web_address(url: str | None) -> str | None:
    """The address of an original page if it is one that a link may lead to: http or https."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None


def conversation_html(conversation: Conversation, lookup: Lookup) -> str:
    """All turns; empty when there are none, which hides the log."""
    if not conversation.turns:
        return ""
    texts = TEXTS[conversation.language]
    turns = enumerate(conversation.turns, 1)
    inner = "".join(_turn(number, turn, texts, lookup) for number, turn in turns)
    return _tag("div", "turns", inner, lang=texts.language)


def _turn(number: int, turn: Turn, texts: Texts, lookup: Lookup) -> str:
    asked = _hidden(texts.you_asked) + _tag("span", "words", plain(turn.question))
    question = _tag("p", "question", asked) + _searched(turn, texts)
    reply = _reply(f"turn-{number}", turn, texts, lookup)
    return _tag("div", "turn", question + reply, id=f"turn-{number}")


def _searched(turn: Turn, texts: Texts) -> str:
    """What was searched for, where the question alone doesn't say it."""
    if turn.answer is None or turn.answer.searched == turn.answer.question:
        return ""
    words = _tag("span", "", plain(turn.answer.searched), lang=turn.answer.language)
    return _tag("p", "searched", plain(f"{texts.searched} ") + words)


def _reply(prefix: str, turn: Turn, texts: Texts, lookup: Lookup) -> str:
    if turn.state == "searching":
        return _unfinished(turn, texts)
    if turn.answer is None:
        heading = _tag("p", "verdict", plain(texts.failure_heading))
        return _tag("div", "reply failure", heading + _tag("p", "", plain(texts.failure)))
    if not turn.answer.answerable:
        return _refusal(turn.answer, texts, lookup)
    body = _note(turn.answer) + _answer_text(turn.answer, prefix, texts, lookup)
    return _tag("div", "reply", body + _sources(turn.answer, prefix, texts, lookup))


def _note(answer: Answer) -> str:
    return _tag("p", "note", plain(answer.note), lang=answer.language) if answer.note else ""


def _unfinished(turn: Turn, texts: Texts) -> str:
    """What an LLM has written so far, or that the documents are being searched."""
    if not turn.claims and not turn.writing:
        return _tag("p", "searching", plain(texts.searching))
    written = " ".join(_claim(claim, texts) for claim in turn.claims)
    writing = _tag("span", "writing", plain(turn.writing)) if turn.writing else ""
    answer = _tag("p", "answer", f"{written} {writing}".strip())
    return _tag("div", "reply", answer + _tag("p", "searching", plain(texts.writing)))


def _generated(answer: Answer, prefix: str, texts: Texts) -> str:
    """What an LLM has written, its paragraphs as they were written; and that it was an LLM."""
    paragraphs, rest = [""], answer.answer
    for claim in answer.claims:
        before, _, rest = rest.partition(claim.text)
        if "\n" in before:
            paragraphs.append("")
        paragraphs[-1] += f"{_claim(claim, texts, prefix)} "
    html = "".join(_tag("p", "", paragraph.strip()) for paragraph in paragraphs if paragraph)
    text = _tag("div", "answer", html, lang=answer.language)
    return text + _tag("p", "generated", plain(texts.generated))


def _claim(claim: Claim, texts: Texts, prefix: str | None = None) -> str:
    """A sentence with its markers, which lead somewhere if `prefix` says where; or with a doubt."""
    if not claim.supported:
        doubt = _tag("span", "doubt", plain(f"{texts.unsupported} {claim.reason or ''}".strip()))
        return _tag("span", "unsupported", plain(claim.text)) + " " + doubt
    if prefix is None:
        markers = "".join(_tag("span", "marker", f"[{n}]") for n in claim.citations)
    else:
        markers = "".join(_marker(number, prefix, texts) for number in claim.citations)
    return f"{plain(claim.text)}\u00a0{markers}"


def _answer_text(answer: Answer, prefix: str, texts: Texts, lookup: Lookup) -> str:
    """The answer's text, in which each quote is shown as what it is."""
    if answer.claims:
        return _generated(answer, prefix, texts)
    html, rest = "", answer.answer
    for citation in answer.citations:
        language, number = _language(citation, texts, lookup), citation.number
        words = f"{quoted(citation.quote, language)} [{number}]"
        before, found, behind = rest.partition(words)
        if found:
            marker = "\u00a0" + _marker(number, prefix, texts)
            quote = _tag("div", "said", _quote(citation, language, marker), lang=language)
            html, rest = html + _paragraphs(before, answer, prefix, texts) + quote, behind
    html += _paragraphs(rest, answer, prefix, texts)
    return _tag("div", "answer", html, lang=answer.language)


def _paragraphs(text: str, answer: Answer, prefix: str, texts: Texts) -> str:
    numbers = {citation.number for citation in answer.citations}
    shown = filter(str.strip, text.splitlines())
    return "".join(_tag("p", "", _line(line, numbers, prefix, texts)) for line in shown)


def _quote(citation: Citation, language: str, marker: str = "") -> str:
    """A quote in its quotation marks, with a list as one and the likely answer emphasised."""
    opening, closing = map(plain, quotation_marks(language))
    shown = lines(citation.quote)
    inner = [_emphasised(citation, line) for line in shown]
    inner[0] = opening + inner[0]
    inner[-1] += closing + marker
    html = ""
    for is_item, run in groupby(zip(shown, inner, strict=True), lambda pair: pair[0].is_item):
        texts = [text for _, text in run]
        items = "".join(_tag("li", "", text) for text in texts)
        html += _tag("ul", "items", items) if is_item else "".join(texts)
    return html


def _emphasised(citation: Citation, line: Line) -> str:
    """A line of a quote, with what of the likely answer stands in it marked."""
    first, last = citation.highlight or (citation.start, citation.start)
    marked = (first - citation.start, last - citation.start)
    return "".join(
        _tag("mark", "", plain(piece.text)) if piece.is_marked else plain(piece.text)
        for piece in pieces(citation.quote, (line.start, line.end), marked)
    )


def _line(line: str, numbers: Container[int], prefix: str, texts: Texts) -> str:
    # A marker is not to stand alone at the start of the next line.
    pieces = _MARKER.split(_BEFORE_LAST_MARKER.sub("\u00a0", line))
    html = plain(pieces[0])
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        html += _marker(int(number), prefix, texts) if int(number) in numbers else f"[{number}]"
        html += plain(text)
    return html


def _language(citation: Citation, texts: Texts, lookup: Lookup) -> str:
    document = lookup(citation.file)
    return document.language if document else texts.language


def _marker(number: int, prefix: str, texts: Texts) -> str:
    name = _tag("span", "unseen", plain(f"{texts.source} "), lang=texts.language)
    return _tag("a", "marker", f"{name}[{number}]", href=f"#{prefix}-source-{number}")


def _sources(answer: Answer, prefix: str, texts: Texts, lookup: Lookup) -> str:
    documents = by_document(answer.citations)
    heading = texts.source if len(documents) == 1 else texts.sources
    cards = ""
    for citations in documents:
        quotes = [_cited(citation, prefix, texts, lookup) for citation in citations]
        cards += _card(citations[0], quotes, texts, lookup)
    return _tag("p", "sources-heading", plain(heading)) + _tag("ul", "sources", cards)


def _related(answer: Answer, texts: Texts, lookup: Lookup) -> str:
    """What is said on the topic: cards with no numbers, each saying that it is not the answer."""
    cards, notice = "", _tag("p", "not-the-answer", plain(texts.not_the_answer))
    for citations in by_document(answer.related):
        quotes = [_on_topic(citation, texts, lookup) for citation in citations]
        cards += _card(citations[0], quotes, texts, lookup, notice)
    return _tag("ul", "sources related", cards)


def by_document(citations: Iterable[Citation]) -> list[list[Citation]]:
    """The citations of each document, in the order of its first number."""
    documents: dict[str, list[Citation]] = {}
    for citation in sorted(citations, key=lambda each: each.number):
        documents.setdefault(citation.file, []).append(citation)
    return list(documents.values())


def _card(
    first: Citation, quotes: Iterable[str], texts: Texts, lookup: Lookup, notice: str = ""
) -> str:
    """One document, with all that is quoted from it; `first` is the first of it."""
    title = _tag("p", "title", plain(first.title), lang=_language(first, texts, lookup))
    known = notice + title + _facts(first, texts)
    return _tag("li", "card", known + _tag("ul", "quotes", "".join(quotes)))


def _facts(citation: Citation, texts: Texts) -> str:
    day = citation.date
    written = long_date(day, texts.language) if day else texts.no_date
    facts = _tag("span", "date", plain(written)) + _tag("span", "file", plain(citation.file))
    if original := web_address(citation.url):
        host = urlsplit(original).hostname or ""
        label = f"{texts.open_original} ({host.removeprefix('www.')})"
        facts += _new_tab(original, "to-original", label, texts)
    return _tag("p", "facts", facts)


def _cited(citation: Citation, prefix: str, texts: Texts, lookup: Lookup) -> str:
    number = _tag("span", "number", str(citation.number))
    body = number + _passage(citation, texts, lookup)
    return _tag("li", "cited", body, id=f"{prefix}-source-{citation.number}")


def _on_topic(citation: Citation, texts: Texts, lookup: Lookup) -> str:
    """A passage that is not the answer, and so has nothing in it to be emphasised."""
    return _tag("li", "on-topic", _passage(replace(citation, highlight=None), texts, lookup))


def _passage(citation: Citation, texts: Texts, lookup: Lookup) -> str:
    language = _language(citation, texts, lookup)
    quote = _tag("blockquote", "quote", _quote(citation, language), lang=language)
    address = source_address(citation.file, texts.language, (citation.start, citation.end))
    link = _new_tab(address, "to-source", texts.show_in_document, texts)
    return quote + _tag("p", "links", link)


def _refusal(answer: Answer, texts: Texts, lookup: Lookup) -> str:
    heading = _tag("p", "verdict", plain(texts.refusal_heading))
    if answer.related:
        verdict = _tag("div", "refusal", heading + _tag("p", "", plain(texts.on_topic)))
        return _tag("div", "reply", _note(answer) + verdict + _related(answer, texts, lookup))
    files = dict.fromkeys(found.file for found in answer.retrieved)
    nearest = [document for file in files if (document := lookup(file))][:_NEAREST_SHOWN]
    # The engine's own words name the nearest documents as well; links to them say it once.
    reason = _tag("p", "answer", plain(answer.answer), lang=answer.language)
    return _tag("div", "reply refusal", heading + (_nearest(nearest, texts) or reason))


def _nearest(documents: Sequence[Document], texts: Texts) -> str:
    if not documents:
        return ""
    heading = _tag("p", "nearest-heading", plain(texts.nearest))
    items = (_tag("li", "", _document_link(document, texts)) for document in documents)
    return heading + _tag("ul", "nearest", "".join(items))


def _document_link(document: Document, texts: Texts) -> str:
    address = source_address(document.file, texts.language)
    return _new_tab(address, "", document.title, texts, lang=document.language)


def _new_tab(address: str, name: str, label: str, texts: Texts, **attributes: str) -> str:
    notice = _tag("span", "unseen", plain(f" ({texts.new_tab})"), lang=texts.language)
    fixed = {"href": address, "target": "_blank", "rel": "noopener noreferrer"}
    return _tag("a", name, plain(label) + notice, **fixed, **attributes)


def _hidden(text: str) -> str:
    return _tag("span", "unseen", plain(f"{text} "))


def _tag(name: str, class_name: str, inner: str, **attributes: str) -> str:
    """An element around HTML that is safe already; attribute values are escaped here."""
    given: Iterable[tuple[str, str]] = [("class", class_name), *attributes.items()]
    written = "".join(f' {key}="{plain(value)}"' for key, value in given if value)
    return f"<{name}{written}>{inner}</{name}>"
