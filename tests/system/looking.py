"""Looking at real processes: until something is true, which of them live, what a command says."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from aiomqtt import Client, MqttError

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40.0
"""How long a test waits for what must happen; nothing waits that long when all is well."""
LOOK_S = 0.02

T = TypeVar("T")
JSON = dict[str, Any]


async def until(look: Callable[[], Awaitable[T | None]], what: str, *, within_s: float = PATIENCE_S) -> T:
    """Look again and again until there is something true to see; AssertionError says what was awaited."""
    deadline = monotonic() + within_s
    while not (seen := await look()):
        assert monotonic() < deadline, f"{what}: not within {within_s} s"
        await asyncio.sleep(LOOK_S)
    return seen


def processes_of(folder: Path) -> dict[int, str]:
    """Every living process whose command line names something in a folder, by pid."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if str(folder) in line:
                    found[int(entry.name)] = line.strip()
    return found


async def lets_in(client: Client) -> bool:
    """Whether the broker takes that account."""
    try:
        async with client:
            return True
    except MqttError:
        return False


async def command(*words: str, environ: dict[str, str] | None = None, said: str | None = None) -> tuple[int, str, str]:
    """Run `python WORDS`, with that on its standard input; its exit status and what it said on both channels."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words),
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdin=asyncio.subprocess.DEVNULL if said is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate(said.encode() if said is not None else None)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
