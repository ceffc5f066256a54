"""What the hub does again and again. A job that fails is told and tried again; it never takes the hub down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)


LONGEST_WAIT_S = 60


async def repeat(
    name: str,
    period_s: float,
    job: Callable[[], Awaitable[None]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run a job, wait, run it again, for ever; a failure waits longer each time, up to a minute."""
    failures = 0
    while True:
        try:
            await job()
            failures = 0
        except Exception:  # a job's fault must not end the room; it is told, and it runs again
            failures += 1
            logger.exception("%s failed, for the %d. time in a row", name, failures)
        await sleep(min(LONGEST_WAIT_S, period_s * 2 ** min(failures, 16)))
