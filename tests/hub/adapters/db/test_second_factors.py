"""Second factors on disk: what is spent once is spent, whoever else tries at the same time."""

from __future__ import annotations

import asyncio

import pytest

from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import Database
from hub.adapters.db.second_factors import SecondFactors
from hub.domain.accounts import Operator, Role
from tests.fakes.hub_clock import START, FakeClock


@pytest.fixture
def factors(database: Database, clock: FakeClock) -> SecondFactors:
    return SecondFactors(database, clock)


@pytest.fixture
def accounts(database: Database, clock: FakeClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
async def marie(accounts: Accounts) -> Operator:
    return await accounts.add_operator("marie", Role.OPERATOR, "hash")


async def stored(accounts: Accounts, operator: Operator) -> Operator:
    found = await accounts.operator(operator.id)
    assert found is not None
    return found


async def test_offered_on_and_off(accounts: Accounts, factors: SecondFactors, marie: Operator) -> None:
    assert not await factors.turn_on(marie.id, b"first", 7, ["one"])
    await factors.offer(marie.id, b"first")
    await factors.offer(marie.id, b"second")
    assert (await stored(accounts, marie)).totp_sealed == b"second"
    assert not (await stored(accounts, marie)).has_totp
    assert not await factors.turn_on(marie.id, b"first", 7, ["zero"])
    assert await factors.turn_on(marie.id, b"second", 7, ["one", "two"])
    assert not await factors.turn_on(marie.id, b"second", 8, ["three"])
    await factors.offer(marie.id, b"third")
    on = await stored(accounts, marie)
    assert (on.totp_sealed, on.totp_since, on.totp_last_step) == (b"second", START, 7)
    assert await factors.recovery_codes_left(marie.id) == 2
    await factors.turn_off(marie.id)
    assert await stored(accounts, marie) == marie
    assert await factors.recovery_codes_left(marie.id) == 0


async def test_a_step_is_spent_once_and_all_before_with_it(factors: SecondFactors, marie: Operator) -> None:
    assert await asyncio.gather(*(factors.spend_step(marie.id, 7) for _ in range(4))) == [True, False, False, False]
    assert not await factors.spend_step(marie.id, 6)
    assert await factors.spend_step(marie.id, 8)


async def test_a_recovery_code_is_spent_once_by_its_owner(
    accounts: Accounts, factors: SecondFactors, marie: Operator
) -> None:
    other = await accounts.add_operator("ann", Role.ADMIN, "hash")
    await factors.renew_recovery_codes(marie.id, ["one", "two"])
    assert not await factors.spend_recovery_code(other.id, "one")
    spent = await asyncio.gather(*(factors.spend_recovery_code(marie.id, "one") for _ in range(4)))
    assert spent == [True, False, False, False]
    assert await factors.recovery_codes_left(marie.id) == 1
    await factors.renew_recovery_codes(marie.id, ["three"])
    assert not await factors.spend_recovery_code(marie.id, "two")
