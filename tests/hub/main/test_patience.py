"""What posts are told while the database is away: nothing, or that the hub is busy; never a decision."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from hub.main.patience import BUSY_AFTER_S, TRIES, Inbox
from hub.usecases.ports import Store, Transaction, Unavailable
from hub.usecases.presence import Presence
from hub.usecases.work import Room
from hub.wire.messages import Deny, Hello, PostReport, Redeem, Settle
from hub.wire.terms import DenyReason, SettleReason
from tests.fakes.feed import FakeFeed
from tests.fakes.hub_clock import FakeClock
from tests.fakes.mint import FakeMint
from tests.fakes.post_link import FakePostLink
from tests.support.room import HUB_EPOCH, new_id


class Away:
    """A store whose database is away."""

    def __init__(self) -> None:
        self.asked = 0

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        self.asked += 1
        raise Unavailable("away")


class Here:
    """What a test looks at: an inbox, its clock, what it sent and how long it slept."""

    def __init__(self) -> None:
        self.store, self.link = Away(), FakePostLink()
        store: Store = self.store
        room = Room(store, self.link, FakeClock(), FakeMint(), FakeFeed(), Presence(), HUB_EPOCH)
        self.now_s, self.slept_s = 1000.0, 0.0
        self.room = room
        self.inbox = Inbox(now=lambda: self.now_s, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds

    async def hears(self, message: Redeem | Settle | Hello | PostReport) -> None:
        with pytest.raises(Unavailable):
            await self.inbox.receive(self.room, "p01", message)


REDEEM = Redeem(new_id(), new_id(), None, code="K7M2QX")


async def test_a_short_outage_leaves_a_code_to_the_nodes_own_repeats() -> None:
    here = Here()
    await here.hears(REDEEM)
    here.now_s += BUSY_AFTER_S
    await here.hears(REDEEM)
    assert here.link.sent == []


async def test_an_outage_may_begin_with_what_is_routine() -> None:
    here = Here()
    with pytest.raises(Unavailable):
        await here.inbox.receive_routine(here.room, {"p01": PostReport(online=True)})
    here.now_s += BUSY_AFTER_S + 1
    await here.hears(REDEEM)
    assert len(here.link.sent) == 1


async def test_a_longer_one_is_told_as_busy() -> None:
    here = Here()
    await here.hears(REDEEM)
    here.now_s += BUSY_AFTER_S + 1
    other = replace(REDEEM, req_id=new_id())
    await here.hears(other)
    ((post_id, deny),) = here.link.sent
    assert post_id == "p01"
    assert isinstance(deny, Deny)
    assert (deny.req_id, deny.reason) == (other.req_id, DenyReason.HUB_BUSY)


async def test_a_settlement_is_neither_answered_nor_asked_again_here() -> None:
    here = Here()
    await here.hears(Settle(new_id(), 1, 60, 60, new_id(), SettleReason.EXPIRED))
    here.now_s += 60
    await here.hears(Settle(new_id(), 1, 60, 60, new_id(), SettleReason.EXPIRED))
    assert (here.link.sent, here.store.asked, here.slept_s) == ([], 2, 0)


async def test_a_greeting_is_tried_for_a_minute() -> None:
    here = Here()
    await here.hears(Hello(new_id(), new_id(), "0.1.0", (1, 1), (), "10.0.0.11"))
    assert (here.store.asked, here.slept_s) == (TRIES, TRIES - 1)
