"""A post made of the real core and the real journal on disk, with power that is counted to the millisecond."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from hub.wire.messages import PostReport, Up
from hub.wire.terms import Language
from node.adapters.journal_file import JournalFile
from node.core.effects import Effect, PowerOff, PowerOn, Save, Send
from node.core.events import BrokerFound, BrokerLost, Event, Key, KeyPressed, Moment, Powered, SignTyped, Stopping, Tick
from node.core.ledger import Record
from node.core.post import Identity, Post, boot, deadline, report, step


class PowerCut(Exception):
    """The power goes while effects are carried out."""


class SimPost:
    """One post. `used_ms` is how long power was on for each lease: the truth that no code counts.

    `staff_ms`: the same for each grant, on this card. `grace_ms`: the longest grace allowed during a lease.
    `cuts`, `stops`: how often each lease was interrupted. `relay_ms`: how long the relays take to go on.
    """

    def __init__(
        self,
        post_id: str,
        folder: Path,
        *,
        now_ms: int,
        fresh_id: Callable[[], str],
        send: Callable[[str, Up | PostReport], None],
    ) -> None:
        self.post_id, self._folder, self._fresh_id, self._send = post_id, folder, fresh_id, send
        self.journal = JournalFile(folder)
        self.now_ms = now_ms
        self.linked = False
        self.powered = False
        self.relay_ms = 0
        self._lit_at_ms: int | None = None
        self.cut_in: int | None = None
        self.used_ms: Counter[str] = Counter()
        self.staff_ms: Counter[str] = Counter()
        self.grace_ms: Counter[str] = Counter()
        self.cuts: Counter[str] = Counter()
        self.stops: Counter[str] = Counter()
        self.closed: set[str] = set()
        self.post: Post
        self.start()

    def start(self) -> None:
        """Power is back: boot from the journal."""
        loaded = self.journal.load()
        record = loaded.record or Record(state_epoch=self._fresh_id())
        me = Identity(self._fresh_id(), "0.1.0", Language.EN)
        self.linked = False
        self.post, effects = boot(record, me, self._moment(), older=loaded.older)
        self._survive(effects)
        self._light()

    def new_card(self) -> None:
        """The card is replaced by an empty one: everything that the post knew is lost (R8)."""
        self.power_cut(restart=False)
        self.staff_ms.clear()
        for file in self._folder.iterdir():
            file.unlink()
        self.start()

    def handle(self, event: Event) -> bool:
        """Let something happen to the post; False when its power went meanwhile."""
        if isinstance(event, BrokerFound | BrokerLost):
            self.linked = isinstance(event, BrokerFound)
        before = report(self.post, self._moment())
        self.post, effects = step(self.post, event, self._moment())
        if not self._survive(effects):
            return False
        self._light()
        told = report(self.post, self._moment())
        if replace(told, remaining_s=0, debited_s=0) != replace(before, remaining_s=0, debited_s=0):
            self.tell()
        return True

    def tell(self) -> None:
        """Publish the status."""
        if self.linked:
            self._send(self.post_id, report(self.post, self._moment()))

    def type_code(self, code: str) -> None:
        """Type a code and confirm."""
        for sign in code:
            self.handle(SignTyped(sign))
        self.handle(KeyPressed(Key.CONFIRM))

    def power_cut(self, *, restart: bool = True) -> None:
        """The power goes now, and comes back."""
        held = self.journal.load().record
        if held is not None and held.lease is not None:
            self.cuts[held.lease.lease_id] += 1
        self.powered, self._lit_at_ms, self.cut_in, self.linked = False, None, None, False
        if restart:
            self.start()

    def restart(self) -> None:
        """An orderly stop of the program, and its next start."""
        if self.lease_id is not None:
            self.stops[self.lease_id] += 1
        if self.handle(Stopping()):
            assert not self.powered, "power after an orderly stop"
            self.start()

    def next_due(self) -> int | None:
        """When the core wants to be stepped."""
        return min((at for at in (deadline(self.post), self._lit_at_ms) if at is not None), default=None)

    def pass_to(self, now_ms: int) -> None:
        """Time goes on; whoever has power uses it."""
        if self.powered:
            if self.lease_id is not None:
                self.used_ms[self.lease_id] += now_ms - self.now_ms
                grace_ms = self.post.settings.grace_s * 1000
                self.grace_ms[self.lease_id] = max(self.grace_ms[self.lease_id], grace_ms)
            else:
                assert self.post.record.grant is not None, "I5: power without a lease or a grant"
                self.staff_ms[self.post.record.grant.grant_id] += now_ms - self.now_ms
        self.now_ms = now_ms
        self._light()
        due = deadline(self.post)
        if due is not None and due <= now_ms:
            self.handle(Tick())

    @property
    def lease_id(self) -> str | None:
        lease = self.post.record.lease
        return lease.lease_id if lease else None

    def _survive(self, effects: Iterable[Effect]) -> bool:
        try:
            for effect in effects:
                self._carry_out(effect)
        except PowerCut:
            self.power_cut()
            return False
        return True

    def _carry_out(self, effect: Effect) -> None:
        if self.cut_in is not None:
            if self.cut_in == 0:
                raise PowerCut
            self.cut_in -= 1
        match effect:
            case Save(record, twice):
                self._check_record(record)
                for _ in range(2 if twice else 1):
                    self.journal.save(record)
            case PowerOn():
                self._lit_at_ms = self.now_ms if self.powered else self.now_ms + self.relay_ms
            case PowerOff():
                self.powered, self._lit_at_ms = False, None
            case Send(message):
                if self.linked:
                    self._send(self.post_id, message)

    def _light(self) -> None:
        """The relays go on, when it is time."""
        if self._lit_at_ms is not None and self.now_ms >= self._lit_at_ms:
            self.powered, self._lit_at_ms = True, None
            self.handle(Powered(self.now_ms))

    def _check_record(self, record: Record) -> None:
        self.closed |= {past.lease_id for past in record.closed}
        assert record.lease is None or record.lease.lease_id not in self.closed, "I6: a closed lease opened again"

    def _moment(self) -> Moment:
        return Moment(self.now_ms, self._fresh_id())
