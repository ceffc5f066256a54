"""When a post has to be stepped next, though nothing happens to it."""

from __future__ import annotations

from collections.abc import Iterator

from hub.wire.terms import HubLink
from node.core.dialogue import IDLE_MS
from node.core.ledger import WRITE_AHEAD_MS, up_to_s
from node.core.request import REQUEST_TTL_MS, RESEND_MS
from node.core.state import Post
from node.core.tables import DialogueState, PowerState
from node.core.uplink import HELLO_REPEAT_MS, SETTLE_REPEAT_MS
from node.core.view import next_page_ms


def deadline(post: Post) -> int | None:
    """The ms at which a Tick is due at the latest; None when only an event can change anything.

    It holds for a post as the last step left it: what was due by then is done, so only the future counts.
    """
    if post.stopped:
        return None
    return min((at_ms for at_ms in _instants(post) if at_ms > post.at_ms), default=None)


def _instants(post: Post) -> Iterator[int]:
    yield from _of_power(post)
    yield from _of_dialogue(post)
    yield from _of_hub(post)
    yield post.blink_until_ms
    yield post.identify_until_ms
    if post.journal_down:
        yield post.journal_retry_ms


def _of_power(post: Post) -> Iterator[int]:
    if post.dark is not None:
        return
    if post.power in (PowerState.RUNNING, PowerState.STAFF):
        yield post.paid_until_ms - WRITE_AHEAD_MS
        yield post.paid_until_ms
    if post.power is PowerState.RUNNING:
        yield _next_second(post.paid_until_ms, post.at_ms)
    elif post.power is PowerState.GRACE:
        yield _next_second(post.grace_until_ms, post.at_ms)


def _of_dialogue(post: Post) -> Iterator[int]:
    yield post.key_at_ms + IDLE_MS
    if post.dialogue is DialogueState.LOCKED_OUT:
        yield _next_second(post.locked_until_ms, post.at_ms)
    if post.wait is not None:
        yield post.wait.sent_at_ms + RESEND_MS
        yield post.wait.since_ms + REQUEST_TTL_MS
    if post.flash is not None:
        yield post.flash.until_ms
    if post.notice is not None:
        yield post.notice.until_ms
        yield next_page_ms(post.notice, post.at_ms)


def _of_hub(post: Post) -> Iterator[int]:
    if post.link.state is not HubLink.OK:
        return
    if not post.link.greeted and post.link.hello_at_ms is not None:
        yield post.link.hello_at_ms + HELLO_REPEAT_MS
    if post.record.closed and post.settle_at_ms is not None:
        yield post.settle_at_ms + SETTLE_REPEAT_MS


def _next_second(until_ms: int, now_ms: int) -> int:
    """When a countdown to `until_ms` shows one second less."""
    return until_ms - (up_to_s(until_ms - now_ms) - 1) * 1000
