"""The machine's driver, with a shell script in QEMU's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hil.machine import Machine, MachineError


def machine(folder: Path, script: str) -> Machine:
    """A machine that is this script; it may use $RUN, the shared folder."""
    qemu = folder / "qemu"
    qemu.write_text(f"#!/bin/sh\nRUN={folder}/run\n{script}\n")
    qemu.chmod(0o755)
    made = Machine(folder, str(qemu))
    made.tidy()
    return made


def lives(pid: str) -> bool:
    return Path("/proc", pid).exists()


async def test_output_and_status_come_back(tmp_path: Path) -> None:
    told: list[str] = []
    made = machine(tmp_path, "printf 'one\\r\\ntwo\\r\\n'; sh $RUN/command; echo $? >$RUN/status")
    assert await made.run("exit 3", within_s=20, tell=told.append) == 3
    assert told == ["one\n", "two\n"]


async def test_one_that_hangs_is_killed_and_its_last_words_are_told(tmp_path: Path) -> None:
    made = machine(tmp_path, "echo $$ >$RUN/pid; echo 'Kernel panic' >$RUN/console; echo up; exec sleep 600")
    with pytest.raises(MachineError, match=r"not done within 1 s, and killed.*\nKernel panic$"):
        await made.run("true", within_s=1, tell=print)
    assert not lives((made.shared / "pid").read_text().strip())


async def test_one_that_ends_early_says_so(tmp_path: Path) -> None:
    made = machine(tmp_path, "echo 'init: no network' >$RUN/console")
    with pytest.raises(MachineError, match=r"ended without a result.*\ninit: no network$"):
        await made.run("true", within_s=20)


async def test_no_qemu_says_what_to_install(tmp_path: Path) -> None:
    made = Machine(tmp_path, "no-such-qemu")
    with pytest.raises(MachineError, match="install qemu-system-x86"):
        await made.run("true", within_s=20)


def test_what_was_left_by_the_last_run_is_not_believed(tmp_path: Path) -> None:
    made = machine(tmp_path, "")
    (made.shared / "status").write_text("0\n")
    made.tidy()
    assert not list(made.shared.iterdir())
