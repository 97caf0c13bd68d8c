"""Models of others, by one setting: the LLM that words answers, the embedding besides ours.

A setting is KIND:MODEL, the kind being a word of the tables below or any llama-index class by its
path, such as llama_index.llms.mistralai.MistralAI. None of them is installed by default.
"""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import LLM
from pydantic import HttpUrl, SecretStr

from assistant.setting_forms import BUNDLED, OFF
from assistant.settings import Settings, variable
from index.errors import SettingsError
from index.vectors.bundled import bundled

ANSWER_TOKENS = 1_000
"""What an LLM may write in answer to one prompt."""

_PROMPT_TOKENS = 2_000  # what a prompt has beside the passages, and the answer
_EMBEDDING_SECONDS = 60.0  # for a batch of texts; a question has less
_NO_KEY = "none"  # or a server that is named gets a key that the environment has for others

Given = Mapping[str, Any]
Model = TypeVar("Model", LLM, BaseEmbedding)

# What the classes call the same thing.
_NAMES = {
    "model": ("model", "model_name"),
    "url": ("api_base", "base_url"),
    "key": ("api_key",),
    "timeout": ("timeout", "request_timeout"),
    "retries": ("max_retries",),
    "answer_tokens": ("max_tokens",),
    "temperature": ("temperature",),
    "context": ("context_window",),
}
_IN_LOCK = ("openai-like", "ollama")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A class by its path, what it is made with besides, and whether it has a server of its own.

    `path` is added to the server's address where the class does not do that.
    """

    name: str
    fixed: Given
    needs_url: bool = False
    url: str | None = None
    path: str = ""


_LLMS = {
    "openai-like": _Kind(
        "assistant.generating.openai_like.YieldingOpenAILike",
        {"is_chat_model": True},
        needs_url=True,
    ),
    "ollama": _Kind(
        "llama_index.llms.ollama.Ollama",
        {
            "thinking": False,
            "additional_kwargs": {"num_predict": ANSWER_TOKENS},
            "headers": {"Authorization": f"Bearer {_NO_KEY}"},
        },
        url="http://127.0.0.1:11434",
    ),
}
_EMBEDDINGS = {
    "openai-like": _Kind(
        "llama_index.embeddings.openai_like.OpenAILikeEmbedding", {}, needs_url=True
    ),
    "ollama": _Kind(
        "llama_index.embeddings.openai_like.OpenAILikeEmbedding",
        {},
        url="http://127.0.0.1:11434",
        path="/v1",
    ),
    "huggingface": _Kind("llama_index.embeddings.huggingface.HuggingFaceEmbedding", {}),
}


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the settings say of one model; `setting` is the field that names it."""

    setting: str
    value: str
    url: HttpUrl | None
    key: SecretStr | None
    kinds: Mapping[str, _Kind]
    also: str = ""  # what else can be written

    @property
    def word(self) -> str:
        """What the value begins with."""
        return self.value.partition(":")[0]

    @property
    def model(self) -> str:
        """The model's name, as its server knows it."""
        return self.value.partition(":")[2].strip()

    def shown(self) -> str:
        """The variable with its value."""
        return f"{variable(self.setting)}={self.value!r}"

    def kind(self) -> _Kind:
        """The kind of model, a class by its path included. Raises SettingsError for any other."""
        kind = self.kinds.get(self.word)
        if kind is None and re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)+", self.word):
            kind = _Kind(self.word, {})
        if kind is None or not self.model:
            raise SettingsError(
                f"{self.shown()} names no model.",
                f"Write KIND:MODEL, with {', '.join(self.kinds)} or the path of a llama-index "
                f"class as KIND{self.also}.",
            )
        return kind

    def address(self, kind: _Kind) -> str | None:
        """Where the model's server is. Raises SettingsError where it has to be told and is not."""
        url = str(self.url) if self.url else kind.url
        if kind.needs_url and not url:
            raise SettingsError(
                f"{self.shown()} needs {variable(f'{self.setting}_url')}, which is not set.",
                "Set it to the address of the server, such as http://127.0.0.1:8000/v1.",
            )
        return url and url.rstrip("/").removesuffix(kind.path) + kind.path

    def secret(self) -> str | None:
        """The key. Raises SettingsError, which does not show it, for one that can't be sent."""
        key = self.key.get_secret_value() if self.key else None
        if key and not re.fullmatch(r"[!-~]+", key):
            raise SettingsError(
                f"{variable(f'{self.setting}_key')} has a character that no key has.",
                "Keys consist of ASCII letters, digits and signs, without spaces.",
            )
        return key


