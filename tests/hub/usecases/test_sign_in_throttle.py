"""The rule behind locked sign-ins, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.usecases.accounts import throttle as rule
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.throttle import SignInThrottle, network_of
from tests.support.room import TestRoom

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def throttle(desk: Desk) -> SignInThrottle:
    return desk.throttle


async def tries(throttle: SignInThrottle, name: str, address: str, count: int, at: datetime = NOW) -> list[int]:
    return [await throttle.attempt(name, address, at) for _ in range(count)]


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def test_a_name_has_five_tries(throttle: SignInThrottle) -> None:
    assert await tries(throttle, "marie", "10.0.0.1", 7) == [0, 0, 0, 0, 0, 30, 30]


async def test_an_address_has_twenty_tries_whatever_the_names(throttle: SignInThrottle) -> None:
    waits = [await throttle.attempt(f"name{number}", "10.0.0.1", NOW) for number in range(22)]
    assert waits == [0] * 20 + [30, 30]
    assert await throttle.attempt("name0", "10.0.0.2", NOW) == 0


async def test_the_wait_is_told_in_whole_seconds_rounded_up(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 5)
    waits = [await throttle.attempt("marie", "10.0.0.1", after(seconds)) for seconds in (0.5, 1, 29, 29.999)]
    assert waits == [30, 29, 1, 1]
    assert await throttle.attempt("marie", "10.0.0.1", after(30)) == 0


async def test_what_waits_is_not_counted(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 5)
    await tries(throttle, "marie", "10.0.0.1", 100)
    assert await throttle.attempt("nobody", "10.0.0.1", NOW) == 0
    assert await throttle.attempt("marie", "10.0.0.1", after(30)) == 0
    assert await throttle.attempt("marie", "10.0.0.1", after(30)) == 60


async def test_the_longer_of_two_waits_is_told(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.2", 5)
    for number in range(20):
        await throttle.attempt(f"name{number}", "10.0.0.1", after(10))
    assert await throttle.attempt("marie", "10.0.0.2", after(10)) == 20
    assert await throttle.attempt("marie", "10.0.0.1", after(10)) == 30


async def test_lock_outs_double_up_to_a_quarter_of_an_hour(throttle: SignInThrottle) -> None:
    now, waits = NOW, list[int]()
    await tries(throttle, "marie", "10.0.0.1", 4)
    for number in range(7):
        assert await throttle.attempt("marie", f"10.0.1.{number}", now) == 0
        waits.append(await throttle.attempt("marie", f"10.0.2.{number}", now))
        now += timedelta(seconds=waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_all_is_forgotten_after_a_quiet_quarter_of_an_hour(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 4)
    assert await tries(throttle, "marie", "10.0.0.2", 5, after(rule.FORGET_S)) == [0] * 5


async def test_a_moment_before_that_nothing_is_forgotten(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 4)
    assert await tries(throttle, "marie", "10.0.0.2", 2, after(rule.FORGET_S - 1)) == [0, 30]


async def test_the_quiet_begins_when_the_lock_out_ends(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 5)
    assert await tries(throttle, "marie", "10.0.0.2", 2, after(rule.FORGET_S + 29)) == [0, 60]
    await tries(throttle, "anna", "10.0.0.3", 5)
    assert await tries(throttle, "anna", "10.0.0.4", 6, after(rule.FORGET_S + 30)) == [0, 0, 0, 0, 0, 30]


async def test_a_lock_out_by_a_clock_that_was_ahead_is_over_when_that_is_set_back(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 5)
    assert await throttle.attempt("marie", "10.0.0.1", after(-60)) == 90
    assert await throttle.attempt("marie", "10.0.0.1", after(-10 * 86_400)) == 0


async def test_a_stranger_cannot_lock_an_operator_out_of_their_own_desk(throttle: SignInThrottle) -> None:
    await throttle.attempt("marie", "10.0.0.5", NOW)
    await throttle.succeeded("marie", "10.0.0.5", NOW)
    assert (await tries(throttle, "marie", "10.9.9.9", 6))[-1] > 0
    assert await throttle.attempt("marie", "10.0.0.5", NOW) == 0


async def test_at_a_known_desk_guesses_are_counted_as_well(throttle: SignInThrottle) -> None:
    await throttle.succeeded("marie", "10.0.0.5", NOW)
    assert (await tries(throttle, "marie", "10.0.0.5", 6))[-1] > 0


async def test_right_passwords_do_not_use_up_an_address(throttle: SignInThrottle) -> None:
    for number in range(3 * rule.TRIES_OF_AN_ADDRESS):
        assert await throttle.attempt(f"name{number}", "10.0.0.5", NOW) == 0
        await throttle.succeeded(f"name{number}", "10.0.0.5", NOW)


async def test_a_right_password_does_not_forgive_an_address_its_guesses_at_others(throttle: SignInThrottle) -> None:
    for number in range(19):
        await throttle.attempt(f"name{number}", "10.0.0.1", NOW)
    await throttle.attempt("mallory", "10.0.0.1", NOW)
    await throttle.succeeded("mallory", "10.0.0.1", NOW)
    assert await throttle.attempt("marie", "10.0.0.1", after(30)) == 0
    assert await throttle.attempt("marie", "10.0.0.1", after(30)) > 0


async def test_a_guesser_in_the_same_house_locks_nobody_out_who_signed_in_there(throttle: SignInThrottle) -> None:
    await throttle.succeeded("marie", "10.0.0.1", NOW)
    for number in range(30):
        await throttle.attempt(f"name{number}", "10.0.0.1", NOW)
    assert await throttle.attempt("marie", "10.0.0.1", NOW) == 0
    assert await throttle.attempt("anna", "10.0.0.1", NOW) > 0


async def test_a_desk_is_known_for_ninety_days(throttle: SignInThrottle) -> None:
    await throttle.succeeded("marie", "10.0.0.1", NOW)
    await tries(throttle, "marie", "10.9.9.9", 5, after(rule.KNOWN_S - 1))
    assert await throttle.attempt("marie", "10.0.0.1", after(rule.KNOWN_S - 1)) == 0
    await throttle.succeeded("anna", "10.0.0.2", NOW)
    await tries(throttle, "anna", "10.9.9.8", 5, after(rule.KNOWN_S))
    assert await throttle.attempt("anna", "10.0.0.2", after(rule.KNOWN_S)) > 0


async def test_a_right_password_forgets_the_wrong_ones_of_a_name(throttle: SignInThrottle) -> None:
    await tries(throttle, "marie", "10.0.0.1", 4)
    await throttle.succeeded("marie", "10.0.0.2", NOW)
    assert await tries(throttle, "marie", "10.0.0.3", 5) == [0] * 5


async def test_a_restart_of_the_hub_forgets_nothing(desk: Desk, throttle: SignInThrottle) -> None:
    await throttle.succeeded("marie", "10.0.0.5", NOW)
    await tries(throttle, "marie", "10.0.0.1", 5)
    again = SignInThrottle(throttle._counts, desk.room.mint)
    assert await again.attempt("marie", "10.0.0.1", NOW) == 30
    assert await again.attempt("marie", "10.0.0.5", NOW) == 0


async def test_what_was_typed_as_a_name_is_not_kept(room: TestRoom, throttle: SignInThrottle) -> None:
    await throttle.attempt("hunter2", "10.0.0.1", NOW)
    await throttle.succeeded("hunter2", "10.0.0.1", NOW)
    kept = str(room.rows("SELECT * FROM sign_in_count"))
    assert kept
    assert "hunter2" not in kept
    assert "10.0.0.1" not in kept


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_ipv6_is_its_network(address: str, counted_as: str) -> None:
    assert network_of(address) == counted_as


async def test_a_house_full_of_addresses_counts_as_one(throttle: SignInThrottle) -> None:
    waits = [await throttle.attempt(f"name{number}", f"2001:db8::{number:x}", NOW) for number in range(21)]
    assert waits == [0] * 20 + [30]
