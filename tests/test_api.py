"""The interface for programs on a real index; what it refuses by form is in test_web.py too."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.web.api import MAX_FILE_CHARACTERS, MAX_FILES
from assistant.web.server import create_app
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, fill, opened

MEMBERS = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("api")
    with (
        opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk,
        TestClient(create_app(desk.assistant)) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {NETWORK, CENTRE, CONGRESS}),
        ({"files": [NETWORK]}, {NETWORK}),
        ({"files": ["*.txt"]}, {CENTRE, CONGRESS}),
        ({"since": "2021"}, {NETWORK, CENTRE}),
        ({"since": "2019-06", "until": "2021-09-30"}, {CENTRE}),
        ({"files": ["*.txt"], "since": None, "until": "2019"}, {CONGRESS}),
    ],
)
def test_only_the_documents_that_pass_are_searched(
    client: TestClient, filters: dict[str, object], found: set[str]
) -> None:
    answer = client.post("/api/ask", json={"question": MEMBERS, **filters}).json()
    assert {each["file"] for each in answer["retrieved"]} == found
    assert answer["answerable"] is (NETWORK in found)


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        ({"files": ["netzwerk.txt"]}, "Is it netzwerk.md"),
        ({"files": [NETWORK, ""]}, "files.1"),
        ({"files": NETWORK}, "files"),
        ({"files": ["x" * (MAX_FILE_CHARACTERS + 1)]}, "files.0"),
        ({"files": [NETWORK] * (MAX_FILES + 1)}, "files"),
        ({"since": "2016-13"}, "'2016-13' is no date. Give a day (2016-04-26)"),
        ({"until": 2016}, "until"),
        ({"since": "2017", "until": "2016"}, "since 2017 is after until 2016"),
        ({"since": "2030"}, "No document is dated since 2030-01-01."),
    ],
)
def test_filters_that_cant_be_met_are_problems(
    client: TestClient, filters: dict[str, object], named: str
) -> None:
    response = client.post("/api/ask", json={"question": MEMBERS, **filters})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert named in response.json()["detail"]
    assert len(response.content) < 500, "the input is not sent back"


def test_the_description_tells_of_the_filters(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]["Question"]
    for name in ("files", "since", "until"):
        assert described["properties"][name]["description"].startswith("Only")
        assert name not in described["required"]
