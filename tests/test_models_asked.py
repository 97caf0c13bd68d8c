"""What models of others send to their servers, and what they raise where these fail."""

import logging
from collections.abc import Iterator, Sequence

import httpx
import ollama
import openai
import pytest
from llama_index.core.llms import LLM, ChatMessage

from assistant import models
from tests.answering import KEY, settings
from tests.model_server import Fault, ModelServer, model_server, nobody_there

WORDS = "Seit April 2024 gehört sie dazu. [1]\n\nEs sind 45. [2]"
KINDS = ["openai-like", "ollama"]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
# What the clients raise; a body that is no JSON is a ValueError, and so is one without vectors.
FAILURES = (openai.APIError, ollama.ResponseError, httpx.HTTPError, ValueError)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        server.reply = lambda messages: WORDS
        yield server


def scripted(kind: str, server: ModelServer, timeout: float = 5.0) -> LLM:
    url = server.url if kind == "openai-like" else server.root
    made = models.llm(settings(llm=f"{kind}:scripted", llm_url=url, llm_timeout=timeout))
    assert made is not None
    return made


def question() -> Sequence[ChatMessage]:
    return [ChatMessage(role="system", content="Kurz."), ChatMessage(role="user", content="Wann?")]


def streamed(llm: LLM, at_most: int = 100) -> list[str]:
    """What an LLM streams, piece by piece, up to a number of pieces."""
    pieces: list[str] = []
    for response in llm.stream_chat(question()):
        pieces.append(response.delta or "")
        if len(pieces) == at_most:
            break
    return pieces


def test_a_request_carries_the_key_the_model_and_the_messages(server: ModelServer) -> None:
    given = {"llm_url": server.url, "llm_key": KEY}
    llm = models.llm(settings(llm="openai-like:qwen", **given))
    assert llm is not None
    assert llm.chat(question()).message.content == WORDS
    assert "".join(streamed(llm)) == WORDS
    for asked, streams in zip(server.requests, (False, True), strict=True):
        assert asked.path == "/v1/chat/completions"
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.body["model"] == "qwen"
        assert asked.body["messages"] == [
            {"role": "system", "content": "Kurz."},
            {"role": "user", "content": "Wann?"},
        ]
        assert (asked.body["temperature"], asked.body["stream"]) == (0, streams)
        assert asked.body["max_tokens"] == models.ANSWER_TOKENS


def test_ollama_is_asked_in_its_own_protocol(server: ModelServer) -> None:
    llm = scripted("ollama", server)
    assert llm.chat(question()).message.content == WORDS
    assert "".join(streamed(llm)) == WORDS
    for asked in server.requests:
        assert asked.path == "/api/chat"
        assert asked.body["model"] == "scripted"
        assert asked.body["think"] is False
        assert asked.body["options"]["num_predict"] == models.ANSWER_TOKENS
        assert asked.body["options"]["num_ctx"] > models.ANSWER_TOKENS


@EVERY_KIND
def test_texts_become_vectors(kind: str, server: ModelServer) -> None:
    url = server.url if kind == "openai-like" else server.root
    made = models.embedding(settings(embedding=f"{kind}:bge-m3", embedding_url=url))
    assert made is not None
    one, other = made.get_text_embedding_batch(["Der Cluster in Ulm", "Die Reise nach Lyon"])
    near = made.get_query_embedding("Cluster Ulm")
    assert len(one) == len(near) == server.dimension
    assert made.similarity(near, one) > made.similarity(near, other)
    assert {(asked.path, asked.body["model"]) for asked in server.requests} == {
        ("/v1/embeddings", "bge-m3")
    }


