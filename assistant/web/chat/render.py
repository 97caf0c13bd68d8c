"""The conversation as HTML: questions, and what became of them."""

from collections.abc import Sequence
from typing import Final

from assistant.answer import Answer
from assistant.asking.courtesy import courtesy_in
from assistant.web.addresses import source_address
from assistant.web.chat.actions import actions
from assistant.web.chat.answers import answer_html, written_html
from assistant.web.chat.cards import related_html, sources_html
from assistant.web.chat.context import Context
from assistant.web.chat.conversation import ChatTurn, Conversation
from assistant.web.html import plain, tag, unseen
from index.documents import Document

_NEAREST_SHOWN: Final = 3


def conversation_html(conversation: Conversation, context: Context) -> str:
    """All turns; empty when there are none, which hides the log."""
    if not conversation.turns:
        return ""
    turns = [(turn, turn is conversation.turns[-1]) for turn in conversation.turns]
    inner = "".join(
        _turn(number, turn, context, is_last) for number, (turn, is_last) in enumerate(turns, 1)
    )
    notice = tag("p", "restored", plain(context.texts.restored)) if conversation.is_restored else ""
    return tag("div", "turns", notice + inner, lang=context.view.language)


def _turn(number: int, turn: ChatTurn, context: Context, is_last: bool) -> str:
    asked = unseen(f"{context.texts.you_asked} ") + tag("span", "words", plain(turn.question))
    question = tag("h2", "question", asked) + _searched(turn, context)
    below = ""
    if turn.state != "searching":
        can_rate = context.can_rate and not courtesy_in(turn.question)
        below = actions(turn, context.view, context.texts, is_last=is_last, can_rate=can_rate)
    inner = question + _reply(turn, context) + below
    return tag("div", "turn", inner, id=f"turn-{number}")


def _searched(turn: ChatTurn, context: Context) -> str:
    """What was searched for, where the question alone doesn't say it."""
    if turn.answer is None or turn.answer.searched == turn.answer.question:
        return ""
    words = tag("span", "", plain(turn.answer.searched), lang=turn.answer.language)
    return tag("p", "searched", plain(f"{context.texts.searched} ") + words)


def _reply(turn: ChatTurn, context: Context) -> str:
    if turn.state == "searching":
        return _unfinished(turn, context)
    if turn.state == "stopped":
        return _stopped(turn, context)
    if turn.answer is None:
        heading = tag("p", "verdict", plain(context.texts.failure_heading))
        return tag("div", "reply failure", heading + tag("p", "", plain(context.texts.failure)))
    if courtesy_in(turn.question):
        return tag("div", "reply", answer_html(turn.answer, context))
    if not turn.answer.answerable:
        return _refusal(turn.answer, context)
    body = _note(turn.answer) + answer_html(turn.answer, context)
    return tag("div", "reply", body + sources_html(turn.answer, context))


def _note(answer: Answer) -> str:
    return tag("p", "note", plain(answer.note), lang=answer.language) if answer.note else ""


def _unfinished(turn: ChatTurn, context: Context) -> str:
    """What an LLM has written so far, or that the documents are being searched."""
    if not turn.claims and not turn.writing:
        return tag("p", "searching", plain(context.texts.searching))
    answer = written_html(turn.claims, turn.writing, context.texts)
    return tag("div", "reply", answer + tag("p", "searching", plain(context.texts.writing)))


def _stopped(turn: ChatTurn, context: Context) -> str:
    written = written_html(turn.claims, "", context.texts) if turn.claims else ""
    return tag("div", "reply", written + tag("p", "stopped", plain(context.texts.stopped)))


def _refusal(answer: Answer, context: Context) -> str:
    heading = tag("p", "verdict", plain(context.texts.refusal_heading))
    if answer.related:
        verdict = tag("div", "refusal", heading + tag("p", "", plain(context.texts.on_topic)))
        return tag("div", "reply", _note(answer) + verdict + related_html(answer, context))
    files = dict.fromkeys(hit.file for hit in answer.retrieved)
    nearest = [document for file in files if (document := context.lookup(file))][:_NEAREST_SHOWN]
    # The engine's own words name the nearest documents as well; links to them say it once.
    reason = tag("p", "answer", plain(answer.answer), lang=answer.language)
    return tag("div", "reply refusal", heading + (_nearest(nearest, context) or reason))


def _nearest(documents: Sequence[Document], context: Context) -> str:
    if not documents:
        return ""
    heading = tag("p", "nearest-heading", plain(context.texts.nearest))
    items = (tag("li", "", _document_link(document, context)) for document in documents)
    return heading + tag("ul", "nearest", "".join(items))


def _document_link(document: Document, context: Context) -> str:
    address = source_address(document.file, context.view)
    return context.link(address, "", document.title, lang=document.language)
