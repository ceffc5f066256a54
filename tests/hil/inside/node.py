"""`poste-node run` as a process of its own, with the settings that `poste-hub post add` wrote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from node.adapters.clock import BootClock
from node.adapters.crash_file import CrashFile
from tests.hil.inside.devices import KEYMAP
from tests.hil.inside.patience import PATIENCE_S, until

ROOT = Path(__file__).resolve().parents[3]


class Node:
    """The node: started, stopped and killed as a system does."""

    def __init__(self, config: Path, folder: Path) -> None:
        self._config, self._journal, self._log = config, folder / "journal", folder / "node.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the node has not been started"
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it has said, since the first start."""
        return self._log.read_text() if self._log.exists() else ""

    def start(self) -> None:
        """Return when it takes keys."""
        had = len(self.log.splitlines())
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "node", "run", "--config", str(self._config)),
                **self._surroundings(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            until(lambda: any(": ready" in line for line in self._new_lines(had)), "the node is ready", every_s=0.1)
        except AssertionError:
            os.kill(self.pid, signal.SIGABRT)  # it tells where each of its threads stands
            self._ended()
            raise AssertionError(f"the node is not ready in time: {self.log}") from None

    def kill(self) -> None:
        """kill -9: it has no time for anything."""
        os.kill(self.pid, signal.SIGKILL)
        self._ended()

    def stop(self) -> int:
        """SIGTERM, as systemd sends it; the exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self._ended()

    def has_crashed(self, times: int) -> None:
        """Note so many crashes, as that many lives without an orderly end would have."""
        for _ in range(times):
            CrashFile(self._journal).begin(BootClock().now_ms())

    def check(self, *words: str) -> tuple[int, dict[str, str]]:
        """`poste-node check` as a command: its exit status, and what it found not to be well, with the reason."""
        done = subprocess.run(
            (sys.executable, "-m", "node", "check", "--config", str(self._config), "--json", *words),
            **self._surroundings(),
            stdout=subprocess.PIPE,
            check=False,
            timeout=PATIENCE_S,
        )
        told = json.loads(done.stdout)
        return done.returncode, {each["what"]: each["told"] for each in told["findings"] if not each["ok"]}

    def sweep(self) -> None:
        """Whatever a failed test has left."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def open_files(self) -> list[str]:
        """What its file descriptors lead to."""
        return [str(link.readlink()) for link in Path(f"/proc/{self.pid}/fd").iterdir()]

    def _surroundings(self) -> dict[str, Any]:
        journal_and_keys = {"POSTE_NODE_JOURNAL_FOLDER": str(self._journal), "POSTE_NODE_KEYPAD_KEYMAP": KEYMAP}
        return {
            "cwd": ROOT,
            "env": {**os.environ, **journal_and_keys, "PYTHONFAULTHANDLER": "1"},
            "stdin": subprocess.DEVNULL,
        }

    def _ended(self) -> int:
        assert self._process is not None
        status = self._process.wait(PATIENCE_S)
        self._process = None
        return status

    def _new_lines(self, had: int) -> list[str]:
        assert self._process is not None
        assert self._process.poll() is None, f"the node ended: {self.log}"
        return self.log.splitlines()[had:]
