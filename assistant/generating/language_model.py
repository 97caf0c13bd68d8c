"""The LLM as the rest sees it: pieces of text until a moment, or a fault, and never a hang.

It works with every llama-index LLM: whatever its client does, it does in a thread that is left
behind when the time is over.
"""

import json
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import chain
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

import httpx
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms import LLM
from pybreaker import STATE_OPEN, CircuitBreakerError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.stop import stop_before_delay

from assistant.faults import Fault, ModelError
from assistant.generating.reply import Reply
from assistant.monitoring.monitor import NOBODY, Monitor
from assistant.settings import variable
from index.patience import begun, breaker

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_PAUSE = 0.3  # seconds before the second attempt, twice that before the third
_LONGEST = 8_000  # characters of an answer
_TRY_SECONDS = 2.0  # for a server to show that it is there
_WORTH_ANOTHER = (Fault.UNREACHABLE, Fault.BUSY, Fault.FAILED)
_OF_THE_QUESTION = (Fault.EMPTY, Fault.ENDLESS, Fault.THINKING, Fault.STILL_THINKING)
_TOLD = 200  # characters of what a server says, in the log
_SECRET = re.compile(r"(?i)\b(?:sk|key|bearer)[-_ ]\S+|(?=\S*[\d*])[\w*.-]{12,}")
_STATUS = {401: Fault.UNAUTHORISED, 403: Fault.UNAUTHORISED, 408: Fault.LATE, 429: Fault.BUSY}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What an LLM was sent, and what came back word for word; `fault` is why that was no answer."""

    messages: tuple[ChatMessage, ...]
    reply: str
    fault: Fault | None


Watch = Callable[[Exchange], None]
"""Gets to see each exchange with an LLM, once it is over."""


class LanguageModel:
    """Asks an LLM. After three failures in a row it is left alone for a minute.

    `seconds` are those within which a question is to be answered, `context` the tokens of passages
    that it may be given, `address` that of its server, where it is known.
    """

    def __init__(
        self,
        llm: LLM,
        seconds: float,
        context: int,
        address: str | None = None,
        watch: Watch | None = None,
        monitor: Monitor = NOBODY,
    ) -> None:
        self._monitor = monitor
        self.seconds = seconds
        self.context = context
        self._llm = llm
        self._address = address
        self._watch = watch
        self._breaker = breaker(is_none=_is_the_questions)

    def is_reachable(self) -> bool:
        """Whether something answers at the server's address, be it to refuse; nothing is asked.

        Where the address is not known, whether the LLM has answered of late, or not failed yet.
        """
        if not self._address:
            return bool(self._breaker.current_state != STATE_OPEN)
        trying = begun(partial(_speaks_http, self._address))
        try:
            return trying.result(_TRY_SECONDS)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
            return False

    def stream(self, messages: Sequence[ChatMessage], deadline: float) -> Generator[str]:
        """The answer as far as it has come, each time whole, until `deadline` (time.monotonic()).

        Raises ModelError. What can be mended by asking again is asked again, as long as nothing
        has come yet.
        """
        try:
            with self._breaker.calling():
                yield from self._said(messages, deadline)
        except CircuitBreakerError as error:
            self._monitor.faulted("llm", Fault.RESTING.value)
            raise ModelError(Fault.RESTING) from error
        except ModelError as error:
            self._monitor.faulted("llm", error.fault.value)
            logger.warning(
                "No answer of the LLM: %s%s. If that goes on, see that %s, %s and %s are right.",
                error,
                _cause(error),
                *map(variable, ("llm", "llm_url", "llm_key")),
            )
            raise

    def complete(self, messages: Sequence[ChatMessage], deadline: float) -> str:
        """The whole answer. Raises ModelError."""
        return deque(self.stream(messages, deadline), maxlen=1).pop()

    def _said(self, messages: Sequence[ChatMessage], deadline: float) -> Iterator[str]:
        """Once more without a limit, where thoughts used up the tokens of an answer."""
        try:
            yield from self._attempted(messages, deadline)
        except ModelError as error:
            unlimited = _without_limit(self._llm)
            if error.fault is not Fault.THINKING or unlimited is None:
                raise
            self._llm = unlimited
            yield from self._attempted(messages, deadline)

    def _attempted(self, messages: Sequence[ChatMessage], deadline: float) -> Iterator[str]:
        heard: list[str] = []
        fault: Fault | None = None
        try:
            yield from self._answered(messages, deadline, heard)
        except ModelError as error:
            fault = error.fault
            raise
        finally:
            if self._watch:
                self._watch(Exchange(tuple(messages), "".join(heard), fault))

    def _answered(
        self, messages: Sequence[ChatMessage], deadline: float, heard: list[str]
    ) -> Iterator[str]:
        """The answer as far as it has come; `heard` gets all that is said, word for word."""
        left = max(0.0, deadline - time.monotonic())
        retrying = Retrying(
            stop=stop_after_attempt(_ATTEMPTS) | stop_before_delay(left),
            wait=_pause,
            retry=retry_if_exception(_is_worth_another),
            reraise=True,
        )
        stream = retrying(_Stream.begun, self._llm, messages, deadline)
        reply = Reply()
        try:
            yield from _growing(reply, _noted(stream, heard))
        except ModelError as error:
            if error.fault is Fault.LATE and reply.thinks:
                raise ModelError(Fault.STILL_THINKING) from error
            raise
        finally:
            stream.stop()
        before, said = reply.said, reply.end()
        if stream.ended_by == "length":
            raise ModelError(Fault.THINKING if reply.thinks else Fault.ENDLESS)
        if not stream.ended_by:
            raise ModelError(Fault.BROKEN_OFF)
        if not said.strip():
            raise ModelError(Fault.EMPTY)
        if said != before:
            yield said


def _without_limit(llm: LLM) -> LLM | None:
    """The same LLM, which may write as much as it can; None where it has no limit of ours."""
    limited = getattr(llm, "max_tokens", None)
    return llm.model_copy(update={"max_tokens": None}) if limited else None


def _noted(pieces: Iterable[str | None], heard: list[str]) -> Iterator[str | None]:
    for piece in pieces:
        heard.append(piece or "")
        yield piece


def _growing(reply: Reply, pieces: Iterable[str | None]) -> Iterator[str]:
    """What is said by each piece that adds to it; None is a thought that is told apart."""
    said = ""
    for piece in pieces:
        if piece is None:
            reply.think()
            continue
        reply.add(piece)
        if len(reply.said) > _LONGEST:
            raise ModelError(Fault.ENDLESS)
        if reply.said != said:
            said = reply.said
            yield said


def _speaks_http(address: str) -> bool:
    """True for any response at all. Raises httpx.HTTPError where there is none."""
    with httpx.stream("GET", address, timeout=_TRY_SECONDS):
        return True


class _Stream:
    """What an LLM says, from a thread of its own. `ended_by` is why it ended, as far as is told."""

    def __init__(self, llm: LLM, messages: Sequence[ChatMessage], deadline: float) -> None:
        self.ended_by = ""
        self._deadline = deadline
        self._said: SimpleQueue[ChatResponse | Exception | None] = SimpleQueue()
        self._stopped = Event()
        self._pieces: Iterator[str | None] = self._heard()
        self._tells_ends = False  # of a client that tells no reason for an end, none is missed
        Thread(target=self._listen, args=(llm, list(messages)), daemon=True).start()

    @classmethod
    def begun(cls, llm: LLM, messages: Sequence[ChatMessage], deadline: float) -> "_Stream":
        """A stream whose first piece is there. Raises ModelError."""
        stream = cls(llm, messages, deadline)
        stream._pieces = chain([next(stream._pieces, "")], stream._pieces)
        return stream

    def __iter__(self) -> Iterator[str | None]:
        """The pieces; None for a piece of a thought that the server tells apart."""
        return self._pieces

    def stop(self) -> None:
        """Nothing more is wanted; the thread ends with what comes next."""
        self._stopped.set()

    def _heard(self) -> Iterator[str | None]:
        while (said := self._next()) is not None:
            if isinstance(said, Exception):
                raise _as_model_error(said) from said
            self._note_end(said.raw)
            if said.delta:
                yield said.delta
            elif said.additional_kwargs.get("thinking_delta"):
                yield None
        if not self._tells_ends:
            self.ended_by = "stop"

    def _next(self) -> ChatResponse | Exception | None:
        """What comes next within the time: what waits to be heard after it is not."""
        left = self._deadline - time.monotonic()
        with suppress(Empty):
            if left > 0:
                return self._said.get(timeout=left)
        self.stop()
        raise ModelError(Fault.LATE)

    def _note_end(self, raw: Any) -> None:
        """Takes down the reason for the end, of which OpenAI's protocol and Ollama's tell."""
        fields = _fields(raw)
        choices = fields.get("choices")
        self._tells_ends |= choices is not None or "done_reason" in fields
        reasons = [_fields(choice).get("finish_reason") for choice in choices or ()]
        self.ended_by = next(filter(None, [*reasons, fields.get("done_reason")]), self.ended_by)

    def _listen(self, llm: LLM, messages: list[ChatMessage]) -> None:
        """Passes on what the LLM says, as long as somebody waits for it."""
        try:
            parts = llm.stream_chat(messages)
            for part in parts:
                if self._stopped.is_set():
                    parts.close()  # and with it the connection
                    return
                self._said.put(part)
            self._said.put(None)
        except Exception as error:  # of any client: it is told to who waits for an answer
            if not self._stopped.is_set():
                self._said.put(error)


def _fields(raw: Any) -> Mapping[str, Any]:
    """What a client tells beside the words, be it an object or a dictionary."""
    return raw if isinstance(raw, dict) else getattr(raw, "__dict__", {})


# Faults of any client


def _as_model_error(error: Exception) -> ModelError:
    """What a client's exception means, whichever library it is of."""
    causes = _causes(error)
    if status := next(filter(None, map(_status, causes)), None):
        fault = _STATUS.get(status, Fault.FAILED)
        return ModelError(fault, status, next(filter(None, map(_retry_after, causes)), None))
    if _any(causes, httpx.TimeoutException, TimeoutError):
        return ModelError(Fault.LATE)
    if _any(causes, httpx.RemoteProtocolError, httpx.ReadError, ConnectionResetError):
        return ModelError(Fault.BROKEN_OFF)
    if _any(causes, httpx.TransportError, ConnectionError):
        return ModelError(Fault.UNREACHABLE)
    return ModelError(Fault.BROKEN_OFF if _any(causes, json.JSONDecodeError) else Fault.FAILED)


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    while error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__ or error
    return causes


