"""What /openapi.json says of the interface for programs, beside the forms of `schema.py`."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from fastapi import FastAPI
from pydantic import TypeAdapter

from assistant.answer import Answer, Citation, Claim, Delta, Retrieved
from assistant.web.api import completions_openapi, partners_openapi, search_openapi
from assistant.web.api.completion_forms import (
    Completion,
    CompletionError,
    CompletionFault,
    CompletionRequest,
    ContentPart,
    ContentParts,
    Message,
    StreamOptions,
)
from assistant.web.api.described import ENTRY, FAILED_AT_ALL, QUOTE, problems
from assistant.web.api.schema import (
    EVENTS,
    Alive,
    DocumentCounts,
    EarlierTurn,
    QuestionRequest,
    Ready,
    event,
)
from assistant.web.guard.limits import MAX_BODY_BYTES
from assistant.web.guard.problems import Problem
from index.documents import PlaceInFile

VERSION: Final = "0.1.0"

_DESCRIPTION: Final = """\
Questions about partnerships between clusters, answered from an organisation's own documents, with
the source of every sentence.

Errors are problems (RFC 9457, `application/problem+json`), but below /v1, where they have OpenAI's
form. A method that an address does not have is a 405 with `Allow`, an address that does not exist a
404. Whoever gets a 429 or a 503 is told by `Retry-After` when to come again. There is no login;
scripts of other origins are let in where the server's settings name them."""

_TAGS: Final = [
    {"name": "questions", "description": "Ask, and have the sources named."},
    {"name": "documents", "description": "What the answers are taken from."},
    {"name": "register", "description": "Who works with whom, by the documents."},
    {"name": "openai", "description": "The same questions, in the form of OpenAI's interface."},
    {"name": "state", "description": "For whoever runs the server."},
]

# Examples: an answer that the documents in seeds/ give, and what an LLM might make of it.
_HEADING: Final = "Beitritt zum europäischen Clusternetzwerk"
ANSWER: Final = Answer(
    question="Seit wann ist die BIOPRO Mitglied im CEBR?",
    searched="Seit wann ist die BIOPRO Mitglied im CEBR?",
    language="de",
    answerable=True,
    mode="extractive",
    answer=f"„{QUOTE}“ [1]",
    citations=(
        Citation(
            number=1,
            file=str(ENTRY["file"]),
            title=str(ENTRY["title"]),
            date=date(2024, 4, 1),
            url=None,
            quote=QUOTE,
            start=43,
            end=153,
            highlight=(126, 136),
        ),
    ),
    retrieved=(Retrieved(str(ENTRY["file"]), 1.0), Retrieved("000_56e8f3fdd557ca24.txt", 0.6707)),
    seconds=0.1977,
)
_CLAIM: Final = Claim("Die BIOPRO ist seit April 2024 Mitglied im CEBR.", (1,), True)
_WORDED: Final = replace(
    ANSWER, mode="generated", answer=f"{_CLAIM.text[:-1]} [1].", claims=(_CLAIM,)
)
_STREAM: Final = b"".join(
    event(step) for step in (Delta("Die BIOPRO ist seit"), Delta(_CLAIM.text), _CLAIM, _WORDED)
).decode()
QUESTIONS: Final[dict[str, Any]] = {
    "question": {"summary": "A question", "value": {"question": ANSWER.question}},
    "history": {
        "summary": "A question that follows up on another",
        "value": {
            "question": "Und wie viele Mitglieder hat er?",
            "history": [{"question": ANSWER.question, "answer": ANSWER.answer}],
        },
    },
    "filters": {
        "summary": "A question to some documents alone, with the answer in English",
        "value": {
            "question": "Which letters of intent were signed?",
            "language": "en",
            "files": ["00*.txt"],
            "since": "2021-11",
            "until": "2024",
        },
    },
}
"""Bodies for `/api/ask`."""


_ANSWERED: Final = {
    200: {
        "description": "The answer, or a refusal: then `answerable` is false.",
        "content": {
            EVENTS: {
                "schema": {
                    "type": "string",
                    "description": "Server-sent events: `delta` with the sentence that is being "
                    "written, so far; `claim` with one that has been checked; at the end `answer` "
                    "with the whole object, the only one to rely on. Without an LLM it is the "
                    "only event; a stream without it was broken off.",
                },
                "example": _STREAM,
            },
        },
    }
}

