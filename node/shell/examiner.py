"""The self-test that the desk asks for: a look at a post at work, which disturbs neither a stay nor the loop.

No relay is switched, and what the post knows of its own parts already is not tried again. The disk is only written to
while nobody's time runs, for a slow card must not hold up a debit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

from hub.wire.messages import Finding, Findings, Up
from hub.wire.terms import Relay
from node.core.state import JOURNAL_FAULT, Post
from node.core.tables import PowerState
from node.shell import checkup
from node.shell.display import FAULT as SCREEN_FAULT
from node.shell.parts import Ports

MOST = 16
_LONGEST = {"what": 64, "told": 100, "advice": 120}
"""So much fits into one message, whatever is found."""
_JOURNAL = "see `df -h` and the log: the card is full, read-only or dying"
_OTHER = "see the node's log: journalctl -u poste-node"


class Examiner:
    """Examines the post that `post` gives and sends what it finds; one test at a time, the newest wins."""

    def __init__(self, ports: Ports, post: Callable[[], Post], send: Callable[[Up], None]) -> None:
        self._ports, self._post, self._send = ports, post, send
        self._asked: asyncio.Queue[str] = asyncio.Queue()

    def begin(self, test_id: str) -> None:
        """Examine soon; returns at once."""
        while not self._asked.empty():
            self._asked.get_nowait()
        self._asked.put_nowait(test_id)

    async def run(self) -> None:
        """Answer each test that is asked for, without end."""
        while True:
            test_id = await self._asked.get()
            found = await self._look()
            found.sort(key=lambda finding: finding.ok)
            self._send(Findings(test_id, tuple(_short(finding) for finding in found[:MOST])))

    async def _look(self) -> list[Finding]:
        idle = self._post().power is PowerState.OFF
        around = await self._ports.machine.look(write=idle) if self._ports.machine is not None else []
        return [*parts(self._post(), self._ports.power.relays()), *around]


def parts(post: Post, relays: Mapping[str, Relay]) -> Iterator[Finding]:
    """What a post knows of its own parts."""
    for name, state in relays.items():
        follows = f"relay:{name}" not in post.faults
        told = state if follows else f"{state}, against the post's wish"
        yield Finding(f"relay {name}", follows, told, checkup.RELAY_ADVICE)
    lost = ", ".join(post.keypads_lost)
    yield Finding("keypad", not lost, f"not there: {lost}" if lost else "there", checkup.KEYPAD_ADVICE)
    shown = SCREEN_FAULT not in post.faults
    yield Finding("screen", shown, "takes pictures" if shown else "does not answer", checkup.SCREEN_ADVICE)
    if post.journal_down:
        yield Finding(JOURNAL_FAULT, ok=False, told="cannot be written", advice=_JOURNAL)
    for fault in set(post.faults) - {SCREEN_FAULT, JOURNAL_FAULT, *(f"relay:{name}" for name in relays)}:
        yield Finding(fault, ok=False, told="a fault", advice=_OTHER)


def _short(finding: Finding) -> Finding:
    """As it travels: no advice for what is well, and no more words than fit."""
    told = {name: getattr(finding, name)[:longest] for name, longest in _LONGEST.items()}
    return Finding(ok=finding.ok, **told | ({"advice": ""} if finding.ok else {}))