def _any(causes: Sequence[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _retry_after(error: BaseException) -> float | None:
    """The seconds of a Retry-After header (RFC 9110, section 10.2.3), which may be a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("retry-after", "")).strip()
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _is_worth_another(error: BaseException) -> bool:
    """Whether a fault may pass; what is wrong with a request stays wrong."""
    if not isinstance(error, ModelError) or error.fault not in _WORTH_ANOTHER:
        return False
    return error.fault is Fault.BUSY or not 400 <= (error.status or 0) < 500


def _is_the_questions(error: BaseException) -> bool:
    """Whether a fault may come of what was asked, and the LLM works."""
    return isinstance(error, ModelError) and error.fault in (
        Fault.EMPTY,
        Fault.ENDLESS,
        Fault.THINKING,
    )


def _pause(state: RetryCallState) -> float:
    """As long as the server asks for, or else a moment."""
    error = state.outcome and state.outcome.exception()
    if isinstance(error, ModelError) and error.retry_after is not None:
        return error.retry_after
    return float(_PAUSE * 2 ** (state.attempt_number - 1))


def _cause(error: ModelError) -> str:
    """What the server said, without what may be a key, or else the kind of the exception."""
    causes = _causes(error)[1:]
    said = next(filter(None, map(_told, causes)), "")
    kind = type(causes[0]).__name__ if causes else ""
    return f" ({kind}: {said})" if said else f" ({kind})" if kind else ""


def _told(error: BaseException) -> str:
    """The message of a server's refusal; the text of an exception may have the key in it."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, Mapping) else None
    return " ".join(_SECRET.sub("…", str(message or ""))[:_TOLD].split())
