"""`poste-node check` as a process: against a real broker, without one, and on a machine without pins."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from hub.wire.codec import encode
from hub.wire.messages import HubReport
from hub.wire.topics import topic
from tests.support.mosquitto import room
from tests.system.node_process import PATIENCE_S, ROOT, config


async def check(toml: Path, *words: str) -> tuple[int, str, str]:
    """The exit status, and what it said on stdout and stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "node", "check", "--config", str(toml), *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def findings(out: str) -> dict[str, bool]:
    told: dict[str, Any] = json.loads(out)
    assert told["ok"] is all(finding["ok"] for finding in told["findings"])
    return {finding["what"]: finding["ok"] for finding in told["findings"]}


def at(toml: Path, port: int, password: str = "p01-password") -> Path:
    told = toml.read_text(encoding="utf-8").replace("port = 1\n", f"port = {port}\n").replace("p01-password", password)
    toml.write_text(told, encoding="utf-8")
    return toml


async def test_all_is_well_in_a_room_that_is_at_work(tmp_path: Path) -> None:
    async with room(tmp_path / "broker", "p01") as made, made.client("hub") as hub:
        await hub.publish(topic(HubReport), encode(HubReport(online=True)), qos=1, retain=True)
        toml = at(config(tmp_path), made.broker.posts_address[1])
        status, out, err = await check(toml, "--sim", "--relays", "--json")
    assert (status, err) == (0, "")
    assert findings(out) == dict.fromkeys(
        ["clock", "journal", "relay display", "keypad", "screen", "broker", "hub"], True
    )


async def test_a_wrong_password_is_found_and_not_shown(tmp_path: Path) -> None:
    async with room(tmp_path / "broker", "p01") as made:
        toml = at(config(tmp_path), made.broker.posts_address[1], "not-the-password")
        status, out, err = await check(toml, "--sim")
    assert status == 1
    assert "FAIL  broker" in out
    assert "[hub] host, port, ca and password" in " ".join(out.split())
    assert "not-the-password" not in out + err


async def test_no_broker_is_found(tmp_path: Path) -> None:
    status, out, _ = await check(config(tmp_path), "--sim", "--json")
    assert status == 1
    assert findings(out)["broker"] is False


async def test_a_machine_without_pins_is_a_finding(tmp_path: Path) -> None:
    status, out, err = await check(config(tmp_path), "--json")
    assert status == 1
    assert findings(out)["pins"] is False
    assert "Traceback" not in err


async def test_a_wrong_configuration_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text("[pots]\n", encoding="utf-8")
    status, out, err = await check(tmp_path / "node.toml", "--sim")
    assert (status, out, err.count("\n")) == (1, "", 1)
