"""A post under test: it steps events, carries effects out as the shell would, and lets time pass by its deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from hub.wire.messages import (
    Deny,
    Down,
    Grant,
    HubReport,
    Lease,
    PostReport,
    PostSettings,
    Redeem,
    Settle,
    Settled,
    Start,
    Sync,
)
from hub.wire.terms import DenyReason, Language, LeaseState
from node.core.effects import Beep, Effect, PowerOff, PowerOn, Save, Send, Sound
from node.core.events import (
    BrokerFound,
    Event,
    FaultGone,
    FaultSeen,
    Key,
    KeyPressed,
    Moment,
    Powered,
    Received,
    SignTyped,
    Stopping,
    Tick,
)
from node.core.ledger import Record
from node.core.post import Identity, boot, deadline, picture, report, step
from node.core.screen import Picture

M = TypeVar("M")

START_MS = 1_000_000


def uid(number: int) -> str:
    """A UUID that a reader of a failing test can tell from others."""
    return str(UUID(int=number))


EPOCH, HUB_EPOCH, BOOT = uid(0xE0), uid(0x4B), uid(0xB0)
LEASE, OTHER_LEASE = uid(0x1EA5E), uid(0x1EA5F)
GRANT, OTHER_GRANT = uid(0x64A7), uid(0x64A8)
ME = Identity(BOOT, "0.1.0", Language.EN, ip="10.0.0.11", hardware={"model": "test"})
ENGLISH = PostSettings(language=Language.EN)
CODE = "K7M2QX"


@dataclass
class PostUnderTest:
    """A post, its time, its disk and its relays. `broken_disk`: every save fails, as the shell would see it.

    `slow_relays`: they close when the test says `close_relays`.
    """

    record: Record = field(default_factory=lambda: Record(EPOCH, settings=ENGLISH))
    older: bool = False
    now: int = START_MS
    linked: bool = True
    broken_disk: bool = False
    slow_relays: bool = False
    log: list[Effect] = field(default_factory=list)
    on_since: int = 0
    enjoyed_ms: int = 0

    def __post_init__(self) -> None:
        self.disk = self.record
        self._ids = 0
        self._on = self._asked = False
        self.boot(older=self.older)
        if self.linked:
            self.link_up()

    # --- the shell's part

    def boot(self, *, older: bool = False) -> list[Effect]:
        """Start (again) from what is on the disk."""
        self.switch(on=False)
        self.post, effects = boot(self.disk, ME, self.moment(), older=older)
        if not self.carry_out(effects):
            self.post, effects = boot(self.disk, ME, self.moment(), older=older, journal_down=True)
            assert self.carry_out(effects)
        if not self.slow_relays:
            self.close_relays()
        return effects

    def moment(self) -> Moment:
        """Now, with a fresh id."""
        self._ids += 1
        return Moment(self.now, uid(0xF0000000 + self._ids))

    def do(self, event: Event) -> list[Effect]:
        """Step one event; returns the effects that were carried out."""
        before, first = self.post, len(self.log)
        self.post, effects = step(before, event, self.moment())
        if not self.carry_out(effects):
            self.post, effects = step(before, FaultSeen("journal"), self.moment())
            assert not any(isinstance(effect, Save) for effect in effects)
            assert self.carry_out(effects)
        elif self.post.journal_down and any(isinstance(effect, Save) for effect in effects):
            self.do(FaultGone("journal"))
        if not self.slow_relays:
            self.close_relays()
        return self.log[first:]

    def close_relays(self) -> None:
        """What was asked for is done: the relays are on."""
        if self._asked:
            self._asked = False
            self.switch(on=True)
            self.do(Powered(self.now))

    def carry_out(self, effects: list[Effect]) -> bool:
        """Carry effects out in order; False when a save fails, and then no further one is."""
        for effect in effects:
            if isinstance(effect, Save) and self.broken_disk:
                return False
            self.log.append(effect)
            match effect:
                case Save(record):
                    self.disk = record
                case PowerOn():
                    self._asked = True
                case PowerOff():
                    self._asked = False
                    self.switch(on=False)
                case _:
                    pass
        return True

    def switch(self, *, on: bool) -> None:
        """The relays; `enjoyed_ms` counts how long they have been on."""
        if self._on:
            self.enjoyed_ms += self.now - self.on_since
        self._on, self.on_since = on, self.now

    # --- time

    def wait(self, seconds: float) -> list[Effect]:
        """Let time pass, with a tick at each deadline of the post; the effects of all of them."""
        until, first = self.now + round(seconds * 1000), len(self.log)
        while (due := deadline(self.post)) is not None and due <= until:
            assert due > self.now, "a deadline is in the future"
            self.now = due
            self.do(Tick())
        self.now = until
        return self.log[first:]

    def stall(self, seconds: float) -> list[Effect]:
        """Let time pass without a tick, as when the loop hangs, then tick once."""
        self.now += round(seconds * 1000)
        return self.do(Tick())

    def power_cut(self, off_s: float = 60) -> list[Effect]:
        """Die without clean-up, and start again from the disk."""
        self.switch(on=False)
        self.now += round(off_s * 1000)
        return self.boot()

    # --- the patron's part

    def type(self, signs: str) -> None:
        """Type signs."""
        for sign in signs:
            self.do(SignTyped(sign))

    def press(self, key: Key) -> list[Effect]:
        """Press a key with a meaning."""
        return self.do(KeyPressed(key))

    def ask(self, code: str = CODE) -> Redeem:
        """Type a code and confirm it; the request that was sent."""
        self.type(code)
        return only(sent(self.press(Key.CONFIRM), Redeem))

    # --- the hub's part

    def link_up(self, hub_epoch: str = HUB_EPOCH) -> list[Effect]:
        """The broker, then the hub, and its answer to the hello."""
        first = len(self.log)
        self.do(BrokerFound())
        self.hear(HubReport(True, hub_epoch))
        self.sync()
        return self.log[first:]

    def hear(self, message: Down | HubReport) -> list[Effect]:
        """A message from the hub."""
        return self.do(Received(message))

    def sync(
        self,
        *,
        lease: Lease | None = None,
        revoked: tuple[str, ...] = (),
        settled: tuple[str, ...] = (),
        maintenance: Grant | None = None,
        settings: PostSettings | None = None,
        locked_for_s: int | None = None,
    ) -> list[Effect]:
        """A sync that changes nothing but what is said."""
        told = settings or self.post.settings
        when = "2026-11-22T10:00:00Z"
        return self.hear(Sync(HUB_EPOCH, when, lease, revoked, settled, maintenance, told, locked_for_s=locked_for_s))

    def settle(self, lease_id: str = LEASE) -> list[Effect]:
        """The hub confirms a settlement."""
        return self.hear(Settled(lease_id))

    def start(self, ttl_s: int = 15) -> list[Effect]:
        """The desk's "start here"."""
        return self.hear(Start(uid(0x57), ttl_s))

    def offer(self, total_s: int, lease_id: str = LEASE, rev: int = 1, **fields: object) -> list[Effect]:
        """A lease for the request that is awaited."""
        assert self.post.wait is not None
        told = Lease(lease_id, rev, total_s, LeaseState.OPEN, self.post.wait.message.req_id)
        return self.hear(replace(told, **fields))  # type: ignore[arg-type]

    def change(self, total_s: int, rev: int, state: LeaseState = LeaseState.OPEN) -> list[Effect]:
        """The open lease, told again with other numbers."""
        return self.hear(Lease(LEASE, rev, total_s, state))

    def deny(self, reason: DenyReason, retry_after_s: int | None = None, detail: str | None = None) -> list[Effect]:
        """The awaited request is denied."""
        assert self.post.wait is not None
        return self.hear(Deny(self.post.wait.message.req_id, reason, retry_after_s, detail))

    def run(self, total_s: int) -> list[Effect]:
        """From a code to a running lease."""
        self.ask()
        return self.offer(total_s)

    # --- looking

    def picture(self) -> Picture:
        """What the screen shows now."""
        return picture(self.post, self.moment())

    @property
    def text(self) -> str:
        """What the screen says now, in one string."""
        return " / ".join(self.picture().text())

    def report(self) -> PostReport:
        """What the post reports now."""
        return report(self.post, self.moment())

    def language(self) -> Language:
        """What the screen speaks now."""
        return self.post.speaks

    def powered(self) -> bool:
        """Whether the relays are on."""
        return self._on

    def stop(self) -> list[Effect]:
        """The program is asked to end."""
        return self.do(Stopping())


def saves(effects: list[Effect]) -> list[Record]:
    """The records that were saved."""
    return [effect.record for effect in effects if isinstance(effect, Save)]


def sent(effects: list[Effect], kind: type[M]) -> list[M]:
    """The messages of a kind that were sent."""
    return [effect.message for effect in effects if isinstance(effect, Send) and isinstance(effect.message, kind)]


def beeps(effects: list[Effect]) -> list[Sound]:
    """What the buzzer said."""
    return [effect.sound for effect in effects if isinstance(effect, Beep)]


def kinds(effects: list[Effect]) -> list[str]:
    """The effects' names, in order."""
    return [type(effect).__name__ for effect in effects]


def only(found: Sequence[M]) -> M:
    """The one element."""
    assert len(found) == 1, f"one expected, {len(found)} found"
    return found[0]


def settles(effects: list[Effect]) -> list[Settle]:
    """The settlements that were sent."""
    return sent(effects, Settle)
