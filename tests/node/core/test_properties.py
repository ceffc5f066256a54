"""Any sequence of events, power cuts, stalls and failing disks: what always holds (I1, I4, I5, I6, I7)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.wire.codec import encode
from hub.wire.messages import (
    Deny,
    Grant,
    HubReport,
    Identify,
    Lease,
    Notice,
    PostSettings,
    SelfTest,
    Settled,
    Start,
    Sync,
)
from hub.wire.terms import SLICE_S, DenyReason, Language, LeaseState, PowerReturn
from node.core.effects import Effect, Send
from node.core.events import (
    BrokerFound,
    BrokerLost,
    Event,
    FaultGone,
    FaultSeen,
    Key,
    KeypadBack,
    KeypadLost,
    KeyPressed,
    Received,
    SignTyped,
)
from node.core.ledger import OpenLease
from node.core.post import deadline
from node.core.tables import DialogueState, PowerState
from tests.node.core.driver import CODE, HUB_EPOCH, PostUnderTest, uid

LEASES = st.sampled_from([uid(1), uid(2), uid(3)])
WHEN = "2026-11-22T10:00:00Z"
SMALL = st.integers(0, 40)
POST_SETTINGS = st.builds(
    PostSettings,
    st.sampled_from(Language),
    st.just((20, 5)),
    st.sampled_from([0, 7, 60]),
    confirm_keys=st.booleans(),
    on_power_return=st.sampled_from(PowerReturn),
)

lease_told = st.builds(
    Lease,
    LEASES,
    st.integers(0, 4),
    SMALL,
    st.sampled_from([LeaseState.OPEN, LeaseState.OPEN, LeaseState.REVOKED]),
    st.sampled_from([None, "awaited", "awaited", uid(98)]),
    seconds_added=st.none() | SMALL,
)
sync = st.builds(
    Sync,
    st.just(HUB_EPOCH),
    st.just(WHEN),
    st.none() | lease_told,
    st.lists(LEASES, max_size=2).map(tuple),
    st.lists(LEASES, max_size=2).map(tuple),
    st.none() | st.none() | st.builds(Grant, st.sampled_from([uid(11), uid(12)]), SMALL),
    POST_SETTINGS,
    locked_for_s=st.none() | SMALL,
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Received, lease_told),
    st.builds(Received, sync),
    st.builds(Received, st.builds(Deny, st.just("awaited"), st.sampled_from(DenyReason), st.none() | SMALL)),
    st.builds(Received, st.builds(Settled, LEASES)),
    st.builds(Received, st.builds(Start, st.just(uid(21)), SMALL)),
    st.builds(Received, st.builds(Notice, st.just(uid(22)), st.text(max_size=70), SMALL)),
    st.builds(Received, st.builds(Identify, st.just(uid(24)), SMALL)),
    st.just(Received(SelfTest(uid(25)))),
    st.builds(Received, st.builds(HubReport, st.booleans(), st.sampled_from([HUB_EPOCH, uid(23)]))),
    st.builds(SignTyped, st.sampled_from("KQ70!")),
    st.builds(KeyPressed, st.sampled_from(Key)),
    st.sampled_from([KeypadLost("pad"), KeypadBack("pad"), BrokerFound(), BrokerLost()]),
    st.sampled_from([FaultSeen("screen"), FaultGone("screen"), FaultSeen("relay:usb")]),
)
pauses = st.sampled_from([0, 0.001, 0.4, 1, 3, 9, 15.2, 70])
acts = st.one_of(
    events,
    st.sampled_from(["ask", "ask", "answer", "cut", "restart", "break", "mend"]),
    st.tuples(st.sampled_from(["wait", "wait", "stall"]), pauses),
)


class Watched(PostUnderTest):
    """A post that checks, after every effect and every step, what must always hold."""

    def carry_out(self, effects: list[Effect]) -> bool:
        done = super().carry_out(effects)
        for effect in effects:
            if isinstance(effect, Send):
                assert encode(effect.message)
        if done and hasattr(self, "post"):
            self.check()
        return done

    def switch(self, *, on: bool) -> None:
        if on:
            lease, grant = self.disk.lease, self.disk.grant
            assert (lease is not None and lease.debited_s) or (grant is not None and grant.debited_s), "I5"
        super().switch(on=on)

    def check(self) -> None:
        """The invariants of a post between two steps."""
        post = self.post
        for account in (self.disk.lease, self.disk.grant, *self.disk.closed):
            assert account is None or 0 <= account.debited_s <= account.total_s, "debits within the total"
        assert (post.wait is not None) == (post.dialogue is DialogueState.CHECKING)
        leased = post.power in (PowerState.RUNNING, PowerState.GRACE, PowerState.SPENT)
        assert post.stopped or leased == (post.record.lease is not None)
        assert (post.dialogue is DialogueState.ENTERING) == bool(post.entry)
        assert CODE not in repr(post)
        told = self.report()
        assert encode(told)
        assert told.debited_s + told.remaining_s == told.total_s
        assert self.picture().text() or post.notice is not None
        due = deadline(post)
        assert due is None or due > post.at_ms


def act(post: Watched, what: object) -> None:  # noqa: C901 - a line for each thing that can happen
    """One thing that happens to a post."""
    match what:
        case "ask":
            post.type(CODE)
            post.do(KeyPressed(Key.CONFIRM))
        case "answer" if post.post.wait is not None:
            taken = {past.lease_id for past in post.post.record.closed}
            held = post.post.record.lease
            fresh = next(uid(n) for n in range(1, 99) if uid(n) not in taken)
            post.offer(25, lease_id=held.lease_id if held else fresh, rev=held.rev + 1 if held else 1)
        case "cut":
            post.power_cut()
        case "restart":
            post.stop()
            post.boot()
        case "break":
            post.broken_disk = True
        case "mend":
            post.broken_disk = False
        case ("wait", float(pause) | int(pause)):
            post.wait(pause)
        case ("stall", float(pause) | int(pause)):
            post.stall(pause)
        case Received(Lease() | Deny() as message) if message.req_id == "awaited":
            wait = post.post.wait
            post.hear(replace(message, req_id=wait.message.req_id if wait else uid(97)))
        case Received(Sync(lease=Lease(req_id="awaited") as lease) as message):
            wait = post.post.wait
            post.hear(replace(message, lease=replace(lease, req_id=wait.message.req_id if wait else None)))
        case str():
            pass
        case _:
            post.do(what)  # type: ignore[arg-type]


@given(st.lists(acts, max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_sequence_of_events_breaks_a_post(story: list[object], stop: bool) -> None:
    post = Watched()
    for what in story:
        act(post, what)
    if stop:
        post.broken_disk = False
        post.stop()
        assert not post.powered()


@given(
    st.integers(1, 90),
    st.sampled_from([0, 7]),
    st.lists(st.tuples(st.sampled_from(["wait", "stall", "cut", "stop"]), st.integers(0, 30_000)), max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_time_enjoyed_is_time_charged_but_for_a_slice_a_power_cut(
    total_s: int, grace_s: int, story: list[tuple[str, int]]
) -> None:
    post = Watched()
    post.sync(settings=PostSettings(Language.EN, grace_s=grace_s))
    post.run(total_s)
    cuts = stalled_ms = stops = 0
    for what, ms in story:
        if what == "wait":
            post.wait(ms / 1000)
        elif what == "stall":
            stalled_ms += ms
            post.stall(ms / 1000)
        elif what == "cut":
            cuts += 1
            post.power_cut()
        else:
            stops += 1
            post.stop()
            post.power_cut()
    post.press(Key.END)
    charged_s = total_s if post.disk.closed == () else post.disk.closed[0].debited_s
    enjoyed_ms = post.enjoyed_ms
    # A hung loop cannot switch off: what it overran beyond the total, and what a cut hid of it, is nobody's fault.
    assert enjoyed_ms <= charged_s * 1000 + grace_s * 1000 + stalled_ms
    assert charged_s * 1000 <= enjoyed_ms + cuts * SLICE_S * 1000 + (stops + 1) * 1000


@given(st.integers(1, 200), st.integers(0, 250_000))
@settings(max_examples=150, deadline=None)
def test_a_power_cut_loses_at_most_a_slice(total_s: int, after_ms: int) -> None:
    post = Watched()
    post.sync(settings=PostSettings(Language.EN, grace_s=0))
    post.run(total_s)
    post.wait(after_ms / 1000)
    durable = post.disk.lease or OpenLease(uid(1), 1, total_s, total_s)
    post.switch(on=False)
    assert 0 <= durable.debited_s * 1000 - post.enjoyed_ms <= SLICE_S * 1000
