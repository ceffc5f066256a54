"""One hub a data folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.settings import SettingsError

LOCK_FILE = "hub.lock"


@contextmanager
def only_hub(data: Path) -> Iterator[None]:
    """Hold the folder for this process; SettingsError when a hub runs in it. The kernel lets go when we die."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / LOCK_FILE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"a hub runs in {data}: stop it first, or choose another folder with --data") from None
        yield


def hub_runs(data: Path) -> bool:
    """Whether a hub holds the folder now."""
    if not (data / LOCK_FILE).exists():
        return False
    try:
        with only_hub(data):
            return False
    except SettingsError:
        return True
