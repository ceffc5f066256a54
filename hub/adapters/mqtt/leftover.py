"""A broker that outlived its hub: recognised by our pid file and its own command line, and ended."""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
from pathlib import Path

logger = logging.getLogger(__name__)

PID_MAX = 2**22
"""The kernel's own limit."""


async def end(pid_file: Path, conf_file: Path, *, within_s: float) -> None:
    """End the process that `pid_file` names when it is a Mosquitto run with `conf_file`: TERM, then KILL.

    Anything else under that pid is a stranger who was given the number later, and is left alone.
    """
    pid = _read(pid_file)
    if pid is None:
        return
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if _is_ours(pid, conf_file):
            logger.warning("a broker of ours was left over (pid %d): ending it", pid)
            for sign in (signal.SIGTERM, signal.SIGKILL):
                signal.pidfd_send_signal(handle, sign)
                if await asyncio.to_thread(_ended, handle, within_s):
                    break
    except ProcessLookupError:  # it ended between two looks, which is what we wanted
        pass
    finally:
        os.close(handle)


def _read(pid_file: Path) -> int | None:
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if 1 < pid <= PID_MAX else None


def _is_ours(pid: int, conf_file: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return os.fsencode(conf_file) in words and any(os.path.basename(word) == b"mosquitto" for word in words)  # noqa: PTH119


def _ended(handle: int, within_s: float) -> bool:
    return bool(select.select([handle], [], [], within_s)[0])
