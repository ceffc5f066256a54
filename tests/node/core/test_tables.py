"""The state tables: what they allow, and that nothing else happens."""

from __future__ import annotations

import pytest

from node.core.post import DIALOGUE, POWER
from node.core.tables import (
    DialogueCause,
    DialogueState,
    IllegalTransition,
    PowerCause,
    PowerState,
    after,
)


def test_every_state_has_a_row_and_can_be_left() -> None:
    assert set(POWER) == set(PowerState)
    assert set(DIALOGUE) == set(DialogueState)
    assert all(POWER.values())
    assert all(DIALOGUE.values())


def test_every_state_can_be_reached() -> None:
    # A post starts in `spent` with an open lease in its journal, and in `off` without one.
    assert {state for row in POWER.values() for state in row.values()} == set(PowerState)
    assert {state for row in DIALOGUE.values() for state in row.values()} == set(DialogueState)


def test_staff_power_and_a_lease_never_follow_each_other() -> None:
    leased = {PowerState.RUNNING, PowerState.GRACE, PowerState.SPENT}
    assert not leased & set(POWER[PowerState.STAFF].values())
    assert all(PowerState.STAFF not in POWER[state].values() for state in leased)


def test_the_table_says_what_follows() -> None:
    assert after(POWER, PowerState.OFF, PowerCause.TAKEN) is PowerState.RUNNING
    assert after(DIALOGUE, DialogueState.CHECKING, DialogueCause.ANSWERED) is DialogueState.IDLE


@pytest.mark.parametrize(
    ("state", "cause"), [(PowerState.OFF, PowerCause.CLOSED), (PowerState.STAFF, PowerCause.TAKEN)]
)
def test_what_the_table_lacks_is_our_bug(state: PowerState, cause: PowerCause) -> None:
    with pytest.raises(IllegalTransition, match=f"{state} upon {cause}"):
        after(POWER, state, cause)
