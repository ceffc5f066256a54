"""One hub on one SQLite file: a lock that the kernel lets go of with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from hub.settings import Settings, SettingsError


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder against a second hub; SettingsError, with the first one's process, when there is one.

    Commands are not hubs: they work beside a running one. With PostgreSQL another hub's data folder is its own, and
    which of them leads is decided in the database.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # "a+": opening must not wipe the process id of the one that holds it.
    with (settings.data / "hub.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SettingsError(
                f"another hub (process {lock.read().strip() or 'unknown'}) runs on {settings.data}: end it first, or "
                "give this one another folder with --data"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
