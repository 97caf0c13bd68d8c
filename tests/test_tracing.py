"""Spans go where OpenTelemetry's variables say, and nowhere without them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from assistant.monitoring.tracing import is_wanted

ANSWERED = """
from assistant.monitoring.metrics import Metrics
from assistant.monitoring.tracing import traced
metrics = Metrics()
with traced(), metrics.stage("finding"):
    pass
"""


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str]] = []

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
        for resource in request.resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(named["service.name"], span.name) for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    kept = Collector()
    server = grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.mark.parametrize("name", ["lotse-1", ""])
def test_stages_are_sent_as_spans_of_the_service(
    collector: tuple[Collector, str], name: str
) -> None:
    kept, address = collector
    more = {"OTEL_EXPORTER_OTLP_ENDPOINT": address} | ({"OTEL_SERVICE_NAME": name} if name else {})
    subprocess.run([sys.executable, "-c", ANSWERED], env=os.environ | more, check=True)
    assert kept.spans == [(name or "clusterlotse", "finding")]


def test_without_an_address_nothing_is_to_be_sent() -> None:
    assert not is_wanted({})
    assert not is_wanted({"OTEL_SERVICE_NAME": "lotse", "OTEL_EXPORTER_OTLP_ENDPOINT": ""})
    assert is_wanted({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4317"})
