"""`poste-node run` on mock pins as a process: every part on its pin is taken, and each signal is an orderly end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0

TOML = """\
[post]
id = "p01"
[hub]
host = "127.0.0.1"
port = 1
password = "hunter2-of-p01"
[journal]
folder = "journal"
[[relay]]
name = "display"
pin = 17
feedback_pin = 22
[[relay]]
name = "pc"
pin = 27
role = "reset"
[led]
pin = 12
[button]
pin = 16
[buzzer]
pin = 18
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    config = tmp_path / "node.toml"
    config.touch(0o600)
    config.write_text(TOML, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "node", "run", "--config", str(config)],
        cwd=ROOT,
        env={**os.environ, "GPIOZERO_PIN_FACTORY": "mock"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "poste-node p01: ready\n"
            process.send_signal(number)
            _, said = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said
