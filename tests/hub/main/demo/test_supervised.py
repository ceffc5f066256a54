"""A process of the demo: started, started again, given up at once when it cannot work."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.main.demo.process import DemoError, Supervised
from tests.support.mosquitto import PATIENCE_S

WORKS = "import pathlib, signal, sys; pathlib.Path(sys.argv[1]).touch(); signal.pause()"


class Child:
    """A supervised Python one-liner; it works when it has touched its file."""

    def __init__(self, folder: Path, program: str) -> None:
        self._sign = folder / "works"
        self.pids: asyncio.Queue[int | None] = asyncio.Queue()
        self.process = Supervised(
            "the child", ["-c", program, str(self._sign)], folder / "log", ready=self._works, changed=self._changed
        )

    async def _works(self) -> bool:
        return self._sign.exists()

    async def _changed(self) -> None:
        self._sign.unlink(missing_ok=True)
        self.pids.put_nowait(self.process.pid)

    async def next_pid(self) -> int:
        pid = await asyncio.wait_for(self.pids.get(), PATIENCE_S)
        assert pid is not None
        return pid


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    made = Child(tmp_path, WORKS)
    await made.process.start()
    yield made
    await made.process.stop()


async def test_it_is_started_again_when_it_dies(child: Child) -> None:
    first = await child.next_pid()
    watching = asyncio.create_task(child.process.keep_alive())
    try:
        os.kill(first, signal.SIGKILL)
        second = await child.next_pid()
        os.kill(second, signal.SIGTERM)
        assert len({first, second, await child.next_pid()}) == 3
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def test_stopping_ends_it_and_can_be_repeated(child: Child) -> None:
    pid = await child.next_pid()
    await child.process.stop()
    await child.process.stop()
    assert child.process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_what_was_never_started_is_stopped_already(tmp_path: Path) -> None:
    await Child(tmp_path, WORKS).process.stop()


async def test_one_that_ends_at_once_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    child = Child(tmp_path, "print('a page of reasons', flush=True); raise SystemExit('poste-hub: no mosquitto')")
    with pytest.raises(DemoError, match=r"^the child ended with 1: poste-hub: no mosquitto$"):
        await child.process.start()
    assert child.process.pid is None
    await child.process.stop()


async def test_one_that_ends_without_a_word_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=rf"ended with 0: see {tmp_path / 'log'}"):
        await Child(tmp_path, "").process.start()


async def test_one_that_could_not_be_started_again_is_tried_once_more(tmp_path: Path) -> None:
    obstacle = tmp_path / "obstacle"
    child = Child(tmp_path, f"import os; os.path.exists({str(obstacle)!r}) and exit('not now'); {WORKS}")
    await child.process.start()
    watching = asyncio.create_task(child.process.keep_alive())
    try:
        obstacle.touch()
        os.kill(await child.next_pid(), signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_S):
            while "not now" not in (tmp_path / "log").read_text():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        obstacle.unlink()
        await child.next_pid()
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await child.process.stop()
