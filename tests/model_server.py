"""A server for an LLM and an embedding model that answers by script, over real HTTP on loopback.

It speaks OpenAI's protocol and Ollama's, and fails in every way that such servers fail in. Answers
are made from what was asked:

    with model_server() as server:
        server.reply = lambda messages: "Im April 2024. [1]"
        settings = Settings(llm="openai-like:scripted", llm_url=server.url)
        server.fault, server.times = Fault.BUSY, 1  # the next request only
"""

import asyncio
import json
import math
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import cycle
from typing import Any
from zlib import crc32

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from tests.running import free_port

Messages = list[dict[str, Any]]
Vectors = list[list[float]]
# A reply's words, and why it ends (None: it just does), as the pieces that are sent one by one.
Form = Callable[[list[str], str | None], list[str]]

PIECE = 40  # characters at a time of what is no stream
HASTE = 0.002  # seconds between the words of ENDLESS


class Fault(Enum):
    """What goes wrong. For a server that is not there at all, see `nobody_there`."""

    UNAUTHORISED = auto()  # 401
    BUSY = auto()  # 429, with `retry_after` as Retry-After unless that is None
    FAILED = auto()  # 500
    STOPS = auto()  # the connection breaks off in the middle
    HALF = auto()  # half of the words, then a regular end of the stream, without a reason
    HANGS = auto()  # headers, then nothing
    SILENT = auto()  # not one byte
    EMPTY = auto()  # a regular answer without content
    INVALID = auto()  # 200 with something that is not JSON
    ENDLESS = auto()  # words without end
    CUT = auto()  # half of the words, and that the limit of words was reached
    SLOW = auto()  # `pause` seconds before each word


STATUS = {Fault.UNAUTHORISED: 401, Fault.BUSY: 429, Fault.FAILED: 500}
WITHOUT_END = {Fault.STOPS, Fault.HANGS, Fault.ENDLESS}


@dataclass(frozen=True)
class Asked:
    """One request; the names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class ModelServer:
    """What was asked so far, and what the next request meets; both may change at any time."""

    port: int
    requests: list[Asked] = field(default_factory=list)
    reply: Callable[[Messages], str] = lambda messages: str(messages[-1]["content"])
    embed: Callable[[list[str]], Vectors] | None = None  # None: words, hashed
    dimension: int = 64
    fault: Fault | None = None
    times: int | None = None  # how many requests the fault still befalls; None: each
    retry_after: float | None = None
    pause: float = 0.1
    rejects: tuple[str, ...] = ()  # fields of a request that are refused with a 400
    counts: bool = False  # whether a reply ends after max_tokens words

    @property
    def root(self) -> str:
        """The address that Ollama's protocol starts at."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address that OpenAI's protocol starts at."""
        return f"{self.root}/v1"

    def vectors(self, texts: list[str]) -> Vectors:
        return self.embed(texts) if self.embed else [self._hashed(text) for text in texts]

    def _hashed(self, text: str) -> list[float]:
        vector = [0.0] * self.dimension
        for word in re.findall(r"\w+", text.casefold()):
            vector[crc32(word.encode()) % self.dimension] += 1.0
        length = math.hypot(*vector) or 1.0
        return [value / length for value in vector]

    async def next(self, request: Request) -> tuple[Asked, Fault | None]:
        """Notes a request, and tells what befalls it."""
        asked = Asked(request.url.path, dict(request.headers), await request.json())
        self.requests.append(asked)
        if self.times is None:
            return asked, self.fault
        self.times -= 1
        return asked, self.fault if self.times >= 0 else None


def nobody_there() -> str:
    """An address where connections are refused."""
    return f"http://127.0.0.1:{free_port()}/v1"


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """The server on a free port, to the end of the block; who still waits then is cut off."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scripted = ModelServer(listener.getsockname()[1])
        running = _Running(_app(scripted))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not running.started and thread.is_alive():
                time.sleep(0.005)
            yield scripted
        finally:
            running.should_exit = True
            thread.join()


class _Running(uvicorn.Server):
    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False
        )
        super().__init__(config)
        app.state.cut_off = self.cut_off

    def cut_off(self, client: tuple[str, int] | None = None) -> None:
        """Closes a client's connection, or all, at once."""
        for connection in list(self.server_state.connections):
            if client in (None, connection.client):
                connection.transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.cut_off()
        await super().shutdown(sockets)


def _app(scripted: ModelServer) -> FastAPI:
    app = FastAPI()

    async def chat(request: Request, stream: Form, whole: Form, streams: bool) -> Response:
        asked, fault = await scripted.next(request)
        if rejected := [name for name in scripted.rejects if name in asked.body]:
            return _rejected(rejected[0], asked.headers["authorization"])
        text = await asyncio.to_thread(scripted.reply, asked.body["messages"])
        words = re.findall(r"\s*\S+|\s+$", text)
        limit = asked.body.get("max_tokens") if scripted.counts else None
        if limit and len(words) > limit:
            words, fault = words[: 2 * limit], Fault.CUT
        form = stream if asked.body.get("stream", streams) else whole
        return await _response(request, scripted, fault, form, words)

    @app.post("/v1/chat/completions")
    async def openai_chat(request: Request) -> Response:
        return await chat(request, _openai_stream, _openai_whole, False)

    @app.post("/api/chat")
    async def ollama_chat(request: Request) -> Response:
        return await chat(request, _ollama_stream, _ollama_whole, True)

    @app.post("/v1/embeddings")
    async def embeddings(request: Request) -> Response:
        asked, fault = await scripted.next(request)
        texts = asked.body["input"]
        texts = [texts] if isinstance(texts, str) else texts
        vectors = [
            json.dumps(vector) for vector in await asyncio.to_thread(scripted.vectors, texts)
        ]
        return await _response(request, scripted, fault, _openai_vectors, vectors)

    return app


