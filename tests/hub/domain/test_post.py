"""A post's status is derived: maintenance > offline > occupied > reserved > available."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from hub.domain.post import Maintenance, Post, status
from hub.wire.messages import Grant
from hub.wire.terms import PostStatus

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("maintenance", "online", "occupied", "reserved"), list(product([True, False], repeat=4)))
def test_the_weightiest_fact_gives_the_status(maintenance: bool, online: bool, occupied: bool, reserved: bool) -> None:
    weights = [
        (maintenance, PostStatus.MAINTENANCE),
        (not online, PostStatus.OFFLINE),
        (occupied, PostStatus.OCCUPIED),
        (reserved, PostStatus.RESERVED),
        (True, PostStatus.AVAILABLE),
    ]
    expected = next(name for holds, name in weights if holds)
    assert status(maintenance=maintenance, online=online, occupied=occupied, reserved=reserved) is expected


def test_maintenance_is_told_as_a_grant_of_seconds() -> None:
    assert Maintenance("g1", 600, NOW, "cleaning").grant() == Grant("g1", 600)


def test_a_post_does_not_show_its_password_line() -> None:
    assert "$7$" not in repr(Post("p01", "Post 1", NOW, secret="$7$101$salt$hash"))
