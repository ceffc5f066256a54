"""What a node can tell of the machine it runs on, for its hello; what cannot be found out is None or left out."""

from __future__ import annotations

import platform
import socket
from pathlib import Path

_NETWORKS = Path("/sys/class/net")
_MODEL = Path("/proc/device-tree/model")
_SYNCED = Path("/run/systemd/timesync/synchronized")


def ip_towards(host: str, port: int) -> str | None:
    """The address that packets to `host` leave from; may look the name up, so not for the loop's thread."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(address)  # UDP: chooses the route and sends nothing
            return str(probe.getsockname()[0])
    except OSError:
        return None


def mac() -> str | None:
    """The hardware address of the first network that is up, by name."""
    for network in sorted(_NETWORKS.glob("*")):
        address = _line(network / "address")
        if _line(network / "operstate") == "up" and address:
            return address
    return None


def hardware() -> dict[str, str]:
    """The kind of machine: `model` on a Raspberry Pi, `machine` and `python` everywhere."""
    known = {"model": _line(_MODEL), "machine": platform.machine(), "python": platform.python_version()}
    return {name: text for name, text in known.items() if text}


def clock_synced() -> bool:
    """Whether systemd has set the wall clock by the network since the start."""
    return _SYNCED.exists()


def _line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return None
