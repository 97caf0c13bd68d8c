"""Models of others are made from two settings each, and keep their key."""

import sys
import traceback
from typing import Any

import pytest
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.ollama import Ollama
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai_like import OpenAILike

from assistant import models
from index.errors import SettingsError
from index.vectors.bundled import BundledEmbedding
from tests.answering import KEY, settings

MOCK_LLM = "llama_index.core.llms.MockLLM:any"


class TellsItsKey(MockLLM):
    """Fails as some classes do: with what it was given in the message."""

    def __init__(self, model: str, api_key: str) -> None:
        raise RuntimeError(f"bad key {api_key}")


class WantsMore(MockEmbedding):
    """Wants more than a setting can say."""

    def __init__(self, model: str, project: str) -> None:
        super().__init__(embed_dim=2)


def refused(**given: Any) -> str:
    """The message for settings that name no model that can be used."""
    make = models.llm if "llm" in given else models.embedding
    with pytest.raises(SettingsError) as caught:
        make(settings(**given))
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_without_a_setting_there_is_no_llm() -> None:
    assert models.llm(settings()) is None


def test_off_is_no_embedding() -> None:
    assert models.embedding(settings(embedding="off")) is None
    assert models.embedding(settings(embedding="Off")) is None


def test_without_a_setting_the_embedding_is_the_bundled_one() -> None:
    made = models.embedding(settings())
    assert isinstance(made, BundledEmbedding)
    made.close()


def test_an_openai_like_llm_is_made_as_the_settings_say() -> None:
    given = {"llm": "openai-like:qwen", "llm_url": "http://gpu:8000/v1/", "llm_key": KEY}
    llm = models.llm(settings(**given, llm_timeout=7, llm_context=4000))
    assert isinstance(llm, OpenAILike)
    assert (llm.model, llm.api_base, llm.api_key) == ("qwen", "http://gpu:8000/v1", KEY)
    assert (llm.timeout, llm.max_retries, llm.temperature) == (7, 0, 0)
    assert llm.max_tokens == models.ANSWER_TOKENS
    assert llm.context_window > 4000 + models.ANSWER_TOKENS
    assert llm.metadata.is_chat_model


def test_ollama_is_looked_for_on_this_machine_and_its_models_have_colons() -> None:
    llm = models.llm(settings(llm="ollama:qwen3:8b", llm_timeout=7, llm_context=4000))
    assert isinstance(llm, Ollama)
    assert (llm.model, llm.base_url) == ("qwen3:8b", "http://127.0.0.1:11434")
    assert llm.request_timeout == 7
    assert llm.context_window > 4000 + models.ANSWER_TOKENS
    elsewhere = models.llm(settings(llm="ollama:qwen3", llm_url="http://gpu:11434"))
    assert isinstance(elsewhere, Ollama)
    assert elsewhere.base_url == "http://gpu:11434"


def test_an_openai_like_embedding_is_made_as_the_settings_say() -> None:
    given = {"embedding_url": "http://gpu:8000/v1", "embedding_key": KEY}
    made = models.embedding(settings(embedding="openai-like:bge-m3", **given))
    assert isinstance(made, OpenAILikeEmbedding)
    assert (made.model_name, made.api_base, made.api_key) == ("bge-m3", "http://gpu:8000/v1", KEY)
    assert made.max_retries <= 1
    assert 0 < made.timeout <= 60


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/"])
def test_ollamas_embeddings_are_asked_for_in_openais_protocol(url: str | None) -> None:
    made = models.embedding(settings(embedding="ollama:bge-m3", embedding_url=url))
    assert isinstance(made, OpenAILikeEmbedding)
    assert (made.model_name, made.api_base) == ("bge-m3", "http://127.0.0.1:11434/v1")


def test_a_class_is_named_by_its_path_and_gets_what_it_takes() -> None:
    assert isinstance(models.llm(settings(llm=MOCK_LLM)), MockLLM)
    given = {"llm_url": "http://gateway/v1", "llm_key": KEY, "llm_timeout": 9}
    llm = models.llm(settings(llm="llama_index.llms.openai.OpenAI:gpt-4.1-mini", **given))
    assert isinstance(llm, OpenAI)
    assert (llm.model, llm.api_base, llm.api_key) == ("gpt-4.1-mini", "http://gateway/v1", KEY)
    assert (llm.timeout, llm.max_retries) == (9, 0)


