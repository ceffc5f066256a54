"""Pause and End ask once more on the screen, where the house wants it, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.wire.messages import Incident, Redeem
from hub.wire.terms import Language, LeaseState, Phase, SettleReason
from node.core.events import Key, KeypadLost, SignTyped
from node.core.state import Say
from node.core.texts import TEXTS
from tests.node.core.driver import CODE, ENGLISH, PostUnderTest, only, sent, settles

ASKING = replace(ENGLISH, confirm_keys=True)
QUESTION = {Key.PAUSE: TEXTS[Language.EN].said[Say.PAUSE_AGAIN], Key.END: TEXTS[Language.EN].said[Say.END_AGAIN]}
REASONS = {Key.PAUSE: SettleReason.PAUSED_HERE, Key.END: SettleReason.ENDED_HERE}
LEAVING = pytest.mark.parametrize("key", [Key.PAUSE, Key.END])


def running(seconds: int = 600) -> PostUnderTest:
    """A stay at a post that asks before it ends one."""
    post = PostUnderTest()
    post.sync(settings=ASKING)
    post.run(seconds)
    return post


@LEAVING
def test_a_house_that_does_not_ask_has_it_done_at_one_press(key: Key) -> None:
    post = PostUnderTest()
    post.run(600)
    assert only(settles(post.press(key))).reason is REASONS[key]


@LEAVING
def test_the_first_press_only_asks_on_the_screen(key: Key) -> None:
    post = running()
    assert post.press(key) == []
    assert post.picture().text() == QUESTION[key]
    assert post.report().phase is Phase.RUNNING


@LEAVING
@pytest.mark.parametrize("after_s", [0, 4.999])
def test_the_same_key_again_does_it(key: Key, after_s: float) -> None:
    post = running()
    post.press(key)
    post.wait(after_s)
    assert only(settles(post.press(key))).reason is REASONS[key]
    assert not post.powered()


@LEAVING
def test_confirm_does_it_too_and_sends_no_code_that_was_half_typed(key: Key) -> None:
    post = running()
    post.type(CODE)
    post.press(key)
    effects = post.press(Key.CONFIRM)
    assert only(settles(effects)).reason is REASONS[key]
    assert sent(effects, Redeem) == []
    assert post.post.entry == ""


@LEAVING
def test_five_seconds_later_the_question_is_gone_and_is_asked_anew(key: Key) -> None:
    post = running()
    post.press(key)
    post.wait(5)
    assert post.text.startswith("Time left")
    assert post.press(Key.CONFIRM) == []
    assert post.press(key) == []
    assert post.picture().text() == QUESTION[key]


@LEAVING
@pytest.mark.parametrize("other", ["K", "!", Key.ERASE, Key.BALANCE, Key.LANGUAGE, Key.HELP])
def test_any_other_key_cancels(key: Key, other: str | Key) -> None:
    post = running()
    post.press(key)
    if isinstance(other, Key):
        post.press(other)
    else:
        post.do(SignTyped(other))
    assert post.picture().text() != QUESTION[key]
    assert settles(post.press(Key.CONFIRM)) == []
    assert settles(post.press(key)) == []
    assert post.powered()


def test_the_other_of_the_two_asks_its_own_question() -> None:
    post = running()
    post.press(Key.PAUSE)
    assert post.press(Key.END) == []
    assert post.picture().text() == QUESTION[Key.END]
    assert only(settles(post.press(Key.END))).reason is SettleReason.ENDED_HERE


def test_erase_says_no_and_leaves_what_was_typed() -> None:
    post = running()
    post.type("K7")
    post.press(Key.END)
    post.press(Key.ERASE)
    assert post.picture().big == "K7"


def test_a_key_that_cancels_does_what_it_does() -> None:
    post = running()
    post.press(Key.PAUSE)
    post.type("K")
    assert post.picture().big == "K"
    post.press(Key.PAUSE)
    assert len(sent(post.press(Key.HELP), Incident)) == 1


def test_a_keypad_that_is_unplugged_takes_its_question_along() -> None:
    post = running()
    post.press(Key.END)
    post.do(KeypadLost("pad"))
    assert post.text.startswith("Time left")


def test_a_question_does_not_outlive_the_stay_that_it_was_about() -> None:
    post = running()
    post.press(Key.END)
    post.change(600, rev=2, state=LeaseState.REVOKED)
    assert post.text.startswith("Stay closed")
    assert post.press(Key.END) == []


def test_a_yes_that_comes_when_the_power_has_gone_does_nothing() -> None:
    post = running(60)
    post.wait(115)  # in grace, of which 5 s are left
    post.ask()
    post.wait(4.9)
    post.press(Key.END)
    post.wait(0.1)
    assert not post.powered()
    assert settles(post.press(Key.END)) == []


@pytest.mark.parametrize("broken_first", [True, False])
def test_a_journal_that_cannot_take_the_end_says_so(broken_first: bool) -> None:
    post = running()
    if not broken_first:
        post.press(Key.END)
    post.broken_disk = True
    post.wait(8)  # a debit fails
    post.press(Key.END)
    assert post.text.startswith("Out of order")
    assert settles(post.press(Key.END)) == []


def test_an_end_that_could_not_be_written_can_be_pressed_again() -> None:
    post = running()
    post.press(Key.END)
    post.broken_disk = True
    assert post.press(Key.END) != []
    assert post.powered()
    assert post.report().faults == ("journal",)


def test_in_grace_it_asks_as_well() -> None:
    post = running(60)
    post.wait(70)
    assert post.press(Key.PAUSE) == []
    assert only(settles(post.press(Key.PAUSE))).debited_s == 60


@LEAVING
def test_nothing_is_asked_where_nothing_runs(key: Key) -> None:
    post = PostUnderTest()
    post.sync(settings=ASKING)
    shown = post.text
    assert post.press(key) == []
    assert post.text == shown


def test_the_question_is_asked_in_the_language_of_the_screen() -> None:
    post = running()
    post.press(Key.LANGUAGE)
    post.press(Key.PAUSE)
    assert post.picture().text() == TEXTS[Language.FR].said[Say.PAUSE_AGAIN]
