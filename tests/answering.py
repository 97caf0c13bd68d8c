"""The scripted LLM, asked as a user's settings have it asked, and what it was sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM

from assistant import models
from assistant.dictionaries.dictionary import glossary
from assistant.engine import Assistant
from assistant.generating.language_model import LanguageModel
from assistant.settings import Settings
from tests.library import Desk
from tests.model_server import Messages, ModelServer

KEY = "sk-test-4711"
PATIENCE = 20.0  # seconds for what does not fail; a machine under load is slow


class OfAnotherKind(CustomLLM):
    """An LLM that is no server's: what it says is told by who derives from it."""

    model: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        raise NotImplementedError


@dataclass(frozen=True)
class Sent:
    """What the LLM got: its orders, and of the message the lines of JSON and the question."""

    system: str
    lines: list[dict[str, Any]]
    question: str

    @property
    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines]

    @property
    def files(self) -> set[str]:
        return {line["file"] for line in self.lines}

    def number(self, words: str) -> int:
        """That of the first passage with these words."""
        return next(int(line["number"]) for line in self.lines if words in line["text"])


def settings(**given: Any) -> Settings:
    return Settings.model_validate(given)


def sent(messages: Messages) -> Sent:
    system, user = (str(message["content"]) for message in messages)
    above, below = user.split("\n\n")
    return Sent(system, [*map(json.loads, above.split("\n")[1:])], below.partition(": ")[2])


def fresh(server: ModelServer, reply: Callable[[Messages], str]) -> ModelServer:
    """The server as if it had just been started, with a reply; to start one takes longer."""
    server.reply = reply
    server.fault = server.times = server.retry_after = None
    server.rejects, server.counts = (), False
    server.requests.clear()
    return server


def language_model(
    url: str | None, seconds: float = PATIENCE, context: int = 3000, llm: str = "openai-like:any"
) -> LanguageModel:
    """As app.py makes it; of other kinds than OpenAI's, without a key."""
    given = {"llm": llm, "llm_url": url, "llm_timeout": seconds, "llm_context": context}
    given |= {"llm_key": KEY} if llm.startswith("openai") else {}
    settings = Settings.model_validate(given)
    made = models.llm(settings)
    assert made is not None
    return LanguageModel(made, seconds, context, models.llm_address(settings))


def assistant(desk: Desk, url: str, seconds: float = PATIENCE, context: int = 3000) -> Assistant:
    """One that has the LLM at this address write its answers."""
    return Assistant(desk.index, glossary(), language_model(url, seconds, context))
