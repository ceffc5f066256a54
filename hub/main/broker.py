"""The broker that this hub uses: its own Mosquitto, kept alive and told of accounts, or one that runs elsewhere."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from hub.adapters.mqtt.accounts import SALT_BYTES, Account, AccountKind, hash_password
from hub.adapters.mqtt.broker import ManagedBroker
from hub.adapters.mqtt.link import BrokerAccess
from hub.adapters.mqtt.ports import BrokerError
from hub.main.private import write_private
from hub.main.workshop import Workshop
from hub.settings import Settings, SettingsError
from hub.wire.terms import Action

logger = logging.getLogger(__name__)

MONITOR_FILE = "monitor.json"
_PASSWORD_BYTES = 24
SOON_S = 10
"""A broker that dies sooner than this after its start may do so again."""
LONGEST_WAIT_S = 60
_SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password at the broker."""

    username: str
    password: str = field(repr=False)

    @classmethod
    def fresh(cls, username: str) -> Credentials:
        """A new random password for this name."""
        return cls(username, secrets.token_urlsafe(_PASSWORD_BYTES))

    def line(self) -> str:
        """What the broker keeps of it."""
        return hash_password(self.password, salt=secrets.token_bytes(SALT_BYTES))


def external(settings: Settings) -> BrokerAccess:
    """The broker of the settings, which runs elsewhere."""
    parts = urlsplit(settings.broker)
    tls, certificate, key = parts.scheme == "mqtts", settings.broker_cert, settings.broker_key
    if (certificate is None) != (key is None):
        raise SettingsError("broker_cert and broker_key go together: a certificate and its key")
    if certificate is not None and not tls:
        raise SettingsError("broker_cert wants a broker that speaks TLS: mqtts://")
    if certificate is None and not settings.broker_password:
        raise SettingsError(
            "broker_password (or POSTE_HUB_BROKER_PASSWORD) is missing: the broker wants one, "
            "or a certificate (broker_cert and broker_key)"
        )
    ca = settings.broker_ca or (_SYSTEM_AUTHORITIES if tls else None)
    port = parts.port or (8883 if tls else 1883)
    name, password = parts.username or "hub", settings.broker_password
    access = BrokerAccess(parts.hostname or "", port, name, password, ca)
    try:
        access.tls()
    except OSError as error:
        raise SettingsError(f"broker_ca: {ca} cannot be used: {error.strerror or error}") from error
    if certificate is None or key is None:
        return access
    access = replace(access, certificate=certificate, key=key)
    try:
        access.tls()
    except OSError as error:
        told = f"broker_cert, broker_key: {certificate} and {key} cannot be used: {error.strerror or error}"
        raise SettingsError(told) from error
    return access


class OwnBroker:
    """The managed Mosquitto with the accounts of this house; posts that are added or rotated reach it by `refresh`."""

    def __init__(self, settings: Settings, house: Workshop) -> None:
        host, port = settings.mqtt_listen
        beside = (host, port + 1 if 0 < port < 65535 else 0)
        self.broker = ManagedBroker(settings.data / "broker", posts_listen=settings.mqtt_listen, hub_listen=beside)
        self._house = house
        self._hub = Credentials.fresh("hub")
        self._monitor_file = settings.data / MONITOR_FILE
        self._monitor = kept_monitor(self._monitor_file) or Credentials.fresh("monitor")
        self._fixed = (
            Account("hub", self._hub.line(), AccountKind.HUB),
            Account(self._monitor.username, self._monitor.line(), AccountKind.MONITOR),
        )
        self._posts: list[tuple[str, str]] | None = None
        self._told: int | None = None
        self.restarts = 0
        self.trouble: str | None = None
        """Why it does not run, while it does not."""

    async def start(self) -> BrokerAccess:
        """Start it, write down the monitor's account for whoever may read the data folder, and say how to reach it."""
        await self.refresh()
        await self.broker.start()
        host, port = self.broker.hub_address
        told = {"host": host, "port": port, "username": self._monitor.username, "password": self._monitor.password}
        write_private(self._monitor_file, json.dumps(told) + "\n")
        return BrokerAccess(host, port, self._hub.username, self._hub.password, self.broker.hub_ca)

    async def refresh(self) -> None:
        """Let the accounts be those of the posts in the database, which another process may have changed."""
        newest = await self._house.queries.newest_entry(Action.POST_CHANGED)
        if newest == self._told:
            return
        posts = await self._house.queries.post_secrets()
        if posts != self._posts:
            self.broker.apply(
                (*self._fixed, *(Account(post_id, secret, AccountKind.POST) for post_id, secret in posts))
            )
            self._posts = posts
        self._told = newest

    async def keep(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Start it again whenever it has died, for ever: at once, but with a growing wait when it dies again and again.

        `trouble` says so meanwhile.
        """
        failures = 0
        while True:
            began = time.monotonic()
            if self.broker.pid is not None:
                status = await self.broker.wait()
                lived_s = time.monotonic() - began
                failures = failures + 1 if lived_s < SOON_S else 0
                self.trouble = f"mosquitto ended with {status}, after {lived_s:.0f} s"
                logger.error("%s: starting it again", self.trouble)
            if failures:
                wait_s = min(LONGEST_WAIT_S, 0.5 * 2 ** min(failures, 16))
                logger.error("the broker keeps failing (%d times in a row): next try in %g s", failures, wait_s)
                await sleep(wait_s)
            try:
                await self.broker.start()
                self.restarts += 1
                self.trouble = None
            except (BrokerError, OSError) as error:
                failures += 1
                self.trouble = str(error)
                logger.error("the broker cannot be started again: %s", error)


def kept_monitor(file: Path) -> Credentials | None:
    """The monitor's account of the last start, so that those who watch need no new password."""
    if not file.exists():
        return None
    try:
        kept = json.loads(file.read_text())
        return Credentials("monitor", str(kept["password"]))
    except (ValueError, TypeError, LookupError):
        pass  # outside, since the cause would quote what is in the file
    raise SettingsError(f"{file} is damaged: remove it, and the next start makes a new password for monitors")
