"""Invariants I1 to I7 on the real hub and the real node core."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.protocol.machine import Room
from tests.support.databases import Place

STEPS_A_RUN = 60


@pytest.mark.timeout(0)
def test_no_run_breaks_an_invariant(empty_database: Place, request: pytest.FixtureRequest) -> None:
    """At least 10,000 steps, or as many as --protocol-steps asks for.

    Without --protocol-random the search is the same every time: a red build then means a changed program.
    """
    wanted: int = request.config.getoption("--protocol-steps")
    phases = [Phase.generate]
    if request.config.getoption("--protocol-shrink"):
        phases.append(Phase.shrink)
    Room.template, Room.steps = empty_database, 0
    run_state_machine_as_test(
        Room,
        settings=settings(
            max_examples=wanted // (STEPS_A_RUN // 2),
            stateful_step_count=STEPS_A_RUN,
            phases=phases,
            derandomize=not request.config.getoption("--protocol-random"),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Room.steps >= wanted, f"only {Room.steps} steps"
