"""LOTSE_EMBEDDING as somebody sets it: the commands with a real embedding server."""

import json
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import FOUNDED, Captured, answers_in, is_plain, main
from tests.library import CONGRESS, NETWORK
from tests.model_server import Fault, ModelServer, model_server, nobody_there
from tests.running import Server, serving
from tests.test_fusion import understood

KEY = "sk-geheim-4711"
MEANT = "Otologie?"  # which none of the documents says

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with model_server() as running:
        running.embed = understood
        yield running


def settings(url: str, name: str = "wise") -> dict[str, str]:
    return {
        "LOTSE_EMBEDDING": f"openai-like:{name}",
        "LOTSE_EMBEDDING_URL": url,
        "LOTSE_EMBEDDING_KEY": KEY,
    }


@pytest.fixture
def set_up(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    for name, value in settings(model.url).items():
        monkeypatch.setenv(name, value)
    return model


def test_index_embeds_and_ask_uses_it(set_up: ModelServer, capsys: Captured) -> None:
    assert main("index") == 0
    made = len(set_up.requests)
    assert made > 0
    assert main("ask", "--json", MEANT) == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out.startswith("Documents: 3 added")
    answer = json.loads(written.out.splitlines()[-1])
    assert answer["retrieved"][0]["file"] == CONGRESS
    assert len(set_up.requests) == made + 1, "for the question alone"


def test_ask_embeds_before_it_answers(set_up: ModelServer, capsys: Captured) -> None:
    assert main("ask", "--json", MEANT) == 0
    (answer,) = answers_in(capsys.readouterr().out)
    assert answer["retrieved"][0]["file"] == CONGRESS


def test_eval_embeds_before_it_measures(
    set_up: ModelServer, folder: Path, capsys: Captured
) -> None:
    question = {"question": FOUNDED, "files": [NETWORK]}
    (folder / "q.jsonl").write_text(json.dumps(question), encoding="utf-8")
    assert main("eval", "q.jsonl") == 0
    assert capsys.readouterr().err == ""
    assert FOUNDED in set_up.requests[-1].body["input"]


def test_a_server_that_is_not_there_costs_one_warning_and_no_answer(
    set_up: ModelServer, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("LOTSE_EMBEDDING_URL", nobody_there())
    assert main("ask", "--json", FOUNDED) == 0
    written = capsys.readouterr()
    (answer,) = answers_in(written.out)
    assert answer["citations"][0]["file"] == NETWORK
    (warning,) = written.err.splitlines()
    assert warning.startswith("WARNING: ")
    for part in ("'wise' of LOTSE_EMBEDDING", "LOTSE_EMBEDDING_URL", "our own embedding alone"):
        assert part in warning
    assert KEY not in written.err


def test_a_setting_that_names_no_model_is_wrong_usage(
    set_up: ModelServer, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("LOTSE_EMBEDDING", "wise")
    assert main("ask", FOUNDED) == 2
    is_plain(capsys.readouterr(), "LOTSE_EMBEDDING='wise'")


def ask(server: Server, question: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server.url}/api/ask",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def test_the_server_answers_before_everything_is_embedded_and_then_with_it(
    model: ModelServer, folder: Path
) -> None:
    model.fault = Fault.HANGS
    with serving(folder, more=settings(model.url)) as server:
        assert ask(server, FOUNDED)["citations"][0]["file"] == NETWORK
        assert server.end(signal.SIGTERM) == (0, ""), "though the model's server still hangs"
    model.fault = None
    with serving(folder, more=settings(model.url)) as server:
        end = time.monotonic() + 20
        while ask(server, MEANT)["retrieved"][0]["file"] != CONGRESS:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert server.end(signal.SIGTERM) == (0, "")


def test_changing_the_model_leaves_the_server_answering(
    set_up: ModelServer, model: ModelServer, folder: Path
) -> None:
    assert main("index") == 0
    with serving(folder, more=settings(model.url, "two")) as server:
        for _ in range(20):
            assert ask(server, FOUNDED)["citations"][0]["file"] == NETWORK
        assert server.end(signal.SIGTERM) == (0, "")