ASK: Final[dict[str, Any]] = {
    "operation_id": "ask",
    "tags": ["questions"],
    "summary": "Ask a question",
    "description": "The answer as one object; with `Accept: text/event-stream`, as events while an "
    "LLM writes it. Each client may ask so many questions in a time, and so many are answered at "
    "once; others wait for their turn.",
    "response_model": Answer,
    "responses": _ANSWERED
    | problems(
        {
            413: (
                "The body is longer than 1 MiB.",
                f"The body has more than {MAX_BODY_BYTES} bytes.",
            ),
            415: (
                "The body is not of type `application/json`.",
                "The body has to be JSON, sent as Content-Type: application/json.",
            ),
            422: (
                "The body is no JSON, a value in it does not fit, or no document passes the "
                "filters.",
                "question: String should have at least 1 character",
            ),
            429: (
                "This client has asked as many questions as it may.",
                "You have asked as many questions as one client may. Ask in 12 seconds.",
            ),
            **FAILED_AT_ALL,
            503: (
                "Too many questions wait for their turn.",
                "Too many questions are being asked. Ask again in a moment.",
            ),
        }
    ),
}
DOCUMENTS: Final[dict[str, Any]] = {
    "operation_id": "documents",
    "tags": ["documents"],
    "summary": "List the documents",
    "description": "All indexed documents, by their file's name.",
    "responses": {200: {"description": "The documents."}} | problems(FAILED_AT_ALL),
}
DOCUMENT: Final[dict[str, Any]] = {
    "operation_id": "document",
    "tags": ["documents"],
    "summary": "Read a document",
    "description": "A document with its text, as it was indexed.",
    "responses": {200: {"description": "The document."}}
    | problems(
        {404: ("No document has this file.", "No document has this file."), **FAILED_AT_ALL}
    ),
}
FILE: Final[dict[str, Any]] = {
    "operation_id": "file",
    "tags": ["documents"],
    "summary": "Get a document's original file",
    "description": "The file as it lies in the folder of documents: a PDF to be shown, at a page "
    "with `#page=3` behind the address; all others to be saved.",
    "responses": {
        200: {
            "description": "The file.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}, "example": begins}
                for kind, begins in (
                    ("application/octet-stream", _HEADING),
                    ("application/pdf", "%PDF-1.7"),
                )
            },
        }
    }
    | problems(
        {404: ("No document has this file.", "No document has this file."), **FAILED_AT_ALL}
    ),
}
HEALTH: Final[dict[str, Any]] = {
    "operation_id": "health",
    "tags": ["state"],
    "summary": "See that the process is up",
    "description": "Nothing else is looked at: where there is no answer, start the program again.",
    "responses": {200: {"description": "It is up."}},
}
READINESS: Final[dict[str, Any]] = {
    "operation_id": "readiness",
    "tags": ["state"],
    "summary": "See that questions can be answered",
    "description": "The index has to be open, its documents embedded and, where one is set, the "
    "LLM's server within reach. It is found out anew each second at most.",
    "responses": {200: {"description": "They are answered."}}
    | problems(
        {
            503: (
                "Something is missing. Questions may be answered nevertheless: by quotes, without "
                "the LLM or the meaning of their words.",
                "The LLM's server can't be reached.",
            ),
            **FAILED_AT_ALL,
        }
    ),
}

# Set at last, as FastAPI leaves out what is null.
_EXAMPLES: Final[dict[str, object]] = {
    "ask": ANSWER.as_json(),
    "documents": [ENTRY],
    "document": ENTRY | {"text": f"{_HEADING}\n\n{QUOTE}\n"},
    "health": Alive().model_dump(),
    "readiness": Ready(
        documents=DocumentCounts(indexed=5, failed=0, pending=0), llm="off"
    ).model_dump(),
    **partners_openapi.EXAMPLES,
    **search_openapi.EXAMPLES,
    **completions_openapi.EXAMPLES,
}


# They have fields that need not be there.
_TAKEN: Final = (
    *(QuestionRequest, EarlierTurn, PlaceInFile),
    *(CompletionRequest, Message, ContentPart, ContentParts, StreamOptions, CompletionFault),
)


def about(root_path: str) -> dict[str, Any]:
    """What the description says of the interface as a whole, as arguments of FastAPI."""
    return {
        "title": "Clusterlotse",
        "version": VERSION,
        "description": _DESCRIPTION,
        "openapi_tags": _TAGS,
        "servers": [{"url": root_path or "/"}],
        "root_path_in_servers": False,  # they stand above
    }


def complete(app: FastAPI) -> None:
    """Has the description of `app` say what FastAPI does not know, and nothing untrue."""
    described = app.openapi

    def completed() -> dict[str, Any]:
        return app.openapi_schema or _completed(described())

    app.openapi = completed  # type: ignore[method-assign]


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    schemas = described["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    for form in (Completion, CompletionError):
        schemas |= _forms(form)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    optional = {form.__name__ for form in _TAKEN}
    for name in schemas.keys() - optional:
        # What has a default is sent nevertheless.
        schemas[name]["required"] = list(schemas[name]["properties"])
    for operations in described["paths"].values():
        for operation in operations.values():
            _without_foreign_form(operation["responses"])
            content = operation["responses"]["200"]["content"]
            if (name := operation["operationId"]) in _EXAMPLES:
                content["application/json"]["example"] = _EXAMPLES[name]
    return described


def _forms(form: type) -> dict[str, Any]:
    """The schema of a form that no route is declared to return, and of those in it, by name."""
    schema = TypeAdapter(form).json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), form.__name__: schema}


def _without_foreign_form(responses: dict[str, Any]) -> None:
    """FastAPI has each route with a parameter answer 422, in a form of its own."""
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]
