"""The node's ends, in order and in a loop. They come last, for they leave no post that works."""

from __future__ import annotations

from node.adapters.crash_file import LIMIT
from node.core.screen import Layout, Picture
from node.core.texts import FRENCH
from tests.hil.inside.conftest import Post
from tests.hil.inside.patience import until

OUT_OF_ORDER = Picture(Layout.MESSAGE, title=FRENCH.out_of_order[0], lines=FRENCH.out_of_order[1:])


def test_an_orderly_stop_in_a_stay_leaves_all_off_and_one_that_keeps_dying_comes_up_without_power(post: Post) -> None:
    issued = post.redeem(600)
    assert post.node.stop() == 0
    assert post.power == (False, False), "off before it is gone"
    assert not post.oled.lit
    until(lambda: post.hub.post()["status"] == "offline", "the hub has heard its goodbye", every_s=0.2)

    post.node.has_crashed(LIMIT)
    post.node.start()
    until(lambda: post.oled.shows(OUT_OF_ORDER), "the screen says that it is out of order")
    until(lambda: "journal" in post.hub.post()["faults"], "the desk hears of it", every_s=0.2)
    assert post.power == (False, False)
    assert post.hub.session(issued)["status"] == "active", "its time waits for the patron"
