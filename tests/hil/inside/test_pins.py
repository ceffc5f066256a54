"""What hangs on the pins beside the relays' coils: feedback, buzzer, LED, button, and the reset of the PC."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest

from tests.hil.inside.conftest import Post
from tests.hil.inside.patience import moment, until
from tests.hil.room import RESET_AFTER_S, RESET_PULSE_S, USB_DELAY_S

LATE_S = 2.0
"""The machine is slow."""


@pytest.fixture
def contact_mended(post: Post) -> Iterator[None]:
    yield
    post.contact.stuck = None


def test_usb_follows_the_display_and_the_button_ends_it_all_and_has_the_pc_reset(post: Post) -> None:
    issued = post.hub.issue(600)
    post.keypad.type(issued["code"])
    display = moment(lambda: post.display.high, "the display is powered")
    usb = moment(lambda: post.usb.high, "USB is powered")
    assert usb.before - display.after >= USB_DELAY_S
    assert usb.after - display.before < USB_DELAY_S + LATE_S
    assert not post.pc.high

    post.button.pull(high=False)
    off = moment(lambda: not post.display.high, "the display is off")
    post.button.pull(high=True)
    post.until_off()
    pulse = moment(lambda: post.pc.high, "the PC is being reset")
    over = moment(lambda: not post.pc.high, "that is over")
    assert pulse.before - off.after >= RESET_AFTER_S
    assert RESET_PULSE_S - LATE_S < over.before - pulse.after < RESET_PULSE_S + LATE_S
    until(lambda: post.hub.session(issued)["status"] == "suspended", "the hub has the settlement", every_s=0.2)
    post.until_idle()


def test_a_sign_sounds_and_the_led_flashes_at_an_idle_post(post: Post) -> None:
    until(lambda: not post.buzzer.high, "the sound of the last end is over")
    post.keypad.press("A")
    until(lambda: post.buzzer.high, "it sounds")
    until(lambda: not post.buzzer.high, "and is silent again")
    post.keypad.press("erase")
    until(lambda: post.led.high, "the LED flashes")
    until(lambda: not post.led.high, "and is dark again")


@pytest.mark.usefixtures("contact_mended")
def test_a_contact_that_does_not_follow_is_a_fault_until_it_does(post: Post) -> None:
    def faulty() -> bool:
        return "relay:display" in post.hub.post()["faults"]

    post.contact.stuck = False
    post.keypad.type(post.hub.issue(600)["code"])
    until(faulty, "the desk hears that it does not close", every_s=0.2)
    assert post.power == (True, True), "a contact that tells nothing is no reason to cut a stay"
    assert "relay_mismatch" in post.hub.incidents()
    assert _blinks(post), "the LED asks for somebody"
    post.contact.stuck = None
    until(lambda: not faulty(), "it follows again", every_s=0.2)
    until(lambda: not _blinks(post), "the LED is steady")
    post.end()

    post.contact.stuck = True
    until(faulty, "the desk hears that it does not open", every_s=0.2)
    assert post.power == (False, False)
    post.contact.stuck = None
    until(lambda: not faulty(), "it follows again", every_s=0.2)


def _blinks(post: Post) -> bool:
    """Whether the LED changes within a second."""
    first, end = post.led.high, monotonic() + 1
    while monotonic() < end:
        if post.led.high is not first:
            return True
    return False
