"""``.ci/need``: quiet if nothing is missing, a line for each thing it installs, clear words if it may not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NEED = Path(__file__).resolve().parents[2] / ".ci" / "need"

APT_GET = """#!/bin/sh
echo "$@" >>"{calls}"
case "$*" in
  update*) touch "{calls}.updated" ;;
  *" fresh") [ -e "{calls}.updated" ] || {{ echo "404 Not Found"; exit 100; }} ;;
  *" nowhere") echo "Unable to locate package nowhere"; exit 100 ;;
esac
"""


class Machine:
    """A PATH with a pretended apt-get, an ``id`` that answers as told, and no sudo."""

    def __init__(self, folder: Path, uid: int) -> None:
        self.calls = folder / "calls"
        self.calls.touch()
        self._bin = folder / "bin"
        self._bin.mkdir()
        for tool in ("sh", "cat", "ls", "mktemp", "rm", "touch"):
            (self._bin / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
        self._program("apt-get", APT_GET.format(calls=self.calls))
        self._program("id", f"#!/bin/sh\necho {uid}\n")

    def _program(self, name: str, text: str) -> None:
        path = self._bin / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def need(self, *needs: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(NEED), *needs],
            env={"PATH": str(self._bin)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def installed(self) -> list[str]:
        """The packages that apt-get was asked to install, in order."""
        calls = self.calls.read_text(encoding="utf-8").splitlines()
        return [call.split()[-1] for call in calls if call.startswith("install")]


@pytest.fixture
def as_root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, uid=0)


def test_nothing_missing_says_nothing(as_root: Machine) -> None:
    done = as_root.need("a:true", "shell:command -v sh", "colon:test a:b = a:b")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert as_root.installed() == []


def test_only_what_is_missing_is_installed_with_a_line_each(as_root: Machine) -> None:
    done = as_root.need("one:false", "two:true", "three:no-such-command")
    lines = [line for line in done.stdout.splitlines() if line != "need: apt-get update"]
    assert (done.returncode, lines) == (0, ["need: installing one", "need: installing three"])
    assert as_root.installed() == ["one", "three"]


def test_stale_lists_are_renewed_and_the_package_tried_again(as_root: Machine) -> None:
    done = as_root.need("fresh:false")
    assert done.returncode == 0
    assert "need: apt-get update" in done.stdout
    assert set(as_root.installed()) == {"fresh"}


def test_a_package_that_cannot_be_had_is_an_error_with_apts_words(as_root: Machine) -> None:
    done = as_root.need("nowhere:false")
    assert done.returncode == 1
    assert "Unable to locate package nowhere" in done.stderr
    assert done.stderr.endswith("need: could not install nowhere\n")


def test_without_root_and_sudo_the_command_to_run_is_named(tmp_path: Path) -> None:
    user = Machine(tmp_path, uid=1000)
    done = user.need("one:false", "two:true", "three:false")
    assert done.returncode == 1
    assert done.stderr == "need: missing: one three. Run this as root: apt-get install -y one three\n"
    assert user.installed() == []
