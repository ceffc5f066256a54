"""A real Mosquitto for tests: the hub's own managed one, with accounts, and plain clients that act as anyone."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from aiomqtt import Client, Message, MqttError, ProtocolVersion, Will

from hub.adapters.mqtt.accounts import SALT_BYTES, Account, AccountKind, hash_password
from hub.adapters.mqtt.broker import ManagedBroker

PATIENCE_S = 10.0
"""How long a test waits for what must happen; nothing waits that long when all is well."""


def account(username: str, password: str = "", kind: AccountKind | None = None) -> Account:
    """An account whose password is `password`, or `NAME-password`; the kind follows from the name unless said."""
    if kind is None:
        word = username.partition(".")[0]
        kind = AccountKind(word) if word in {"hub", "monitor"} else AccountKind.POST
    text = password or f"{username}-password"
    return Account(username, hash_password(text, salt=secrets.token_bytes(SALT_BYTES)), kind)


@dataclass
class Room:
    """A running broker and its accounts; each password is `NAME-password`."""

    broker: ManagedBroker
    accounts: dict[str, Account] = field(default_factory=dict)

    def add(self, *names: str) -> None:
        self.apply(*(account(name) for name in names))

    def apply(self, *accounts: Account) -> None:
        self.accounts |= {each.username: each for each in accounts}
        self.broker.apply(self.accounts.values())

    def client(
        self,
        username: str,
        *,
        password: str | None = None,
        identifier: str | None = None,
        port: int | None = None,
        will: Will | None = None,
    ) -> Client:
        """A plain MQTT 5 client with that account; posts are led to their listener, others to theirs."""
        host, own_port = (
            self.broker.hub_address if username.partition(".")[0] in {"hub", "monitor"} else self.broker.posts_address
        )
        return Client(
            host,
            own_port if port is None else port,
            username=username,
            password=f"{username}-password" if password is None else password,
            identifier=identifier,
            protocol=ProtocolVersion.V5,
            will=will,
            clean_start=True,
            timeout=PATIENCE_S,
        )


@contextlib.asynccontextmanager
async def room(folder: Path, *posts: str, posts_tls: bool = False) -> AsyncIterator[Room]:
    """A broker on free loopback ports with the accounts `hub`, `monitor` and those posts."""
    broker = ManagedBroker(folder, posts_listen=("127.0.0.1", 0), posts_tls=posts_tls)
    made = Room(broker)
    made.add("hub", "monitor", *posts)
    await broker.start()
    try:
        yield made
    finally:
        await broker.stop()


@contextlib.asynccontextmanager
async def subscribed(client: Client, *filters: str) -> AsyncIterator[Client]:
    """The client, connected and subscribed with QoS 1."""
    async with client:
        for each in filters:
            await client.subscribe(each, qos=1)
        yield client


async def next_message(client: Client) -> Message:
    """The next message, which must come."""
    async with asyncio.timeout(PATIENCE_S):
        return await anext(aiter(client.messages))


async def until(check: Callable[[], bool]) -> None:
    """Return when the check holds: for counters, which wake nobody."""
    async with asyncio.timeout(PATIENCE_S):
        while not check():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def publish(client: Client, topic: str, payloads: Iterable[bytes], *, retain: bool = False) -> None:
    """Publish each payload with QoS 1, confirmed."""
    for payload in payloads:
        await client.publish(topic, payload, qos=1, retain=retain)


async def until_lets_in(room: Room, username: str, password: str) -> None:
    """Return when that account can connect: the broker reads its files a moment after the signal."""
    async with asyncio.timeout(PATIENCE_S):
        while not await lets_in(room, username, password):
            pass


async def lets_in(room: Room, username: str, password: str) -> bool:
    try:
        async with room.client(username, password=password):
            return True
    except MqttError:
        return False
