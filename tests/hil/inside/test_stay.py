"""A stay, from the key to the relay."""

from __future__ import annotations

import pytest
from evdev import InputDevice

from hub.wire.terms import DenyReason
from node.core.screen import Layout, Picture
from node.core.texts import FRENCH
from tests.hil.inside.conftest import IDLE, Post
from tests.hil.inside.patience import until


def test_a_code_typed_on_the_keypad_closes_the_relays_and_the_screen_shows_the_time(post: Post) -> None:
    issued = post.redeem(1500)
    shown = until(lambda: post.oled.time(1500, 1440), "the screen shows a time", every_s=0.1)
    until(lambda: post.oled.time(shown - 1, shown - 20), "it runs down", every_s=0.1)
    assert post.hub.session(issued)["status"] == "active"
    assert post.hub.post()["status"] == "occupied"

    post.end()
    until(lambda: post.hub.session(issued)["status"] == "suspended", "the hub has the settlement", every_s=0.2)
    assert post.hub.session(issued)["remaining_s"] > 1400


def test_an_idle_post_asks_for_a_code(post: Post) -> None:
    until(lambda: post.oled.shows(IDLE), "the screen asks for a code")


def test_a_wrong_code_closes_no_relay(post: Post) -> None:
    post.keypad.type("AAAAAA")
    title, *lines = FRENCH.denied[DenyReason.UNKNOWN_CODE]
    refusal = Picture(Layout.MESSAGE, title=title, lines=tuple(lines))
    until(lambda: post.oled.shows(refusal), "the screen says that nobody knows it")
    post.until_idle()
    assert post.power == (False, False)


def test_nobody_else_can_read_the_keypad(post: Post) -> None:
    other = InputDevice(post.keypad.path)
    with pytest.raises(OSError, match="busy"):
        other.grab()
    other.close()
