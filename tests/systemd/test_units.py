"""The units as systemd itself judges them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from node.shell.saver import HANG_MS

UNITS = Path(__file__).resolve().parents[2] / "systemd"
WORST = 2.0


def analyze(*words: str) -> str:
    assert shutil.which("systemd-analyze"), "systemd-analyze is missing: apt install systemd"
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def service(name: str) -> dict[str, str]:
    """The unit's [Service] keys; of one that is given twice, the last."""
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name, encoding="utf-8")
    return dict(parser["Service"])


@pytest.mark.parametrize("name", ["poste-node.service", "poste-hub.service"])
def test_a_unit_is_well_shut_in(name: str) -> None:
    told = analyze("security", "--offline=true", str(UNITS / name))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= WORST, told


@pytest.mark.parametrize("name", ["poste-node.service", "poste-hub.service"])
def test_systemd_knows_every_line(name: str, tmp_path: Path) -> None:
    """`verify` wants the program to be there: /bin/true stands in for it."""
    text = (UNITS / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    assert name not in analyze("verify", str(tmp_path / name))


def test_a_node_that_hangs_is_killed_soon_and_its_power_goes_before() -> None:
    """Power is off at most 12 s after a hang, whatever hangs: the journal's own limit comes first."""
    unit = service("poste-node.service")
    assert (unit["Type"], unit["Restart"], unit["WatchdogSignal"]) == ("notify", "always", "SIGKILL")
    assert HANG_MS / 1000 < int(unit["WatchdogSec"]) <= 12


def test_a_hub_that_hangs_is_killed_and_started_again() -> None:
    unit = service("poste-hub.service")
    assert (unit["Type"], unit["NotifyAccess"], unit["Restart"]) == ("notify", "main", "always")
    assert (unit["WatchdogSec"], unit["WatchdogSignal"]) == ("30", "SIGKILL")


def test_what_each_program_may_write_is_its_own_folder() -> None:
    for name, folder in (("poste-node.service", "poste-node"), ("poste-hub.service", "poste")):
        unit = service(name)
        assert (unit["StateDirectory"], unit["StateDirectoryMode"]) == (folder, "0700")
        assert (unit["ProtectSystem"], unit["UMask"], unit["CapabilityBoundingSet"]) == ("strict", "0077", "")


def test_no_secret_is_on_a_command_line() -> None:
    for unit in UNITS.glob("*.service"):
        assert "password" not in json.dumps(service(unit.name)).lower()
