"""The broker that this hub uses: its own Mosquitto, kept alive and told of accounts, or one that runs elsewhere."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hub.adapters.mqtt.accounts import SALT_BYTES, Account, AccountKind, hash_password
from hub.adapters.mqtt.broker import ManagedBroker
from hub.adapters.mqtt.link import BrokerAccess
from hub.main.private import write_private
from hub.main.workshop import Workshop
from hub.settings import Settings, SettingsError

logger = logging.getLogger(__name__)

MONITOR_FILE = "monitor.json"
_PASSWORD_BYTES = 24
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
    if not settings.broker_password:
        raise SettingsError("broker_password (or POSTE_HUB_BROKER_PASSWORD) is missing: the broker wants one")
    tls = parts.scheme == "mqtts"
    ca = settings.broker_ca or (_SYSTEM_AUTHORITIES if tls else None)
    port = parts.port or (8883 if tls else 1883)
    access = BrokerAccess(parts.hostname or "", port, parts.username or "hub", settings.broker_password, ca)
    try:
        access.tls()
    except OSError as error:
        raise SettingsError(f"broker_ca: {ca} cannot be used: {error.strerror or error}") from error
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
        self._monitor = _kept(self._monitor_file) or Credentials.fresh("monitor")
        self._fixed = (
            Account("hub", self._hub.line(), AccountKind.HUB),
            Account(self._monitor.username, self._monitor.line(), AccountKind.MONITOR),
        )
        self._accounts: tuple[Account, ...] = ()

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
        posts = await self._house.queries.post_secrets()
        accounts = (*self._fixed, *(Account(post_id, secret, AccountKind.POST) for post_id, secret in posts))
        if accounts != self._accounts:
            self._accounts = accounts
            self.broker.apply(accounts)

    async def revive(self) -> None:
        """Wait until it has died, and start it again."""
        if self.broker.pid is not None:
            logger.error("mosquitto ended with %d: starting it again", await self.broker.wait())
        await self.broker.start()


def _kept(file: Path) -> Credentials | None:
    """The monitor's account of the last start, so that those who watch need no new password."""
    if not file.exists():
        return None
    try:
        kept = json.loads(file.read_text())
        return Credentials("monitor", str(kept["password"]))
    except (ValueError, TypeError, LookupError):
        pass  # outside, since the cause would quote what is in the file
    raise SettingsError(f"{file} is damaged: remove it, and the next start makes a new password for monitors")
