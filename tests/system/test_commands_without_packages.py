"""A missing package is told in one line; a bug of our own is never dressed up as one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

STAND_IN = """
import runpy, sys, types
sys.path.insert(0, {root!r})
def run(argv=None):
    import {wanted}
    return 7
cli = types.ModuleType("{package}.cli")
cli.run = run
sys.modules["{package}.cli"] = cli
sys.argv = ["poste-{package}", *{words!r}]
runpy.run_module("{package}", run_name="__main__")
"""


def python_alone(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python as it is before anything is installed: without site-packages."""
    return subprocess.run(
        [sys.executable, "-S", "-E", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def command_that_imports(wanted: str, package: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a package's real ``__main__`` over a command line that does nothing but import one module."""
    script = STAND_IN.format(root=str(ROOT), wanted=wanted, package=package, words=list(words))
    return python_alone("-I", "-c", script)


@pytest.mark.parametrize(
    ("package", "words", "line"),
    [
        (
            "hub",
            ["run"],
            "the hub's packages are not installed (no module 'aiohttp'): pip install 'poste-public[hub]'",
        ),
        (
            "node",
            ["run"],
            "the node's packages are not installed (no module 'aiohttp'): pip install 'poste-public[node]'",
        ),
        (
            "node",
            ["run", "--sim=127.0.0.1:0"],
            "the node's packages are not installed (no module 'aiohttp'): pip install 'poste-public[sim]'",
        ),
    ],
)
def test_a_missing_package_is_one_line(package: str, words: list[str], line: str) -> None:
    done = command_that_imports("aiohttp", package, *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"poste-{package}: {line}\n")


@pytest.mark.parametrize("package", ["hub", "node"])
@pytest.mark.parametrize(
    "wanted", ["hub.no_such_room", "node.no_such_room", "firmware_config.no_such_room", "ctypes.no_such"]
)
def test_a_missing_module_of_our_own_or_of_pythons_is_a_bug(package: str, wanted: str) -> None:
    done = command_that_imports(wanted, package)
    assert done.returncode == 1
    assert f"ModuleNotFoundError: No module named '{wanted}'" in done.stderr
    assert "pip install" not in done.stderr


@pytest.mark.parametrize("package", ["hub", "node"])
def test_the_commands_answer_is_the_exit_status(package: str) -> None:
    assert command_that_imports("json", package).returncode == 7


def test_the_real_hub_says_what_to_install(tmp_path: Path) -> None:
    done = python_alone("-m", "hub", "run", "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("poste-hub: the hub's packages are not installed (no module ")
    assert done.stderr.count("\n") == 1


def test_a_hub_with_its_own_file_needs_no_driver_of_a_database_server(tmp_path: Path) -> None:
    script = "import sys; sys.modules['asyncpg'] = None; from hub.cli import run; sys.exit(run(sys.argv[1:]))"
    words = ("migrate", "--data", str(tmp_path))
    alone = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (alone.returncode, alone.stdout) == (0, "the database is up to date\n"), alone.stderr
    served = subprocess.run(
        [sys.executable, "-c", script, *words, "--database", "postgres://db.example/poste"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    line = "poste-hub: PostgreSQL needs one more package: pip install 'poste-public[postgres]'\n"
    assert (served.returncode, served.stderr) == (1, line)
