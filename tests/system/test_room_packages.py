"""Each program runs where only its own packages are installed: nothing of the other side is imported."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.system.looking import PATIENCE_S, ROOT

WITHOUT = """
import runpy, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
sys.argv = ["poste-{package}", *{words!r}]
runpy.run_module({package!r}, run_name="__main__")
"""
HUB_ONLY = ("tortoise", "aiosqlite", "argon2", "cryptography", "pydantic", "jinja2", "aiohttp_jinja2", "babel")
NODE_ONLY = ("evdev", "gpiozero", "lgpio", "luma", "PIL")
TOML = """\
[post]
id = "p01"
[hub]
host = "127.0.0.1"
port = 9
password = "nobody-listens-there"
[journal]
folder = "journal"
"""


@asynccontextmanager
async def running(package: str, missing: tuple[str, ...], *words: str) -> AsyncIterator[str]:
    """The first URL that a program tells, which runs without those packages; it must end in order."""
    script = WITHOUT.format(missing=missing, package=package, words=words)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := re.search(r"http://[\d.:]+", said)):
                line = await process.stdout.readline()
                assert line, said
                said += line.decode()
        yield found[0]
        process.terminate()
        async with asyncio.timeout(PATIENCE_S):
            await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_simulated_post_needs_nothing_of_the_hubs(tmp_path: Path) -> None:
    config = tmp_path / "node.toml"
    config.write_text(TOML)
    config.chmod(0o600)
    words = ("run", "--config", str(config), "--sim", "127.0.0.1:0")
    missing = (*HUB_ONLY, "evdev", "gpiozero", "lgpio")
    async with running("node", missing, *words) as url, aiohttp.ClientSession() as http:
        async with http.get(f"{url}/state") as answer:
            state = await answer.json()
        assert (state["phase"], state["hub_link"]) == ("idle", "no_broker")


async def test_the_hub_needs_nothing_of_a_nodes(tmp_path: Path) -> None:
    words = ("run", "--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")
    async with running("hub", NODE_ONLY, *words) as url, aiohttp.ClientSession() as http:
        async with http.get(f"{url}/readyz") as answer:
            assert answer.status == 200
        async with http.get(f"{url}/sign-in") as answer:
            assert answer.status == 200
