"""What every Machine does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from node.ports import Machine


@dataclass
class MachineBench:
    """A machine, and whether anything has been written on it by now."""

    machine: Machine
    written: Callable[[], bool]


class MachineSuite:
    """It says how its clock is, and looks at its disk only where it may write."""

    async def test_a_look_that_may_not_write_writes_nothing(self, bench: MachineBench) -> None:
        found = await bench.machine.look(write=False)
        assert [finding.what for finding in found] == ["clock"]
        assert not bench.written()

    async def test_a_look_that_may_write_tells_of_the_disk_too(self, bench: MachineBench) -> None:
        found = await bench.machine.look(write=True)
        assert [finding.what for finding in found] == ["clock", "journal"]
        assert bench.written()
        assert all(finding.advice for finding in found if not finding.ok)
