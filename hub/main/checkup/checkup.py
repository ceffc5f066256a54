"""All looks in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hub.main.checkup import broker, machine, room
from hub.main.checkup.finding import Finding, fail
from hub.settings import Settings, SettingsError


async def check(load: Callable[[], Settings]) -> list[Finding]:
    """Every part of the hub that these settings describe; a part that rests on a broken one is left out."""
    try:
        settings = load()
    except SettingsError as error:
        return [fail("configuration", str(error), "docs/operating.md lists the keys")]
    runs = await asyncio.to_thread(machine.hub_runs, settings.data)
    found = await asyncio.to_thread(machine.look, settings, runs=runs)
    found += await broker.look(settings, runs=runs)
    return found + await room.look(settings, runs=runs)
