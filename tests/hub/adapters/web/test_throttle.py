"""The rule behind locked sign-ins, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.usecases.accounts import throttle as rule
from hub.usecases.accounts.throttle import SignInThrottle

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def tries(throttle: SignInThrottle, name: str, address: str, count: int, at: datetime = NOW) -> list[int]:
    return [throttle.attempt(name, address, at) for _ in range(count)]


def test_lock_outs_double_up_to_a_quarter_of_an_hour() -> None:
    throttle, now, waits = SignInThrottle(), NOW, []
    tries(throttle, "marie", "10.0.0.1", 4)
    for number in range(7):
        assert throttle.attempt("marie", f"10.0.1.{number}", now) == 0
        waits.append(throttle.attempt("marie", f"10.0.2.{number}", now))
        now += timedelta(seconds=waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_all_is_forgotten_after_a_quiet_quarter_of_an_hour() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 4)
    assert tries(throttle, "marie", "10.0.0.2", 5, NOW + timedelta(seconds=rule.FORGET_S)) == [0] * 5


def test_a_stranger_cannot_lock_an_operator_out_of_their_own_desk() -> None:
    throttle = SignInThrottle()
    throttle.attempt("marie", "10.0.0.5", NOW)
    throttle.succeeded("marie", "10.0.0.5")
    assert tries(throttle, "marie", "10.9.9.9", 6)[-1] > 0
    assert throttle.attempt("marie", "10.0.0.5", NOW) == 0


def test_at_a_known_desk_guesses_are_counted_as_well() -> None:
    throttle = SignInThrottle()
    throttle.succeeded("marie", "10.0.0.5")
    assert tries(throttle, "marie", "10.0.0.5", 6)[-1] > 0


def test_right_passwords_do_not_use_up_an_address() -> None:
    throttle = SignInThrottle()
    for number in range(3 * rule.TRIES_OF_AN_ADDRESS):
        assert throttle.attempt(f"name{number}", "10.0.0.5", NOW) == 0
        throttle.succeeded(f"name{number}", "10.0.0.5")


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    throttle = SignInThrottle()
    for number in range(rule.MOST_KEPT + 10):
        throttle.attempt(f"name{number}" + "x" * 100_000, f"10.{number}", NOW)
        throttle.succeeded(f"name{number}", f"10.{number}")
    assert len(throttle._counts) <= rule.MOST_KEPT
    assert len(throttle._known) <= rule.MOST_KEPT
