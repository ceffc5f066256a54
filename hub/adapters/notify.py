"""What the hub says to systemd (man sd_notify); nothing where the environment names no NOTIFY_SOCKET."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping

_LOG = logging.getLogger(__name__)


class Systemd:
    """The service manager that started this process, if one did."""

    def __init__(self, environ: Mapping[str, str], pid: int) -> None:
        told = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + told[1:] if told.startswith("@") else told
        patience = environ.get("WATCHDOG_USEC", "")
        ours = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        self.watchdog_s = int(patience) / 1_000_000 if patience.isdecimal() and ours and told else None
        """How long systemd waits for a sign of life before it kills us; None when it does not."""

    def tell(self, **words: str) -> None:
        """`tell(READY="1", STATUS="…")`; a word that is lost is only logged: systemd's patience decides."""
        if not self._address:
            return
        text = "\n".join(f"{name}={value.replace(chr(10), ' ')}" for name, value in words.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)
                line.sendto(text.encode(), self._address)
        except OSError as error:
            _LOG.warning("systemd does not hear: %s", error)
