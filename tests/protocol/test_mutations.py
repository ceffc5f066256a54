"""The search can fail: each rule that is taken out of the real code breaks an invariant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

import hub.usecases.sweep
import node.core.hub_messages
import node.core.lease
import node.core.post
from hub.usecases.settlement import Fact, take
from hub.usecases.work import Room, working
from hub.wire.messages import Lease
from hub.wire.terms import LeaseState, SettleReason
from node.core.ledger import OpenLease, Record
from node.core.turn import Turn
from tests.protocol import machine, sim_post, world
from tests.support.databases import Place

offered = node.core.hub_messages._offered
boot = node.core.post.boot
sweep = hub.usecases.sweep.sweep


async def close_leases_alone(room: Room) -> None:
    """R3 broken: the hub closes open leases on its own."""
    async with working(room) as work:
        for post in await work.tx.posts():
            lease = await work.tx.open_lease_at(post.id)
            if lease is not None:
                reason, epoch = SettleReason.PAUSED_HERE, lease.state_epoch
                await take(work, post.id, Fact(lease.id, lease.rev, lease.total_s, lease.debited_s, reason, epoch))
    await sweep(room)


def accept_any_lease(turn: Turn, told: Lease) -> None:
    """R4 broken: the node takes every lease that it is offered."""
    free = turn.post.record.lease is None and turn.post.record.grant is None and turn.post.wait is None
    if free and told.state is LeaseState.OPEN:
        node.core.lease.take(turn, OpenLease(told.lease_id, told.rev, told.total_s))
    else:
        offered(turn, told)


def debit_late(turn: Turn) -> None:
    """R5 broken: the slice is run first, and written down afterwards."""
    lease = node.core.lease.open_lease(turn.post)
    if turn.now >= turn.post.paid_until_ms:
        ran_s = min(9, lease.total_s - lease.debited_s)
        turn.post = replace(turn.post, paid_until_ms=turn.post.paid_until_ms + ran_s * 1000)
        late = replace(turn.post.record, lease=replace(lease, debited_s=lease.debited_s + ran_s))
        turn.post = replace(turn.post, record=late)


def forget_closed_leases(record: Record, *args: Any, **kwargs: Any) -> Any:
    """R6 broken: a crash makes the node forget its closed leases."""
    return boot(replace(record, closed=()), *args, **kwargs)


MUTATIONS: list[tuple[Any, str, Callable[..., Any]]] = [
    (world, "sweep", close_leases_alone),
    (node.core.hub_messages, "_offered", accept_any_lease),
    (node.core.lease, "_write_ahead", debit_late),
    (sim_post, "boot", forget_closed_leases),
]


SEEDS = (6, 4, 1, 2)
"""Each begins another search, always the same one; the first of them finds all, for now, and soonest."""


def finds(number: int) -> bool:
    """Whether that search meets a run that breaks an invariant."""
    room: type[machine.Room] = seed(number)(type("Room", (machine.Room,), {}))
    try:
        run_state_machine_as_test(
            room,
            settings=settings(
                max_examples=60,
                stateful_step_count=60,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except AssertionError:
        return True
    return False


@pytest.mark.usefixtures("path")  # what is tried is the search, whatever the database
@pytest.mark.timeout(600)  # after a change that makes the searches other ones, it may take minutes
@pytest.mark.parametrize(("module", "name", "broken"), MUTATIONS, ids=[one[2].__name__ for one in MUTATIONS])
def test_a_broken_rule_breaks_an_invariant(
    module: Any, name: str, broken: Callable[..., Any], empty_database: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, broken)
    machine.Room.template = empty_database
    assert any(finds(number) for number in SEEDS)
