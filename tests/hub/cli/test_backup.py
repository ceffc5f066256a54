"""`poste-hub backup` and `restore` from a terminal; `broker-config`, too, which also writes files of secrets."""

from __future__ import annotations

import stat

import pytest

from hub.cli.backup import telling
from hub.main.alone import alone
from hub.settings import Settings
from tests.hub.cli.terminal import Terminal


def test_there_and_back(terminal: Terminal) -> None:
    file = terminal.folder / "poste.tar.gz"
    terminal.does("session", "issue", "--minutes", "5")
    [line] = terminal.does("backup", str(file))
    assert line.startswith(f"wrote {file} (")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert terminal.refuses("backup", str(file)) == f"{file} exists: choose another file, or remove it first"
    terminal.does("session", "issue", "--minutes", "6")
    told = terminal.refuses("restore", str(file))
    assert told == f"{terminal.data} is not empty: --replace puts what is there aside, in a folder beside it"
    with alone(Settings(data=terminal.data)):
        told = terminal.refuses("restore", str(file), "--replace")
        assert f"runs on {terminal.data}: end it first" in told
    [line] = terminal.does("restore", str(file), "--replace")
    assert line.endswith(f"in {terminal.data}: start the hub")
    assert len(terminal.does("session", "list")) == 2  # a head and the one of the backup


def test_how_far_a_long_copy_is_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    tell = telling()
    for done in range(1, 1001):
        tell(done, 1000)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [f"poste-hub: {percent} % copied" for percent in range(10, 100, 10)]


def test_what_cannot_be_read_or_written_is_told(terminal: Terminal) -> None:
    gone = terminal.folder / "nowhere" / "poste.tar.gz"
    assert terminal.refuses("backup", str(gone)) == f"{gone.parent} is no folder: make it first"
    assert "cannot be read as a backup" in terminal.refuses("restore", str(gone), "--replace")


def test_the_files_for_a_broker_elsewhere(terminal: Terminal) -> None:
    folder = terminal.folder / "broker"
    terminal.does("post", "add", "p01", "--name", "Post 1")
    lines = terminal.does("broker-config", str(folder), "--port", "1885", "--there", "/srv/mosquitto")
    assert lines[0].startswith("wrote hub.acl, hub.password")
    assert "systemctl reload mosquitto" in lines[-1]
    conf = (folder / "poste.conf").read_text()
    assert "listener 1885 0.0.0.0" in conf
    assert "password_file /srv/mosquitto/posts.passwords" in conf
    assert "user p01" in (folder / "posts.acl").read_text()
    assert "--replace writes over them" in terminal.refuses("broker-config", str(folder))
    terminal.does("broker-config", str(folder), "--replace")


def test_files_that_cannot_be_for_a_broker(terminal: Terminal) -> None:
    taken = terminal.folder / "taken"
    taken.touch()
    assert terminal.refuses("broker-config", str(taken)) == f"{taken}: File exists"
    for ports in (("--port", "0"), ("--hub-port", "65536"), ("--port", "8884")):
        told = terminal.refuses("broker-config", str(terminal.folder / "broker"), *ports)
        assert told == "--port and --hub-port must be two ports, each 1 to 65535"
    assert not (terminal.folder / "broker").exists()
