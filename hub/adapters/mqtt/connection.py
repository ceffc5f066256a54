"""One connection to the broker: ended with a goodbye or, when anything fails, dropped so that the will speaks."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiomqtt import Client, Message, MqttError, ProtocolVersion, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

CONNECT_WITHIN_S = 5.0
KEEPALIVE_S = 20
"""The broker takes a silent client for dead after one and a half of these: 30 s, within the protocol's 45 s."""
MAX_INFLIGHT = 100
NO_DELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """Where the broker is and who the hub is there; `ca`: PEM of its authority, where it speaks TLS.

    `certificate` and `key`: PEM files by which the hub shows who it is, beside the password or instead of it.
    """

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def tls(self) -> ssl.SSLContext | None:
        """What checks the broker's certificate, None without a `ca`; OSError when a file cannot be used."""
        if self.ca is None:
            return None
        context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context


class Inlet(asyncio.Queue[Message]):
    """A client's queue. Once there is somebody to `take` them, messages go there as they come.

    To iterate over a client's messages is to make a task for each of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._take: Callable[[Message], None] = super().put_nowait

    def open(self, take: Callable[[Message], None]) -> None:
        """Give on what has come and what will come; `take` must not raise."""
        while not self.empty():
            take(self.get_nowait())
        self._take = take

    def put_nowait(self, item: Message) -> None:
        self._take(item)


def new_client(
    access: BrokerAccess, tls: ssl.SSLContext | None, will: Will | None, inlet: Inlet | None = None
) -> Client:
    """A client for one connection: clean, forgotten by the broker at its end; what it receives goes into the inlet."""
    queue = inlet if inlet is not None else Inlet()
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 0
    return Client(
        access.host,
        access.port,
        username=access.username,
        password=access.password or None,
        # Nobody can guess it, so no monitor on the same listener can throw the hub off.
        identifier=f"hub-{secrets.token_hex(8)}",
        protocol=ProtocolVersion.V5,
        clean_start=True,
        properties=properties,
        will=will,
        keepalive=KEEPALIVE_S,
        timeout=CONNECT_WITHIN_S,
        max_inflight_messages=MAX_INFLIGHT,
        queue_type=lambda maxsize: queue,  # type: ignore[arg-type]  # noqa: ARG005 - it is called once
        tls_context=tls,
        socket_options=[NO_DELAY],
    )


@contextlib.asynccontextmanager
async def connected(client: Client) -> AsyncIterator[None]:
    """Connected inside; MqttError when that fails. Left in order it says goodbye; left by an error it is dropped."""
    entering = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(entering)
    except BaseException:
        await asyncio.wait({entering})  # else it would connect behind our back
        if not entering.cancelled():
            entering.exception()  # asked for, or asyncio complains when we were cancelled meanwhile
        drop(client)
        raise
    try:
        yield
    except BaseException:
        drop(client)
        raise
    finally:
        await client.__aexit__(None, None, None)
        lost = client._disconnected  # noqa: SLF001 - asyncio complains of an error that nobody looked at
        if lost.done() and not lost.cancelled():
            lost.exception()


def drop(client: Client) -> None:
    """Cut the socket without a DISCONNECT, as a crash does: the broker then publishes the will."""
    sock = client._client.socket()  # noqa: SLF001 - aiomqtt can only say goodbye
    if isinstance(sock, socket.socket):
        with contextlib.suppress(OSError):  # gone already
            sock.shutdown(socket.SHUT_RDWR)


def reason(error: MqttError) -> str:
    """Why a connection failed or ended, in a few words: aiomqtt keeps the cause behind its own error."""
    return str(error.__cause__ or error)
