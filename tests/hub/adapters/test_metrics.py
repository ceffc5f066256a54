"""What Prometheus is told: right figures, and labels that cannot grow without end."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from hub.adapters.metrics import Look, Metrics
from hub.domain.job import Job, failed, succeeded
from hub.wire.terms import Action, PostStatus, SessionStatus
from tests.fakes.hub_clock import START

Sample = dict[tuple[str, ...], float]


def samples(text: bytes) -> dict[str, Sample]:
    """Values by the metric's name, then by its labels' values."""
    found: dict[str, Sample] = defaultdict(dict)
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            found[sample.name][tuple(sample.labels.values())] = sample.value
    return found


def test_the_room_at_the_moment_of_asking() -> None:
    look = Look(
        at=START,
        database=True,
        connected=True,
        sessions={SessionStatus.ACTIVE: 2},
        posts={PostStatus.OCCUPIED: 2, PostStatus.OFFLINE: 1},
        connections=3,
        received={"redeem": 7},
        published={"lease": 5},
        dropped={"nonsense": 1},
    )
    found = samples(Metrics("0.1.0").text(look))
    assert found["poste_sessions"] == {("active",): 2}
    assert found["poste_posts"] == {("occupied",): 2, ("offline",): 1}
    assert (found["poste_database_up"], found["poste_mqtt_connected"]) == ({(): 1}, {(): 1})
    assert found["poste_mqtt_connections_total"] == {(): 3}
    assert found["poste_mqtt_received_total"] == {("redeem",): 7}
    assert found["poste_mqtt_published_total"] == {("lease",): 5}
    assert found["poste_mqtt_dropped_total"] == {("nonsense",): 1}
    assert found["poste_build_info"] == {("0.1.0",): 1}
    assert all(found[f"process_{one}"][()] > 0 for one in ("cpu_seconds_total", "resident_memory_bytes", "open_fds"))


def test_jobs() -> None:
    well = succeeded(Job("sweep", 2, START), START, 0.25, START + timedelta(seconds=2))
    ill = failed(Job("backup", 86_400, START), START, 1)
    new = Job("summary", 1, START)
    look = Look(at=START, database=True, connected=True, jobs=[well, ill, new])
    found = samples(Metrics("0.1.0").text(look))
    assert found["poste_job_ok"] == {("sweep",): 1, ("backup",): 0, ("summary",): 1}
    assert found["poste_job_failures_total"] == {("sweep",): 0, ("backup",): 1, ("summary",): 0}
    assert found["poste_job_duration_seconds"] == {("sweep",): 0.25, ("backup",): 1}
    assert found["poste_job_last_success_timestamp_seconds"] == {("sweep",): START.timestamp()}


def test_counts_and_latencies() -> None:
    metrics = Metrics("0.1.0")
    metrics.request("GET", "/api/v1/posts/{id}", 200, 0.02)
    metrics.request("BREW", "none", 405, 0.02)
    metrics.redeemed("granted", 0.004)
    metrics.transaction(0.001, committed=True)
    metrics.transaction(0.001, committed=False)
    metrics.entry(Action.SESSION_STARTED)
    found = samples(metrics.text(Look(at=START, database=True, connected=True)))
    assert found["poste_http_request_seconds_count"] == {
        ("GET", "/api/v1/posts/{id}", "200"): 1,
        ("other", "none", "405"): 1,
    }
    assert found["poste_redeem_seconds_count"] == {("granted",): 1}
    assert found["poste_db_transaction_seconds_count"] == {("commit",): 1, ("rollback",): 1}
    assert found["poste_journal_entries_total"] == {("session_started",): 1}


def test_two_hubs_in_one_process_do_not_share_their_figures() -> None:
    one, other = Metrics("0.1.0"), Metrics("0.1.0")
    one.entry(Action.SESSION_STARTED)
    assert "poste_journal_entries_total" not in samples(other.text(Look(at=START, database=True, connected=True)))
