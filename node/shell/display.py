"""The screen, drawn beside the loop: the newest picture wins, and a dead or hanging display delays nothing."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from node.core.events import FaultGone, FaultSeen
from node.core.screen import Picture
from node.ports import Clock, Screen, ScreenError

FAULT = "screen"
RETRY_MS = 5_000
HANG_MS = 2_000
"""A display that has not taken a picture by now is a fault."""
BLINK_MS = 500
REFRESH_MS = 10_000
"""A picture that stays is shown again so often: a display that has come back says nothing of it, it has to be tried."""
_CLOSE_S = 1.0

_log = logging.getLogger(__name__)


class Display:
    """Shows pictures on a Screen; `tell` gets FaultSeen and FaultGone.

    A picture that blinks is shown by turns as it is and with `blink` off, each for BLINK_MS.
    """

    def __init__(self, screen: Screen, clock: Clock, tell: Callable[[FaultSeen | FaultGone], None]) -> None:
        self._screen, self._clock, self._tell = screen, clock, tell
        self._wanted: Picture | None = None
        self._changed = asyncio.Event()
        self._painter = _Painter()
        self._faulty = False
        self.busy = False
        """Whether a picture is on its way to the display."""

    def show(self, picture: Picture) -> None:
        """Want this picture; returns at once."""
        if picture != self._wanted:
            self._wanted = picture
            self._changed.set()

    async def run(self) -> None:
        """Paint what is wanted, without end."""
        lit = True
        await self._changed.wait()
        while True:
            self._changed.clear()
            picture = self._wanted
            assert picture is not None, "only show() sets the event"
            frame = picture if lit or not picture.blink else replace(picture, blink=False)
            if not await self._paint(frame):
                await self._clock.wait_until(self._clock.now_ms() + RETRY_MS)
            else:
                lit = not (lit and picture.blink)
                await self._changed_or_later(BLINK_MS if picture.blink else REFRESH_MS)

    async def close(self) -> None:
        """Let go of the screen; a display that hangs is left to itself."""
        closing = self._painter.submit(self._screen.close)
        done, _ = await asyncio.wait({closing}, timeout=_CLOSE_S)
        if not done:
            _log.warning("the screen hangs and is left as it is")
        elif error := closing.exception():
            _log.warning("the screen could not be closed: %s", error)

    async def _paint(self, picture: Picture) -> bool:
        """One picture on the screen; False when the display did not take it."""
        painting = self._painter.submit(lambda: self._screen.show(picture))
        patience = asyncio.create_task(self._clock.wait_until(self._clock.now_ms() + HANG_MS))
        self.busy = True
        try:
            await asyncio.wait({painting, patience}, return_when=asyncio.FIRST_COMPLETED)
            if not painting.done():
                self._fault("it hangs")
                self._changed.set()  # whatever comes of this write, the display is to have the newest picture after it
            await painting
        except ScreenError as error:
            self._fault(str(error))
            return False
        finally:
            patience.cancel()
            self.busy = False
        if self._faulty:
            self._faulty = False
            self._tell(FaultGone(FAULT))
        return True

    def _fault(self, why: str) -> None:
        if not self._faulty:
            self._faulty = True
            _log.warning("screen fault: %s", why)
            self._tell(FaultSeen(FAULT))

    async def _changed_or_later(self, ms: int) -> None:
        waits = {
            asyncio.create_task(self._changed.wait()),
            asyncio.create_task(self._clock.wait_until(self._clock.now_ms() + ms)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()


class _Painter:
    """One daemon thread: a hung bus must neither fill a thread pool nor keep the program from ending."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[], None], Future[None]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], None]) -> asyncio.Future[None]:
        """Do the job after those before it; the future holds its end or its exception, which nobody has to ask for."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="screen", daemon=True)
            self._thread.start()
        future: Future[None] = Future()
        self._jobs.put((job, future))
        done = asyncio.wrap_future(future)
        # Whoever waited may be cancelled just when the display fails: then it is nobody's any more.
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return done

    def _work(self) -> None:
        while True:
            job, future = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except Exception as error:  # noqa: BLE001 - handed to whoever waits for the future
                future.set_exception(error)
