"""One hub on one data folder."""

from __future__ import annotations

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path

import pytest

from hub.main.alone import alone
from hub.settings import Settings, SettingsError
from tests.hub.main.test_serve import serving

HOLDS = """
import sys
from pathlib import Path
from hub.main.alone import alone
from hub.settings import Settings
with alone(Settings(data=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_a_second_hub_is_refused_with_the_first_ones_process_and_starts_no_broker(settings: Settings) -> None:
    async with serving(settings) as ready:
        assert ready.broker_pid is not None
        with pytest.raises(SettingsError, match=rf"another hub \(process {os.getpid()}\) runs on .*--data"):
            async with serving(replace(settings, mqtt_listen=("127.0.0.1", 0))):
                pass
        os.kill(ready.broker_pid, 0)  # and leaves the first one's alone


async def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    other = await create_subprocess_exec(sys.executable, "-c", HOLDS, str(tmp_path), stdin=PIPE, stdout=PIPE)
    assert other.stdout is not None
    await other.stdout.readline()
    with pytest.raises(SettingsError, match=f"process {other.pid}"), alone(Settings(data=tmp_path)):
        pass
    other.kill()
    await other.communicate()
    with alone(Settings(data=tmp_path)):
        assert (tmp_path / "hub.lock").read_text() == f"{os.getpid()}\n"
