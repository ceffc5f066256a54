"""Processes of a demo that was killed: they end by themselves, in order, and the next start wants their ports."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

PATIENCE_S = 10.0
_LOOK_EVERY_S = 0.1


async def gone(pids: dict[str, Any], data: Path) -> None:
    """Return when none of the processes that the last demo noted still works on this folder, or after PATIENCE_S."""
    noted = [pids.get("hub"), pids.get("broker"), *dict(pids.get("posts", {})).values()]
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while left := [pid for pid in noted if pid is not None and _works_on(data, pid)]:
        if asyncio.get_running_loop().time() > deadline:
            logger.warning("processes of the last demo do not end: %s", ", ".join(map(str, left)))
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def _works_on(data: Path, pid: int) -> bool:
    """Whether that is still one of ours, and not a stranger who was given the number later."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    folder = data.absolute()
    return any(Path(word.decode(errors="replace")).absolute().is_relative_to(folder) for word in words if word)
