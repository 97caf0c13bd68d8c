"""The sources below an answer as HTML: a card for each document."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from assistant.answer import Answer, Citation
from assistant.web.addresses import web_address
from assistant.web.chat.context import Context
from assistant.web.chat.quote_html import quote_html
from assistant.web.html import plain, tag
from assistant.web.typography import long_date
from index.text.locations import location


def by_document(citations: Iterable[Citation]) -> list[list[Citation]]:
    """The citations of each document, in the order of its first number."""
    documents: dict[str, list[Citation]] = {}
    for citation in sorted(citations, key=lambda citation: citation.number):
        documents.setdefault(citation.file, []).append(citation)
    return list(documents.values())


def sources_html(answer: Answer, context: Context) -> str:
    """Where an answer's quotes stand. Those of an LLM's answer are shown, which has other words."""
    documents = by_document(answer.citations)
    heading = context.texts.source if len(documents) == 1 else context.texts.sources
    cards = ""
    for citations in documents:
        cited = (
            _cited(citation, context, with_quote=bool(answer.claims)) for citation in citations
        )
        cards += _card(citations[0], cited, context)
    return tag("p", "sources-heading", plain(heading)) + tag("ul", "sources", cards)


def related_html(answer: Answer, context: Context) -> str:
    """What is said on the topic: cards with no numbers, each saying that it is not the answer."""
    cards, notice = "", tag("p", "not-the-answer", plain(context.texts.not_the_answer))
    for citations in by_document(answer.related):
        quotes = (_on_topic(citation, context) for citation in citations)
        cards += _card(citations[0], quotes, context, notice)
    return tag("ul", "sources related", cards)


def _card(first: Citation, quotes: Iterable[str], context: Context, notice: str = "") -> str:
    """One document, with all that is quoted from it; `first` is the first of it."""
    title = tag("p", "title", plain(first.title), lang=context.language(first))
    heading = notice + title + _facts(first, context)
    return tag("li", "card", heading + tag("ul", "quotes", "".join(quotes)))


def _facts(citation: Citation, context: Context) -> str:
    day, texts = citation.date, context.texts
    written = long_date(day, texts.language) if day else texts.no_date
    facts = tag("span", "date", plain(written)) + tag("span", "file", plain(citation.file))
    if citation.also_in:
        copies = texts.also_in.format(files=", ".join(citation.also_in))
        facts += tag("span", "copies", plain(copies))
    if original := web_address(citation.url):
        host = urlsplit(original).hostname or ""
        label = f"{texts.open_original} ({host.removeprefix('www.')})"
        facts += context.link_away(original, "to-original", label)
    return tag("p", "facts", facts)


def _cited(citation: Citation, context: Context, *, with_quote: bool) -> str:
    number = tag("span", "number", str(citation.number))
    return tag("li", "cited", number + _passage(citation, context, with_quote=with_quote))


def _on_topic(citation: Citation, context: Context) -> str:
    """A passage that is not the answer, and so has nothing in it to be emphasised."""
    passage = _passage(replace(citation, highlight=None), context, with_quote=True)
    return tag("li", "on-topic", passage)


def _original(citation: Citation, context: Context) -> str:
    """A link to the original file, with the place where the quote stands in it."""
    address = context.original(citation)
    if address is None:
        return ""
    name = context.texts.original_file
    place = location(citation.place, context.texts.language) if citation.place else ""
    return " " + context.link_away(address, "to-file", f"{name}, {place}" if place else name)


def _passage(citation: Citation, context: Context, *, with_quote: bool) -> str:
    link = context.link(context.source(citation), "to-source", context.texts.show_in_document)
    links = tag("p", "links", link + _original(citation, context))
    if not with_quote:
        return links
    language = context.language(citation)
    return tag("blockquote", "quote", quote_html(citation, context), lang=language) + links
