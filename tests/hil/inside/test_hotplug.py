"""Hardware that comes loose or hangs, and comes back."""

from __future__ import annotations

from collections.abc import Callable

from tests.hil.inside.conftest import IDLE, Post
from tests.hil.inside.devices import Keypad, other_device
from tests.hil.inside.patience import moment, until

AT_ONCE_S = 1.0


def test_a_keypad_unplugged_while_typing_works_again_under_another_number(post: Post) -> None:
    issued = post.hub.issue(600)
    post.keypad.press(*issued["code"][:3])
    until(lambda: post.hub.post()["phase"] == "entering", "it has been typed", every_s=0.2)
    number = post.keypad.path
    post.keypad.unplug()
    in_between = other_device()
    assert in_between.device.path == number, "something else took its number"
    until(lambda: "keypad_lost" in post.hub.incidents(), "the desk hears of it", every_s=0.2)
    post.until_idle()

    post.keypad = Keypad()
    assert post.keypad.path != number
    until(lambda: "keypad_back" in post.hub.incidents(), "it has been found again", every_s=0.2)
    in_between.close()
    post.keypad.type(issued["code"])
    post.until_on()
    post.end()


def test_a_display_that_comes_loose_is_told_and_comes_back_and_costs_no_power(post: Post) -> None:
    post.redeem(600)
    post.oled.unplug()
    try:
        until(lambda: "screen" in post.hub.post()["faults"], "the desk hears of it", every_s=0.2)
        assert post.power == (True, True)
    finally:
        post.oled.plug()
    until(lambda: not post.hub.post()["faults"], "it has been found again", every_s=0.2)
    assert until(lambda: post.oled.lit and post.oled.time(600, 540), "the screen shows a time", every_s=0.1)
    buses = [name for name in post.node.open_files() if name.startswith("/dev/i2c")]
    assert buses == ["/dev/i2c-1"], "every attempt gives back what it opened"
    post.end()


def test_a_display_that_hangs_holds_up_no_cut_and_shows_what_is_so_when_it_goes_on(
    post: Post, told: Callable[[str], None]
) -> None:
    post.redeem(600)
    post.oled.hang()
    try:
        until(lambda: "screen" in post.hub.post()["faults"], "the desk hears of it", every_s=0.2)
        assert post.power == (True, True)
        post.keypad.press("end")
        pressed = moment(lambda: True, "the key has been pressed")
        off = moment(lambda: post.power == (False, False), "both relays are off")
        told(f"with a display that hangs, the end key cuts within {off.before - pressed.after:.3f} s")
        assert off.after - pressed.before < AT_ONCE_S
    finally:
        post.oled.let_go()
    until(lambda: not post.hub.post()["faults"], "it goes on", every_s=0.2)
    until(lambda: post.oled.shows(IDLE), "it shows what has come meanwhile")