def llm(settings: Settings) -> LLM | None:
    """The LLM of the settings, which has not been asked anything yet; None where none is set.

    Raises SettingsError for one that is not installed, or that does not take what is set.
    """
    if not settings.llm:
        return None
    choice = _Choice("llm", settings.llm, settings.llm_url, settings.llm_key, _LLMS)
    wished = {
        "timeout": settings.llm_timeout,
        "retries": 0,  # ours are bounded by the time-out as a whole
        "answer_tokens": ANSWER_TOKENS,
        "temperature": 0.0,
        "context": settings.llm_context + _PROMPT_TOKENS,
    }
    return _made(LLM, choice, wished)  # type: ignore[type-abstract]


def llm_address(settings: Settings) -> str | None:
    """Where the server of the LLM is; None without one, and where the class alone knows."""
    if not settings.llm:
        return None
    choice = _Choice("llm", settings.llm, settings.llm_url, settings.llm_key, _LLMS)
    return choice.address(choice.kind())


def embedding(settings: Settings) -> BaseEmbedding | None:
    """The embedding model of the settings; None where none is wanted, or the bundled one can't run.

    Whoever gets a BundledEmbedding closes it. Raises SettingsError for one that is not installed,
    or that does not take what is set.
    """
    if settings.embedding.lower() == OFF:
        return None
    if settings.embedding.lower() == BUNDLED:
        return bundled()
    choice = _Choice(
        "embedding",
        settings.embedding,
        settings.embedding_url,
        settings.embedding_key,
        _EMBEDDINGS,
        f"; or {BUNDLED}, or {OFF}",
    )
    wished = {"timeout": _EMBEDDING_SECONDS, "retries": 1}
    return _made(BaseEmbedding, choice, wished)  # type: ignore[type-abstract]


def _made(base: type[Model], choice: _Choice, wished: Given) -> Model:
    """A model of `base`: a URL and a key that are set it has to take, what is wished it may."""
    kind = choice.kind()
    needed = {"url": choice.address(kind), "key": choice.secret()}
    chosen = _class(base, choice, kind)
    accepted = _parameters(chosen)
    arguments = dict(kind.fixed)
    if needed["url"]:
        arguments |= {name: _NO_KEY for name in _NAMES["key"] if name in accepted}
    for what, thing in {"model": choice.model, **wished, **needed}.items():
        name = next((name for name in _NAMES[what] if name in accepted), None)
        if thing is not None and name:
            arguments[name] = thing
        elif thing is not None and what in needed:
            raise SettingsError(
                f"{kind.name} takes no {what}.",
                f"Leave {variable(f'{choice.setting}_{what}')} unset, or choose another class.",
            )
    try:
        return chosen(**arguments)
    except Exception as error:  # of others' classes, whatever it is; its words may have the key
        raise SettingsError(
            f"{choice.shown()} can't be used: {type(error).__name__}.",
            f"See what {kind.name} needs.",
        ) from None


def _class(base: type[Model], choice: _Choice, kind: _Kind) -> type[Model]:
    module, _, attribute = kind.name.rpartition(".")
    try:
        chosen = getattr(import_module(module), attribute, None)
    except ImportError as error:
        raise SettingsError(
            f"{choice.shown()} needs a package that is not installed: {error}.", _how_to_get(choice)
        ) from error
    if not (isinstance(chosen, type) and issubclass(chosen, base)):
        raise SettingsError(
            f"{choice.shown()}: {kind.name} is no llama-index {base.__name__}.",
            f"Name a class that is derived from {base.__module__}.{base.__name__}.",
        )
    return chosen


def _how_to_get(choice: _Choice) -> str:
    if choice.word in _IN_LOCK:
        return "Install it with `make models`."
    package = f"'.[{choice.word}]'" if choice.word in choice.kinds else "the package of that class"
    return f"Install it with pip: {package}."


def _parameters(chosen: type) -> set[str]:
    """The names that a class can be made with; fields count where it takes any name."""
    parameters = inspect.signature(chosen).parameters
    takes_any = any(
        parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()
    )
    fields: Mapping[str, Any] = getattr(chosen, "model_fields", {}) if takes_any else {}
    return {*parameters, *fields}
