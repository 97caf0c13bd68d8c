"""Every way to the documents keeps to the rights of its reader: none shows a word of others'."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.doors import ANNA, BERND, STRANGER, built, by_proxy, client_of, ruled, secrets_in
from tests.library import Desk

SECRET_QUESTION = "Wie hoch ist das Gehalt?"
PAGES = (
    *("/documents", "/documents?q=gehalt", "/documents?folder=vorstand"),
    *("/search?q=Gehalt", "/api/search?q=Gehalt", "/api/documents", "/about", "/opensearch.xml"),
    *("/partners", "/partners/organisations", "/api/partnerships", "/api/organisations"),
    *("/sources/vorstand/gehalt.txt", "/files/vorstand/gehalt.txt", "/api/timeline"),
    *("/?in=vorstand/*", "/privacy", "/openapi.json", "/corrections"),
)
MCP = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with built(tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def client(house: Desk, tmp_path: Path) -> TestClient:
    return client_of(house, by_proxy(ruled(tmp_path), tmp_path))


def called(method: str, **parameters: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_nothing_of_what_its_reader_may_not_read(
    client: TestClient, path: str
) -> None:
    response = client.get(path, headers=BERND)
    assert response.status_code < 500
    assert secrets_in(response, path, "vorstand/*", "Gehalt", "gehalt", "vorstand") == []


@pytest.mark.parametrize(
    "path", ["/documents", "/api/search?q=Gehalt", "/api/partnerships", "/search?q=Gehalt"]
)
def test_who_may_read_it_sees_it(client: TestClient, path: str) -> None:
    assert secrets_in(client.get(path, headers=ANNA), "Gehalt") != []


def test_openais_protocol_answers_from_the_readers_documents(client: TestClient) -> None:
    body = {"model": "clusterlotse", "messages": [{"role": "user", "content": SECRET_QUESTION}]}
    assert "91.000" in client.post("/v1/chat/completions", json=body, headers=ANNA).text
    hidden = client.post("/v1/chat/completions", json=body, headers=BERND)
    assert secrets_in(hidden, SECRET_QUESTION, "Gehalt") == []


@pytest.mark.parametrize(
    "message",
    [
        called("tools/call", name="ask", arguments={"question": SECRET_QUESTION}),
        called("tools/call", name="search", arguments={"q": "Gehalt"}),
        called("tools/call", name="documents", arguments={}),
        called("tools/call", name="document", arguments={"file": "vorstand/gehalt.txt"}),
        called("tools/call", name="organisations", arguments={}),
        called("tools/call", name="partnerships", arguments={}),
        called("resources/list"),
    ],
    ids=lambda message: str(message["params"].get("name", "resources")),
)
def test_tools_of_mcp_know_the_readers_documents_alone(
    house: Desk, tmp_path: Path, message: dict[str, Any]
) -> None:
    with client_of(house, by_proxy(ruled(tmp_path), tmp_path, mcp_hosts=("testserver",))) as client:
        shown = client.post("/mcp", json=message, headers=ANNA | MCP)
        hidden = client.post("/mcp", json=message, headers=BERND | MCP)
    assert shown.status_code == hidden.status_code == 200
    assert secrets_in(shown, SECRET_QUESTION, "Gehalt", "vorstand/gehalt.txt") != []
    assert secrets_in(hidden, SECRET_QUESTION, "Gehalt", "vorstand/gehalt.txt") == []


def test_a_conversation_that_comes_back_from_a_browser_is_its_readers(client: TestClient) -> None:
    kept = {"turns": [{"question": "Wann?", "state": "failed"}]}
    token = client.post("/conversation", json=kept, headers=ANNA).json()
    assert client.post("/conversation/turns", json=token, headers=ANNA).status_code == 200
    assert client.post("/conversation/turns", json=token, headers=BERND).status_code == 404


@pytest.mark.parametrize("path", ["/v1/models", "/mcp", "/api/search?q=a", "/documents", "/search"])
def test_who_comes_past_the_proxy_is_let_in_nowhere(house: Desk, tmp_path: Path, path: str) -> None:
    client = client_of(house, by_proxy(ruled(tmp_path), tmp_path))
    outside = TestClient(client.app, client=STRANGER, raise_server_exceptions=False)
    assert outside.get(path, headers=ANNA).status_code == 401


def test_the_draft_on_privacy_tells_of_the_login_and_of_what_is_noted(
    house: Desk, tmp_path: Path
) -> None:
    audited = by_proxy(ruled(tmp_path), tmp_path, audit=tmp_path / "audit.jsonl")
    page = client_of(house, audited).get("/privacy?lang=de", headers=ANNA).text
    assert "erfährt bei der Anmeldung Ihren Namen" in page
    assert "wer wann aus welchen Dokumenten" in page
    assert "braucht keine Anmeldung" not in page
