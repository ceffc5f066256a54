"""Several hubs on one PostgreSQL: one leads, the others stand by and take over.

A hub that loses its lock may have lost only a connection: it asks for it again, and goes on as the same leader when
nobody else has led meanwhile. Until it has it again the row in the database fences it off (see db/leadership).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from hub.usecases.ports import Unavailable

if TYPE_CHECKING:  # its driver is there only where it is needed
    from hub.adapters.db.leadership import Leadership

logger = logging.getLogger(__name__)

LOOK_S = 1.0
AGAIN_S = 0.2
WITHOUT_LOCK_S = 5.0
"""So long a leader looks for its lock again before it steps down: less than the server takes to give it away."""

Term = Callable[[asyncio.Event], Awaitable[None]]
"""Serves, as leader or standing by, until the event is set."""


async def in_turn(leadership: Leadership, stop: asyncio.Event, *, lead: Term, stand_by: Term) -> None:
    """Lead while the lock is ours and stand by while it is not, until `stop`."""
    try:
        while not stop.is_set():
            if not await _won(leadership):
                await _until(_winning(leadership), stop, stand_by)
            if not stop.is_set():
                logger.info("this hub leads")
                await _until(_losing(leadership), stop, lead)
                leadership.resign()
    finally:
        leadership.resign()


async def _until(turning: Awaitable[None], stop: asyncio.Event, term: Term) -> None:
    """Serve a term, which ends when the lock has turned or when all is to stop."""
    over = asyncio.Event()

    async def watch() -> None:
        turned, stopped = asyncio.ensure_future(turning), asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait({turned, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turned.cancel()
            stopped.cancel()
            over.set()
        for task in done:
            task.result()

    watching = asyncio.create_task(watch())
    try:
        await term(over)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _won(leadership: Leadership) -> bool:
    try:
        return await leadership.win()
    except Unavailable as error:
        logger.debug("cannot ask for the lead: %s", error)
        return False


async def _winning(leadership: Leadership) -> None:
    while not await _won(leadership):  # noqa: ASYNC110 - the lock is in another process
        await asyncio.sleep(LOOK_S)


async def _losing(leadership: Leadership) -> None:
    """Return when another hub has the lock, or when it could not be had again for a while."""
    held_at = time.monotonic()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(leadership.cut(), LOOK_S)
        try:
            if not await leadership.win():
                logger.warning("another hub leads: this one stands by")
                return
            held_at = time.monotonic()
        except Unavailable as error:
            logger.warning("this hub may have lost the lead: %s", error)
            if time.monotonic() - held_at > WITHOUT_LOCK_S:
                return
            await asyncio.sleep(AGAIN_S)
