"""Addresses that the broker may listen on: free ones, loopback ones, ones that answer."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket

Address = tuple[str, int]
"""Host (a name or an IP address) and port."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


class BrokerError(Exception):
    """The managed broker cannot run; the text is one line for the person who started the hub."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that host; a name but localhost is taken for a reachable one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(address: Address) -> Address:
    """The address as this machine can connect to it: "everywhere" becomes loopback."""
    host, port = address
    return EVERYWHERE.get(host, host), port


def pick(host: str, port: int, *, advice: str, but: set[int]) -> int:
    """The port, when it is free, or for 0 any free one `but` those; BrokerError ends with the `advice`."""
    for _ in range(10):
        with reserve(host, port, advice=advice) as probe:
            free: int = probe.getsockname()[1]
        if port or free not in but:
            return free
    raise BrokerError(f"no free port on {host}: {advice}")


def reserve(host: str, port: int, *, advice: str) -> socket.socket:
    """A socket at the port, or for 0 at any free one: until it is closed, nobody gets that port by asking for any.

    Who asks for it by its number (as servers do, with SO_REUSEADDR) can listen there. BrokerError as of `pick`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise BrokerError(f"{host} is no address of this machine: {advice}") from error
    reserved = socket.socket(found[0], found[1])
    try:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(found[4])
    except OSError as error:
        reserved.close()
        raise BrokerError(_why(error, host, port, advice)) from error
    return reserved


def _why(error: OSError, host: str, port: int, advice: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: {advice}"
    return f"cannot listen on {host} port {port} ({error.strerror}): {advice}"


async def accepts(address: Address) -> bool:
    """Whether something takes connections there now."""
    try:
        _, writer = await asyncio.open_connection(*address)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