def test_an_embedding_is_asked_for_with_its_own_key(server: ModelServer) -> None:
    given = {"embedding_url": server.url, "embedding_key": KEY, "llm_key": "of the LLM"}
    made = models.embedding(settings(embedding="openai-like:bge-m3", **given))
    assert made is not None
    made.get_query_embedding("Ulm")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_keys_that_the_environment_has_for_others_are_sent_to_no_server_that_is_named(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OLLAMA_API_KEY"):
        monkeypatch.setenv(name, KEY)
    by_path = "llama_index.llms.openai.OpenAI:gpt-4.1-mini"
    for value, url in (
        ("openai-like:x", server.url),
        ("ollama:x", server.root),
        (by_path, server.url),
    ):
        llm = models.llm(settings(llm=value, llm_url=url))
        assert llm is not None
        assert llm.chat(question()).message.content == WORDS
    made = models.embedding(settings(embedding="openai-like:x", embedding_url=server.url))
    assert made is not None
    made.get_query_embedding("Ulm")
    assert len(server.requests) == 4
    assert KEY not in str(server.requests)


def test_a_key_is_not_logged_however_much_is(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = {"llm_url": server.url, "llm_key": KEY, "embedding_url": server.url}
    llm = models.llm(settings(llm="openai-like:qwen", **given))
    made = models.embedding(settings(embedding="openai-like:x", embedding_key=KEY, **given))
    assert llm is not None
    assert made is not None
    llm.chat(question())
    made.get_query_embedding("Ulm")
    server.fault = Fault.UNAUTHORISED
    with pytest.raises(openai.AuthenticationError) as caught:
        streamed(llm)
    assert KEY not in str(caught.value)
    assert "POST" in caplog.text
    assert KEY not in caplog.text


@EVERY_KIND
@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.UNAUTHORISED, Fault.BUSY, Fault.FAILED, Fault.STOPS, Fault.INVALID),
        *(Fault.HANGS, Fault.SILENT),
    ],
)
def test_a_server_that_fails_raises_and_is_not_asked_twice(
    kind: str, fault: Fault, server: ModelServer
) -> None:
    server.fault = fault
    llm = scripted(kind, server, timeout=0.2)
    with pytest.raises(FAILURES):
        streamed(llm)
    assert len(server.requests) == 1


@EVERY_KIND
def test_a_server_that_is_not_there_raises(kind: str) -> None:
    llm = models.llm(settings(llm=f"{kind}:x", llm_url=nobody_there()))
    assert llm is not None
    with pytest.raises((openai.APIConnectionError, httpx.ConnectError)):
        streamed(llm)


@EVERY_KIND
def test_a_fault_that_befalls_the_first_request_is_over_at_the_second(
    kind: str, server: ModelServer
) -> None:
    server.fault, server.times, server.retry_after = Fault.BUSY, 1, 3
    llm = scripted(kind, server)
    with pytest.raises((openai.RateLimitError, ollama.ResponseError), match="429"):
        streamed(llm)
    assert "".join(streamed(llm)) == WORDS


@EVERY_KIND
@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault.EMPTY, ""),
        (Fault.HALF, "Seit April 2024 gehört sie"),
        (Fault.CUT, "Seit April 2024 gehört sie"),
        (Fault.SLOW, WORDS),
    ],
)
def test_a_stream_that_ends_early_raises_nothing(
    kind: str, fault: Fault, text: str, server: ModelServer
) -> None:
    """Why whoever reads one has to judge what came."""
    server.fault, server.pause = fault, 0.01
    assert "".join(streamed(scripted(kind, server))) == text


@EVERY_KIND
def test_a_stream_without_end_can_be_left(kind: str, server: ModelServer) -> None:
    server.fault = Fault.ENDLESS
    assert len(streamed(scripted(kind, server), at_most=50)) == 50


@pytest.mark.parametrize(
    "fault", [Fault.UNAUTHORISED, Fault.FAILED, Fault.STOPS, Fault.INVALID, Fault.EMPTY]
)
def test_an_embedding_server_that_fails_raises(fault: Fault, server: ModelServer) -> None:
    server.fault = fault
    made = models.embedding(settings(embedding="openai-like:x", embedding_url=server.url))
    assert made is not None
    with pytest.raises(FAILURES):
        made.get_text_embedding_batch(["eins", "zwei"])


def test_an_embedding_server_may_return_fewer_vectors_than_texts(server: ModelServer) -> None:
    """Nobody notices but who counts."""
    server.fault = Fault.HALF
    made = models.embedding(settings(embedding="openai-like:x", embedding_url=server.url))
    assert made is not None
    assert len(made.get_text_embedding_batch(["eins", "zwei"])) == 1
