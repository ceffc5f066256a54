"""A simulated post as a process of its own, and a stay that its journal already holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from hub.wire.messages import PostSettings
from hub.wire.terms import Language
from node.adapters.journal_file import JournalFile
from node.core.ledger import OpenLease, Record

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
TOML = """\
[post]
id = "p01"
language = "en"
[hub]
host = "127.0.0.1"
port = 1
password = "p01-password"
[journal]
folder = "journal"
"""


def config(folder: Path) -> Path:
    """A node.toml whose journal is beside it, and whose hub is nowhere."""
    path = folder / "node.toml"
    path.touch(0o600)
    path.write_text(TOML, encoding="utf-8")
    return path


def stay(folder: Path, *, left_s: int, grace_s: int = 60) -> Record:
    """A journal that holds an open lease with so much left of ten minutes."""
    lease = OpenLease(str(uuid4()), rev=1, total_s=600, debited_s=600 - left_s)
    record = Record(str(uuid4()), lease, settings=PostSettings(language=Language.EN, grace_s=grace_s))
    journal = JournalFile(folder)
    journal.load()
    journal.save(record)
    return record


class Post:
    """What a test does to a post, and sees of it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def state(self) -> dict[str, Any]:
        """The post's status message, and what its screen says."""
        with urllib.request.urlopen(self.url + "state", timeout=PATIENCE_S) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

    @property
    def powered(self) -> bool:
        return bool(self.state()["relays"] == {"display": "on"})

    def says(self, text: str) -> bool:
        return any(text in line for line in self.state()["screen"])

    def type(self, keys: str) -> None:
        body = json.dumps({"keys": keys}).encode()
        request = urllib.request.Request(self.url + "keys", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S):
            pass

    def power_cut(self) -> None:
        """It dies without clean-up, and begins anew."""
        request = urllib.request.Request(self.url + "power-cut", b"", method="POST")
        with suppress(OSError):  # it may die before it answers
            urllib.request.urlopen(request, timeout=PATIENCE_S).close()


@contextmanager
def post(toml: Path, *, before: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> Iterator[Post]:
    """A post that takes keys; killed at the end. `before`: what the command is run under."""
    words = [*before, sys.executable, "-m", "node", "run", "--config", str(toml), "--sim", "127.0.0.1:0"]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            if found is None:
                process.kill()
                raise AssertionError(process.communicate()[1])
            yield Post(process, found[0])
        finally:
            process.kill()
            process.communicate()


def until(holds: Callable[[], bool], *, within_s: float = PATIENCE_S) -> float:
    """Wait for what another process does; the seconds it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within_s, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - began
