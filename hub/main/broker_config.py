"""The files for a Mosquitto that runs elsewhere: accounts, rights and listeners, as the managed one has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.mqtt.accounts import Account, AccountKind, acl_file, password_file
from hub.adapters.mqtt.config import Listener, Tls, listeners_conf
from hub.adapters.mqtt.files import HUB, MAY_USE, POSTS
from hub.main.broker import MONITOR_FILE, Credentials, kept_monitor
from hub.main.private import write_private
from hub.main.workshop import Workshop
from hub.settings import Settings, SettingsError

CONF = "poste.conf"
HUB_PASSWORD = "hub.password"


@dataclass(frozen=True, slots=True)
class BrokerElsewhere:
    """Where that Mosquitto listens, and the folder in which it finds these files."""

    host: str = "0.0.0.0"  # noqa: S104 - posts come from other machines; TLS and accounts are wanted of each
    posts_port: int = 8883
    hub_port: int = 8884
    folder: Path = Path("/etc/mosquitto/poste")


async def broker_files(settings: Settings, house: Workshop, there: BrokerElsewhere, before: Path) -> dict[str, str]:
    """Each file's text by its name. The hub's and the monitors' passwords stay as they are in the settings, in the data
    folder or in `before`, where these files were written the last time; else they are made.
    """
    word = settings.broker_password or _word_in(before / HUB_PASSWORD)
    hub = Credentials("hub", word) if word else Credentials.fresh("hub")
    monitor = kept_monitor(settings.data / MONITOR_FILE) or kept_monitor(before / MONITOR_FILE)
    monitor = monitor or Credentials.fresh("monitor")
    async with house.room.store.transaction() as tx:
        posts = await tx.posts()
    accounts = [
        Account("hub", hub.line(), AccountKind.HUB),
        Account("monitor", monitor.line(), AccountKind.MONITOR),
        *(Account(post.id, post.secret, AccountKind.POST) for post in posts if post.secret),
    ]
    files: dict[str, str] = {}
    listeners = []
    for name, port in ((POSTS, there.posts_port), (HUB, there.hub_port)):
        some = [one for one in accounts if one.kind in MAY_USE[name]]
        files |= {f"{name}.passwords": password_file(some), f"{name}.acl": acl_file(some)}
        at = there.folder
        pair = Tls(at / "server.pem", at / "server.key")
        passwords, rights = at / f"{name}.passwords", at / f"{name}.acl"
        listeners.append(Listener(there.host, port, passwords, rights, username_is_client_id=name == POSTS, tls=pair))
    files[CONF] = listeners_conf(tuple(listeners))
    files[HUB_PASSWORD] = hub.password + "\n"
    files[MONITOR_FILE] = json.dumps({"username": monitor.username, "password": monitor.password}) + "\n"
    return files


def _word_in(file: Path) -> str:
    return file.read_text().strip() if file.exists() else ""


def write_files(folder: Path, files: dict[str, str], *, replace: bool) -> None:
    """Write them (mode 0600, the folder 0700); SettingsError before anything is written over, unless `replace`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = [name for name in files if (folder / name).exists()]
    if there and not replace:
        raise SettingsError(f"{folder} has {', '.join(sorted(there))} already: --replace writes over them")
    for name, text in files.items():
        write_private(folder / name, text)
