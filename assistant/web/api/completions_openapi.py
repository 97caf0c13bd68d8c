"""What /openapi.json says of the routes in OpenAI's form."""

from typing import Any, Final

from assistant.web.api.completion_errors import completion_error
from assistant.web.api.completion_forms import MODEL as NAME
from assistant.web.api.described import QUOTE, RETRY_AFTER
from assistant.web.guard.limits import MAX_BODY_BYTES
from assistant.web.guard.problems import FAILED

_ADDRESS: Final = "http://127.0.0.1:7860/sources/001_a305a8ea11b8cbe0.txt?start=43&end=153&lang=de"
_TITLE: Final = "BIOPRO Baden-Württemberg im Council of European Bioregions (CEBR)"
_CONTENT: Final = (
    f"„{QUOTE}“ [1]\n\n---\n\n**Quellen:**\n\n1. [{_TITLE}]({_ADDRESS}#quote), 1. April 2024, "
    "001_a305a8ea11b8cbe0.txt"
)
_KNOWN: Final = {"id": "chatcmpl-0", "created": 1775001600, "model": NAME}
_ANNOTATION: Final = {
    "type": "url_citation",
    "url_citation": {
        "start_index": 113,
        "end_index": 116,
        "title": _TITLE,
        "url": f"{_ADDRESS}#quote",
    },
}
_MESSAGE: Final = {
    "role": "assistant",
    "content": _CONTENT,
    "refusal": None,
    "annotations": [_ANNOTATION],
}
_COMPLETION: Final = {
    **_KNOWN,
    "object": "chat.completion",
    "choices": [{"index": 0, "message": _MESSAGE, "logprobs": None, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 15, "completion_tokens": 160, "total_tokens": 175},
    "clusterlotse": {"answerable": True},
}
_STREAM: Final = (
    'data: {"id": "chatcmpl-0", "object": "chat.completion.chunk", "created": 1775001600, '
    f'"model": "{NAME}", "choices": [{{"index": 0, "delta": {{"content": "..."}}, '
    '"logprobs": null, "finish_reason": null}]}\n\ndata: [DONE]\n\n'
)
_MODEL: Final = {"id": NAME, "object": "model", "created": 0, "owned_by": NAME}


def _errors(said: dict[int, tuple[str, str]]) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/CompletionError"}
    return {
        status: {
            "description": when,
            "content": {
                "application/json": {
                    "schema": schema,
                    "example": completion_error(status, detail).model_dump(),
                }
            },
            **({"headers": {"Retry-After": RETRY_AFTER}} if status in (429, 503) else {}),
        }
        for status, (when, detail) in said.items()
    }


_NO_MODEL: Final = {
    404: ("There is no such model.", f"There is no model 'gpt'. The only one is '{NAME}'.")
}
_FAILED: Final = {500: ("Something went wrong in the program.", FAILED)}

MODELS: Final[dict[str, Any]] = {
    "operation_id": "models",
    "tags": ["openai"],
    "summary": "List the models",
    "description": f"There is one, `{NAME}`.",
    "responses": {200: {"description": "The models."}} | _errors(_FAILED),
}
MODEL: Final[dict[str, Any]] = {
    "operation_id": "model",
    "tags": ["openai"],
    "summary": "Read a model",
    "description": "What the list says of a model.",
    "responses": {200: {"description": "The model."}} | _errors({**_NO_MODEL, **_FAILED}),
}
COMPLETIONS: Final[dict[str, Any]] = {
    "operation_id": "completions",
    "tags": ["openai"],
    "summary": "Ask in OpenAI's form",
    "description": "The last message of role `user` is the question, those before it are its "
    "history. The content is Markdown with its sources at the end; `annotations` say where they "
    "are named, and `clusterlotse` has the answer as `/api/ask` gives it. With `stream`, it comes "
    "as events once it is checked. Parameters that mean nothing here are passed over. Limits are "
    "those of `/api/ask`.",
    "response_model": None,
    "responses": {
        200: {
            "description": "The answer, or a refusal: then there are no annotations.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Completion"}},
                "text/event-stream": {
                    "schema": {
                        "type": "string",
                        "description": "Server-sent events, each with a chunk; `[DONE]` ends them.",
                    },
                    "example": _STREAM,
                },
            },
        }
    }
    | _errors(
        {
            400: (
                "A value does not fit, or no document passes the filters.",
                "messages: there is no question in them, of role user",
            ),
            **_NO_MODEL,
            413: (
                "The body is longer than 1 MiB.",
                f"The body has more than {MAX_BODY_BYTES} bytes.",
            ),
            415: (
                "The body is not of type `application/json`.",
                "The body has to be JSON, sent as Content-Type: application/json.",
            ),
            429: (
                "This client has asked as many questions as it may.",
                "You have asked as many questions as one client may. Ask in 12 seconds.",
            ),
            **_FAILED,
            503: (
                "Too many questions wait for their turn.",
                "Too many questions are being asked. Ask again in a moment.",
            ),
        }
    ),
}
EXAMPLES: Final[dict[str, object]] = {
    "models": {"object": "list", "data": [_MODEL]},
    "model": _MODEL,
    "completions": _COMPLETION,
}
