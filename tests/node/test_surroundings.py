"""What a post stands on: the suite of every Machine, on the fake and on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.main.surroundings import Surroundings
from tests.adapters.machine import MachineBench, MachineSuite
from tests.fakes.machine import FakeMachine


class TestMachine(MachineSuite):
    @pytest.fixture(params=["fake", "real"])
    def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> MachineBench:
        if request.param == "fake":
            machine = FakeMachine()
            return MachineBench(machine, lambda: any(machine.wrote))
        before = tmp_path.stat().st_mtime_ns
        return MachineBench(Surroundings(tmp_path), lambda: tmp_path.stat().st_mtime_ns != before)
