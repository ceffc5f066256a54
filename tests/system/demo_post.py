"""A simulated post of a running demo, by its page."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from time import monotonic

import aiohttp

from tests.system.looking import JSON, PATIENCE_S, until


@dataclass
class Post:
    """A post of the room, as somebody who stands before it."""

    id: str
    url: str
    http: aiohttp.ClientSession

    @property
    def name(self) -> str:
        """As the demo calls it."""
        return f"Poste {int(self.id[1:])}"

    async def keys(self, text: str) -> None:
        async with self.http.post(f"{self.url}/keys", json={"keys": text}) as answer:
            assert answer.status == 204, await answer.text()

    async def state(self) -> JSON:
        """Its status; empty while nobody answers at its address."""
        try:
            async with self.http.get(f"{self.url}/state") as answer:
                return dict(await answer.json())
        except (aiohttp.ClientError, TimeoutError):
            return {}

    async def until(self, holds: Callable[[JSON], object], what: str, *, within_s: float = PATIENCE_S) -> JSON:
        """Its state as soon as that holds."""

        async def look() -> JSON | None:
            now = await self.state()
            return now if now and holds(now) else None

        return await until(look, f"{self.id}: {what}", within_s=within_s)

    async def redeems(self, code: str) -> JSON:
        """Type a code; the state once it runs."""
        await self.keys(f"{code}\n")
        return await self.until(lambda now: now["phase"] == "running", "runs")

    async def until_free(self) -> None:
        """Ended, where somebody is there still."""
        if (await self.state())["lease_id"] is not None:
            await self.keys("{end}")
            await self.until(lambda now: now["lease_id"] is None, "is free again")

    async def lamps(self) -> AsyncGenerator[tuple[float, set[str]], None]:
        """Which relays are on, now and whenever the page hears of a change, and when that was."""
        async with self.http.get(f"{self.url}/live") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    relays = json.loads(line[6:])["relays"]
                    yield monotonic(), {name for name, relay in relays.items() if relay == "on"}

    async def power_cut(self) -> None:
        async with self.http.post(f"{self.url}/power-cut") as answer:
            assert answer.status == 204
