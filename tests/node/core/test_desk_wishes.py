"""What the desk wants of a post beside leases: that it shows where it is, looks at itself, and forgets a lock-out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.wire.messages import Identify, PostSettings, Redeem, SelfTest
from hub.wire.terms import DenyReason, Language, Phase
from node.core.effects import Examine
from node.core.events import FaultSeen, Key, KeypadBack, KeypadLost
from node.core.hub_messages import IDENTIFY_S
from node.core.screen import Layout
from tests.node.core.driver import CODE, PostUnderTest, sent, uid


def identifying(post: PostUnderTest) -> bool:
    return post.post.identifying


def lost(post: PostUnderTest) -> tuple[str, ...]:
    return post.post.keypads_lost


def test_a_free_post_says_where_it_is_and_blinks_for_a_while() -> None:
    post = PostUnderTest()
    assert post.hear(Identify(uid(1), 30)) == []
    assert identifying(post)
    assert post.picture().text() == ("I am here!", "The desk looks for", "this post.")
    assert post.picture().blink
    post.wait(29.999)
    assert post.picture().blink
    post.wait(0.001)
    assert not identifying(post)
    assert (post.text, post.picture().blink) == ("Type your code", False)


def test_it_says_so_in_the_houses_language() -> None:
    post = PostUnderTest()
    post.sync(settings=PostSettings(language=Language.FR))
    post.hear(Identify(uid(1), 30))
    assert post.text == "Je suis ici ! / L’accueil cherche / ce poste."


def test_during_a_stay_the_time_left_stays_to_be_read() -> None:
    post = PostUnderTest()
    post.run(600)
    before = post.picture()
    post.hear(Identify(uid(1), 30))
    assert post.picture() == replace(before, blink=True)
    post.wait(10)
    assert (post.picture().big, post.powered()) == ("9:50", True)


ACTS: list[tuple[Callable[[PostUnderTest], object], str]] = [
    (lambda post: post.type("K7"), "Your code"),
    (lambda post: post.ask(), "Checking…"),
    (lambda post: post.press(Key.HELP), "Desk called"),
]


@pytest.mark.parametrize(("act", "title"), ACTS, ids=[title for _, title in ACTS])
def test_whoever_uses_the_keypad_meanwhile_sees_what_they_do(
    act: Callable[[PostUnderTest], object], title: str
) -> None:
    post = PostUnderTest()
    post.hear(Identify(uid(1), 30))
    act(post)
    assert (post.picture().title, post.picture().blink) == (title, True)


def test_no_post_blinks_for_ever_and_0_s_ends_it() -> None:
    post = PostUnderTest()
    post.hear(Identify(uid(1), 2**31 - 1))
    post.wait(IDENTIFY_S - 1)
    assert identifying(post)
    post.wait(1)
    assert not identifying(post)
    post.hear(Identify(uid(1), 30))
    post.hear(Identify(uid(2), 0))
    assert not identifying(post)


@pytest.mark.parametrize("running", [False, True])
def test_a_self_test_is_left_to_the_shell_and_changes_nothing(running: bool) -> None:
    post = PostUnderTest()
    if running:
        post.run(600)
    before = post.post
    assert post.hear(SelfTest(uid(7))) == [Examine(uid(7))]
    assert (post.post, post.powered()) == (before, running)


def test_a_broken_journal_is_no_reason_not_to_be_found_or_examined() -> None:
    post = PostUnderTest()
    post.do(FaultSeen("journal"))
    assert post.report().phase is Phase.FAULT
    assert Examine(uid(7)) in post.hear(SelfTest(uid(7)))
    post.hear(Identify(uid(1), 30))
    assert post.picture().blink


def locked() -> PostUnderTest:
    post = PostUnderTest()
    post.ask()
    post.deny(DenyReason.LOCKED_OUT, 600)
    return post


def test_a_lock_out_that_the_desk_clears_is_over_at_once() -> None:
    post = locked()
    post.sync(locked_for_s=0)
    assert post.report().phase is Phase.IDLE
    assert post.picture().layout is Layout.MESSAGE
    assert post.text == "Type your code"
    assert isinstance(post.ask(), Redeem)


def test_a_post_that_was_started_anew_learns_of_its_lock_out() -> None:
    post = locked()
    post.power_cut()
    post.link_up()
    assert post.report().phase is Phase.IDLE
    post.sync(locked_for_s=540)
    assert (post.report().phase, post.report().retry_after_s) == (Phase.LOCKED_OUT, 540)
    post.type(CODE)
    assert post.picture().title == "Too many tries"
    post.wait(540)
    assert post.report().phase is Phase.IDLE


def test_an_older_hub_that_says_nothing_of_it_changes_nothing() -> None:
    post = locked()
    post.sync()
    assert (post.report().phase, post.report().retry_after_s) == (Phase.LOCKED_OUT, 600)


def test_a_lock_out_waits_until_what_was_begun_is_done() -> None:
    post = PostUnderTest()
    post.type("K7")
    post.sync(locked_for_s=60)
    assert post.report().phase is Phase.ENTERING
    post.wait(20)
    assert (post.report().phase, post.report().retry_after_s) == (Phase.LOCKED_OUT, 40)


def test_during_a_stay_a_lock_out_does_not_touch_the_power() -> None:
    post = PostUnderTest()
    post.run(600)
    assert sent(post.sync(locked_for_s=60), Redeem) == []
    assert (post.report().phase, post.powered()) == (Phase.RUNNING, True)


def test_keypads_that_are_not_there_are_known_by_name() -> None:
    post = PostUnderTest()
    post.do(KeypadLost("keypad"))
    assert lost(post) == ("keypad",)
    post.do(KeypadBack("Pad A"))
    assert lost(post) == ()
    for name in ("Pad A", "Pad B", "Pad A"):
        post.do(KeypadLost(name))
    assert lost(post) == ("Pad B", "Pad A")
    post.do(KeypadBack("Pad B"))
    assert lost(post) == ("Pad A",)
