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
  *download-only*" broken") ;;
  *" broken") echo "dpkg: error processing package broken"; exit 100 ;;
  *" nowhere") echo "Unable to locate package nowhere"; exit 100 ;;
esac
"""


class Machine:
    """A PATH with a pretended apt-get and sudo, if wanted, and an ``id`` that answers as told."""

    def __init__(self, folder: Path, uid: int, *, apt_get: bool = True, sudo: str | None = None) -> None:
        self.calls = folder / "calls"
        self.calls.touch()
        self._bin = folder / "bin"
        self._bin.mkdir()
        for tool in ("sh", "cat", "env", "mktemp", "rm", "sleep", "touch"):
            (self._bin / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
        if apt_get:
            self._program("apt-get", APT_GET.format(calls=self.calls))
        if sudo is not None:
            self._program("sudo", sudo)
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
        """The packages that apt-get was asked to install, not only to fetch, in order."""
        calls = self.calls.read_text(encoding="utf-8").splitlines()
        return [call.split()[-1] for call in calls if call.startswith("install") and "--download-only" not in call]


@pytest.fixture
def as_root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, uid=0)


def test_nothing_missing_says_nothing(as_root: Machine) -> None:
    done = as_root.need("a:true", "shell:command -v sh", "colon:test a:b = a:b")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert as_root.installed() == []


def test_only_what_is_missing_is_installed_with_lines_on_stderr(as_root: Machine) -> None:
    done = as_root.need("one:false", "two:true", "three:no-such-command")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "reading the lists of packages (apt-get update)",
        "fetching one (apt-get)",
        "installing one",
        "fetching three (apt-get)",
        "installing three",
    ]
    assert as_root.installed() == ["one", "three"]


def test_stale_lists_are_renewed_first(as_root: Machine) -> None:
    done = as_root.need("fresh:false")
    assert done.returncode == 0
    assert as_root.installed() == ["fresh"]


def test_a_package_that_cannot_be_had_is_an_error_with_apts_words(as_root: Machine) -> None:
    done = as_root.need("nowhere:false", "one:false")
    assert done.returncode == 1
    assert "Unable to locate package nowhere" in done.stderr
    assert done.stderr.endswith("need: could not install nowhere\n")
    assert as_root.installed() == []


def test_a_package_that_will_not_unpack_is_an_error_with_dpkgs_words(as_root: Machine) -> None:
    done = as_root.need("broken:false")
    assert done.returncode == 1
    assert "dpkg: error processing package broken" in done.stderr


def test_without_root_and_sudo_the_command_to_run_is_named(tmp_path: Path) -> None:
    user = Machine(tmp_path, uid=1000)
    done = user.need("one:false", "two:true", "three:false")
    assert done.returncode == 1
    assert done.stderr == (
        "need: missing: one three. Run this as root: apt-get install -y --no-install-recommends one three\n"
    )
    assert user.installed() == []


def test_through_sudo_what_it_is_for_is_said_first(tmp_path: Path) -> None:
    user = Machine(tmp_path, uid=1000, sudo='#!/bin/sh\nexec env "$@"\n')
    done = user.need("one:false")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == "to be installed through sudo: one"
    assert user.installed() == ["one"]


def test_a_sudo_that_says_no_leads_to_the_command_to_run(tmp_path: Path) -> None:
    user = Machine(tmp_path, uid=1000, sudo='#!/bin/sh\necho "ann is not in the sudoers file." >&2\nexit 1\n')
    done = user.need("one:false")
    assert done.returncode == 1
    assert "ann is not in the sudoers file." in done.stderr
    assert done.stderr.endswith("Run this as root: apt-get install -y --no-install-recommends one\n")


def test_where_there_is_no_apt_get_the_missing_are_named(tmp_path: Path) -> None:
    done = Machine(tmp_path, uid=0, apt_get=False).need("one:false")
    assert done.returncode == 1
    assert "missing (by Debian's names): one" in done.stderr
