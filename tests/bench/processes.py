"""Processes that a measurement starts and ends, and what the kernel tells of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

from tests.bench.figures import Unmeasured

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
STOP_WITHIN_S = 10.0
_LONGEST_LINE = 1024 * 1024
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the kernel tells of a process, ours or another."""

    pid: int

    def cpu_s(self) -> float:
        """Seconds of processor time that it has used, all its threads together."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) * _TICK_S

    def resident_kib(self) -> int:
        """Memory that it holds now."""
        return self._told("status", "VmRSS")

    def written_bytes(self) -> int:
        """Bytes that it has caused to be sent to a disk, in whole pages."""
        return self._told("io", "write_bytes")

    def _told(self, file: str, name: str) -> int:
        for line in Path(f"/proc/{self.pid}/{file}").read_text().splitlines():
            key, _, value = line.partition(":")
            if key == name:
                return int(value.split()[0])
        raise Unmeasured(f"this kernel does not tell {name}")


class Process:
    """A running Python program of ours, with its standard output read line by line."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process, self._log = process, log

    @property
    def weighed(self) -> Weighed:
        """What the kernel tells of it."""
        return Weighed(self._process.pid)

    async def line(self) -> str:
        """Its next line; Unmeasured when it says nothing more."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self._process.stdout.readline()
        if not line:
            raise Unmeasured(f"a process ended early{self._last_word()}")
        return line.decode().strip()

    async def tell(self, text: str) -> None:
        """Write to its standard input, and close that."""
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode() + b"\n")
        self._process.stdin.close()

    async def ended(self) -> None:
        """Return when it has ended by itself; Unmeasured when it failed."""
        async with asyncio.timeout(PATIENCE_S):
            status = await self._process.wait()
        if status:
            raise Unmeasured(f"a process ended with {status}{self._last_word()}")

    def _last_word(self) -> str:
        said = self._log.read_text(errors="replace").strip().splitlines()
        return f"; its last word: {said[-1]}" if said else " without a word"

    async def stop(self) -> None:
        """TERM, and KILL when that does not help."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(STOP_WITHIN_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


def say(line: str) -> None:
    """What a program of the bench tells the one that started it, which reads it with `Process.line`."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _environ() -> dict[str, str]:
    """Ours, but programs keep what they have compiled, as installed ones do."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@asynccontextmanager
async def python(*words: str, log: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """`python WORDS` from the tree's root; ended at the end of the block, and with this process whatever ends that."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", sys.executable, *words),
            cwd=ROOT,
            env={**_environ(), **(environ or {})},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=_LONGEST_LINE,
            process_group=0,  # Ctrl-C is for the bench, which then ends its processes
        )
    made = Process(process, log)
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def bare_http(folder: Path) -> AsyncIterator[str]:
    """The URL of a bare aiohttp server (see bare.py)."""
    async with python("-m", "tests.bench.bare", "http", log=folder / "bare.log") as process:
        yield f"http://127.0.0.1:{await process.line()}/"


@asynccontextmanager
async def burnt_cpu(folder: Path) -> AsyncIterator[None]:
    """One processor kept busy."""
    async with python("-c", "while True: pass", log=folder / "burn.log"):
        yield


# What has no loader was made by a library in memory, and cannot be imported.
_LOADED = """print(json.dumps([
    name for name, one in [*sys.modules.items()] if getattr(getattr(one, '__spec__', None), 'loader', None)
]))"""


async def libraries(folder: Path, *modules: str) -> list[str]:
    """Everything not ours that is loaded once these modules of ours are imported, in the order of loading."""
    code = f"import json, sys\n{_imports(modules)}\n{_LOADED}"
    async with python("-c", code, log=folder / "libraries.log") as process:
        loaded: list[str] = json.loads(await process.line())
        await process.ended()
    ours = ("hub", "node", "firmware_config", "tests", "__main__", "__mp_main__")
    words = [name for name in loaded if name.partition(".")[0] not in ours]
    return [name for name in words if all(part.isidentifier() and not iskeyword(part) for part in name.split("."))]


@asynccontextmanager
async def importing(folder: Path, names: Sequence[str]) -> AsyncIterator[Process]:
    """Bare Python that has imported these, and waits."""
    source = folder / "imports.py"
    source.write_text(f"{_imports(names)}\nprint(flush=True)\nimport sys\nsys.stdin.read()\n")
    async with python(str(source), log=folder / "imports.log") as process:
        await process.line()
        yield process


def _imports(names: Iterable[str]) -> str:
    return "\n".join(f"import {name}" for name in names)
