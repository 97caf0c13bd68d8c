"""Figures for Prometheus, and the same stages as spans for OpenTelemetry where that is set up."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from assistant.answer import Answer
from index.documents import Counts

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """All figures of one process: a `Monitor` that counts, and what /metrics shows of it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._questions = Counter(
            "clusterlotse_questions",
            "Questions by what came of them (answered, related, refused, failed) and by how.",
            ("outcome", "mode"),
            registry=self._registry,
        )
        self._times = Histogram(
            "clusterlotse_question_seconds",
            "Seconds until the answer was there.",
            ("mode",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "clusterlotse_stage_seconds",
            "Seconds of a stage of answering.",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._faults = Counter(
            "clusterlotse_faults",
            "Times that a service (llm, embedding) did not do what it should.",
            ("service", "fault"),
            registry=self._registry,
        )
        self._requests = Counter(
            "clusterlotse_http_requests",
            "Requests by what they were for and the status of the response.",
            ("area", "method", "status"),
            registry=self._registry,
        )
        self._gauges = {
            name: Gauge(f"clusterlotse_{name}", told, registry=self._registry)
            for name, (told, _) in _GAUGES.items()
        }
        self._tracer = trace.get_tracer("clusterlotse")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures the block; without OpenTelemetry's settings, the span is none."""
        with self._tracer.start_as_current_span(name), self._stages.labels(name).time():
            yield

    def lasted(self, name: str, seconds: float) -> None:
        """Counts a stage that the answer is sent in while it goes on."""
        self._stages.labels(name).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Counts an answer or a refusal."""
        outcome = "answered" if answer.answerable else "related" if answer.related else "refused"
        self._questions.labels(outcome, answer.mode).inc()
        self._times.labels(answer.mode).observe(answer.seconds)

    def failed(self) -> None:
        """Counts a question that broke off."""
        self._questions.labels("failed", "none").inc()

    def faulted(self, service: str, fault: str) -> None:
        """Counts a fault of a service."""
        self._faults.labels(service, fault).inc()

    def requested(self, area: str, method: str, status: int) -> None:
        """Counts a response."""
        self._requests.labels(area, method, str(status)).inc()

    def text(self, counts: Counts | None) -> bytes:
        """All of it, as Prometheus reads it. `counts` is None where the index can't be read."""
        for name, (_, value) in _GAUGES.items():
            self._gauges[name].set(math.nan if counts is None else value(counts))
        return generate_latest(self._registry)


_GAUGES: Final[dict[str, tuple[str, Callable[[Counts], int]]]] = {
    "documents": ("Documents that are indexed.", lambda counts: counts.indexed),
    "documents_failed": ("Files that can't be read.", lambda counts: counts.failed),
    "documents_pending": (
        "Documents that the embedding model has not seen yet: the index's lag.",
        lambda counts: counts.pending,
    ),
    "index_revision": (
        "A number that grows with each change of the index; processes should have the same.",
        lambda counts: counts.revision,
    ),
}
