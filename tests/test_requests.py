"""Each request's id, and the lines of the log that belong to it."""

import json
import logging
import re

import pytest
from starlette.testclient import TestClient

from assistant.terminal.logs import speak
from assistant.web.server import create_app
from tests.browser.scripted import ScriptedAssistant


@pytest.fixture
def client() -> TestClient:
    app = create_app(ScriptedAssistant())
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/", "/api/documents"])
def test_every_response_has_an_id_of_its_own(client: TestClient, path: str) -> None:
    ids = [client.get(path).headers["X-Request-ID"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert all(re.fullmatch("[0-9a-f]{16}", number) for number in ids)


def test_an_id_that_a_proxy_has_given_is_kept(client: TestClient) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "proxy-7.4_a"})
    assert response.headers.get_list("X-Request-ID") == ["proxy-7.4_a"]


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, 'a"}{', "ä", "<script>"])
def test_what_is_no_id_is_not_taken_over(client: TestClient, sent: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": sent.encode()})
    assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-ID"])


def written(client: TestClient, capsys: pytest.CaptureFixture[str], form: str) -> list[str]:
    """What a question that breaks, and one in an address, leave in the log."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level, logging.raiseExceptions
    try:
        speak("INFO", form)
        for of_the_test in ("httpx", "httpx2"):
            logging.getLogger(of_the_test).setLevel(logging.WARNING)
        client.post("/api/ask", json={"question": "kaputt?"}, headers={"X-Request-ID": "broken"})
        client.get("/?q=Wer+ist+Zacharias")
        client.get("/files/zacharias.txt")
    finally:
        root.handlers[:], level, logging.raiseExceptions = kept
        root.setLevel(level)
    return capsys.readouterr().err.splitlines()


def test_lines_as_json_tell_which_request_they_belong_to(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.loads(line) for line in written(client, capsys, "json")]
    of_broken = [line for line in lines if line.get("request_id") == "broken"]
    assert {line["level"] for line in of_broken} == {"ERROR", "INFO"}
    failure = next(line for line in of_broken if line["level"] == "ERROR")
    assert "RuntimeError: broken on purpose" in failure["trace"]
    request = next(line for line in of_broken if line["level"] == "INFO")
    assert (request["method"], request["area"], request["status"]) == ("POST", "api", 500)
    assert request["seconds"] >= 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_neither_questions_nor_files_are_in_the_log(
    client: TestClient, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    lines = "\n".join(written(client, capsys, form))
    assert "broken" in lines
    assert "kaputt" not in lines and "acharias" not in lines
