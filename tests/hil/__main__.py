"""`python -m tests.hil`: boot the virtual machine, run the tests of tests/hil/inside in it, and tell how it went."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import subprocess
import sys
from pathlib import Path
from time import monotonic

from tests.hil.machine import Machine, MachineError
from tests.hil.room import room_for

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 480.0
NO_TESTS = 125
# Every import costs in there: only the plugins that are used. The tests share a post: what one breaks fails the rest.
_LEAN = "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"
_PYTEST = (
    *("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout", "-p", "no:cacheprovider"),
    *(
        "--kernel-drivers",
        "--color=no",
        "--timeout=240",
        "--junitxml=/run/hil/junit.xml",
        "-o",
        "junit_family=xunit1",
        "-v",
        "-x",
    ),
)


def main(argv: list[str] | None = None) -> int:
    """The exit status: pytest's own, or 125 when the machine did not get that far."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.hil",
        description="Run the tests of the node on real kernel drivers, in a virtual machine.",
        epilog="Further words go to pytest in the machine: python -m tests.hil -- -k keypad -x",
    )
    parser.add_argument("--folder", type=Path, default=ROOT / ".hil", help="the kernel is kept here; default: .hil")
    parser.add_argument(
        "--python", type=Path, default=Path(sys.executable), help="runs the tests in there; default: this one"
    )
    parser.add_argument("--within", type=float, default=WITHIN_S, metavar="S", help="default: %(default).0f")
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    if subprocess.run([ROOT / "tests/hil/kernel.sh", folder], check=False).returncode:
        return NO_TESTS
    # Not resolved: a virtual environment's Python is a link, and found by its own place.
    python = options.python.absolute()
    words = (python, "-m", "pytest", *_PYTEST, *options.words, ROOT / "tests/hil/inside")
    command = f"cd {shlex.quote(str(ROOT))} && {_LEAN} exec {shlex.join(map(str, words))}"
    started = monotonic()
    try:
        status = asyncio.run(_run(Machine(folder), command, options.within))
    except MachineError as error:
        print(f"hil: the virtual machine: {error}", file=sys.stderr)
        return NO_TESTS
    except KeyboardInterrupt:
        return 130
    word = "passed" if status == 0 else f"FAILED ({status}): the machine's files are in {folder / 'run'}"
    print(f"hil: {word}, {monotonic() - started:.0f} s with room and boot")
    return status


async def _run(machine: Machine, command: str, within_s: float) -> int:
    machine.tidy()
    async with room_for(machine):
        return await machine.run(command, within_s=within_s)


if __name__ == "__main__":
    sys.exit(main())
