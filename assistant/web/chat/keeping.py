"""Conversations on their way to the browser, which keeps them, and back from it.

The server forgets a conversation when it ends, and two hours after the last question. What comes
back from a browser is shown to that browser alone: it may say anything, and is only read.
"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from assistant.answer import Answer
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.web.chat.conversation import ChatTurn
from assistant.web.chat.conversations import Conversations
from assistant.web.guard.limits import RateLimit
from assistant.web.guard.reader import reader_of
from assistant.web.page_language import LANGUAGES
from assistant.web.view import View

MOST_TURNS: Final = 50
_MOST_CITATIONS: Final = 100


class KeptTurn(BaseModel):
    """A turn that has come to its end, with the answer as `/api/ask` tells it."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=MAX_QUESTION_CHARACTERS)]
    state: Literal["answered", "failed", "stopped"]
    answer: Answer | None = None

    def turn(self) -> ChatTurn:
        """The turn again. Raises ValueError for an answer that none of ours can be."""
        if (self.state == "answered") is not bool(self.answer):
            raise ValueError("A turn is answered if it has an answer")
        return ChatTurn(self.question, _checked(self.answer), self.state, is_restored=True)


class Kept(BaseModel):
    """A conversation as the browser has it."""

    model_config = ConfigDict(extra="forbid")

    turns: Annotated[list[KeptTurn], Field(min_length=1, max_length=MOST_TURNS)]


class KeptToken(BaseModel):
    """Which conversation is asked for."""

    model_config = ConfigDict(extra="forbid")

    conversation: Annotated[str, Field(max_length=64)]


def router(conversations: Conversations, rate_limit: RateLimit) -> APIRouter:
    """The routes below `/conversation`, which are the page's own."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/conversation/turns")
    def keep(wanted: KeptToken, request: Request) -> dict[str, Any]:
        conversation = conversations.find(wanted.conversation, reader_of(request))
        if conversation is None:
            raise HTTPException(404, "There is no such conversation.")
        ended = [turn for turn in conversation.turns if turn.state != "searching"]
        return {"turns": [_as_kept(turn) for turn in ended[-MOST_TURNS:]]}

    @routes.post("/conversation", status_code=201)
    def restore(kept: Kept, request: Request) -> dict[str, str]:
        seconds = rate_limit.wait(request.client.host if request.client else None)
        if seconds:
            raise HTTPException(429, f"Come back in {seconds} seconds.")
        try:
            turns = [turn.turn() for turn in kept.turns]
        except ValueError as error:
            raise HTTPException(422, f"{error}.") from error
        conversation = conversations.begin(View.of_connection(request), reader_of(request))
        conversation.turns, conversation.is_restored = turns, True
        conversations.keep(conversation)
        return {"conversation": conversation.view.conversation}

    return routes


def _as_kept(turn: ChatTurn) -> dict[str, Any]:
    answer = turn.answer.as_json() if turn.answer else None
    return {"question": turn.question, "state": turn.state, "answer": answer}


def _checked(answer: Answer | None) -> Answer | None:
    """The answer, if it has a language of ours and its marks lie within its quotes."""
    if answer is None:
        return None
    if answer.language not in LANGUAGES:
        raise ValueError(f"{answer.language[:10]!r} is no language of the page")
    cited = (*answer.citations, *answer.related)
    if len(cited) > _MOST_CITATIONS:
        raise ValueError("There are too many citations")
    for citation in cited:
        first, last = citation.highlight or (citation.start, citation.end)
        if not 0 <= citation.start <= first <= last <= citation.end:
            raise ValueError(f"A mark lies outside of its quote: {citation.start}")
    return answer
