"""What every Lamp does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from node.ports import Lamp, Light


@dataclass
class LampBench:
    """A status LED, and the eyes before it: whether it looks like that."""

    lamp: Lamp
    looks: Callable[[Light], bool]


class LampSuite:
    """It shines as it was last told."""

    def test_every_light_can_follow_every_other(self, bench: LampBench) -> None:
        for one, other in permutations(Light, 2):
            bench.lamp.show(one)
            bench.lamp.show(other)
            assert bench.looks(other), (one, other)

    def test_the_same_light_again_goes_on(self, bench: LampBench) -> None:
        for light in Light:
            bench.lamp.show(light)
            bench.lamp.show(light)
            assert bench.looks(light)
