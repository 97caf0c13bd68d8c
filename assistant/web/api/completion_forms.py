"""What the routes below /v1 take and send: the forms of OpenAI's chat completions.

https://platform.openai.com/docs/api-reference/chat
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, RootModel

from assistant.web.api.schema import MAX_FILES, FileText
from assistant.web.page_language import Language

MODEL: Final = "clusterlotse"
"""The one model that there is: the documents, by whatever words their answers."""

_MOST_MESSAGES: Final = 1_000
_MOST_PARTS: Final = 100


class ContentPart(BaseModel):
    """A part of a message; all but text is refused."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class ContentParts(
    RootModel[Annotated[list[ContentPart], FailFast(), Field(max_length=_MOST_PARTS)]]
):
    """The content of a message that comes in parts."""


class Message(BaseModel):
    """A message: the last one of a user is the question; others before it are its history."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | ContentParts | None = None


class StreamOptions(BaseModel):
    """What else a stream tells."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = False


class CompletionRequest(BaseModel):
    """What `/v1/chat/completions` takes. Parameters that mean nothing here are passed over.

    `language`, `files`, `since` and `until` are those of `/api/ask`, and so is `store: false`.
    """

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(max_length=200, examples=[MODEL])]
    messages: Annotated[list[Message], FailFast(), Field(min_length=1, max_length=_MOST_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[Literal[1] | None, Field(description="One answer is all that there is.")] = None
    store: bool | None = None
    language: Language | None = None
    files: Annotated[list[FileText], FailFast(), Field(max_length=MAX_FILES)] = []
    since: str | None = None
    until: str | None = None


class UrlCitation(BaseModel):
    """A source: where its marker stands in the content, [start, end), and its address."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A source, as OpenAI's web search names its own."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer, as Markdown, with a list of its sources at the end."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class CompletionChoice(BaseModel):
    """The one choice that there is."""

    index: int = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Tokens (cl100k_base) of the messages and of the content."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """A completion; `clusterlotse` is the answer as `/api/ask` gives it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[CompletionChoice]
    usage: Usage
    clusterlotse: dict[str, Any]


class Model(BaseModel):
    """A model, as OpenAI lists it."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class Models(BaseModel):
    """The models: one."""

    object: Literal["list"] = "list"
    data: list[Model]


class CompletionFault(BaseModel):
    """What is wrong, in OpenAI's words."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class CompletionError(BaseModel):
    """An error, as OpenAI has it."""

    error: CompletionFault
