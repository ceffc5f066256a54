"""A machine whose clock nobody sets."""

from __future__ import annotations

from hub.wire.messages import Finding


class FakeMachine:
    """A `Machine` that notes whether it was allowed to write."""

    def __init__(self) -> None:
        self.wrote: list[bool] = []

    async def look(self, *, write: bool) -> list[Finding]:
        self.wrote.append(write)
        clock = Finding("clock", ok=False, told="not set by the network", advice="see `timedatectl`")
        return [clock, Finding("journal", ok=True, told="/var/lib/poste-node")] if write else [clock]
