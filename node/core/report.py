"""What a post tells of itself in its retained status."""

from __future__ import annotations

from hub.wire.messages import PostReport
from hub.wire.terms import Phase
from node.core.events import Moment
from node.core.ledger import up_to_s
from node.core.state import Post
from node.core.tables import DialogueState, PowerState
from node.core.uplink import remaining_s, told_debit_s

_TALKING = {
    DialogueState.IDLE: Phase.IDLE,
    DialogueState.ENTERING: Phase.ENTERING,
    DialogueState.CHECKING: Phase.CHECKING,
    DialogueState.LOCKED_OUT: Phase.LOCKED_OUT,
}


def report(post: Post, moment: Moment) -> PostReport:
    """The status message, but for relays, uptime and `seq`, which the shell fills in.

    `debited_s` is `total_s - remaining_s`, the seconds enjoyed, for the hub never charges less than it was told (R23).
    """
    lease = post.record.lease
    grace, locked = post.power is PowerState.GRACE, post.dialogue is DialogueState.LOCKED_OUT
    return PostReport(
        online=True,
        phase=phase(post),
        lease_id=lease.lease_id if lease else None,
        rev=lease.rev if lease else 0,
        total_s=lease.total_s if lease else 0,
        debited_s=told_debit_s(post, moment.ms),
        remaining_s=remaining_s(post, moment.ms),
        grace_left_s=up_to_s(post.grace_until_ms - moment.ms) if grace else 0,
        retry_after_s=up_to_s(post.locked_until_ms - moment.ms) if locked else 0,
        faults=post.faults,
        hub_link=post.link.state,
        boot_id=post.me.boot_id,
        state_epoch=post.record.state_epoch,
        version=post.me.version,
    )


def phase(post: Post) -> Phase:
    """What the post is doing, in one word; power goes before everything that is said at the keypad."""
    if post.power is PowerState.RUNNING:
        return Phase.RUNNING
    dark = post.power is PowerState.SPENT and post.journal_down
    if post.power in (PowerState.GRACE, PowerState.SPENT) and not dark:
        return Phase.GRACE
    if post.maintenance:
        return Phase.MAINTENANCE
    return Phase.FAULT if post.journal_down else _TALKING[post.dialogue]
