"""A machine for which there is no uvloop, as one with a 32-bit ARM."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.modules["uvloop"] = None
from hub.__main__ import main
sys.exit(main())
"""


def test_the_hub_runs_on_asyncios_own_loop(tmp_path: Path) -> None:
    words = ["migrate", "--data", str(tmp_path / "house")]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "house" / "hub.sqlite3").exists()
