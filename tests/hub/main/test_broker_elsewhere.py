"""A broker that the hub does not run: its files are ours, or its client certificates are."""

from __future__ import annotations

import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiomqtt
import pytest

from hub.adapters.mqtt.certificates import ensure_certificates
from hub.adapters.mqtt.connection import connected, new_client
from hub.adapters.mqtt.ports import pick
from hub.main import Workshop
from hub.main.broker import Credentials, external
from hub.main.broker_config import BrokerElsewhere, broker_files, write_files
from hub.settings import Settings, SettingsError
from hub.usecases.posts import add_post
from hub.usecases.work import By
from tests.hub.main.test_serve import asked, serving
from tests.support.elsewhere import client_certificate, mosquitto
from tests.support.mosquitto import next_message, subscribed


def free_ports() -> tuple[int, int]:
    first = pick("127.0.0.1", 0, advice="", but=set())
    return first, pick("127.0.0.1", 0, advice="", but={first})


@asynccontextmanager
async def broker_elsewhere(settings: Settings, house: Workshop, folder: Path) -> AsyncIterator[tuple[Settings, int]]:
    """Mosquitto on the files of `broker-config`; the settings of a hub that uses it, and the posts' port."""
    posts_port, hub_port = free_ports()
    there = BrokerElsewhere("127.0.0.1", posts_port, hub_port, folder)
    write_files(folder, await broker_files(settings, house, there, folder), replace=False)
    made = ensure_certificates(folder, ["127.0.0.1"])
    password = (folder / "hub.password").read_text().strip()
    url = f"mqtts://hub@127.0.0.1:{hub_port}"
    async with mosquitto(folder / "poste.conf", posts_port, hub_port):
        yield replace(settings, broker=url, broker_password=password, broker_ca=made.ca), posts_port


async def test_a_room_on_a_broker_elsewhere(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    made = Credentials.fresh("p01")
    await add_post(house.room, "p01", "Post 1", "", made.line(), By("marie"))
    async with broker_elsewhere(settings, house, tmp_path / "broker") as (there, posts_port):
        await house_closed(house)
        async with serving(there) as ready:
            assert (ready.posts_broker, ready.broker_pid) == (None, None)
            status, told = await asked(ready, "/readyz")
            assert (status, told["broker"]) == (200, "ok")
            assert "broker_accounts" not in told["jobs"]
            access = replace(external(there), port=posts_port, username="p01", password=made.password)
            async with connected(post := new_client(access, access.tls(), None)):
                await post.publish("poste/v1/hub/status", b"forged", qos=1, retain=True)
            async with subscribed(new_client(access, access.tls(), None), "poste/v1/hub/status") as post:
                assert json.loads(bytes((await next_message(post)).payload))["online"]


async def house_closed(house: Workshop) -> None:
    """Tortoise keeps one open database a process: the served one comes after the fixture's."""
    await house.accounts._database.close()


async def test_a_client_certificate_stands_for_the_password(settings: Settings, tmp_path: Path) -> None:
    (port, _), made = free_ports(), ensure_certificates(tmp_path / "broker", ["127.0.0.1"])
    certificate, key = client_certificate(made, "hub", tmp_path)
    conf = tmp_path / "mosquitto.conf"
    acl = tmp_path / "acl"
    acl.write_text("user hub\ntopic readwrite poste/#\n")
    acl.chmod(0o600)
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous false\ncafile {made.ca}\ncertfile {made.certificate}\n"
        f"keyfile {made.key}\nrequire_certificate true\nuse_identity_as_username true\nacl_file {acl}\n"
    )
    there = replace(settings, broker=f"mqtts://127.0.0.1:{port}", broker_ca=made.ca)
    there = replace(there, broker_cert=certificate, broker_key=key)
    async with mosquitto(conf, port):
        async with serving(there) as ready:
            assert (await asked(ready, "/readyz"))[0] == 200
        without = replace(external(there), certificate=None, key=None)
        with pytest.raises(aiomqtt.MqttError):
            async with connected(new_client(without, without.tls(), None)):
                pass


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"broker_cert": Path("hub.pem")}, "broker_cert and broker_key go together"),
        ({"broker": "mqtt://x", "broker_cert": Path("a"), "broker_key": Path("b")}, "broker_cert wants a broker that"),
        (
            {"broker_cert": Path("/nowhere/a"), "broker_key": Path("b")},
            "broker_cert, broker_key: .* cannot be used: No",
        ),
    ],
)
def test_what_cannot_be_a_certificate_is_told(given: dict[str, object], why: str) -> None:
    settings = replace(Settings(broker="mqtts://broker.example"), **given)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=why):
        external(settings)


async def test_files_are_private_and_never_written_over_without_a_word(
    settings: Settings, house: Workshop, tmp_path: Path
) -> None:
    folder, there = tmp_path / "broker", BrokerElsewhere()
    files = await broker_files(settings, house, there, folder)
    write_files(folder, files, replace=False)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    password = files["hub.password"].strip()
    assert password not in "".join(text for name, text in files.items() if name != "hub.password")
    with pytest.raises(SettingsError, match=r"has hub\.acl, .* already: --replace writes over them"):
        write_files(folder, files, replace=False)
    await add_post(house.room, "p01", "Post 1", "", Credentials.fresh("p01").line(), By("marie"))
    again = await broker_files(settings, house, there, folder)
    write_files(folder, again, replace=True)
    assert "user p01" in (folder / "posts.acl").read_text()
    assert (again["hub.password"], again["monitor.json"]) == (files["hub.password"], files["monitor.json"])
