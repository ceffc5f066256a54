"""A session's status: every move there is, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.errors import IllegalTransition
from hub.domain.session import (
    OVER,
    TRANSITIONS,
    Cause,
    Session,
    after_settlement,
    granted,
    merged,
    moved,
    over,
    reopened,
    settled,
)
from hub.wire.terms import SessionStatus

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PENDING, ACTIVE, SUSPENDED, ENDED, EXPIRED = SessionStatus

LEGAL = {
    (PENDING, Cause.GRANTED): ACTIVE,
    (PENDING, Cause.CLOSED): ENDED,
    (PENDING, Cause.LAPSED): EXPIRED,
    (ACTIVE, Cause.BANKED): SUSPENDED,
    (ACTIVE, Cause.CLOSED): ENDED,
    (ACTIVE, Cause.LAPSED): EXPIRED,
    (SUSPENDED, Cause.GRANTED): ACTIVE,
    (SUSPENDED, Cause.CLOSED): ENDED,
    (SUSPENDED, Cause.LAPSED): EXPIRED,
    (ENDED, Cause.REOPENED): SUSPENDED,
    (EXPIRED, Cause.REOPENED): SUSPENDED,
}


def a_session(status: SessionStatus = PENDING, **facts: object) -> Session:
    return replace(Session("s1", NOW, 3600, status=status), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", SessionStatus)
@pytest.mark.parametrize("cause", Cause)
def test_every_legal_move_and_no_illegal_one(status: SessionStatus, cause: Cause) -> None:
    after = LEGAL.get((status, cause))
    if after is None:
        with pytest.raises(IllegalTransition, match=f"{status} cannot be {cause}"):
            moved(a_session(status), cause)
    else:
        assert moved(a_session(status), cause) == a_session(after)


def test_the_table_names_every_status() -> None:
    assert set(TRANSITIONS) == set(SessionStatus)
    assert frozenset({ENDED, EXPIRED}) == OVER


def test_a_grant_hands_out_all_that_is_left_and_remembers_the_first_start() -> None:
    first = granted(a_session(), NOW)
    assert (first.status, first.allocated_s, first.unallocated_s, first.started_at) == (ACTIVE, 3600, 0, NOW)
    banked = after_settlement(settled(first, 3600, 600), NOW, close=None)
    again = granted(banked, NOW + timedelta(hours=1))
    assert (again.allocated_s, again.consumed_s, again.started_at) == (3000, 600, NOW)


def test_a_stay_that_is_over_says_when_and_why_and_forgets_both_when_reopened() -> None:
    ended = over(a_session(SUSPENDED), Cause.CLOSED, NOW, "ended_by_desk")
    assert (ended.ended_at, ended.end_reason) == (NOW, "ended_by_desk")
    assert reopened(ended) == a_session(SUSPENDED)


def test_after_a_settlement_the_status_follows_from_what_is_left() -> None:
    past = NOW - timedelta(seconds=1)
    some: dict[str, object] = {"consumed_s": 600}
    none: dict[str, object] = {"consumed_s": 3600}
    table: list[tuple[dict[str, object], str | None, SessionStatus, str | None]] = [
        (some, None, SUSPENDED, None),
        (some, "ended_by_desk", ENDED, "ended_by_desk"),
        (none, None, EXPIRED, "used_up"),
        (none, "ended_here", ENDED, "ended_here"),
        (some | {"valid_until": past}, None, EXPIRED, "validity_past"),
        (some | {"valid_until": NOW}, None, EXPIRED, "validity_past"),
        (some | {"valid_until": NOW + timedelta(seconds=1)}, None, SUSPENDED, None),
        (some | {"added_s": -3000}, None, EXPIRED, "used_up"),
        ({"consumed_s": 3601}, None, EXPIRED, "used_up"),
    ]
    for facts, close, status, reason in table:
        after = after_settlement(a_session(ACTIVE, **facts), NOW, close=close)
        assert (after.status, after.end_reason) == (status, reason), facts


def test_a_charge_above_the_total_is_taken_and_flagged() -> None:
    after = settled(a_session(ACTIVE, allocated_s=3600), 3600, 3700)
    assert (after.consumed_s, after.allocated_s, after.unallocated_s, after.flag) == (3700, 0, -100, "surplus")


def test_a_charge_within_the_total_leaves_an_earlier_flag() -> None:
    assert settled(a_session(ACTIVE, allocated_s=3600, flag="adopted"), 3600, 3600).flag == "adopted"


def test_a_merge_moves_what_is_left_and_links_the_two() -> None:
    running = granted(Session("s2", NOW, 1800), NOW)
    joining = a_session(SUSPENDED, consumed_s=600)
    joined, after = merged(joining, running, NOW)
    assert (joined.status, joined.end_reason, joined.merged_into) == (ENDED, "merged", "s2")
    assert (joined.budget_s, joined.consumed_s, joined.unallocated_s) == (600, 600, 0)
    assert (after.budget_s, after.allocated_s, after.unallocated_s, after.status) == (4800, 4800, 0, ACTIVE)


def test_validity_includes_its_beginning_and_not_its_end() -> None:
    session = a_session(valid_from=NOW, valid_until=NOW + timedelta(hours=1))
    assert session.too_early(NOW - timedelta(seconds=1))
    assert session.valid_at(NOW)
    assert session.valid_at(NOW + timedelta(seconds=3599))
    assert session.too_late(NOW + timedelta(hours=1))
    assert a_session().valid_at(NOW)


def test_a_session_shows_neither_code_nor_hash() -> None:
    shown = repr(a_session(code_hash="5ecre7", code_sealed=b"K7M2QX"))
    assert "5ecre7" not in shown
    assert "K7M2QX" not in shown