async def _response(
    request: Request, scripted: ModelServer, fault: Fault | None, form: Form, words: list[str]
) -> Response:
    if fault in STATUS:
        return _refused(STATUS[fault], scripted.retry_after if fault is Fault.BUSY else None)
    if fault is Fault.SILENT:
        while (await request.receive())["type"] != "http.disconnect":
            pass
    end: str | None = "stop"
    if fault in (Fault.HALF, Fault.CUT):
        words, end = words[: len(words) // 2], "length" if fault is Fault.CUT else None
    pieces = form([] if fault is Fault.EMPTY else words, None if fault in WITHOUT_END else end)
    if fault is Fault.INVALID:
        pieces = ["data: <html>", "Bad gateway</html>\n\n"]
    sent = _sent(request, scripted, fault, pieces)
    kind = "text/event-stream" if form is _openai_stream else "application/json"
    # With each connection closed after its answer, no client leaves one open behind.
    return StreamingResponse(sent, media_type=kind, headers={"Connection": "close"})


def _refused(status: int, retry_after: float | None) -> Response:
    error = {"message": f"Refused by script: {status}.", "type": "scripted", "code": None}
    headers = {"Connection": "close"}
    if retry_after is not None:
        headers["Retry-After"] = f"{retry_after:g}"
    return JSONResponse({"error": error}, status, headers)


def _rejected(name: str, key: str) -> Response:
    message = f"Unsupported parameter: '{name}' with the key {key}."
    error = {"message": message, "type": "invalid_request_error", "param": name}
    return JSONResponse({"error": error}, 400, {"Connection": "close"})


async def _sent(
    request: Request, scripted: ModelServer, fault: Fault | None, pieces: list[str]
) -> AsyncIterator[str]:
    """The pieces one by one; cancelled as soon as the client is gone."""
    if fault is Fault.HANGS:
        await asyncio.Event().wait()
    stops = fault is Fault.STOPS
    going_on: Iterable[str] = pieces[: len(pieces) // 2] if stops else pieces
    if fault is Fault.ENDLESS:  # a whole answer never begins
        going_on = cycle(pieces if pieces[0].endswith("\n") else " ")
    wait = {Fault.SLOW: scripted.pause, Fault.ENDLESS: HASTE}.get(fault, 0.0) if fault else 0.0
    for piece in going_on:
        await asyncio.sleep(wait)
        yield piece
    if stops:
        await asyncio.sleep(0.01)  # what was sent is to arrive
        request.app.state.cut_off(request.client)
        await asyncio.Event().wait()


def _openai_stream(words: list[str], end: str | None) -> list[str]:
    def event(delta: dict[str, str], finish: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "scripted", "object": "chat.completion.chunk", "created": 0}
        return f"data: {json.dumps(chunk | {'model': 'scripted', 'choices': [choice]})}\n\n"

    events = [event({"role": "assistant", "content": word}, None) for word in words]
    return [*events, event({}, end), "data: [DONE]\n\n"] if end else events


def _openai_whole(words: list[str], end: str | None) -> list[str]:
    message = {"role": "assistant", "content": "".join(words)}
    choice = {"index": 0, "message": message, "finish_reason": end}
    common = {"id": "scripted", "object": "chat.completion", "created": 0, "model": "scripted"}
    return _in_pieces(json.dumps(common | {"choices": [choice]}))


def _openai_vectors(vectors: list[str], end: str | None) -> list[str]:
    data = [
        {"object": "embedding", "index": index, "embedding": json.loads(vector)}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": 0, "total_tokens": 0}
    return _in_pieces(
        json.dumps({"object": "list", "data": data, "model": "scripted", "usage": usage})
    )


def _ollama_line(content: str, end: str | None, done: bool) -> str:
    message = {"role": "assistant", "content": content}
    reason = {"done_reason": end} if end else {}
    return json.dumps({"model": "scripted", "message": message, "done": done} | reason) + "\n"


def _ollama_stream(words: list[str], end: str | None) -> list[str]:
    lines = [_ollama_line(word, None, False) for word in words]
    return [*lines, _ollama_line("", end, True)] if end else lines


def _ollama_whole(words: list[str], end: str | None) -> list[str]:
    return _in_pieces(_ollama_line("".join(words), end, True).rstrip("\n"))


def _in_pieces(body: str) -> list[str]:
    return [body[start : start + PIECE] for start in range(0, len(body), PIECE)]
