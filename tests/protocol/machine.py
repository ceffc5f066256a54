"""The search: anything that patrons, the desk, the network, power and processes can do, in any order."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.domain.session import OnEnd
from hub.usecases import recall
from hub.usecases.add_time import add_time
from hub.usecases.force_release import force_release
from hub.usecases.issue import IssueOrder
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.usecases.start_here import start_here
from node.core.events import Key, KeyPressed
from tests.protocol.invariants import check, check_quiet
from tests.protocol.world import DESK, World
from tests.support.databases import Place

POSTS = 3
any_post = st.integers(0, POSTS - 1)
any_index = st.integers(0, 50)
dies = st.sampled_from([None, None, None, "before", "after"])


class Room(RuleBasedStateMachine):
    """One room under attack. `template` is a migrated, empty database; `forcing` allows what the invariants exempt."""

    template: ClassVar[Place]
    forcing: ClassVar[bool] = True
    steps: ClassVar[int] = 0

    @initialize(durations=st.lists(st.integers(2, 45), min_size=2, max_size=4), linked=st.booleans())
    def open(self, durations: list[int], linked: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="poste-protocol-"))
        self.world = World(self.folder, self.template, POSTS)
        for seconds in durations:
            self.world.issue(IssueOrder(seconds))
        if linked:
            self.world.calm(1)

    # ------------------------------------------------------------------ patrons

    @rule(at=any_post, code=any_index)
    def type_code(self, at: int, code: int) -> None:
        issued = self.world.issued
        self.world.posts[at].type_code(issued[code % len(issued)].code)

    @rule(at=any_post, code=any_index)
    def begin_a_stay(self, at: int, code: int) -> None:
        """Type a code where all goes well."""
        self.world.connect(self.world.posts[at])
        self.type_code(at, code)
        self.deliver_in_order(len(self.world.net.packets) + 4)

    @rule(code=any_index)
    def one_code_at_every_post(self, code: int) -> None:
        issued = self.world.issued
        for post in self.world.posts:
            post.type_code(issued[code % len(issued)].code)

    @rule(at=any_post, key=st.sampled_from([Key.PAUSE, Key.END, Key.HELP]), cable_out=st.booleans())
    def press(self, at: int, key: Key, cable_out: bool) -> None:
        if cable_out:
            self.disconnect(at)
        self.world.posts[at].handle(KeyPressed(key))

    # ------------------------------------------------------------------ network

    @precondition(lambda self: self.world.net.packets)
    @rule(packet=any_index, dies=dies)
    def deliver(self, packet: int, dies: str | None) -> None:
        self.world.store.dies = dies
        self.world.deliver(self.world.net.take(packet))
        self.world.store.dies = None

    @precondition(lambda self: self.world.net.packets)
    @rule(most=st.integers(1, 12))
    def deliver_in_order(self, most: int) -> None:
        for _ in range(min(most, len(self.world.net.packets))):
            self.world.deliver(self.world.net.take(0))

    @precondition(lambda self: self.world.net.packets)
    @rule(packet=any_index)
    def repeat(self, packet: int) -> None:
        packets = self.world.net.packets
        packets.append(packets[packet % len(packets)])

    @precondition(lambda self: self.world.net.packets)
    @rule(packet=any_index)
    def lose(self, packet: int) -> None:
        self.world.net.take(packet)

    @rule(at=any_post)
    def connect(self, at: int) -> None:
        self.world.connect(self.world.posts[at])

    @rule(at=any_post)
    def disconnect(self, at: int) -> None:
        self.world.disconnect(self.world.posts[at])

    @rule(at=any_post)
    def tell(self, at: int) -> None:
        self.world.posts[at].tell()

    # ------------------------------------------------------------------ time, power, processes

    @rule(ms=st.integers(1, 15_000))
    def wait(self, ms: int) -> None:
        self.world.advance(ms)

    @rule(at=any_post)
    def power_cut(self, at: int) -> None:
        self.world.posts[at].power_cut()

    @rule(at=any_post, effects=st.integers(0, 3))
    def power_will_go(self, at: int, effects: int) -> None:
        self.world.posts[at].cut_in = effects

    @rule(at=any_post, ms=st.sampled_from([0, 1, 800, 12_000, 40_000]))
    def change_the_relays(self, at: int, ms: int) -> None:
        """From now on they take so long to go on."""
        self.world.posts[at].relay_ms = ms

    @rule(at=any_post)
    def restart_post(self, at: int) -> None:
        self.world.posts[at].restart()

    @rule()
    def restart_hub(self) -> None:
        self.world.restart_hub()

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    @rule(seconds=st.sampled_from([1, 10]))
    def calm(self, seconds: int) -> None:
        self.world.calm(seconds)

    # ------------------------------------------------------------------ the desk

    @rule(seconds=st.integers(1, 40), burn=st.booleans())
    def issue(self, seconds: int, burn: bool) -> None:
        self.world.issue(IssueOrder(seconds, on_end=OnEnd.BURN if burn else OnEnd.BANK))

    @rule(code=any_index, seconds=st.integers(1, 30), dies=dies)
    def add_time(self, code: int, seconds: int, dies: str | None) -> None:
        self.world.store.dies = dies
        self.world.desk(add_time, self._session(code), seconds, DESK)
        self.world.store.dies = None

    @rule(code=any_index, act=st.sampled_from([recall.suspend, recall.end, recall.undo]))
    def recall(self, code: int, act: object) -> None:
        self.world.desk(act, self._session(code), DESK)  # type: ignore[arg-type]

    @rule(code=any_index, to=any_post)
    def transfer(self, code: int, to: int) -> None:
        self.world.desk(recall.transfer, self._session(code), self.world.posts[to].post_id, DESK)

    @rule(at=any_post, seconds=st.integers(1, 30))
    def start_here(self, at: int, seconds: int) -> None:
        issued = self.world.desk(start_here, self.world.posts[at].post_id, seconds, DESK)
        if issued is not None:
            self.world.issued.append(issued)
            self.world.net.codes.append(issued.code)

    @rule(at=any_post, seconds=st.none() | st.integers(1, 30))
    def maintenance_on(self, at: int, seconds: int | None) -> None:
        until = None if seconds is None else self.world.clock.now() + timedelta(seconds=seconds)
        self.world.desk(maintenance_on, self.world.posts[at].post_id, DESK, until=until)

    @rule(at=any_post)
    def maintenance_off(self, at: int) -> None:
        self.world.desk(maintenance_off, self.world.posts[at].post_id, DESK)

    @precondition(lambda self: self.forcing)
    @rule(at=any_post, rarely=st.integers(0, 4))
    def force_release(self, at: int, rarely: int) -> None:
        if rarely == 0:
            self.world.desk(force_release, self.world.posts[at].post_id, "broken", DESK)

    @precondition(lambda self: self.forcing)
    @rule(at=any_post, rarely=st.integers(0, 4))
    def new_card(self, at: int, rarely: int) -> None:
        if rarely == 0:
            self.world.posts[at].new_card()

    # ------------------------------------------------------------------ what must hold

    def _session(self, code: int) -> str:
        return self.world.issued[code % len(self.world.issued)].session.id

    @invariant()
    def invariants_hold(self) -> None:
        type(self).steps += 1
        Room.steps += 1
        check(self.world)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self._settle_everything()
        finally:
            self.world.close()
            shutil.rmtree(self.folder)

    def _settle_everything(self) -> None:
        """The network heals and everybody goes home: every second has to be accounted for."""
        self.world.calm(15)
        for post in self.world.posts:
            self.world.desk(maintenance_off, post.post_id, DESK)
            post.handle(KeyPressed(Key.PAUSE))
        self.world.calm(25)
        check(self.world)
        check_quiet(self.world)
