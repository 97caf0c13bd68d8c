"""The interface for scripts of other origins: who is let in, and to what."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from assistant.settings import Settings
from assistant.web.guard.limits import MAX_BODY_BYTES
from assistant.web.server import create_app
from tests.browser.scripted import ScriptedAssistant
from tests.library import NETWORK
from tests.problems import is_problem

APP, FOREIGN = "https://app.example", "https://evil.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture(scope="module")
def shared() -> Iterator[TestClient]:
    """A server that lets scripts of APP in, and somebody who asks too much."""
    given = Settings(cors_origins=(APP, "http://localhost:3000"), rate_limit="2/hour")
    app = create_app(ScriptedAssistant(), given)
    who = ("203.0.113.5", 1)
    with TestClient(app, raise_server_exceptions=False, client=who) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A server that lets no script in."""
    with TestClient(create_app(ScriptedAssistant(), Settings(rate_limit="off"))) as client:
        yield client


def cors(response: Response) -> dict[str, str]:
    return {
        name: value
        for name, value in response.headers.items()
        if name.startswith("access-control-")
    }


@pytest.mark.parametrize("origin", [APP, "http://localhost:3000"])
@pytest.mark.parametrize("path", ["/api/ask", "/api/documents", f"/api/documents/{NETWORK}"])
def test_an_origin_that_is_let_in_may_ask_beforehand(
    shared: TestClient, origin: str, path: str
) -> None:
    response = shared.options(path, headers={"Origin": origin, **ASKED})
    assert response.status_code == 200
    allowed = cors(response)
    assert allowed["access-control-allow-origin"] == origin
    methods = set(allowed["access-control-allow-methods"].split(", "))
    assert methods == {"GET", "POST", "OPTIONS"}
    assert {"accept", "content-type"} <= {
        name.lower() for name in allowed["access-control-allow-headers"].split(", ")
    }
    assert "access-control-allow-credentials" not in allowed
    assert "Origin" in response.headers["vary"]
    assert "frame-ancestors" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "asked",
    [
        {"Access-Control-Request-Method": "DELETE"},
        {**ASKED, "Access-Control-Request-Headers": "x-other"},
    ],
)
def test_an_origin_that_is_let_in_may_not_do_all(shared: TestClient, asked: dict[str, str]) -> None:
    assert is_problem(shared.options("/api/ask", headers={"Origin": APP, **asked}), 400)


def _each_kind(client: TestClient, origin: dict[str, str]) -> dict[int, Response]:
    """A response of each status that scripts may meet."""
    question = {"question": "Wer?"}
    long = b" " * (MAX_BODY_BYTES + 1)
    responses = [
        client.get("/api/documents", headers=origin),
        client.get("/api/documents/nichts.txt", headers=origin),
        client.get("/api/ask", headers=origin),
        client.post("/api/ask", content=long, headers=origin),
        client.post("/api/ask", content=b"Wer?", headers=origin),
        client.post("/api/ask", json={}, headers=origin),
        client.post("/api/ask", json={"question": "kaputt"}, headers=origin),
        *(client.post("/api/ask", json=question, headers=origin) for _ in range(2)),
    ]
    return {response.status_code: response for response in responses}


def test_every_response_can_be_read_by_an_origin_that_is_let_in_and_by_no_other(
    shared: TestClient,
) -> None:
    responses = _each_kind(shared, {"Origin": APP})
    assert responses.keys() == {200, 404, 405, 413, 415, 422, 429, 500}
    for response in responses.values():
        assert cors(response)["access-control-allow-origin"] == APP
        assert "Retry-After" in cors(response)["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in cors(response)
        assert response.headers["vary"] == "Origin"
    for origin in ({"Origin": FOREIGN}, {"Origin": "null"}, {"Origin": f"{APP}.evil.example"}, {}):
        for response in _each_kind(shared, origin).values():
            assert cors(response) == {}
            assert response.headers["vary"] == "Origin", "a cache must not mix them up"


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://app.example", f"{APP}:8443"])
def test_another_origin_is_told_nothing_beforehand(shared: TestClient, origin: str) -> None:
    response = shared.options("/api/ask", headers={"Origin": origin, **ASKED})
    assert is_problem(response, 405)
    assert cors(response) == {}


@pytest.mark.parametrize(
    "path", ["/", "/config", "/rating", "/gradio_api/queue/join", "/sources/a", "/apix", "/healthz"]
)
def test_what_is_no_part_of_the_interface_is_closed_to_all(shared: TestClient, path: str) -> None:
    for response in (
        shared.options(path, headers={"Origin": APP, **ASKED}),
        shared.get(path, headers={"Origin": APP}),
        shared.post(path, headers={"Origin": APP}),
    ):
        assert cors(response) == {}


def test_nobody_is_let_in_where_nobody_is_named(client: TestClient) -> None:
    response = client.get("/api/documents", headers={"Origin": APP})
    assert cors(response) == {}
    assert "vary" not in response.headers


@pytest.mark.parametrize("path", ["/api/documents", "/lotse/api/documents"])
def test_the_interface_is_found_below_a_root_path(path: str) -> None:
    given = Settings(cors_origins=(APP,), root_path="/lotse")
    client = TestClient(create_app(ScriptedAssistant(), given))
    response = client.get(path, headers={"Origin": APP})
    assert response.status_code == 200
    assert cors(response)["access-control-allow-origin"] == APP
