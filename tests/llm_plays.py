"""LLMs that do as they are told, and what is heard of them."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
)

from assistant.faults import ModelError
from assistant.generating.language_model import LanguageModel
from tests.answering import PATIENCE, OfAnotherKind, language_model
from tests.model_server import ModelServer

WORDS = "Seit April 2024 gehört sie dazu. [1] Es sind 45. [2]"
PROMPT = [ChatMessage(role="user", content="Seit wann?")]
MORE = 1.0  # seconds that all may take beside the time-out
KINDS = ("openai-like", "ollama")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


class Another(OfAnotherKind):
    """An LLM of a kind that we don't know: each time it is asked it does the next of `plays`."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        calls.append(time.time())
        play = plays[min(len(calls), len(plays)) - 1]
        return (CompletionResponse(text="", delta=delta, raw=raw) for delta, raw in play(prompt))


Play = Callable[[str], Iterator[tuple[str, Any]]]
plays: list[Play] = []
calls: list[float] = []  # when it was asked


def says(*said: str | Exception, raw: Sequence[Any] = ()) -> Play:
    """A play of pieces and of exceptions that are raised, with what is told beside each piece."""

    def play(prompt: str) -> Iterator[tuple[str, Any]]:
        for number, piece in enumerate(said):
            if isinstance(piece, Exception):
                raise piece
            yield piece, raw[number] if raw else None

    return play


def performing(*told: Play, seconds: float = PATIENCE) -> LanguageModel:
    """An LLM of the other kind, which does as it is told."""
    plays[:] = told
    return language_model(None, seconds, llm=f"{__name__}.Another:any")


def refused(retry_after: str) -> Exception:
    response = httpx.Response(429, headers={"Retry-After": retry_after})
    return httpx.HTTPStatusError(
        "429", request=httpx.Request("POST", "http://h"), response=response
    )


def made(
    server: ModelServer, seconds: float = PATIENCE, kind: str = "openai-like"
) -> LanguageModel:
    url = server.url if kind == "openai-like" else server.root
    return language_model(url, seconds, llm=f"{kind}:scripted")


def streamed(model: LanguageModel) -> Iterator[str]:
    return model.stream(PROMPT, time.monotonic() + model.seconds)


def answer(model: LanguageModel) -> str:
    return model.complete(PROMPT, time.monotonic() + model.seconds)


def failure(model: LanguageModel) -> ModelError:
    """How it fails, within the time."""
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        answer(model)
    assert time.monotonic() - began < model.seconds + MORE
    return caught.value
