"""Settings are typed, read once, and an error names the key, the value and the remedy."""

import os
import traceback
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from assistant.setting_forms import DICTIONARY_PLACES
from assistant.settings import Settings, user_cache, variable
from index.errors import SettingsError
from index.folders import Folder

NONE = Path("/no/such/.env")
KEY = "sk-geheim-0815"


def test_without_anything_set_the_defaults_hold() -> None:
    settings = Settings.read({}, NONE)
    assert (settings.seeds, settings.data) == ((Folder(Path("seeds")),), Path("data"))
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.frame_ancestors == ()
    assert settings.chroma_url is None


def test_the_environment_is_read_and_typed() -> None:
    environment = {
        "LOTSE_SEEDS": "/srv/documents",
        "LOTSE_PORT": " 8080 ",
        "LOTSE_FRAME_ANCESTORS": "https://intranet.example  https://www.example",
        "LOTSE_CHROMA_URL": "http://127.0.0.1:8000",
        "PATH": "/bin",
    }
    settings = Settings.read(environment, NONE)
    assert settings.seeds == (Folder(Path("/srv/documents")),)
    assert settings.port == 8080
    assert settings.frame_ancestors == ("https://intranet.example", "https://www.example")
    assert str(settings.chroma_url) == "http://127.0.0.1:8000/"


def test_the_process_environment_is_the_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_PORT", "7999")
    assert Settings.read(env_file=NONE).port == 7999


