from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import stat
import sys
from pathlib import Path

import pytest

from hub.adapters.mqtt.broker import BrokerError, ManagedBroker
from hub.adapters.mqtt.ports import accepts, is_loopback
from hub.wire.messages import PostReport
from hub.wire.topics import topic
from tests.support.mosquitto import PATIENCE_S, Room, next_message, publish, room, subscribed, until, until_lets_in

REPOSITORY = Path(__file__).parents[4]


def _proc(pid: int | None, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


async def test_it_says_where_it_listens_and_both_ports_answer(two_posts: Room) -> None:
    assert two_posts.broker.posts_address != two_posts.broker.hub_address
    assert await accepts(two_posts.broker.posts_address)
    assert await accepts(two_posts.broker.hub_address)


async def test_its_files_are_its_owners_alone(two_posts: Room, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("mosquitto.conf", "posts.passwords", "hub.passwords", "posts.acl", "hub.acl"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
        assert "-password" not in (folder / name).read_text()


async def test_no_secret_is_in_its_command_line(two_posts: Room) -> None:
    assert b"-password" not in _proc(two_posts.broker.pid, "cmdline")


async def test_it_may_open_more_files_than_a_thousand_posts_need(two_posts: Room) -> None:
    limits = _proc(two_posts.broker.pid, "limits").decode()
    line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    soft, hard = line.split()[3:5]
    assert int(soft) == min(int(hard), 65_536)


async def test_a_torn_certificate_is_made_anew_and_a_torn_authority_is_told(tmp_path: Path) -> None:
    broker = ManagedBroker(tmp_path, posts_listen=("127.0.0.1", 0), posts_tls=True)
    await broker.start()
    await broker.stop()
    (tmp_path / "server.pem").write_bytes(b"")
    await broker.start()
    await broker.stop()
    for name in ("server.pem", "ca.pem"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(BrokerError, match=r"ca\.pem or ca\.key beside it is damaged: restore both from a backup"):
        await broker.start()


async def test_a_taken_port_is_named_with_its_option(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        broker = ManagedBroker(tmp_path, posts_listen=("127.0.0.1", port))
        with pytest.raises(
            BrokerError, match=rf"port {port} on 127\.0\.0\.1 is taken: choose another with --mqtt-listen"
        ):
            await broker.start()
    await broker.start()
    await broker.stop()


async def test_a_host_that_is_not_here_is_named(tmp_path: Path) -> None:
    broker = ManagedBroker(tmp_path, posts_listen=("192.0.2.1", 0))
    with pytest.raises(BrokerError, match=r"cannot listen on 192\.0\.2\.1"):
        await broker.start()


async def test_a_missing_mosquitto_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "setpriv").symlink_to(shutil.which("setpriv") or "/usr/bin/setpriv")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hub.adapters.mqtt.broker.SBIN", ())
    with pytest.raises(BrokerError, match="mosquitto is not installed: sudo apt install mosquitto"):
        await ManagedBroker(tmp_path / "data", posts_listen=("127.0.0.1", 0)).start()


async def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokerError, match="cannot use"):
        await ManagedBroker(tmp_path / "file" / "broker", posts_listen=("127.0.0.1", 0)).start()


async def test_two_hubs_do_not_share_a_folder(two_posts: Room, tmp_path: Path) -> None:
    second = ManagedBroker(tmp_path / "broker", posts_listen=("127.0.0.1", 0))
    with pytest.raises(BrokerError, match="another hub runs its broker"):
        await second.start()
    assert await accepts(two_posts.broker.posts_address)


async def test_stopping_frees_the_ports_and_can_be_repeated(two_posts: Room, tmp_path: Path) -> None:
    addresses = two_posts.broker.posts_address, two_posts.broker.hub_address
    await two_posts.broker.stop()
    await two_posts.broker.stop()
    assert [await accepts(address) for address in addresses] == [False, False]
    assert two_posts.broker.pid is None
    assert not (tmp_path / "broker" / "mosquitto.pid").exists()


async def test_killed_it_is_noticed_and_started_again_on_its_ports_without_its_store(
    two_posts: Room, tmp_path: Path
) -> None:
    addresses = two_posts.broker.posts_address, two_posts.broker.hub_address
    assert two_posts.broker.pid is not None
    os.kill(two_posts.broker.pid, signal.SIGKILL)
    assert await asyncio.wait_for(two_posts.broker.wait(), PATIENCE_S) == -signal.SIGKILL
    (tmp_path / "broker" / "mosquitto.db").unlink(missing_ok=True)
    await two_posts.broker.start()
    assert (two_posts.broker.posts_address, two_posts.broker.hub_address) == addresses
    async with two_posts.client("p01"), two_posts.client("hub"):
        pass


async def test_what_is_retained_outlives_an_orderly_restart(two_posts: Room) -> None:
    async with two_posts.client("p01") as p01:
        await publish(p01, topic(PostReport, "p01"), [b"kept"], retain=True)
    await two_posts.broker.stop()
    await two_posts.broker.start()
    async with subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch:
        assert (await next_message(watch)).payload == b"kept"


async def test_a_store_that_is_rubbish_is_put_aside(tmp_path: Path) -> None:
    broker = ManagedBroker(tmp_path, posts_listen=("127.0.0.1", 0))
    (tmp_path / "mosquitto.db").write_bytes(b"\xff" * 100)
    await broker.start()
    await broker.stop()
    assert (tmp_path / "mosquitto.db.unreadable").read_bytes() == b"\xff" * 100


async def test_accounts_that_change_while_it_starts_are_there_when_it_has_started(tmp_path: Path) -> None:
    async with room(tmp_path, "p01") as made:
        await made.broker.stop()
        starting = asyncio.create_task(made.broker.start())
        await until(lambda: made.broker.pid is not None)
        made.add("p02")
        await starting
        await until_lets_in(made, "p02", "p02-password")


HUB = """
import asyncio, sys
from pathlib import Path
from hub.adapters.mqtt.broker import ManagedBroker

async def main():
    broker = ManagedBroker(Path(sys.argv[1]), posts_listen=("127.0.0.1", 0))
    await broker.start()
    print(broker.pid, *broker.posts_address, flush=True)
    await broker.wait()

asyncio.run(main())
"""


async def test_it_dies_with_its_hub_even_when_that_is_killed(tmp_path: Path) -> None:
    hub = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HUB, str(tmp_path)), stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    assert hub.stdout is not None
    pid, host, port = (await asyncio.wait_for(hub.stdout.readline(), PATIENCE_S)).decode().split()
    broker = os.pidfd_open(int(pid))
    try:
        hub.kill()
        await hub.wait()
        gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(broker, gone.set)
        await asyncio.wait_for(gone.wait(), PATIENCE_S)
        asyncio.get_running_loop().remove_reader(broker)
    finally:
        os.close(broker)
    assert not await accepts((host, int(port)))


async def test_a_leftover_of_ours_is_ended_and_replaced(two_posts: Room, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    await two_posts.broker.stop()
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    assert program is not None
    stray = await asyncio.create_subprocess_exec(
        *(program, "-c", str(folder / "mosquitto.conf")), stderr=asyncio.subprocess.DEVNULL
    )
    (folder / "mosquitto.pid").write_text(f"{stray.pid}\n")
    async with asyncio.timeout(PATIENCE_S):
        while not await accepts(two_posts.broker.posts_address):
            assert stray.returncode is None
    await two_posts.broker.start()
    assert await asyncio.wait_for(stray.wait(), PATIENCE_S) == 0
    assert two_posts.broker.pid not in {None, stray.pid}


async def test_a_stranger_with_the_leftovers_number_is_left_alone(tmp_path: Path) -> None:
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        (tmp_path / "mosquitto.pid").write_text(f"{stranger.pid}\n")
        broker = ManagedBroker(tmp_path, posts_listen=("127.0.0.1", 0))
        await broker.start()
        await broker.stop()
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()


@pytest.mark.parametrize("text", ["", "rubbish", "0", "-1", "999999999999"])
async def test_a_pid_file_that_is_rubbish_is_no_obstacle(tmp_path: Path, text: str) -> None:
    (tmp_path / "mosquitto.pid").write_text(text)
    broker = ManagedBroker(tmp_path, posts_listen=("127.0.0.1", 0))
    await broker.start()
    await broker.stop()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.2", False),
    ],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
