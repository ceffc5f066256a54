"""What a post stands on, beside its own parts: the wall clock and the journal's disk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from hub.wire.messages import Finding
from node.adapters import disk, machine
from node.shell import checkup


@dataclass(frozen=True, slots=True)
class Surroundings:
    """node.ports.Machine: this machine, and `folder` for the journal."""

    folder: Path
    simulated: bool = False

    async def look(self, *, write: bool) -> list[Finding]:
        findings = [checkup.clock(synced=machine.clock_synced(), simulated=self.simulated)]
        if write:
            found = await asyncio.to_thread(disk.look_at, self.folder)
            findings.append(checkup.disk(found.folder, found.error, free_mib=found.free_mib, sync_ms=found.sync_ms))
        return findings
