"""A power cut as true as a process can have it, and the page's socket that outlives it."""

from __future__ import annotations

import os
import socket
import sys
from typing import NoReturn

_HANDED_ON = "_POSTE_NODE_PAGE_SOCKET"
"""Environment: the number of the open socket that the process before has left."""


def page_socket(host: str, port: int) -> tuple[socket.socket, bool]:
    """The page's listening socket, and whether it was handed on over a power cut; OSError when it cannot be had."""
    handed_on = os.environ.pop(_HANDED_ON, None)
    if handed_on is not None:
        inherited = socket.socket(fileno=int(handed_on))
        inherited.set_inheritable(False)
        return inherited, True
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family), False


def power_cut(listening: socket.socket) -> NoReturn:
    """Replace this process by a new run of its own command line.

    No `finally` runs and no thread ends in order; the kernel closes the broker's socket without a goodbye, so the
    last will speaks; the virtual relays are gone. Only the page's socket is handed on, so that a browser
    waits a moment instead of being refused. The process keeps its id: a supervisor sees no death.
    """
    listening.set_inheritable(True)
    os.environ[_HANDED_ON] = str(listening.fileno())
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line, no shell