@pytest.mark.parametrize(
    "value",
    [
        *("openai-like", "openai-like:", "mistral:small", "qwen3", ":x", "a.b:"),
        *("http://127.0.0.1:8000/v1", "127.0.0.1:8000", ".models:x", "..index.models:x"),
    ],
)
def test_a_value_that_names_no_model_is_refused_with_the_form_that_does(value: str) -> None:
    message = refused(llm=value)
    assert f"LOTSE_LLM='{value}' names no model" in message
    assert "KIND:MODEL, with openai-like, ollama or the path of a llama-index class" in message
    message = refused(embedding=value)
    assert f"LOTSE_EMBEDDING='{value}'" in message
    assert "or bundled, or off" in message


def test_an_openai_like_model_needs_its_address() -> None:
    assert "needs LOTSE_LLM_URL, which is not set" in refused(llm="openai-like:qwen")
    message = refused(embedding="openai-like:bge-m3", llm_url="http://127.0.0.1:8000/v1")
    assert "needs LOTSE_EMBEDDING_URL" in message


@pytest.mark.parametrize(
    ("given", "module", "remedy"),
    [
        ({"llm": "ollama:x"}, "llama_index.llms.ollama", "`make models`"),
        (
            {"llm": "openai-like:x", "llm_url": "http://h/v1"},
            "llama_index.llms.openai_like",
            "`make models`",
        ),
        ({"embedding": "ollama:x"}, "llama_index.embeddings.openai_like", "`make models`"),
        (
            {"embedding": "huggingface:x"},
            "llama_index.embeddings.huggingface",
            "pip: '.[huggingface]'",
        ),
    ],
)
def test_a_package_that_is_missing_is_named_with_the_way_to_get_it(
    given: dict[str, str], module: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "assistant.generating.openai_like", raising=False)
    message = refused(**given)
    assert "not installed" in message
    assert module in message
    assert remedy in message


def test_the_package_of_a_class_may_be_missing_too() -> None:
    message = refused(llm="no_such_package.Model:x")
    assert "needs a package that is not installed: No module named 'no_such_package'" in message
    assert "pip" in message


@pytest.mark.parametrize("path", ["json.JSONDecoder", "llama_index.core.llms.Absent"])
def test_a_class_that_is_no_llm_is_refused(path: str) -> None:
    assert f"{path} is no llama-index LLM" in refused(llm=f"{path}:x")
    assert f"{path} is no llama-index BaseEmbedding" in refused(embedding=f"{path}:x")


def test_an_llm_is_no_embedding() -> None:
    assert "MockLLM is no llama-index BaseEmbedding" in refused(embedding=MOCK_LLM)


def test_an_address_or_a_key_that_a_class_does_not_take_is_never_left_out_silently() -> None:
    message = refused(llm=MOCK_LLM, llm_url="http://gpu:8000")
    assert "MockLLM takes no url. Leave LOTSE_LLM_URL unset" in message
    assert "takes no key. Leave LOTSE_LLM_KEY unset" in refused(llm=MOCK_LLM, llm_key=KEY)
    assert "Ollama takes no key" in refused(llm="ollama:qwen3", llm_key=KEY)


def test_a_class_that_can_not_be_made_is_named_without_its_own_words() -> None:
    value = f"{__name__}.TellsItsKey:x"
    message = refused(llm=value, llm_key=KEY)
    assert f"LOTSE_LLM='{value}' can't be used: RuntimeError" in message
    assert "can't be used: TypeError" in refused(embedding=f"{__name__}.WantsMore:x")


@pytest.mark.parametrize("wrong", [f"{KEY}\nX-Other: 1", f"{KEY} {KEY}", f"{KEY}ü"])
def test_a_key_that_can_not_be_sent_is_refused_without_being_shown(wrong: str) -> None:
    named = "LOTSE_LLM_KEY has a character that no key has"
    assert named in refused(llm="openai-like:x", llm_url="http://h/v1", llm_key=wrong)
    embedding = {"embedding": "openai-like:x", "embedding_url": "http://h/v1"}
    assert "LOTSE_EMBEDDING_KEY" in refused(**embedding, embedding_key=wrong)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, None),
        ({"llm": "openai-like:any", "llm_url": "http://gpu.example/v1/"}, "http://gpu.example/v1"),
        ({"llm": "ollama:any"}, "http://127.0.0.1:11434"),
        ({"llm": "ollama:any", "llm_url": "http://gpu.example:11434"}, "http://gpu.example:11434"),
        ({"llm": MOCK_LLM}, None),
    ],
)
def test_the_address_of_an_llms_server_is_known_where_one_is_told(
    given: dict[str, str], address: str | None
) -> None:
    assert models.llm_address(settings(**given)) == address
