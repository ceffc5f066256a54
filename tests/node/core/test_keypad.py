"""The keypad: typing, erasing, forgetting, and the keys with a meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.wire.messages import Incident, PostSettings, Redeem
from hub.wire.terms import DenyReason, IncidentKind, Language, Phase
from node.core.effects import Sound
from node.core.events import BrokerLost, Key, KeypadBack, KeypadLost, SignTyped
from tests.node.core.driver import CODE, ENGLISH, LEASE, PostUnderTest, beeps, only, sent


def test_signs_are_taken_in_capitals_and_only_those_of_a_code() -> None:
    post = PostUnderTest()
    post.type("k7 o0i1-é")
    post.do(SignTyped(""))
    post.do(SignTyped("KM"))
    assert post.picture().big == "K7"
    assert post.report().phase is Phase.ENTERING


def test_a_sign_that_looks_like_one_of_the_house_is_taken_as_that() -> None:
    post = PostUnderTest()
    post.sync(settings=replace(ENGLISH, code_signs="0123456789"))
    post.type("4oO lIB")
    assert post.picture().big == "40011"


def test_a_sign_that_is_taken_sounds() -> None:
    post = PostUnderTest()
    assert beeps(post.do(SignTyped("K"))) == [Sound.KEY]
    assert beeps(post.do(SignTyped("0"))) == []


def test_signs_beyond_the_length_of_a_code_are_ignored() -> None:
    post = PostUnderTest()
    post.type(CODE + "XYZ" * 300)
    assert post.picture().big == CODE


def test_erase_takes_the_last_sign_and_in_the_end_the_entry() -> None:
    post = PostUnderTest()
    post.type("K7")
    post.press(Key.ERASE)
    assert post.picture().big == "K"
    post.press(Key.ERASE)
    assert post.report().phase is Phase.IDLE
    assert post.press(Key.ERASE) == []


def test_an_entry_is_forgotten_twenty_seconds_after_the_last_key() -> None:
    post = PostUnderTest()
    post.type("K7")
    post.wait(15)
    post.type("M")
    post.wait(19.999)
    assert post.picture().big == "K7M"
    post.wait(0.001)
    assert post.report().phase is Phase.IDLE


def test_too_few_signs_are_not_sent_and_the_screen_says_how_many_are_missing() -> None:
    post = PostUnderTest()
    post.type("K7M2")
    assert post.press(Key.CONFIRM) == []
    assert "2 more signs" in post.text
    assert post.picture().blink
    post.wait(2)
    assert not post.picture().blink


def test_confirm_without_a_sign_does_nothing() -> None:
    post = PostUnderTest()
    assert post.press(Key.CONFIRM) == []
    assert post.report().phase is Phase.IDLE


def test_a_lost_keypad_takes_the_half_typed_code_with_it_and_is_told() -> None:
    post = PostUnderTest()
    post.type("K7")
    lost = post.do(KeypadLost("pad"))
    assert post.report().phase is Phase.IDLE
    back = post.do(KeypadBack("pad"))
    told = [only(sent(lost, Incident)), only(sent(back, Incident))]
    assert [(incident.kind, incident.detail) for incident in told] == [
        (IncidentKind.KEYPAD_LOST, "pad"),
        (IncidentKind.KEYPAD_BACK, "pad"),
    ]


def test_settings_that_are_no_matter_for_codes_leave_the_half_typed_one() -> None:
    post = PostUnderTest()
    post.type("K7M")
    post.sync(settings=replace(ENGLISH, idle_text="Welcome", grace_s=7))
    assert post.post.entry == "K7M"


def test_other_settings_clear_the_half_typed_code() -> None:
    post = PostUnderTest()
    post.type("K7")
    post.sync(settings=replace(ENGLISH, code_length=8))
    assert post.report().phase is Phase.IDLE
    post.type("K7M2QX")
    assert "2 more signs" in post.text


def test_balance_shows_the_time_left_for_five_seconds() -> None:
    post = PostUnderTest()
    post.run(600)
    post.press(Key.BALANCE)
    assert post.text.startswith("Your balance / 10:00")
    post.wait(5)
    assert post.text.startswith("Time left / 9:55")


def test_help_calls_the_desk_at_most_once_in_ten_seconds() -> None:
    post = PostUnderTest()
    assert only(sent(post.press(Key.HELP), Incident)).kind is IncidentKind.HELP
    assert "Desk called" in post.text
    post.wait(9)
    assert "Desk called" not in post.text
    assert sent(post.press(Key.HELP), Incident) == []
    assert "Desk called" in post.text
    post.wait(1)
    assert len(sent(post.press(Key.HELP), Incident)) == 1


def test_help_without_a_desk_says_so_and_is_not_kept_for_later() -> None:
    post = PostUnderTest()
    post.do(BrokerLost())
    post.press(Key.HELP)
    assert "Desk out of reach" in post.text
    assert sent(post.link_up(), Incident) == []


def test_the_language_key_goes_there_and_back() -> None:
    post = PostUnderTest()
    post.press(Key.LANGUAGE)
    assert post.text == "Tapez votre code"
    post.press(Key.LANGUAGE)
    assert post.text == "Type your code"


def test_a_language_chosen_at_an_idle_post_is_forgotten_with_the_entry() -> None:
    post = PostUnderTest()
    post.press(Key.LANGUAGE)
    post.type("K7")
    post.wait(20)
    assert post.text == "Type your code"


def test_a_stay_keeps_its_language_to_the_end() -> None:
    post = PostUnderTest()
    post.press(Key.LANGUAGE)
    post.run(600)
    post.wait(100)
    assert post.text.startswith("Temps restant")
    post.press(Key.END)
    assert post.text.startswith("Stay ended")


def test_the_language_is_the_nodes_until_the_hub_has_spoken() -> None:
    post = PostUnderTest(record=replace(PostUnderTest().disk, settings=PostSettings()), linked=False)
    assert post.language() is Language.EN
    post.link_up()
    assert post.language() is Language.FR


def test_a_second_code_is_typed_over_the_clock_and_forgotten_again() -> None:
    post = PostUnderTest()
    post.run(600)
    post.type("AB")
    assert post.picture().big == "AB"
    assert post.report().phase is Phase.RUNNING
    post.wait(20)
    assert post.text.startswith("Time left")


def test_ending_a_stay_drops_what_was_typed() -> None:
    post = PostUnderTest()
    post.run(600)
    post.type("AB")
    post.press(Key.END)
    assert post.report().phase is Phase.IDLE


def lock_out(post: PostUnderTest, retry_after_s: int | None = 30) -> None:
    """One guess too many."""
    post.ask()
    post.deny(DenyReason.LOCKED_OUT, retry_after_s)


def test_a_lock_out_takes_no_sign_until_it_is_over() -> None:
    post = PostUnderTest()
    lock_out(post)
    assert (post.report().phase, post.report().retry_after_s) == (Phase.LOCKED_OUT, 30)
    post.wait(10)
    assert post.text.startswith("Too many tries / 0:20")
    post.type(CODE)
    assert post.press(Key.CONFIRM) == []
    assert post.text.startswith("Too many tries / 0:20")
    post.wait(19.999)
    assert post.report().retry_after_s == 1
    post.wait(0.001)
    assert (post.report().phase, post.report().retry_after_s) == (Phase.IDLE, 0)
    assert post.text == "Type your code"


def test_a_lock_out_without_a_figure_lasts_thirty_seconds() -> None:
    post = PostUnderTest()
    lock_out(post, None)
    assert post.report().retry_after_s == 30


def test_during_a_stay_a_lock_out_leaves_the_clock_to_be_seen() -> None:
    post = PostUnderTest()
    post.run(600)
    lock_out(post)
    post.wait(6)
    assert post.text.startswith("Time left")
    post.type("A")
    assert post.text.startswith("Too many tries / 0:24")


@pytest.mark.parametrize("reason", [reason for reason in DenyReason if reason is not DenyReason.LOCKED_OUT])
def test_no_other_refusal_locks_out(reason: DenyReason) -> None:
    post = PostUnderTest()
    post.ask()
    post.deny(reason, retry_after_s=30)
    assert post.report().phase is Phase.IDLE
    post.type("K")
    assert post.report().phase is Phase.ENTERING


def test_the_start_of_the_desk_goes_through_a_lock_out() -> None:
    post = PostUnderTest()
    lock_out(post, 300)
    assert only(sent(post.start(), Redeem)).start_id is not None
    post.offer(60)
    assert post.report().phase is Phase.RUNNING
    post.press(Key.END)
    assert post.report().phase is Phase.IDLE


def test_a_lock_out_goes_on_when_that_start_is_denied() -> None:
    post = PostUnderTest()
    lock_out(post, 300)
    post.start()
    post.deny(DenyReason.CLOSED)
    assert post.report().phase is Phase.LOCKED_OUT


def test_a_top_up_uses_the_lease_that_is_powered() -> None:
    post = PostUnderTest()
    assert post.ask().lease_id is None
    post.offer(600)
    assert post.ask("ABCDEF").lease_id == LEASE
