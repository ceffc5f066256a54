"""A look at each part of a post through its own port: does it answer, and what to do when it does not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import aclosing
from pathlib import Path
from typing import cast

from hub.wire.messages import Finding, HubReport
from hub.wire.terms import Relay
from node.core.events import BrokerFound, KeypadLost, Received
from node.core.screen import Picture
from node.ports import Clock, HubLink, Keypad, Power, Screen, ScreenError

KEYPAD_MS = 1_500
SCREEN_MS = 4_000
BROKER_MS = 8_000
HUB_MS = 3_000
LEAST_FREE_MIB = 16
SLOWEST_SYNC_MS = 500.0
"""A debit is written a second before it is needed."""
_LOOK_MS = 20

KEYPAD_ADVICE = "plug it in; see [keypad] match in node.toml and `grep Name /proc/bus/input/devices`"
RELAY_ADVICE = "look at the relay's supply, its pin and its feedback_pin in node.toml"
SCREEN_ADVICE = "look at its four wires, and at [screen] bus and address: `i2cdetect -y 1` lists what answers"


def clock(*, synced: bool, simulated: bool) -> Finding:
    """The wall clock, which a simulated post does not mind."""
    told = "set by the network" if synced else "not set by the network"
    advice = "the post counts without it, but dates in its log may be wrong: see `timedatectl`"
    return Finding("clock", ok=synced or simulated, told=told, advice=advice)


def disk(folder: Path, error: str, *, free_mib: int, sync_ms: float) -> Finding:
    """The journal's disk, by what was found there; `error`: why nothing could be written, or empty."""
    if error:
        advice = "see [journal] folder in node.toml, who owns it, and `df -h`"
        return Finding("journal", ok=False, told=f"{folder}: {error}", advice=advice)
    told = f"{folder}: {free_mib} MiB free, {sync_ms:.1f} ms a durable write"
    if free_mib < LEAST_FREE_MIB:
        return Finding("journal", ok=False, told=told, advice="make room: without it no code is taken")
    slow = sync_ms > SLOWEST_SYNC_MS
    return Finding("journal", ok=not slow, told=told, advice="this card is too slow, or dying: take another one")


async def relays(
    power: Power, time: Clock, *, switch: bool, patience_ms: int, resets: Collection[str] = ()
) -> list[Finding]:
    """Each relay: off as it should be; with `switch` also on and off again, by its feedback where there is one.

    `patience_ms`: the longest that staged relays may take. `resets`: those that are pulsed once a stay is over, and
    not by "on": they are looked at only, for nobody's PC is to be reset by a check.
    """
    if not switch:
        told = "off; switched only with --relays"
        return [
            Finding(f"relay {name}", state is Relay.OFF, told if state is Relay.OFF else "on", _STUCK)
            for name, state in power.relays().items()
        ]
    power.on()
    closed = await _all(power, time, Relay.ON, patience_ms, resets)
    power.off()
    opened = await _all(power, time, Relay.OFF, patience_ms)
    return [
        Finding(f"relay {name}", name in opened, "off; a reset relay is not tried" if name in opened else "on", _STUCK)
        if name in resets
        else _switched(name, on=name in closed, off=name in opened)
        for name in power.relays()
    ]


_STUCK = "it is on though nothing asked for it: its contact is stuck, or active_high is the wrong way round"


def _switched(name: str, *, on: bool, off: bool) -> Finding:
    if not off:
        return Finding(f"relay {name}", ok=False, told="does not go off", advice=_STUCK)
    if not on:
        return Finding(f"relay {name}", ok=False, told="does not go on", advice=RELAY_ADVICE)
    return Finding(f"relay {name}", ok=True, told="went on and off")


async def _all(power: Power, time: Clock, state: Relay, patience_ms: int, but: Collection[str] = ()) -> set[str]:
    """The relays that came to a state, once all `but` those did or the patience is over."""
    end_ms = time.now_ms() + patience_ms
    while True:
        told = power.relays()
        there = {name for name, now in told.items() if now is state}
        if there >= told.keys() - set(but) or time.now_ms() >= end_ms:
            return there
        await time.wait_until(time.now_ms() + _LOOK_MS)


async def keypad(port: Keypad, time: Clock) -> Finding:
    """A keypad that is not there says so at once; one that is there says nothing until a key is pressed."""
    async with aclosing(cast("_Closing", port.events())) as events:
        event = await _within(time, KEYPAD_MS, anext(events))
    if isinstance(event, KeypadLost):
        return Finding("keypad", ok=False, told="not found, or held by another program", advice=KEYPAD_ADVICE)
    return Finding("keypad", ok=True, told="found")


async def screen(port: Screen, time: Clock, picture: Picture) -> Finding:
    """Show a picture; a bus that hangs is left to itself."""
    try:
        shown = await _within(time, SCREEN_MS, _in_thread(lambda: port.show(picture)))
    except ScreenError as error:
        return Finding("screen", ok=False, told=str(error), advice=SCREEN_ADVICE)
    if shown is None:
        return Finding("screen", ok=False, told="the bus hangs", advice="take the OLED's power away for a moment")
    return Finding("screen", ok=True, told="took a picture")


async def broker(link: HubLink, time: Clock) -> list[Finding]:
    """Connect with the post's own account and wait for the hub's retained status."""
    async with aclosing(cast("_Closing", link.events())) as events:
        if await _within(time, BROKER_MS, _first(events, lambda event: isinstance(event, BrokerFound))) is None:
            advice = "the line above says why; see [hub] host, port, ca and password in node.toml"
            return [Finding("broker", ok=False, told="cannot be used with this account", advice=advice)]
        online = await _within(time, HUB_MS, _first(events, _is_hub))
    found = Finding("broker", ok=True, told="takes this account")
    if online is None:
        return [
            found,
            Finding("hub", ok=False, told="not there", advice="start the hub; a running stay goes on meanwhile"),
        ]
    return [found, Finding("hub", ok=True, told="online")]


def _is_hub(event: object) -> bool:
    return isinstance(event, Received) and isinstance(event.message, HubReport) and event.message.online


class _Closing(AsyncIterator[object]):
    """What the ports' iterators are: generators, which can be closed."""

    async def aclose(self) -> None: ...


async def _first(events: AsyncIterator[object], holds: Callable[[object], bool]) -> object:
    async for event in events:
        if holds(event):
            return event
    return None


async def _within(time: Clock, ms: int, work: Awaitable[object]) -> object:
    """What the work gives, or None when it takes longer."""
    working = asyncio.ensure_future(work)
    patience = asyncio.ensure_future(time.wait_until(time.now_ms() + ms))
    try:
        await asyncio.wait({working, patience}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        return None
    finally:
        patience.cancel()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


def _in_thread(job: Callable[[], None]) -> asyncio.Future[bool]:
    """A job on a thread that does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(True)
        else:
            done.set_exception(error)

    def work() -> None:
        error: Exception | None = None
        try:
            job()
        except Exception as caught:  # noqa: BLE001 - handed to whoever waits for the future
            error = caught
        if not loop.is_closed():  # else nobody waits any more
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=work, name="screen check", daemon=True).start()
    return done
