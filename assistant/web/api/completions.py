"""Questions in OpenAI's form, so that its clients and the chats made for it can ask us."""

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.answer import Answer, Citation
from assistant.asking.follow_ups import Turn
from assistant.asking.limits import MAX_QUESTION_CHARACTERS
from assistant.web.addresses import source_address
from assistant.web.api import completions_openapi as described
from assistant.web.api.admission import UNBUFFERED, Admission, Steps, narrowed
from assistant.web.api.completion_forms import (
    MODEL,
    AnswerMessage,
    Completion,
    CompletionChoice,
    CompletionRequest,
    Message,
    Model,
    Models,
    Usage,
)
from assistant.web.api.completion_text import AddressOf, Written, without_sources, written
from assistant.web.api.json_route import JsonRoute
from assistant.web.api.schema import EVENTS, MAX_ANSWER_CHARACTERS, MAX_TURNS
from assistant.web.guard.reader import reader_of
from assistant.web.page_language import as_language
from assistant.web.view import View
from index.text.passages import count_tokens

_DONE: Final = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that was let in, and what leads to its answer."""

    request: CompletionRequest
    steps: Steps


def router(admission: Admission) -> APIRouter:
    """The routes below /v1; errors there are put into OpenAI's form by `CompletionErrors`."""
    routes = APIRouter(prefix="/v1", route_class=JsonRoute)

    async def admitted(asked: CompletionRequest, request: Request) -> AsyncIterator[_Asked]:
        """What leads to the answer, in its place until the response is sent, or nobody waits."""
        _check_model(asked.model)
        question, history = conversation(asked.messages)
        scope = narrowed(reader_of(request).scope, asked.files, asked.since, asked.until)
        store = asked.store is not False
        async with admission.place(request):
            steps = admission.steps(
                question, scope, asked.language, history, store, reader_of(request).user
            )
            with closing(steps):
                yield _Asked(asked, steps)

    @routes.get("/models", **described.MODELS)
    def models() -> Models:
        return Models(data=[Model()])

    @routes.get("/models/{model}", **described.MODEL)
    def model(
        model: Annotated[str, Path(description="The `id` of a model.", examples=[MODEL])],
    ) -> Model:
        _check_model(model)
        return Model()

    @routes.post("/chat/completions", **described.COMPLETIONS)
    async def completions(
        admitted: Annotated[_Asked, Depends(admitted)], request: Request
    ) -> Response:
        async with aclosing(admission.each(admitted.steps)) as following:
            answer = None
            async for step in following:
                answer = step
                if await request.is_disconnected():
                    break
        if not isinstance(answer, Answer):
            return Response(status_code=503)  # which nobody reads: the client is gone
        text = written(answer, _addresses(request, answer))
        asked = admitted.request
        whole = _completion(asked.messages, answer, text)
        if not asked.stream:
            return JSONResponse(whole.model_dump())
        with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        events = _chunks(whole, with_usage)
        return StreamingResponse(events, headers=UNBUFFERED, media_type=EVENTS)

    return routes


def conversation(messages: list[Message]) -> tuple[str, list[Turn]]:
    """The last message of a user, and the turns before it, oldest first.

    Raises HTTPException where there is none that can be asked.
    """
    turns: list[Turn] = []
    for number, message in enumerate(messages):
        if message.role == "user":
            turns.append(Turn(_text(message, number)))
        elif message.role == "assistant" and turns:
            answered = without_sources(_text(message, number))[:MAX_ANSWER_CHARACTERS]
            turns[-1] = Turn(turns[-1].question, answered)
    question = turns[-1].question if turns else ""
    if not question:
        raise HTTPException(422, "messages: there is no question in them, of role user")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise HTTPException(
            422,
            f"messages: the question has {len(question)} characters; "
            f"{MAX_QUESTION_CHARACTERS} are the most",
        )
    earlier = [Turn(turn.question[:MAX_QUESTION_CHARACTERS], turn.answer) for turn in turns[:-1]]
    return question, [turn for turn in earlier if turn.question][-MAX_TURNS:]


def _text(message: Message, number: int) -> str:
    """A message's text. Raises HTTPException for pictures and the like in a user's."""
    if message.content is None or isinstance(message.content, str):
        return (message.content or "").strip()
    parts = message.content.root
    if message.role == "user" and any(part.type != "text" for part in parts):
        raise HTTPException(422, f"messages.{number}.content: only parts of type text are read")
    return "\n".join(part.text for part in parts).strip()


def _check_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"There is no model {name[:80]!r}. The only one is {MODEL!r}.")


def _addresses(request: Request, answer: Answer) -> AddressOf:
    """The full addresses of sources, as who asks has reached the server."""
    base, view = str(request.base_url), View(as_language(answer.language))

    def address_of(citation: Citation) -> str:
        return base + source_address(citation.file, view, (citation.start, citation.end))

    return address_of


def _completion(messages: list[Message], answer: Answer, text: Written) -> Completion:
    message = AnswerMessage(content=text.content, annotations=text.annotations)
    prompt = sum(count_tokens(_text(said, 0)) for said in messages if said.role != "tool")
    told = count_tokens(text.content)
    return Completion(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        created=int(time.time()),
        choices=[CompletionChoice(message=message)],
        usage=Usage(prompt_tokens=prompt, completion_tokens=told, total_tokens=prompt + told),
        clusterlotse=answer.as_json(),
    )


def _chunks(whole: Completion, with_usage: bool) -> Iterator[str]:
    """The completion as server-sent events, a line in each; sources come with the last."""
    message = whole.choices[0].message.model_dump()
    usage: dict[str, Any] = {"usage": None} if with_usage else {}

    def chunk(delta: dict[str, Any], end: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        return _event(whole, {"choices": [choice], **usage, **more})

    yield chunk({"role": message["role"], "content": ""})
    for line in message["content"].splitlines(keepends=True):
        yield chunk({"content": line})
    sources = {"annotations": message["annotations"]}
    yield chunk(sources, "stop", clusterlotse=whole.clusterlotse)
    if with_usage:
        yield _event(whole, {"choices": [], "usage": whole.usage.model_dump()})
    yield _DONE


def _event(whole: Completion, more: dict[str, Any]) -> str:
    known = {"id": whole.id, "object": "chat.completion.chunk", "created": whole.created}
    data = json.dumps({**known, "model": whole.model, **more}, ensure_ascii=False)
    return f"data: {data}\n\n"
