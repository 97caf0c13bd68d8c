"""LLMs in OpenAI's protocol, whose servers differ in what they let be asked for."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponseGen
from llama_index.llms.openai_like import OpenAILike
from openai import APIStatusError
from pydantic import PrivateAttr

_REFUSALS = (400, 422)
_LIMIT, _OTHER_LIMIT = "max_tokens", "max_completion_tokens"
_OPTIONAL = (_LIMIT, _OTHER_LIMIT, "temperature")


class YieldingOpenAILike(OpenAILike):
    """Leaves out, from then on, what the server has refused: a limit, a temperature.

    A limit that is refused by one name is given by the other, before it is left out.
    """

    _refused: set[str] = PrivateAttr(default_factory=set)

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The answer in pieces; what is refused is asked for again without."""

        def pieces() -> ChatResponseGen:
            while True:
                try:
                    yield from super(YieldingOpenAILike, self).stream_chat(messages, **kwargs)
                    return
                except APIStatusError as error:
                    if not self._yields(error):
                        raise

        return pieces()

    def _get_model_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        fields = super()._get_model_kwargs(**kwargs)
        if _LIMIT in self._refused and _LIMIT in fields:
            fields.setdefault(_OTHER_LIMIT, fields[_LIMIT])
        return {name: field for name, field in fields.items() if name not in self._refused}

    def _yields(self, error: APIStatusError) -> bool:
        """Whether what a server refuses can be left out; it names it."""
        if error.status_code not in _REFUSALS:
            return False
        sent, told = self._get_model_kwargs(), f"{error.param or ''} {error.message}"
        named = [name for name in _OPTIONAL if name in sent and name in told]
        self._refused |= set(named[:1])
        return bool(named)
