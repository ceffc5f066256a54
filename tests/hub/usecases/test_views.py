"""What read models say of themselves."""

from __future__ import annotations

from hub.domain.post import Post
from hub.usecases.views import PostView
from hub.wire.terms import PostStatus
from tests.fakes.hub_clock import START


def test_a_post_of_which_nothing_is_known_but_a_reservation_is_reserved_or_offline() -> None:
    view = PostView(Post("p01", "Post 1", START), START, lease=None, reserved=True)
    assert view.status(online=True) is PostStatus.RESERVED
    assert view.status(online=False) is PostStatus.OFFLINE
