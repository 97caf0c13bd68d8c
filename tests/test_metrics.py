"""What /metrics tells, and whom."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.monitoring.metrics import Metrics
from assistant.monitoring.monitor import watched
from assistant.settings import Settings
from assistant.web.server import create_app
from index.errors import StorageError
from tests.browser.scripted import DOCUMENTS, ScriptedAssistant
from tests.library import LIBRARY, Desk, fill, opened

ROOT = Path(__file__).parents[1]
DASHBOARD = ROOT / "docs" / "grafana.json"
MEMBERS = "Wie viele Mitglieder hat das Netzwerk Nordlicht?"
NEAR, FAR = ("127.0.0.1", 50_000), ("192.0.2.7", 50_000)


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels, sorted."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def client(
    shown: str = "loopback", address: tuple[str, int] = NEAR, engine: Any = None
) -> TestClient:
    settings = Settings.model_validate({"metrics": shown})
    app = create_app(engine or ScriptedAssistant(), settings, metrics=Metrics())
    return TestClient(app, client=address)


@pytest.mark.parametrize(
    ("shown", "address", "status"),
    [
        ("loopback", NEAR, 200),
        ("loopback", ("::1", 50_000), 200),
        ("loopback", FAR, 404),
        ("loopback", ("unix", 0), 404),
        ("on", FAR, 200),
        ("off", NEAR, 404),
    ],
)
def test_figures_are_for_this_machine_alone_unless_a_setting_opens_them(
    shown: str, address: tuple[str, int], status: int
) -> None:
    assert client(shown, address).get("/metrics").status_code == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_of_this_machine_does_not_open_the_figures_for_others(header: str) -> None:
    assert client().get("/metrics", headers={header: "192.0.2.7"}).status_code == 404


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, Metrics]]:
    metrics = Metrics()
    folder = fill(tmp_path / "seeds", LIBRARY | {"broken.pdf": "%PDF-1.7 and no more"})
    with opened(tmp_path / "data", folder, monitor=metrics) as desk:
        yield desk, metrics


def test_questions_are_counted_by_what_came_of_them(desk: tuple[Desk, Metrics]) -> None:
    library, metrics = desk
    asking = TestClient(create_app(library.assistant, metrics=metrics), client=NEAR)
    for question in (MEMBERS, "Wie hoch ist der Mount Fuji?"):
        asking.post("/api/ask", json={"question": question})
    told = figures(asking)
    assert told["clusterlotse_questions_total", "answered", "extractive"] == 1
    assert told["clusterlotse_questions_total", "extractive", "refused"] == 1
    assert told["clusterlotse_question_seconds_count", "extractive"] == 2
    for stage in ("reading", "register", "finding", "choosing"):
        assert told["clusterlotse_stage_seconds_count", stage] == 2, stage
    assert told["clusterlotse_documents",] == len(LIBRARY)
    assert told["clusterlotse_documents_failed",] == 1
    assert told["clusterlotse_documents_pending",] == 0
    assert told["clusterlotse_index_revision",] > 0
    assert told["clusterlotse_http_requests_total", "200", "POST", "api"] == 2


def test_examples_that_nobody_has_asked_are_not_counted(desk: tuple[Desk, Metrics]) -> None:
    library, metrics = desk
    assert library.assistant.examples()
    told = figures(TestClient(create_app(library.assistant, metrics=metrics), client=NEAR))
    assert not [name for name, *_ in told if name == "clusterlotse_questions_total"]


class Broken(ScriptedAssistant):
    """An assistant whose index is away."""

    def counts(self) -> Any:
        raise StorageError("The catalogue is away.", "Bring it back.")


def test_figures_are_there_though_the_index_is_not() -> None:
    told = figures(client(engine=Broken()))
    assert told["clusterlotse_documents",] != told["clusterlotse_documents",], "it is no number"
    assert figures(client())["clusterlotse_documents",] == len(DOCUMENTS)


def test_a_fault_of_a_service_is_counted_by_its_kind() -> None:
    metrics = Metrics()
    metrics.faulted("llm", "late")
    metrics.faulted("llm", "late")
    told = figures(TestClient(create_app(ScriptedAssistant(), metrics=metrics), client=NEAR))
    assert told["clusterlotse_faults_total", "late", "llm"] == 2


def test_a_question_that_breaks_off_is_counted_as_failed_and_one_that_is_left_is_not() -> None:
    metrics = Metrics()
    for error in (RuntimeError, GeneratorExit):
        with pytest.raises(error), watched(metrics):
            raise error
    told = figures(TestClient(create_app(ScriptedAssistant(), metrics=metrics), client=NEAR))
    assert told["clusterlotse_questions_total", "failed", "none"] == 1


def test_no_question_and_no_name_of_a_file_is_among_the_figures(desk: tuple[Desk, Metrics]) -> None:
    library, metrics = desk
    asking = TestClient(create_app(library.assistant, metrics=metrics), client=NEAR)
    asking.post("/api/ask", json={"question": "Wer kennt Zacharias?"})
    asking.get("/files/zacharias.txt")
    asking.request("ZACHARIAS", "/zacharias")
    assert "zacharias" not in asking.get("/metrics").text.lower()


def test_the_dashboard_shows_figures_that_there_are() -> None:
    shown = re.findall(r"clusterlotse_\w+|process_\w+", DASHBOARD.read_text("utf-8"))
    told = Metrics()
    told.answered(ScriptedAssistant().ask("Wer?"))
    told.faulted("llm", "late")
    told.requested("api", "POST", 200)
    told.lasted("writing", 1.0)
    there = {
        sample.name
        for family in text_string_to_metric_families(told.text(None).decode())
        for sample in family.samples
    }
    assert len(set(shown)) > 8
    assert set(shown) - there == set()
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        assert panel["title"] and panel["targets"]
