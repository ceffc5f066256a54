"""When relays move: staging, the supply's rest, the reset pulse, contacts that do not follow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.core.relays import (
    CHECK_MS,
    RelayRole,
    RelayRule,
    Relays,
    Switching,
    answered,
    at_rest,
    forgotten,
    next_ms,
    passed,
    sensed,
    switched_off,
    switched_on,
)

DISPLAY = RelayRule("display")
USB = RelayRule("usb", on_delay_ms=2_000, off_delay_ms=3_000)
PC = RelayRule("pc", min_off_ms=10_000)
RESET = RelayRule("reset", role=RelayRole.RESET, reset_after_ms=5_000, reset_pulse_ms=1_000)


def moves(relays: Relays, now_ms: int) -> tuple[Relays, list[tuple[int, str, bool]]]:
    """Let time pass to `now_ms` as an alarm would, and tell every move and when it came."""
    told: list[tuple[int, str, bool]] = []
    while relays.planned:
        at_ms = next_ms(relays, 0)
        assert at_ms is not None
        if at_ms > now_ms:
            break
        relays, due = passed(relays, at_ms)
        told += [(at_ms, step.name, step.on) for step in due]
    return relays, told


def test_at_rest_all_is_off_and_nothing_is_planned() -> None:
    relays = at_rest((DISPLAY, USB), 7)
    assert (relays.closed, relays.planned, next_ms(relays, 7)) == (frozenset(), (), None)


def test_on_and_off_go_in_the_order_listed_after_their_delays() -> None:
    relays, told = moves(switched_on(at_rest((DISPLAY, USB), 0), 100), 10_000)
    assert told == [(100, "display", True), (2_100, "usb", True)]
    relays, told = moves(switched_off(relays, 20_000), 30_000)
    assert told == [(20_000, "display", False), (23_000, "usb", False)]
    assert relays.closed == frozenset()


def test_the_same_word_again_changes_nothing() -> None:
    on = switched_on(at_rest((DISPLAY, USB), 0), 100)
    assert switched_on(on, 1_500) == on
    off = switched_off(on, 1_600)
    assert switched_off(off, 1_700) is off


def test_a_word_of_on_is_answered_once_when_the_first_relay_is_on() -> None:
    slow = replace(DISPLAY, on_delay_ms=1_000)
    relays = switched_on(at_rest((slow, USB), 0), 0)
    assert not answered(relays)[1]
    relays, told = answered(moves(relays, 1_000)[0])
    assert told
    assert not answered(relays)[1]
    assert answered(switched_on(relays, 1_500))[1]  # asked again: it is on already


def test_a_word_of_on_that_was_taken_back_is_not_answered() -> None:
    lasting = replace(DISPLAY, off_delay_ms=60_000)
    relays, _ = moves(switched_on(at_rest((lasting,), 0), 0), 1_000)
    relays = switched_off(relays, 1_000)
    assert relays.closed
    assert not answered(relays)[1]


def test_a_reset_relay_is_no_power() -> None:
    relays, _ = moves(switched_on(at_rest((replace(DISPLAY, on_delay_ms=60_000), RESET), 0), 0), 0)
    relays, _ = moves(forgotten(relays, 0), 5_500)
    assert relays.closed == {RESET.name}
    assert not answered(relays)[1]


def test_the_cut_wins_over_an_on_that_is_still_to_come() -> None:
    relays, _ = moves(switched_on(at_rest((DISPLAY, USB), 0), 0), 1_000)
    relays, told = moves(switched_off(relays, 1_000), 60_000)
    assert told == [(1_000, "display", False)]


def test_an_on_wins_over_an_off_that_is_still_to_come() -> None:
    relays, _ = moves(switched_on(at_rest((DISPLAY, USB), 0), 0), 5_000)
    relays, _ = moves(switched_off(relays, 6_000), 6_000)
    relays, told = moves(switched_on(relays, 7_000), 60_000)
    assert told == [(7_000, "display", True)]
    assert relays.closed == {"display", "usb"}


def test_an_on_waits_until_the_supply_has_rested_and_an_off_never_waits() -> None:
    relays, told = moves(switched_on(at_rest((PC,), 0), 1_000), 60_000)
    assert told == [(10_000, "pc", True)]  # nobody knows since when it had been off at the start
    relays, told = moves(switched_off(relays, 10_001), 60_000)
    assert told == [(10_001, "pc", False)]
    relays, told = moves(switched_on(relays, 12_000), 60_000)
    assert told == [(20_001, "pc", True)]
    relays, told = moves(switched_on(switched_off(relays, 90_000), 90_000), 99_999)
    assert (told, set(relays.closed)) == ([], {"pc"})  # it never went off: nothing to rest from


def test_a_relay_that_follows_one_that_rests_waits_with_it() -> None:
    _, told = moves(switched_on(at_rest((PC, USB), 0), 0), 60_000)
    assert told == [(10_000, "pc", True), (12_000, "usb", True)]


def test_a_reset_relay_obeys_no_word() -> None:
    relays, told = moves(switched_on(at_rest((DISPLAY, RESET), 0), 0), 60_000)
    assert told == [(0, "display", True)]
    _, told = moves(switched_off(relays, 60_000), 90_000)
    assert told == [(60_000, "display", False)]


def test_a_stay_that_is_over_is_forgotten_by_one_pulse_whatever_comes_then() -> None:
    relays, _ = moves(switched_on(at_rest((DISPLAY, RESET), 0), 0), 0)
    relays = forgotten(switched_off(relays, 10_000), 10_000)
    relays, told = moves(relays, 12_000)
    assert told == [(10_000, "display", False)]
    relays, told = moves(switched_on(relays, 12_000), 60_000)  # the next patron was quick
    assert told == [(12_000, "display", True), (15_000, "reset", True), (16_000, "reset", False)]


def test_a_stay_that_ends_in_a_pulse_gets_a_pulse_of_its_own() -> None:
    relays, told = moves(forgotten(at_rest((DISPLAY, RESET), 0), 0), 5_500)
    assert told == [(5_000, "reset", True)]
    _, told = moves(forgotten(relays, 5_500), 60_000)
    assert told == [(5_500, "reset", False), (10_500, "reset", True), (11_500, "reset", False)]


def test_a_stay_that_ends_before_a_pulse_puts_it_off() -> None:
    _, told = moves(forgotten(forgotten(at_rest((RESET,), 0), 0), 3_000), 60_000)
    assert told == [(8_000, "reset", True), (9_000, "reset", False)]


def test_what_comes_late_rests_no_shorter() -> None:
    relays, _ = passed(switched_on(at_rest((PC,), 0), 0), 30_000)
    relays, _ = passed(switched_off(relays, 40_000), 45_000)  # the alarm slept
    assert switched_on(relays, 46_000).planned == (Switching(55_000, "pc", on=True),)


FED_BACK = RelayRule("display", feedback=True, follow_ms=400)


def watched(relays: Relays, contact: bool, now_ms: int) -> Relays:
    return sensed(passed(relays, now_ms)[0], {"display": contact}, now_ms)


def test_a_contact_that_follows_in_time_is_no_fault() -> None:
    relays = watched(switched_on(at_rest((FED_BACK, USB), 0), 1_000), False, 1_000)
    assert (relays.faulty, next_ms(relays, 1_000)) == (frozenset(), 1_000 + CHECK_MS)
    relays = watched(relays, False, 1_250)
    assert (relays.faulty, next_ms(relays, 1_250)) == (frozenset(), 1_400)
    relays = watched(relays, True, 1_399)
    assert (relays.faulty, relays.differs_since_ms) == (frozenset(), {})


@pytest.mark.parametrize("on", [True, False])
def test_a_contact_that_does_not_follow_is_a_fault_until_it_does(on: bool) -> None:
    relays = at_rest((FED_BACK,), 0)
    if on:
        relays = switched_on(relays, 1_000)
    relays = watched(watched(relays, not on, 1_000), not on, 1_400)
    assert relays.faulty == {"display"}
    assert next_ms(relays, 1_400) == 1_400 + CHECK_MS
    assert watched(relays, not on, 1_401).faulty == {"display"}
    assert watched(relays, on, 1_500).faulty == frozenset()


def test_a_move_gives_a_contact_its_time_anew_but_does_not_mend_a_fault() -> None:
    relays = watched(at_rest((FED_BACK,), 0), True, 100)
    relays = watched(watched(switched_on(relays, 300), True, 300), False, 400)
    assert watched(relays, False, 799).faulty == frozenset()
    relays = watched(relays, False, 800)
    assert relays.faulty == {"display"}
    assert watched(switched_off(relays, 900), True, 901).faulty == {"display"}


WORDS = st.sampled_from((switched_on, switched_off, forgotten))


@given(st.lists(st.tuples(WORDS, st.integers(0, 8_000)), max_size=30))
def test_whatever_is_said_the_last_word_holds_and_the_supply_rests(words: list[tuple[object, int]]) -> None:
    relays, now_ms, off_since = at_rest((DISPLAY, USB, PC, RESET), 0), 0, 0
    for word, wait_ms in [*words, (switched_off, 60_000)]:
        assert callable(word)
        relays = word(relays, now_ms)
        now_ms += wait_ms
        relays, told = moves(relays, now_ms)
        if word is switched_off:
            assert not any(on for _, name, on in told if name != "reset")
        for at_ms, name, on in told:
            if name == "pc" and on:
                assert at_ms - off_since >= PC.min_off_ms
            elif name == "pc":
                off_since = at_ms
    assert (relays.closed, relays.planned) == (frozenset(), ())
