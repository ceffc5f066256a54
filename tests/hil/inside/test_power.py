"""What no relay may outlive: its time, and its node."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from time import monotonic

from hub.wire.terms import SLICE_S
from tests.hil.inside.conftest import Post
from tests.hil.inside.patience import moment, until
from tests.hil.room import GRACE_S

STAY_S = 12
"""More than one slice."""
LATE_S = 2.0
LEAST_S = 540
SLOW_S = 3.0
"""From the relays to the line that says that it is ready."""


def test_the_cut_comes_on_time_with_the_network_cable_out_and_a_display_that_hangs(
    post: Post, told: Callable[[str], None]
) -> None:
    issued = post.hub.issue(STAY_S)
    post.keypad.type(issued["code"])
    on = moment(lambda: post.display.high, "the display is powered")
    post.until_on()
    cable("down")
    post.oled.hang()
    off = moment(lambda: not post.display.high, "the display is off")
    post.until_off()
    post.oled.let_go()
    cable("up")
    paid_s = STAY_S + GRACE_S
    least_s, most_s = off.after - on.before - paid_s, off.before - on.after - paid_s
    told(f"the cut came {least_s:+.3f} to {most_s:+.3f} s after {STAY_S} s and {GRACE_S} s of grace")
    assert most_s >= 0, "it came early"
    assert most_s < LATE_S
    until(lambda: post.hub.session(issued)["status"] == "expired", "the hub has the settlement", every_s=0.2)


def test_kill_9_of_the_node_leaves_the_relays_off_and_its_time_to_the_patron(
    post: Post, told: Callable[[str], None]
) -> None:
    issued = post.redeem(600)
    on_at = monotonic()
    post.node.kill()
    killed_at = monotonic()
    assert post.power == (False, False), "the kernel frees a dead process's lines before it is gone"

    post.node.start()
    ready_at = monotonic()
    post.until_on()
    shown = until(lambda: post.oled.time(599, LEAST_S), "the screen shows the time that is left", every_s=0.1)
    powered_s = killed_at - on_at + monotonic() - ready_at
    lost_s = 600 - shown - powered_s
    told(f"kill -9: ready again after {ready_at - killed_at:.1f} s, with {lost_s:.1f} s lost")
    assert -1 < lost_s < SLICE_S + SLOW_S, "one slice is lost, and what has run before it was ready"
    assert post.hub.session(issued)["status"] == "active"
    post.end()


def cable(direction: str) -> None:
    """The network cable, out or in."""
    subprocess.run(("busybox", "ifconfig", "eth0", direction), check=True)
