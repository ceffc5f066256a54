"""Versions: another whenever a record differs, the same whatever a post tells, and the only key to a change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from hub.domain.errors import Stale
from hub.domain.post import Maintenance, Post
from hub.domain.throttle import Throttle
from hub.domain.version import ANY, Expected, fact, version

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
POST = Post("p01", "Post 1", NOW)


@pytest.mark.parametrize(
    "changed",
    [
        replace(POST, name="Post I"),
        replace(POST, notes="new mouse"),
        replace(POST, retired=True),
        replace(POST, maintenance=Maintenance("g", 0, NOW)),
    ],
)
def test_a_change_makes_another_version(changed: Post) -> None:
    assert version(changed) != version(POST)
    assert version(replace(changed)) == version(changed)


@pytest.mark.parametrize(
    "told",
    [
        replace(POST, last_seen_at=NOW),
        replace(POST, throttle=Throttle(1)),
        replace(POST, ip_address="10.0.0.9", boot_id="b", greeted_at=NOW),
    ],
)
def test_what_a_post_tells_does_not(told: Post) -> None:
    assert version(told) == version(POST)


def test_a_fact_needs_no_default() -> None:
    @dataclass(frozen=True)
    class Heard:
        at: datetime = fact()

    with pytest.raises(TypeError):
        Heard()
    assert Heard(NOW).at == NOW


def test_only_who_has_seen_a_record_may_change_it() -> None:
    seen = Expected(frozenset({version(POST), "another"}))
    assert seen.of(POST) is POST
    with pytest.raises(Stale):
        seen.of(replace(POST, name="Post I"))
    with pytest.raises(Stale):
        Expected(frozenset()).of(POST)
    assert ANY.of(POST) is POST
