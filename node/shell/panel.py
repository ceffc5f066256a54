"""What the post shows and does beside its screen: the status LED, and the reset once a stay is over."""

from __future__ import annotations

from hub.wire.messages import PostReport
from hub.wire.terms import HubLink, Phase
from node.core.ledger import Record, left_s
from node.core.post import Post
from node.core.tables import PowerState
from node.ports import Lamp, Light, Power

_ON_A_LEASE = (PowerState.RUNNING, PowerState.GRACE, PowerState.SPENT)


def light(report: PostReport) -> Light:
    """What the LED says: quick blinking calls for help, and a dark one means that the node is dead."""
    if report.faults or report.phase is Phase.FAULT:
        return Light.FAST
    if report.phase is Phase.GRACE:
        return Light.SLOW
    if report.phase in {Phase.RUNNING, Phase.MAINTENANCE}:
        return Light.STEADY
    return Light.FLASH if report.hub_link is HubLink.OK else Light.FAST


class Panel:
    """Watches the post after each step.

    A stay is over when its lease, or the staff's grant, no longer stands behind the power: by the core's word, not
    by the relays, which may be cut for a moment in the midst of a stay.
    """

    def __init__(self, lamp: Lamp | None, power: Power) -> None:
        self._lamp, self._power = lamp, power
        self._stay: str | None = None

    def begin(self, record: Record) -> None:
        """What stood behind the power when the program last ended."""
        if record.lease is not None:
            self._stay = record.lease.lease_id
        elif record.grant is not None and left_s(record.grant):
            self._stay = record.grant.grant_id

    def see(self, post: Post, report: PostReport) -> None:
        """The post after a step, and its status."""
        stay = _stay(post)
        if self._stay is not None and stay != self._stay and not post.stopped:
            self._power.forget()
        self._stay = stay
        if self._lamp is not None:
            self._lamp.show(Light.FAST if post.identifying else light(report))


def _stay(post: Post) -> str | None:
    record = post.record
    if post.power in _ON_A_LEASE and record.lease is not None:
        return record.lease.lease_id
    if post.power is PowerState.STAFF and record.grant is not None:
        return record.grant.grant_id
    return None
