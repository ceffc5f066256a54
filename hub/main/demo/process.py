"""One process of the demo: started, watched, started again when it dies, ended with the demo."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

logger = logging.getLogger(__name__)

AGAIN_AFTER_S = 0.2
PATIENCE_S = 30.0
STOP_WITHIN_S = 8.0
_LOOK_EVERY_S = 0.05


class DemoError(Exception):
    """The demo cannot go on; the text is one line."""


class Supervised:
    """A Python module of ours as a process. `ready` asks it whether it works; `changed` hears of every new pid."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        log: Path,
        *,
        ready: Callable[[], Awaitable[bool]],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self.name = name
        self._log, self._ready, self._changed = log, ready, changed
        # Whatever becomes of the demo's own process, its children end.
        guard = shutil.which("setpriv")
        self._command = [*([guard, "--pdeathsig", "TERM"] if guard else []), sys.executable, *arguments]
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it, and return when it works; DemoError, with the last line of its log, when it ends instead."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the demo, which then ends its children in order
            )
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not await self._ready():
            if self._process.returncode is not None:
                raise DemoError(f"{self.name} ended with {self._process.returncode}: {self._last_line()}")
            if asyncio.get_running_loop().time() > deadline:
                raise DemoError(f"{self.name} is not ready after {PATIENCE_S:.0f} s: see {self._log}")
            await asyncio.sleep(_LOOK_EVERY_S)
        await self._changed()

    async def keep_alive(self) -> None:
        """Start it again whenever it dies, for ever."""
        while True:
            assert self._process is not None
            status = await self._process.wait()
            logger.warning("%s ended with %d: starting it again", self.name, status)
            await asyncio.sleep(AGAIN_AFTER_S)
            try:
                await self.start()
            except DemoError as error:
                logger.error("%s", error)  # and once more: what keeps it down may pass

    async def stop(self) -> None:
        """End it: TERM, and KILL when it does not listen."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_WITHIN_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _last_line(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"see {self._log}"
