"""``.ci/scratch``: memory for the tests' files, unless there is little of it or nothing may be started from there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRATCH = Path(__file__).resolve().parents[2] / ".ci" / "scratch"
NAMES = "Filesystem 1024-blocks Used Available Capacity Mounted on"


def scratch(folder: Path, **programs: str) -> str:
    """What it says where temporary files go to `folder`, with these scripts in the place of programs."""
    own = folder / "bin"
    own.mkdir()
    for name, script in programs.items():
        program = own / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    environ = {"PATH": f"{own}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    return subprocess.run([str(SCRATCH)], env=environ, capture_output=True, text=True, timeout=60, check=True).stdout


def test_a_program_can_be_started_from_there(tmp_path: Path) -> None:
    found = Path(scratch(tmp_path).removesuffix("\n"))
    program = found / f"poste-{os.getpid()}"
    program.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    try:
        program.chmod(0o755)
        assert subprocess.run([str(program)], check=False).returncode == 7
    finally:
        program.unlink()


@pytest.mark.parametrize(
    "programs",
    [
        {"df": f"echo '{NAMES}'; echo 'shm 65536 0 65536 0% /dev/shm'"},
        {"df": "exit 1"},
        {"chmod": "exit 0"},  # as where a mount says noexec
    ],
    ids=["little", "none", "not for programs"],
)
def test_else_it_is_where_temporary_files_go(programs: dict[str, str], tmp_path: Path) -> None:
    assert scratch(tmp_path, **programs) == f"{tmp_path}\n"
