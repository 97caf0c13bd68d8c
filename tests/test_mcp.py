"""Tools over HTTP: who is let in, and what goes wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import mcp
import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.server import create_app
from tests.browser.scripted import ScriptedAssistant
from tests.limits_app import served

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
TYPES = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@contextmanager
def _opened(**settings: Any) -> Iterator[TestClient]:
    app = create_app(ScriptedAssistant(), Settings(**settings))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with _opened(mcp_hosts="lotse.example", cors_origins="https://www.example") as client:
        yield client


def _posted(client: TestClient, body: object = LIST, **headers: str) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    return client.post("/mcp", content=content, headers={**TYPES, **headers})


def _called(client: TestClient, name: str, **arguments: Any) -> Any:
    params = {"name": name, "arguments": arguments}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return _posted(client, body).json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:7860"}, 200),
        ({"Host": "lotse.example"}, 200),
        ({"Host": "lotse.example:8443"}, 200),
        ({"Host": "evil.example:7860"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Origin": "http://127.0.0.1:7860"}, 200),
        ({"Origin": "https://www.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:7861"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_only_who_names_the_server_and_no_foreign_page_is_let_in(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert _posted(client, **headers).status_code == status


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"jsonrpc": "1"}', "\x00", "[" * 5000])
def test_what_is_no_request_is_refused_as_one_of_json_rpc(client: TestClient, body: str) -> None:
    response = _posted(client, body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] < 0
    assert "Traceback" not in response.text


def test_there_is_nothing_to_get_and_no_session_to_end(client: TestClient) -> None:
    for method in ("GET", "DELETE", "PUT"):
        response = client.request(method, "/mcp", headers=TYPES)
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"


def test_a_long_body_is_refused_as_everywhere(client: TestClient) -> None:
    assert _posted(client, " " * (1024 * 1024 + 1)).status_code == 413


def test_what_fails_tells_nothing_of_its_insides(client: TestClient) -> None:
    for name, arguments in {"ask": {"question": "kaputt"}, "search": {"q": "kaputt"}}.items():
        told = _called(client, name, **arguments)
        assert "The server's log says what" in told["error"]["message"]
        assert "on purpose" not in json.dumps(told)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "x" * 2001}, "question: "),
        ("ask", {"question": "Wer?", "since": "soon"}, "since: 'soon' is no date"),
        ("search", {"q": "a", "size": 51}, "size: "),
        ("document", {"file": ""}, "file: "),
        ("documents", {"page": 0}, "page: "),
        ("partnerships", {"kind": "marriage"}, "kind"),
        ("timeline", {"until": "2024-13"}, "until: '2024-13' is no date"),
        ("organisations", {"country": "Germany"}, "country: "),
    ],
)
def test_arguments_that_do_not_fit_are_told_to_the_model(
    client: TestClient, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = _called(client, name, **arguments)["result"]
    assert result["isError"]
    assert told in result["content"][0]["text"]


def test_a_call_counts_as_a_question_does() -> None:
    app = create_app(ScriptedAssistant(), Settings(rate_limit="1/hour"))
    with TestClient(app, "http://127.0.0.1:7860", client=("192.0.2.7", 5000)) as client:
        assert not _called(client, "ask", question="Wie viele?")["result"]["isError"]
        refused = _called(client, "search", q="Netzwerk")["result"]
        assert refused["isError"]
        assert "as many questions as one client may" in refused["content"][0]["text"]
        assert not _called(client, "documents")["result"]["isError"]


def test_a_server_with_a_prefix_answers_below_it() -> None:
    with _opened(root_path="/lotse") as client:
        response = client.post("/lotse/mcp", content=json.dumps(LIST), headers=TYPES)
        assert len(response.json()["result"]["tools"]) == 7


def test_long_lists_come_in_pages(client: TestClient) -> None:
    first = _called(client, "documents", size=3)["result"]["structuredContent"]
    second = _called(client, "documents", size=3, page=2)["result"]["structuredContent"]
    assert first["total"] == second["total"] == 4
    assert [len(page["documents"]) for page in (first, second)] == [3, 1]


def test_a_part_of_a_document_may_lie_behind_its_end(client: TestClient) -> None:
    whole = _called(client, "document", file="001_netzwerk.txt")["result"]["structuredContent"]
    assert (whole["start"], whole["end"]) == (0, whole["length"])
    behind = _called(client, "document", file="001_netzwerk.txt", start=10**6)["result"]
    assert behind["structuredContent"]["text"] == ""
    assert behind["structuredContent"]["start"] == whole["length"]


def test_several_clients_at_once_are_all_answered() -> None:
    answers: list[bool] = []

    async def ask(url: str) -> None:
        async with mcp.Client(f"{url}/mcp") as client:
            result = await client.call_tool("ask", {"question": "Wie viele?"})
            answers.append(bool(result.is_error))

    async def all_ask(url: str) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(ask, url)

    with served(ScriptedAssistant(), Settings()) as url:
        anyio.run(all_ask, url)
    assert answers == [False] * 8
