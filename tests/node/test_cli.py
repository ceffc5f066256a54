"""The command line as a process: its lines, its exit status, and a power cut that kills it for real."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0

TOML = """\
[post]
id = "p01"
[hub]
host = "127.0.0.1"
port = {port}
password = "hunter2-of-p01"
[journal]
folder = "journal"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "node.toml"
    path.touch(0o600)
    path.write_text(TOML.format(port=1), encoding="utf-8")  # nobody listens on port 1
    return path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "node", *words]


def ended(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A node that has said that it is ready, and its page's URL."""
    with subprocess.Popen(
        command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"poste-node p01: ready, page (http://127\.0\.0\.1:\d+/)\n", line)
            assert found, (line, process.stderr and process.poll() is not None and process.stderr.read())
            yield process, found[1]
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def state(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url + "state", timeout=PATIENCE_S) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def post(url: str, body: bytes = b"") -> int:
    with urllib.request.urlopen(url, data=body, timeout=PATIENCE_S) as answer:
        return int(answer.status)


def test_help_has_examples() -> None:
    for words in (["--help"], ["run", "--help"]):
        done = ended(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert "poste-node run --config" in done.stdout


def test_version() -> None:
    done = ended("--version")
    assert (done.returncode, done.stdout.startswith("poste-node ")) == (0, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "COMMAND"),
        (["run"], "--config"),
        (["run", "--config", "x", "--sim", "8401"], "'8401' is not HOST:PORT, such as 127.0.0.1:8401"),
        (["run", "--config", "x", "--sim", "a:99999"], "is not HOST:PORT"),
    ],
)
def test_a_wrong_command_line_is_2(words: list[str], told: str) -> None:
    done = ended(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr.splitlines()[-1]


def test_a_wrong_configuration_is_one_line(config: Path) -> None:
    config.write_text(config.read_text() + "[sceen]\n", encoding="utf-8")
    done = ended("run", "--config", str(config))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"poste-node: {config}: line 9: unknown table [sceen]: did you mean 'screen'?\n")


def test_a_taken_port_names_the_option(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ended("run", "--config", str(config), "--sim", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert done.stderr == (
        f"poste-node: no page at 127.0.0.1:{port} (Address already in use): choose another one with --sim HOST:PORT\n"
    )


def test_a_journal_that_cannot_be_is_one_line(config: Path) -> None:
    (config.parent / "journal").write_text("in the way", encoding="utf-8")
    done = ended("run", "--config", str(config), "--sim", "127.0.0.1:0", "--log-level", "error")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "journal" in done.stderr


def test_a_file_open_to_others_is_warned_of(config: Path) -> None:
    config.chmod(0o644)
    done = ended("run", "--config", str(config), "--sim", "no.such.host.invalid:1")
    assert done.returncode == 1
    assert f"chmod 600 {config}\n" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_simulated_post_takes_keys_and_ends_in_order(config: Path) -> None:
    with running("run", "--config", str(config), "--sim", "127.0.0.1:0") as (process, url):
        assert post(url + "keys", b'{"keys": "K7"}') == 204
        until = time.monotonic() + PATIENCE_S
        while state(url)["phase"] != "entering":
            assert time.monotonic() < until
        told = state(url)
        assert (told["online"], told["hub_link"], told["relays"]) == (True, "no_broker", {"display": "off"})
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
        assert "Traceback" not in log
        assert "K7" not in log
    assert {path.name for path in (config.parent / "journal").iterdir()} == {"journal-a", "journal-b", "starts.json"}


def test_after_a_power_cut_it_is_another_boot_of_the_same_card(config: Path) -> None:
    with running("run", "--config", str(config), "--sim", "127.0.0.1:0") as (process, url):
        before = state(url)
        began = time.monotonic()
        assert post(url + "power-cut") == 204
        after = state(url)  # the page's socket has outlived the cut: nothing is refused
        assert time.monotonic() - began < 10
        assert after["boot_id"] != before["boot_id"]
        assert after["state_epoch"] == before["state_epoch"]
        assert post(url + "power-cut") == 204
        assert state(url)["boot_id"] not in {before["boot_id"], after["boot_id"]}
        process.send_signal(signal.SIGTERM)
        told, log = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, told) == (0, "")
        assert "Traceback" not in log


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
sys.argv = ["poste-node", *{words!r}]
from node.__main__ import main
sys.exit(main())
"""


def ended_without(missing: set[str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command where some packages are not installed."""
    script = WITHOUT.format(missing=missing, words=list(words))
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "GPIOZERO_PIN_FACTORY": "mock"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_a_simulated_post_needs_no_drivers(config: Path) -> None:
    (config.parent / "journal").write_text("in the way", encoding="utf-8")  # ends it when all is loaded
    words = ("run", "--config", str(config), "--sim", "127.0.0.1:0", "--log-level", "error")
    done = ended_without({"evdev", "gpiozero", "lgpio"}, *words)
    assert (done.returncode, "journal" in done.stderr, done.stderr.count("\n")) == (1, True, 1)


def test_a_real_post_needs_no_web_server(config: Path) -> None:
    (config.parent / "journal").write_text("in the way", encoding="utf-8")
    done = ended_without({"aiohttp"}, "run", "--config", str(config), "--log-level", "error")
    assert (done.returncode, "journal" in done.stderr, done.stderr.count("\n")) == (1, True, 1)


@pytest.mark.parametrize(
    ("missing", "words", "extra"),
    [("gpiozero", [], "node"), ("evdev", [], "node"), ("aiohttp", ["--sim", "127.0.0.1:0"], "sim")],
)
def test_what_is_missing_is_named_with_its_extra(config: Path, missing: str, words: list[str], extra: str) -> None:
    done = ended_without({missing}, "run", "--config", str(config), "--log-level", "error", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"(no module '{missing}'): pip install 'poste-public[{extra}]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_machine_without_pins_is_one_line(config: Path) -> None:
    done = ended("run", "--config", str(config), GPIOZERO_PIN_FACTORY="lgpio")
    assert done.returncode == 1
    assert done.stderr.startswith("poste-node: the pin 17 of relay display cannot be had: ")
    assert done.stderr.count("\n") == 1
