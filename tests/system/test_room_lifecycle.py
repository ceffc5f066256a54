"""From the first start to the last Ctrl-C: what a second start finds, and what never stays behind."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from time import monotonic

from tests.system.demo_room import DemoRoom, demo_room
from tests.system.looking import command, processes_of, until


async def nothing_left(data: Path) -> None:
    """Return when no process of that room lives."""

    async def look() -> bool:
        return not processes_of(data)

    await until(look, "nothing of the room is left")


async def second_demo(data: Path, *, listen: str = "127.0.0.1:0") -> str:
    """Start a demo that must be refused; its one line."""
    status, out, err = await command("-m", "hub", "demo", "--json", "--listen", listen, "--data", str(data))
    assert (status, out, err.count("\n")) == (1, "", 1), err
    return err


async def same_room(room: DemoRoom, before: DemoRoom) -> None:
    """Accounts, posts, addresses and secrets are those of the first start."""
    assert {**room.told, "pids": {}} == {**before.told, "pids": {}}
    sign_in = {"username": room.told["username"], "password": room.told["password"]}
    assert (await room.api("POST", "/auth/token", sign_in))["operator"]["role"] == "admin"
    assert {post["id"] for post in (await room.api("GET", "/posts"))["items"]} == set(room.posts)


async def test_a_room_ends_with_ctrl_c_and_the_next_start_finds_it(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    async with demo_room(data, posts=2) as first:
        p01 = first.posts["p01"]
        stay, unused = await first.issue(600), await first.issue(300)
        await p01.redeems(stay["code"])
        assert "another demo runs in" in await second_demo(data)
        at, before = monotonic(), await p01.state()
        assert await first.end(signal.SIGINT) == 0
        assert processes_of(data) == {}
        assert first.memory["pids"] == {}
        assert (data / "demo.json").stat().st_mode & 0o777 == 0o600

    async with demo_room(data, posts=2) as second:
        await same_room(second, first)
        assert (await second.session(stay))["code"] == stay["code"]
        p01, p02 = second.posts["p01"], second.posts["p02"]
        resumed = await p01.until(lambda now: now["phase"] == "running", "has its stay again")
        assert resumed["lease_id"] == before["lease_id"]
        assert 0 <= before["remaining_s"] - resumed["remaining_s"] <= 2 + monotonic() - at
        fresh = await p02.redeems(unused["code"])
        assert fresh["total_s"] == 300
        second.process.kill()
        await second.process.wait()

    async with demo_room(data, posts=2) as third:  # killed, it lost nothing either, not even its ports
        await same_room(third, first)
        assert (await third.posts["p02"].state())["lease_id"] == fresh["lease_id"]
        third.process.kill()
        await nothing_left(data)


async def test_a_taken_port_is_named_with_its_option(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = await second_demo(tmp_path / "demo", listen=f"127.0.0.1:{port}")
    assert line.startswith(f"poste-hub: port {port} on 127.0.0.1 is taken: choose another with --listen")
