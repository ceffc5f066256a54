"""The rule behind locked sign-ins, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.usecases.accounts import throttle as rule
from hub.usecases.accounts.throttle import SignInThrottle

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def tries(throttle: SignInThrottle, name: str, address: str, count: int, at: datetime = NOW) -> list[int]:
    return [throttle.attempt(name, address, at) for _ in range(count)]


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_name_has_five_tries() -> None:
    assert tries(SignInThrottle(), "marie", "10.0.0.1", 7) == [0, 0, 0, 0, 0, 30, 30]


def test_an_address_has_twenty_tries_whatever_the_names() -> None:
    throttle = SignInThrottle()
    waits = [throttle.attempt(f"name{number}", "10.0.0.1", NOW) for number in range(22)]
    assert waits == [0] * 20 + [30, 30]
    assert throttle.attempt("name0", "10.0.0.2", NOW) == 0


def test_the_wait_is_told_in_whole_seconds_rounded_up() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 5)
    waits = [throttle.attempt("marie", "10.0.0.1", after(seconds)) for seconds in (0.5, 1, 29, 29.999)]
    assert waits == [30, 29, 1, 1]
    assert throttle.attempt("marie", "10.0.0.1", after(30)) == 0


def test_what_waits_is_not_counted() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 5)
    tries(throttle, "marie", "10.0.0.1", 100)
    assert throttle.attempt("nobody", "10.0.0.1", NOW) == 0
    assert throttle.attempt("marie", "10.0.0.1", after(30)) == 0
    assert throttle.attempt("marie", "10.0.0.1", after(30)) == 60


def test_the_longer_of_two_waits_is_told() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.2", 5)
    for number in range(20):
        throttle.attempt(f"name{number}", "10.0.0.1", after(10))
    assert throttle.attempt("marie", "10.0.0.2", after(10)) == 20
    assert throttle.attempt("marie", "10.0.0.1", after(10)) == 30


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
    assert tries(throttle, "marie", "10.0.0.2", 5, after(rule.FORGET_S)) == [0] * 5


def test_a_moment_before_that_nothing_is_forgotten() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 4)
    assert tries(throttle, "marie", "10.0.0.2", 2, after(rule.FORGET_S - 1)) == [0, 30]


def test_the_quiet_begins_when_the_lock_out_ends() -> None:
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 5)
    assert tries(throttle, "marie", "10.0.0.2", 2, after(rule.FORGET_S + 29)) == [0, 60]
    throttle = SignInThrottle()
    tries(throttle, "marie", "10.0.0.1", 5)
    assert tries(throttle, "marie", "10.0.0.2", 6, after(rule.FORGET_S + 30)) == [0, 0, 0, 0, 0, 30]


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


def test_a_right_password_does_not_forgive_an_address_its_guesses_at_others() -> None:
    throttle = SignInThrottle()
    for number in range(19):
        throttle.attempt(f"name{number}", "10.0.0.1", NOW)
    throttle.attempt("mallory", "10.0.0.1", NOW)
    throttle.succeeded("mallory", "10.0.0.1")
    assert throttle.attempt("marie", "10.0.0.1", after(30)) == 0
    assert throttle.attempt("marie", "10.0.0.1", after(30)) > 0


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    throttle = SignInThrottle()
    for number in range(rule.MOST_KEPT + 10):
        throttle.attempt(f"name{number}" + "x" * 100_000, f"10.{number}", NOW)
        throttle.succeeded(f"name{number}", f"10.{number}")
    assert len(throttle._counts) <= rule.MOST_KEPT
    assert len(throttle._known) <= rule.MOST_KEPT
