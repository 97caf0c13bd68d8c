"""What the interface for programs takes and sends."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Final, Literal

from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints

from assistant.answer import Answer, Claim, Progress
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.web.page_language import Language

MAX_TURNS: Final = 20
MAX_ANSWER_CHARACTERS: Final = 20_000
MAX_FILES: Final = 100
MAX_FILE_CHARACTERS: Final = 1_000

EVENTS: Final = "text/event-stream"

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
    Field(json_schema_extra={"pattern": r"\S"}),  # what is left without the space around it
]
FileText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_FILE_CHARACTERS)]


class EarlierTurn(BaseModel):
    """A question that was asked before, with the text of its answer where it is at hand."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    answer: Annotated[str, StringConstraints(max_length=MAX_ANSWER_CHARACTERS)] = ""


class QuestionRequest(BaseModel):
    """What `/api/ask` takes. Without a language, the question's own is found out.

    `history` are the turns before, oldest first, for a question that follows up on them. `files`,
    `since` and `until` leave out all other documents, those without a date too where one is given.
    """

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    language: Language | None = None
    # Of many that are wrong the first is told: to find them all takes seconds.
    history: Annotated[tuple[EarlierTurn, ...], FailFast(), Field(max_length=MAX_TURNS)] = ()
    files: Annotated[
        tuple[FileText, ...],
        FailFast(),
        Field(
            max_length=MAX_FILES,
            description="Only these: files as citations name them, or patterns (protokolle/*.md).",
        ),
    ] = ()
    since: Annotated[
        str | None,
        Field(
            description="Only documents from this day, month or year on (2016-04-26, 2016).",
            examples=["2021-11"],
        ),
    ] = None
    until: Annotated[
        str | None,
        Field(
            description="Only documents up to this day, month or year, which is included.",
            examples=["2022"],
        ),
    ] = None
    store: Annotated[
        bool,
        Field(
            description="Whether the question is stored if the documents don't answer it, without "
            "who asked; see LOTSE_FEEDBACK.",
        ),
    ] = True


class DocumentEntry(BaseModel):
    """What the list says of an indexed document."""

    model_config = ConfigDict(from_attributes=True)

    file: Annotated[str, Field(description="Its path in the folder of documents.")]
    title: str
    date: date | None
    language: Annotated[str, Field(description="As in ISO 639-1: de, en, fr, ...")]
    url: Annotated[str | None, Field(description="The page that it is the text of.")]


class WholeDocument(DocumentEntry):
    """An indexed document; the offsets of citations count the characters of its `text`."""

    text: str


class Alive(BaseModel):
    """That the process is up."""

    status: Literal["ok"] = "ok"


class DocumentCounts(BaseModel):
    """How many documents there are, and what is missing."""

    model_config = ConfigDict(from_attributes=True)

    indexed: Annotated[int, Field(description="Documents that answers are taken from.")]
    failed: Annotated[int, Field(description="Files that can't be read.")]
    pending: Annotated[
        int, Field(description="Documents that are not yet found by their meaning as well.")
    ]


class Ready(BaseModel):
    """That questions are answered: from an index that is open, and by an LLM where one is set."""

    status: Literal["ready"] = "ready"
    index: Literal["open"] = "open"
    documents: DocumentCounts
    llm: Literal["off", "reachable"]


def event(each: Progress | Answer) -> bytes:
    """A server-sent event: `delta` and `claim`, and at last `answer`."""
    if isinstance(each, Answer):
        name, data = "answer", each.as_json()
    else:
        name, data = ("claim" if isinstance(each, Claim) else "delta"), asdict(each)
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
