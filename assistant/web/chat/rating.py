"""The address to which the chat's page sends what a reader says of an answer."""

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from assistant.web.chat.conversations import Conversations
from assistant.web.guard.reader import reader_of
from assistant.web.record import Rating, Record
from index.storage.feedback import MAX_COMMENT_CHARACTERS

Comment = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_COMMENT_CHARACTERS)
]


class Rated(BaseModel):
    """The rating of one turn of a conversation, counted from 1; without `helpful` it is undone."""

    model_config = ConfigDict(extra="forbid")

    conversation: Annotated[str, Field(max_length=64)]
    turn: Annotated[int, Field(ge=1)]
    helpful: bool | None = None
    comment: Comment = ""


def router(conversations: Conversations, record: Record) -> APIRouter:
    """The route `/rating`, which is the page's own and no part of the interface for programs."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/rating", status_code=204, response_class=Response)
    def rate(rated: Rated, request: Request) -> None:
        conversation = conversations.find(rated.conversation, reader_of(request))
        turns = conversation.turns[rated.turn - 1 : rated.turn] if conversation else []
        rating = None if rated.helpful is None else Rating(rated.helpful, rated.comment)
        if not turns or not record.rate(turns[0], rating):
            raise HTTPException(404, "There is no such answer to be rated, or nothing is kept.")
        if conversation:
            conversations.keep(conversation)

    return routes