def test_given_values_beat_the_environment_and_that_beats_the_env_file(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("LOTSE_HOST=0.0.0.0\nLOTSE_PORT=1001\nLOTSE_DATA='of the file'\nOTHER=1\n")
    environment = {"LOTSE_PORT": "1002", "LOTSE_DATA": "of the environment"}
    settings = Settings.read(environment, env_file, {"data": "given"})
    assert settings.host == "0.0.0.0"
    assert settings.port == 1002
    assert settings.data == Path("given")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.read({"LOTSE_PORT": "", "LOTSE_CHROMA_URL": "  "}, NONE).port == 7860


@pytest.mark.parametrize("name", ["LOTSE_SEED", "LOTSE_SEEEDS"])
def test_a_mistyped_name_is_refused_with_the_right_one(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name}\. Did you mean LOTSE_SEEDS\?"):
        Settings.read({name: "documents"}, NONE)


def test_a_name_like_no_other_is_refused_with_the_place_where_all_stand() -> None:
    with pytest.raises(SettingsError, match=r"LOTSE_QQQ.*docs/settings"):
        Settings.read({"LOTSE_QQQ": "1"}, NONE)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("LOTSE_PORT", "http"),
        ("LOTSE_PORT", "0"),
        ("LOTSE_PORT", "70000"),
        ("LOTSE_CHROMA_URL", "localhost"),
        ("LOTSE_CHROMA_URL", "ftp://host"),
        ("LOTSE_PASSAGE_TOKENS", "10"),
        ("LOTSE_PASSAGE_TOKENS", "3.5"),
        ("LOTSE_LOG_LEVEL", "LOUD"),
        ("LOTSE_LLM_URL", "localhost:8000"),
        ("LOTSE_LLM_TIMEOUT", "0"),
        ("LOTSE_LLM_TIMEOUT", "soon"),
        ("LOTSE_LLM_CONTEXT", "100"),
        ("LOTSE_EMBEDDING_URL", "gpu"),
        ("LOTSE_ROOT_PATH", "lotse"),
        ("LOTSE_ROOT_PATH", "/a b"),
        ("LOTSE_ROOT_PATH", "//other.example"),
        ("LOTSE_RATE_LIMIT", "many"),
        ("LOTSE_RATE_LIMIT", "0/minute"),
        ("LOTSE_MAX_WAITING", "-1"),
        ("LOTSE_FEEDBACK", "perhaps"),
        ("LOTSE_TRUSTED_PROXIES", "proxy"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_key(key: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({key: value}, NONE)
    assert f"{key}='{value}'" in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("key", ["LOTSE_FRAME_ANCESTORS", "LOTSE_CORS_ORIGINS"])
@pytest.mark.parametrize(
    "value",
    ["https://a.example;", "'none'", "*", "https:", "https://a.example/", "ä.de", "a\r\nX:y"],
)
def test_what_is_no_origin_is_refused_with_an_example(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=r"is not an origin such as https://.*example\.org"):
        Settings.read({key: f"https://intranet.example {value}"}, NONE)


@pytest.mark.parametrize("value", ["https://*.example.org:8443", "http://[::1]:80", "http://a-b:*"])
def test_frame_ancestors_of_every_form_are_taken(value: str) -> None:
    assert Settings.read({"LOTSE_FRAME_ANCESTORS": value}, NONE).frame_ancestors == (value,)


@pytest.mark.parametrize("value", ["https://*.example.org", "http://intranet:*"])
def test_an_origin_that_may_use_the_api_is_named_in_full(value: str) -> None:
    with pytest.raises(SettingsError, match="is not an origin"):
        Settings.read({"LOTSE_CORS_ORIGINS": value}, NONE)


@pytest.mark.parametrize("value", ["/lotse", "/lotse/"])
def test_a_root_path_ends_without_a_slash(value: str) -> None:
    assert Settings.read({"LOTSE_ROOT_PATH": value}, NONE).root_path == "/lotse"
    assert Settings.read({"LOTSE_ROOT_PATH": "/"}, NONE).root_path == ""


def test_a_given_value_that_does_not_fit_is_named_by_its_variable() -> None:
    with pytest.raises(SettingsError, match="LOTSE_PORT='x'"):
        Settings.read({}, NONE, {"port": "x"})


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert variable("chroma_url") == "LOTSE_CHROMA_URL"


def test_dictionaries_are_looked_for_where_debian_puts_them() -> None:
    assert Settings.read({}, NONE).dictionaries == DICTIONARY_PLACES
    named = os.pathsep.join(map(str, DICTIONARY_PLACES))
    assert Settings.read({"LOTSE_DICTIONARIES": named}, NONE).dictionaries == DICTIONARY_PLACES


@pytest.mark.parametrize("off", ["off", "OFF", " off "])
def test_dictionaries_can_be_switched_off(off: str) -> None:
    assert Settings.read({"LOTSE_DICTIONARIES": off}, NONE).dictionaries == ()


def test_dictionaries_are_named_as_in_path_and_have_to_exist(tmp_path: Path) -> None:
    (tmp_path / "my words").mkdir()
    named = f"{tmp_path / 'my words'}{os.pathsep}{tmp_path}"
    read = Settings.read({"LOTSE_DICTIONARIES": named}, NONE)
    assert read.dictionaries == (tmp_path / "my words", tmp_path)
    with pytest.raises(SettingsError) as caught:
        Settings.read({"LOTSE_DICTIONARIES": f"{tmp_path}{os.pathsep}/no/such/place"}, NONE)
    message = str(caught.value)
    assert f"LOTSE_DICTIONARIES='{tmp_path}{os.pathsep}/no/such/place'" in message
    assert "there is no /no/such/place" in message
    assert "`off`" in message, "the remedy"


def test_without_anything_set_there_is_no_llm_and_the_bundled_embedding() -> None:
    settings = Settings.read({}, NONE)
    assert (settings.llm, settings.llm_url, settings.llm_key) == (None, None, None)
    assert settings.embedding == "bundled"
    assert (settings.embedding_url, settings.embedding_key) == (None, None)


def test_models_are_read_with_their_addresses_and_limits() -> None:
    environment = {
        "LOTSE_LLM": " openai-like:qwen3:8b ",
        "LOTSE_LLM_URL": "http://gpu:8000/v1",
        "LOTSE_LLM_TIMEOUT": "7.5",
        "LOTSE_LLM_CONTEXT": "8000",
        "LOTSE_EMBEDDING": "ollama:bge-m3",
        "LOTSE_EMBEDDING_URL": "http://gpu:11434",
    }
    settings = Settings.read(environment, NONE)
    assert (settings.llm, settings.embedding) == ("openai-like:qwen3:8b", "ollama:bge-m3")
    assert str(settings.llm_url) == "http://gpu:8000/v1"
    assert str(settings.embedding_url) == "http://gpu:11434/"
    assert (settings.llm_timeout, settings.llm_context) == (7.5, 8000)


@pytest.mark.parametrize("name", ["llm_key", "embedding_key"])
def test_a_key_is_read_and_never_shown(name: str) -> None:
    environment = {variable(name): f" {KEY} "}
    settings = Settings.read(environment, NONE)
    assert getattr(settings, name).get_secret_value() == KEY
    for shown in (str(settings), repr(settings), settings.model_dump_json(), str(vars(settings))):
        assert KEY not in shown
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment | {"LOTSE_PORT": "http"}, NONE)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(SettingsError) as caught:
        Settings.read({f"{variable(name)}S": KEY}, NONE)
    assert f"Did you mean {variable(name)}?" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_the_users_cache_is_a_folder_of_the_programs_own() -> None:
    assert "clusterlotse" in user_cache().parts


def test_settings_do_not_change_once_they_are_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings.read({}, NONE).port = 1


@pytest.mark.parametrize(
    ("host", "page"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("lotse.example.org", "http://lotse.example.org:7860"),
        ("::1", "http://[::1]:7860"),
        ("[::1]", "http://[::1]:7860"),
        ("2001:db8::17", "http://[2001:db8::17]:7860"),
    ],
)
def test_the_pages_address_can_be_followed_whatever_the_host_is(host: str, page: str) -> None:
    settings = Settings(host=host)
    assert settings.page == page
    assert urlsplit(settings.page).port == 7860
    assert urlsplit(settings.page).hostname == settings.host
