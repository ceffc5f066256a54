"""The hub's command line as a person meets it: words in, lines and a status out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.cli import run

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0
PASSWORD = "correct horse"


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass
class Terminal:
    """Runs commands in this process, all on one data folder. Nothing typed as a password may ever be answered."""

    folder: Path
    _monkeypatch: pytest.MonkeyPatch
    _capsys: pytest.CaptureFixture[str]
    _typed: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def __call__(self, *words: str, stdin: str = "") -> Done:
        self._typed += stdin.split("\n") if stdin.strip() else []
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        status = run([*words, "--data", str(self.data)])
        told = self._capsys.readouterr()
        assert not [typed for typed in self._typed if typed and typed in told.out + told.err]
        return Done(status, told.out, told.err)

    def does(self, *words: str, stdin: str = "") -> list[str]:
        """The lines of a command that must work."""
        done = self(*words, stdin=stdin)
        assert done.status == 0, done.err
        return done.lines

    def refuses(self, *words: str, stdin: str = "") -> str:
        """The one line of a command that must fail."""
        done = self(*words, stdin=stdin)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1), done
        assert done.err.startswith("poste-hub: ")
        return done.err.removeprefix("poste-hub: ").rstrip("\n")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "hub", *words]


def ended(*words: str, stdin: bytes = b"", **environ: str) -> Done:
    """A command run as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTE_HUB_")}
    done = subprocess.run(
        command(*words),
        cwd=ROOT,
        env={**kept, **environ},
        input=stdin,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
