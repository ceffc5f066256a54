"""Commands at a terminal, beside the running room: the board hears of them, the broker and the posts obey."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from tests.system.demo_room import DemoRoom, password_in
from tests.system.looking import JSON, PATIENCE_S, lets_in, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEARD_WITHIN_S = 5
"""The journal is looked at every second, and its newest two are left to whoever wrote them."""
APPLIED_WITHIN_S = 3


@asynccontextmanager
async def board(room: DemoRoom) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The board's live connection, after its snapshot."""
    async with room.http.ws_connect(f"{room.told['panel']}/api/v1/live", headers=room.headers) as live:
        assert (await live.receive_json(timeout=PATIENCE_S))["type"] == "snapshot"
        yield live


async def hears(live: aiohttp.ClientWebSocketResponse, holds: Callable[[JSON], bool]) -> JSON:
    """The next frame for which it holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds(frame := await live.receive_json()):
            pass
    return dict(frame)


async def test_a_code_from_the_terminal_shows_on_the_board_and_works(room: DemoRoom) -> None:
    post = room.posts["p01"]
    async with board(room) as live:
        found = re.match(r"(\S{6})  5 min  session (\S+)\n", await room.hub("session", "issue", "--minutes", "5"))
        began = monotonic()
        assert found
        code, session_id = found.groups()
        room.codes.append(code)
        entry = await hears(live, lambda told: told["type"] == "log" and told["data"]["session_id"] == session_id)
        assert entry["data"]["action"] == "code_issued"
        shown = await hears(live, lambda told: told["type"] == "session" and told["data"]["id"] == session_id)
        assert (shown["data"]["status"], shown["data"]["code"]) == ("pending", code)
        assert monotonic() - began < HEARD_WITHIN_S

        assert (await post.redeems(code))["total_s"] == 300
        said = await room.hub("session", "end", session_id[:13])
        began = monotonic()
        assert "its post is told" in said
        await post.until(lambda now: set(now["relays"].values()) == {"off"}, "gives it back", within_s=HEARD_WITHIN_S)
        over = await hears(
            live,
            lambda told: told["type"] == "session" and told["data"]["id"] == session_id and told["data"]["ended_at"],
        )
        assert (over["data"]["status"], over["data"]["code"]) == ("ended", None)
        assert monotonic() - began < HEARD_WITHIN_S


async def test_a_new_post_is_let_in_at_once_and_a_rotated_one_no_more(room: DemoRoom, tmp_path: Path) -> None:
    password = await room.new_post("p07", tmp_path / "node.toml")
    assert (tmp_path / "node.toml").stat().st_mode & 0o777 == 0o600
    await until(lambda: lets_in(room.account("p07", password)), "p07 is let in", within_s=APPLIED_WITHIN_S)

    await room.hub("post", "rotate", "p07", "--out", str(tmp_path / "new.toml"))
    fresh = password_in(tmp_path / "new.toml")
    await until(lambda: lets_in(room.account("p07", fresh)), "the new one works", within_s=APPLIED_WITHIN_S)
    assert not await lets_in(room.account("p07", password))
