"""What the hub tells Prometheus.

Labels are words of closed lists (statuses, reasons, routes, jobs): never an id, never a code.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from hub.domain.job import Health, Job
from hub.wire.terms import Action, PostStatus, SessionStatus

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_FAST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Look:
    """The room at the moment when Prometheus asks; `sessions` and `posts` are empty while the database is away.

    `received`, `published` and `dropped` count MQTT messages since the hub's start, by kind and by reason.
    """

    at: datetime
    database: bool
    connected: bool
    sessions: Mapping[SessionStatus, int] = field(default_factory=dict)
    posts: Mapping[PostStatus, int] = field(default_factory=dict)
    connections: int = 0
    received: Mapping[str, int] = field(default_factory=dict)
    published: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    jobs: Sequence[Job] = ()


class Metrics:
    """Counts and latencies as they come about, in a registry of its own."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry()
        self._looking = _Looking(version)
        self._registry.register(self._looking)
        self._http = self._histogram(
            "poste_http_request_seconds", "Requests by method, route and status", "method", "route", "status"
        )
        self._redeem = self._histogram("poste_redeem_seconds", "Codes answered, from message to commit", "result")
        self._transactions = self._histogram("poste_db_transaction_seconds", "Transactions by their end", "end")
        self._entries = Counter("poste_journal_entries", "Audit entries by action", ["action"], registry=self._registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One HTTP request; `route` is its template."""
        self._http.labels(method if method in _METHODS else "other", route, str(status)).observe(seconds)

    def redeemed(self, result: str, seconds: float) -> None:
        """One code or start answered; `result`: granted, or the reason of the refusal."""
        self._redeem.labels(result).observe(seconds)

    def transaction(self, seconds: float, *, committed: bool) -> None:
        """One database transaction."""
        self._transactions.labels("commit" if committed else "rollback").observe(seconds)

    def entry(self, action: Action) -> None:
        """One line of the audit journal."""
        self._entries.labels(action.value).inc()

    def text(self, look: Look) -> bytes:
        """All of it, as Prometheus reads it (CONTENT_TYPE)."""
        self._looking.look = look
        return generate_latest(self._registry)

    def _histogram(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(name, about, labels, buckets=_FAST_S, registry=self._registry)


class _Looking(Collector):
    """What is asked for at each scrape."""

    def __init__(self, version: str) -> None:
        self._version, self._began = version, time.time()
        self.look: Look | None = None

    def collect(self) -> Iterator[Metric]:
        yield _gauge("poste_build_info", "The running version", {self._version: 1}, "version")
        yield from _of_this_process(self._began)
        look = self.look
        if look is None:  # the registry asks for names once, when it is made
            return
        yield _gauge("poste_sessions", "Stays that are not over, by status", look.sessions, "status")
        yield _gauge("poste_posts", "Posts by status", look.posts, "status")
        yield GaugeMetricFamily("poste_database_up", "Whether the database answers and has room", float(look.database))
        yield GaugeMetricFamily("poste_mqtt_connected", "Whether the broker is connected", float(look.connected))
        yield CounterMetricFamily("poste_mqtt_connections", "Times that the broker was connected to", look.connections)
        yield _counter("poste_mqtt_received", "Messages from posts, by kind", look.received, "kind")
        yield _counter("poste_mqtt_published", "Messages published, by kind", look.published, "kind")
        yield _counter("poste_mqtt_dropped", "Messages dropped, by reason", look.dropped, "reason")
        yield from _of_jobs(look)


def _of_this_process(began: float) -> Iterator[Metric]:
    """The usual ones. prometheus_client's own collector also reads /proc/stat, which our unit hides from the hub."""
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    yield CounterMetricFamily("process_cpu_seconds", "CPU time, user and system", time.process_time())
    yield GaugeMetricFamily("process_resident_memory_bytes", "Memory in use", memory)
    yield GaugeMetricFamily("process_open_fds", "Open files and connections", files)
    yield GaugeMetricFamily("process_start_time_seconds", "When it started, since the epoch", began)


def _of_jobs(look: Look) -> Iterator[Metric]:
    jobs = {job.name: job for job in look.jobs}
    well = {name: job.health(look.at) is Health.OK for name, job in jobs.items()}
    yield _gauge("poste_job_ok", "0 for a job that fails or is late", well, "job")
    yield _counter("poste_job_runs", "Runs", {name: job.runs for name, job in jobs.items()}, "job")
    yield _counter("poste_job_failures", "Runs that failed", {name: job.failures for name, job in jobs.items()}, "job")
    took = {name: job.duration_s for name, job in jobs.items() if job.duration_s is not None}
    yield _gauge("poste_job_duration_seconds", "How long its last run took", took, "job")
    since = {name: job.last_success_at.timestamp() for name, job in jobs.items() if job.last_success_at is not None}
    yield _gauge("poste_job_last_success_timestamp_seconds", "When it last went well", since, "job")


def _gauge(name: str, about: str, values: Mapping[Any, float], label: str) -> Metric:
    return _filled(GaugeMetricFamily(name, about, labels=[label]), values)


def _counter(name: str, about: str, values: Mapping[str, float], label: str) -> Metric:
    return _filled(CounterMetricFamily(name, about, labels=[label]), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[Any, float]) -> Metric:
    for word, value in values.items():
        family.add_metric([str(word)], float(value))
    return family
