"""The broker as the hub uses it: the house's accounts, and one that runs elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hub.adapters.mqtt.accounts import Account
from hub.adapters.mqtt.broker import ManagedBroker
from hub.adapters.mqtt.ports import BrokerError, accepts, pick
from hub.main import Workshop
from hub.main.broker import MONITOR_FILE, Credentials, OwnBroker, external
from hub.settings import Settings, SettingsError
from hub.usecases.posts import add_post, rotate_secret
from hub.usecases.work import By
from tests.support.mosquitto import until

BY = By("marie")


class Watched(ManagedBroker):
    """The managed broker, which counts what it is told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, posts_listen=("127.0.0.1", 0))
        self.told: list[list[str]] = []

    def apply(self, accounts: Iterable[Account]) -> None:
        accounts = tuple(accounts)
        self.told.append([account.username for account in accounts])
        super().apply(accounts)


@asynccontextmanager
async def started(settings: Settings, house: Workshop) -> AsyncIterator[OwnBroker]:
    own = OwnBroker(settings, house)
    try:
        await own.start()
        yield own
    finally:
        await own.broker.stop()


async def test_accounts_are_applied_when_they_have_changed_and_only_then(settings: Settings, house: Workshop) -> None:
    own = OwnBroker(settings, house)
    own.broker = watched = Watched(settings.data / "broker")
    await own.refresh()
    await own.refresh()
    assert watched.told == [["hub", "monitor"]]
    await add_post(house.room, "p01", "Post 1", "", Credentials.fresh("p01").line(), BY)
    await own.refresh()
    await own.refresh()
    assert watched.told[1:] == [["hub", "monitor", "p01"]]
    await rotate_secret(house.room, "p01", Credentials.fresh("p01").line(), BY)
    await own.refresh()
    assert len(watched.told) == 3


async def test_the_monitors_account_is_written_down_and_outlives_a_restart(settings: Settings, house: Workshop) -> None:
    file = settings.data / MONITOR_FILE
    async with started(settings, house) as own:
        first = json.loads(file.read_text())
        assert (first["host"], first["port"]) == own.broker.hub_address
    async with started(settings, house):
        again = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (again["username"], again["password"]) == ("monitor", first["password"])


@pytest.mark.parametrize("text", ["", "secret-word", "[]", "{}"])
def test_a_damaged_monitors_file_is_told_without_what_is_in_it(settings: Settings, house: Workshop, text: str) -> None:
    (settings.data / MONITOR_FILE).write_text(text)
    with pytest.raises(SettingsError, match=r"monitor\.json is damaged: remove it") as caught:
        OwnBroker(settings, house)
    assert caught.value.__context__ is None


class Naps:
    """A sleep that takes no time, and ends the broker again before it is over."""

    def __init__(self, own: OwnBroker) -> None:
        self.taken_s: list[float] = []
        self.told: list[str | None] = []
        self._own = own

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)
        self.told.append(self._own.trouble)


@asynccontextmanager
async def kept(own: OwnBroker) -> AsyncIterator[Naps]:
    """The broker, looked after."""
    naps = Naps(own)
    keeping = asyncio.create_task(own.keep(naps))
    try:
        yield naps
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


async def die(own: OwnBroker) -> None:
    """The broker dies, and is there again."""
    pid, restarts = own.broker.pid, own.restarts
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: own.restarts > restarts)


async def test_a_dead_broker_is_started_again(settings: Settings, house: Workshop) -> None:
    async with started(settings, house) as own, kept(own):
        address, pid = own.broker.posts_address, own.broker.pid
        await die(own)
        assert own.broker.pid not in {None, pid}
        assert own.broker.posts_address == address
        assert await accepts(address)
        assert own.trouble is None


async def test_a_broker_that_dies_again_and_again_is_waited_for_longer_and_told(
    settings: Settings, house: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    async with started(settings, house) as own, kept(own) as naps:
        for _ in range(4):
            await die(own)
    assert naps.taken_s == [1, 2, 4, 8]
    assert set(naps.told) == {"mosquitto ended with -9, after 0 s"}
    assert "the broker keeps failing (4 times in a row): next try in 8 s" in caplog.text


async def test_a_broker_that_could_not_be_started_again_is_tried_once_more(settings: Settings, house: Workshop) -> None:
    async with started(settings, house) as own:
        assert own.broker.pid is not None
        os.kill(own.broker.pid, signal.SIGKILL)
        await until(lambda: own.broker.pid is None)
        host, port = own.broker.posts_address
        async with await asyncio.start_server(lambda _reader, writer: writer.close(), host, port) as taken:
            naps = Naps(own)

            async def nap(seconds: float) -> None:
                await naps(seconds)
                if len(naps.taken_s) == 2:
                    taken.close()

            keeping = asyncio.create_task(own.keep(nap))
            await until(lambda: own.restarts == 1)
            keeping.cancel()
        assert naps.told == [f"port {port} on {host} is taken: choose another with --mqtt-listen"] * 2
        assert await accepts((host, port))


def two_free_ports_in_a_row() -> int:
    """The first of two that nobody gets by asking for any: below the range that systems hand out."""
    for port in range(20_000, 32_000, 2):
        try:
            return pick("127.0.0.1", pick("127.0.0.1", port + 1, advice="", but=set()) - 1, advice="", but=set())
        except BrokerError:
            continue
    raise AssertionError("no two free ports in a row")


async def test_the_hubs_own_port_is_the_one_after_the_posts(settings: Settings, house: Workshop) -> None:
    port = two_free_ports_in_a_row()
    own = OwnBroker(replace(settings, mqtt_listen=("127.0.0.1", port)), house)
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port + 1):
        with pytest.raises(BrokerError, match=f"port {port + 1} on 127.0.0.1 is taken: .*choose another with --mqtt-l"):
            await own.start()


def test_a_broker_elsewhere_is_reached_by_its_address() -> None:
    plain = external(Settings(broker="mqtt://broker.example", broker_password="x"))
    assert (plain.host, plain.port, plain.username, plain.ca) == ("broker.example", 1883, "hub", None)
    named = external(Settings(broker="mqtt://poste@broker.example:99", broker_password="x"))
    assert (named.port, named.username) == (99, "poste")


async def test_tls_is_checked_with_the_ca_that_is_given(settings: Settings, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    settings = replace(settings, broker="mqtts://broker.example", broker_password="hunter2", broker_ca=ca)
    for text, why in ((None, "No such file"), ("rubbish", "NO_CERTIFICATE")):
        if text is not None:
            ca.write_text(text)
        with pytest.raises(SettingsError, match=rf"broker_ca: {ca} cannot be used: .*{why}"):
            external(settings)


def test_a_broker_elsewhere_wants_a_password() -> None:
    with pytest.raises(SettingsError, match=r"broker_password \(or POSTE_HUB_BROKER_PASSWORD\) is missing"):
        external(Settings(broker="mqtt://broker.example"))


def test_credentials_do_not_show() -> None:
    made = Credentials.fresh("p01")
    assert made.password not in f"{made!r} {made.line()}"
    assert len(made.password) >= 32
