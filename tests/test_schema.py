"""What /openapi.json promises of the interface for programs, and whether it is kept."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis.configuration import set_hypothesis_home_dir
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.python.asgi import shutdown_lifespans

from assistant.settings import Settings
from assistant.web.api.openapi import ANSWER, QUESTIONS, VERSION
from assistant.web.api.schema import QuestionRequest
from assistant.web.server import create_app
from tests.browser.scripted import ScriptedAssistant
from tests.library import LIBRARY, ROOT, Desk, fill, opened

OPERATIONS = {
    ("post", "/api/ask"): {200, 413, 415, 422, 429, 500, 503},
    ("get", "/api/documents"): {200, 500},
    ("get", "/api/documents/{file}"): {200, 404, 500},
    ("get", "/files/{file}"): {200, 404, 500},
    ("get", "/api/organisations"): {200, 422, 500},
    ("get", "/api/organisations/{id}"): {200, 404, 500},
    ("get", "/api/partnerships"): {200, 422, 500},
    ("get", "/api/timeline"): {200, 422, 500},
    ("get", "/api/search"): {200, 422, 429, 500, 503},
    ("get", "/v1/models"): {200, 500},
    ("get", "/v1/models/{model}"): {200, 404, 500},
    ("post", "/v1/chat/completions"): {200, 400, 404, 413, 415, 429, 500, 503},
    ("get", "/healthz"): {200},
    ("get", "/readyz"): {200, 500, 503},
}
EXAMPLES = 30  # made up for each operation, beside those of its every edge
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("schema")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield create_app(desk.assistant, Settings(rate_limit="off"))


@pytest.fixture(scope="module")
def description(app: FastAPI) -> Any:
    return TestClient(app).get("/openapi.json").json()


def _operations(description: Any) -> dict[tuple[str, str], Any]:
    return {
        (method, path): operation
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }


# What is said


def test_every_operation_is_described_with_every_status_that_it_has(description: Any) -> None:
    operations = _operations(description)
    assert {
        key: {*map(int, operation["responses"])} for key, operation in operations.items()
    } == OPERATIONS
    tags = {tag["name"] for tag in description["tags"]}
    for operation in operations.values():
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"][0] in tags


def test_the_description_has_the_version_of_the_package(description: Any) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert description["info"]["version"] == VERSION == project["version"]
    assert description["info"]["title"] == "Clusterlotse"
    assert "RFC 9457" in description["info"]["description"]


@pytest.mark.parametrize(("root_path", "server"), [("", "/"), ("/lotse", "/lotse")])
def test_the_server_is_where_the_settings_have_it(root_path: str, server: str) -> None:
    client = TestClient(create_app(ScriptedAssistant(), Settings(root_path=root_path)))
    description = client.get(f"{root_path}/openapi.json").json()
    assert description["servers"] == [{"url": server}]
    address = description["servers"][0]["url"].rstrip("/") + "/api/documents"
    assert client.get(address).status_code == 200


def test_errors_are_described_as_problems_and_say_when_to_come_again(description: Any) -> None:
    for (_, path), operation in _operations(description).items():
        form = "application/json" if path.startswith("/v1/") else PROBLEM
        for status, response in operation["responses"].items():
            if status != "200":
                assert list(response["content"]) == [form]
                example = response["content"][form]["example"]
                assert "error" in example if form != PROBLEM else example["status"] == int(status)
            assert ("Retry-After" in response.get("headers", {})) is (status in ("429", "503"))


def test_an_answer_is_described_as_an_object_and_as_events(description: Any) -> None:
    content = description["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
    assert list(content) == ["application/json", "text/event-stream"]
    *before, last = content["text/event-stream"]["example"].strip().split("\n\n")
    assert {event.partition("\n")[0] for event in before} == {"event: delta", "event: claim"}
    answer = json.loads(last.removeprefix("event: answer\ndata: "))
    _validator(description, "Answer").validate(answer)


def test_the_examples_are_what_the_schemas_say(description: Any) -> None:
    checked = 0
    for operation in _operations(description).values():
        for response in operation["responses"].values():
            for content in response["content"].values():
                _validator(description, content["schema"]).validate(content["example"])
                checked += 1
    assert checked > 15


def _validator(description: Any, schema: Any) -> Draft202012Validator:
    """For a schema, or the one of that name."""
    schema = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    whole = {**schema, "components": description["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def test_the_first_example_of_a_question_is_german_and_others_have_more(description: Any) -> None:
    body = description["paths"]["/api/ask"]["post"]["requestBody"]
    values = [
        example["value"] for example in body["content"]["application/json"]["examples"].values()
    ]
    assert values == [question["value"] for question in QUESTIONS.values()]
    assert values[0] == {"question": "Seit wann ist die BIOPRO Mitglied im CEBR?"}
    assert "history" in values[1]
    assert values[2].keys() >= {"files", "since", "until"}


def test_the_examples_come_from_the_projects_own_documents(desk: Desk, description: Any) -> None:
    answer = desk.assistant.ask(ANSWER.question)
    assert (answer.answer, answer.citations) == (ANSWER.answer, ANSWER.citations)
    with TestClient(create_app(desk.assistant)) as client:
        for example in QUESTIONS.values():
            answer = client.post("/api/ask", json=example["value"]).json()
            assert answer["answerable"], example["summary"]
        responses = description["paths"]["/api/documents/{file}"]["get"]["responses"]
        example = responses["200"]["content"]["application/json"]["example"]
        document = client.get(f"/api/documents/{example['file']}").json()
        assert document["text"].startswith(example["text"])
        assert {**document, "text": ""} == {**example, "text": ""}


def test_what_is_described_of_a_question_is_what_is_read(description: Any) -> None:
    described = description["components"]["schemas"]["QuestionRequest"]
    assert described["properties"].keys() == QuestionRequest.model_fields.keys()
    assert described["required"] == ["question"]
    assert described["additionalProperties"] is False


# What is done


@pytest.fixture(scope="module")
def checked(
    app: FastAPI, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[events.ScenarioFinished]]:
    """What came of requests made up from the description: good and bad ones, and each edge."""
    set_hypothesis_home_dir(tmp_path_factory.mktemp("hypothesis"))
    generation = {"deterministic": True, "max-examples": EXAMPLES, "database": "none"}
    # Which dates and files there are, the description can't tell: others are a 422.
    checks = {"positive_data_acceptance": {"enabled": False}}
    config = SchemathesisConfig.from_dict({"generation": generation, "checks": checks})
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    run = list(from_schema(schema).execute())
    yield [event for event in run if isinstance(event, events.ScenarioFinished)]
    shutdown_lifespans()
    set_hypothesis_home_dir(None)


def test_every_response_is_one_that_is_described(
    checked: list[events.ScenarioFinished],
) -> None:
    wrong = [
        f"{scenario.recorder.label}: {check.failure_info.failure}"
        for scenario in checked
        for checks in scenario.recorder.checks.values()
        for check in checks
        if check.failure_info
    ]
    assert wrong == []
    assert {scenario.status for scenario in checked} <= {Status.SUCCESS, Status.SKIP}


def test_good_and_bad_requests_to_every_operation_were_among_them(
    checked: list[events.ScenarioFinished],
) -> None:
    statuses: dict[str, set[int]] = {}
    for scenario in checked:
        for interaction in scenario.recorder.interactions.values():
            if interaction.response:
                label = str(scenario.recorder.label)
                statuses.setdefault(label, set()).add(interaction.response.status_code)
    assert statuses["POST /api/ask"] >= {200, 405, 415, 422}
    assert statuses["GET /api/documents/{file}"] >= {404, 405}
    labels = {f"{method.upper()} {path}" for method, path in OPERATIONS}
    assert statuses.keys() >= labels
    assert 500 not in set().union(*statuses.values())
