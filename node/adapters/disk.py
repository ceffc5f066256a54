"""What the journal's disk can do: whether it takes a file, how long that takes to be durable, what room is left."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

_TRIES = 5
_BLOCK = b"poste-node check\n" * 40


@dataclass(frozen=True, slots=True)
class Disk:
    """`error`: why a file could not be written there, or empty; `sync_ms`: the median of a few durable writes."""

    folder: Path
    error: str
    free_mib: int
    sync_ms: float


def look_at(folder: Path) -> Disk:
    """Try the folder with a small file that is removed again.

    A folder that is not there yet is not made (it would belong to whoever checks): the nearest one above is tried.
    """
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    try:
        free_mib = shutil.disk_usage(folder).free // 2**20
        return Disk(folder, "", free_mib, _durable_ms(folder / f".poste-check-{os.getpid()}"))
    except OSError as error:
        return Disk(folder, error.strerror or type(error).__name__, 0, 0.0)


def _durable_ms(path: Path) -> float:
    took = []
    try:
        for _ in range(_TRIES):
            began = time.monotonic()
            with path.open("wb") as file:
                file.write(_BLOCK)
                file.flush()
                os.fsync(file.fileno())
            took.append((time.monotonic() - began) * 1000)
    finally:
        path.unlink(missing_ok=True)
    return sorted(took)[_TRIES // 2]
