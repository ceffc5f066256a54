"""What every Power does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.wire.terms import Relay
from node.core.events import Powered
from node.ports import Power
from tests.fakes.watch import PATIENCE_S

NAMES = ("display", "usb")
ON: Mapping[str, Relay] = dict.fromkeys(NAMES, Relay.ON)
OFF: Mapping[str, Relay] = dict.fromkeys(NAMES, Relay.OFF)


@dataclass
class PowerBench:
    """Relays called NAMES, without delays, and what each really is."""

    power: Power
    really: Callable[[], Mapping[str, Relay]]


class PowerSuite:
    """Off at first and in the end, and in between what the last word was."""

    def test_it_is_off_at_first(self, bench: PowerBench) -> None:
        assert bench.power.relays() == bench.really() == OFF

    def test_on_and_off_switch_all_relays(self, bench: PowerBench) -> None:
        bench.power.on()
        assert bench.power.relays() == bench.really() == ON
        bench.power.off()
        assert bench.power.relays() == bench.really() == OFF

    def test_the_same_word_twice_is_one_word(self, bench: PowerBench) -> None:
        bench.power.off()
        assert bench.really() == OFF
        bench.power.on()
        bench.power.on()
        assert bench.really() == ON

    def test_to_forget_a_user_is_no_matter_for_relays_that_only_switch(self, bench: PowerBench) -> None:
        bench.power.on()
        bench.power.forget()
        assert bench.power.relays() == bench.really() == ON

    def test_closing_is_off_and_nothing_comes_after_it(self, bench: PowerBench) -> None:
        bench.power.on()
        bench.power.close()
        assert bench.really() == OFF
        bench.power.close()

    async def test_each_word_of_on_is_answered_and_relays_that_follow_have_no_more_to_tell(
        self, bench: PowerBench
    ) -> None:
        events = bench.power.events()
        for _ in range(2):
            bench.power.on()
            async with asyncio.timeout(PATIENCE_S):
                assert isinstance(await anext(events), Powered)
        bench.power.off()
        telling = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        assert not telling.done()
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
