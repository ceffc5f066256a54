"""systemd's notification socket (man sd_notify): ready, a status line, and signs of life for WatchdogSec."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

_log = logging.getLogger(__name__)


class SystemdNotifier:
    """node.ports.Supervisor: silent where the environment names no NOTIFY_SOCKET, as in a terminal.

    A beat is half of WATCHDOG_USEC, so that one that comes late kills nobody.
    """

    def __init__(self, environ: Mapping[str, str], pid: int | None = None) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._beat_ms = _beat_ms(environ, os.getpid() if pid is None else pid) if self._address else None

    @property
    def beat_ms(self) -> int | None:
        """Half of systemd's patience; None when it has no watchdog for this process."""
        return self._beat_ms

    def ready(self) -> None:
        """READY=1: what waits for this unit may start."""
        self._tell("READY=1")

    def say(self, status: str) -> None:
        """STATUS=: the line that `systemctl status` shows."""
        self._tell("STATUS=" + status.replace("\n", " "))

    def alive(self) -> None:
        """WATCHDOG=1: the sign of life."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """STOPPING=1: the orderly end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)
                line.sendto(words.encode(), self._address)
        except OSError as error:  # a word that is lost; systemd's patience decides
            _log.warning("systemd does not hear: %s", error.strerror or error)


def _address(told: str) -> str:
    """The socket's address: a path, or @ for the abstract namespace; anything else is not for us."""
    if told.startswith("@"):
        return "\0" + told[1:]
    return told if told.startswith("/") else ""


def _beat_ms(environ: Mapping[str, str], pid: int) -> int | None:
    patience, whose = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(pid))
    if not (patience.isascii() and patience.isdigit()) or whose != str(pid):
        return None
    return int(patience) // 2000 or None
