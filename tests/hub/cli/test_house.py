"""What every command says of a house that it cannot work in; and the commands that keep one."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hub.adapters.db.engine import open_database
from hub.cli.common import CommandError, saying_why
from tests.hub.cli.terminal import ROOT, Terminal, command, ended

FREE = ("--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_migrating_twice_changes_nothing(terminal: Terminal) -> None:
    shutil.rmtree(terminal.data)
    assert terminal.does("migrate") == ["the database is up to date"]
    terminal.does("session", "issue", "--minutes", "5")
    assert terminal.does("migrate") == ["the database is up to date"]
    assert len(terminal.does("session", "list")) == 2
    assert stat.S_IMODE(terminal.data.stat().st_mode) == 0o700


def test_a_newer_schema_is_refused(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection:
        row = "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('hub', '9999_future', '2030-01-01')"
        connection.execute(row)
        connection.commit()
    told = "the database was changed by a newer version of poste-hub (it has 9999_future): update this one"
    for words in (("migrate",), ("session", "list"), ("run", *FREE)):
        assert terminal.refuses(*words) == told


def test_what_ends_a_hub_that_nobody_foresaw_is_a_line_of_its_log(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection:
        connection.execute("DROP TABLE log_entry")
    done = ended("run", "--data", str(terminal.data), *FREE, "--log-format", "json")
    assert done.status == 1
    last = [json.loads(line) for line in done.err.splitlines()][-1]
    assert (last["level"], last["message"]) == ("critical", "the hub has a fault, and ends")
    assert "no such table: log_entry" in last["traceback"]


def test_a_file_that_is_no_database_is_told(terminal: Terminal) -> None:
    database = terminal.data / "hub.sqlite3"
    database.write_bytes(b"not a database " * 100)
    assert terminal.refuses("post", "list") == f"{database}: file is not a database"
    database.unlink()
    database.mkdir()
    assert terminal.refuses("post", "list") == f"{database}: unable to open database file"


def test_a_data_folder_that_is_a_file_is_told(terminal: Terminal) -> None:
    shutil.rmtree(terminal.data)
    terminal.data.write_text("in the way")
    assert terminal.refuses("migrate") == f"{terminal.data}: File exists"


def test_keys_that_others_may_read_are_refused(terminal: Terminal) -> None:
    key = terminal.data / "hub.key"
    key.chmod(0o640)
    assert terminal.refuses("session", "list") == f"{key} may be read by others: chmod 600 {key}"


def test_damaged_keys_are_told_without_what_is_in_them(terminal: Terminal) -> None:
    key = terminal.data / "hub.key"
    key.write_text('{"hashing": "hunter2"}')
    told = terminal.refuses("session", "list")
    assert told.startswith(f"{key} is damaged: restore it from a backup")
    assert "hunter2" not in told


@pytest.mark.parametrize("words", [("run",), ("migrate",), ("operator", "list"), ("post", "list"), ("session", "list")])
def test_a_wrong_configuration_is_told_by_every_command(terminal: Terminal, words: tuple[str, ...]) -> None:
    config = terminal.folder / "hub.toml"
    assert terminal.refuses(*words, "--config", str(config)) == f"{config}: No such file or directory"
    config.write_text('# the room\nlisen = "127.0.0.1:8400"\n')
    told = f"{config}: line 2: unknown key 'lisen': did you mean 'listen'?"
    assert terminal.refuses(*words, "--config", str(config)) == told


def test_a_databases_password_has_no_place_among_the_arguments(terminal: Terminal) -> None:
    told = terminal.refuses("post", "list", "--database", "postgres://poste:hunter2@127.0.0.1:1/poste")
    assert told.startswith("--database: others can see a password among the arguments: give the address as POSTE_HUB_")
    assert "hunter2" not in told


def test_an_address_that_is_none_is_told_in_one_line(terminal: Terminal) -> None:
    told = terminal.refuses("post", "list", "--database", "postgres://poste@127.0.0.1/poste?sslmode=on")
    assert told.startswith("the database's address: sslmode is one of disable, ")


def test_a_server_that_does_not_answer_is_told(terminal: Terminal) -> None:
    told = terminal.refuses("post", "list", "--database", "postgres://poste@127.0.0.1:1/poste")
    assert "127.0.0.1" in told


def test_a_taken_panel_port_is_told_with_its_option(terminal: Terminal) -> None:
    with taken_port() as port:
        told = terminal.refuses("run", "--listen", f"127.0.0.1:{port}", "--mqtt-listen", "127.0.0.1:0")
    assert told == f"port {port} on 127.0.0.1 is taken: choose another with --listen HOST:PORT"


def test_a_taken_broker_port_is_told_with_its_option(terminal: Terminal) -> None:
    with taken_port() as port:
        told = terminal.refuses("run", "--listen", "127.0.0.1:0", "--mqtt-listen", f"127.0.0.1:{port}")
    assert told == f"port {port} on 127.0.0.1 is taken: choose another with --mqtt-listen"


def test_a_missing_mosquitto_is_told_with_its_remedy(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    (terminal.folder / "setpriv").symlink_to(shutil.which("setpriv") or "/usr/bin/setpriv")
    monkeypatch.setenv("PATH", str(terminal.folder))
    monkeypatch.setattr("hub.adapters.mqtt.broker.SBIN", ())
    assert terminal.refuses("run", *FREE) == "mosquitto is not installed: sudo apt install mosquitto"


def test_a_folder_whose_broker_another_hub_runs_is_told(terminal: Terminal) -> None:
    folder = terminal.data / "broker"
    folder.mkdir(parents=True, mode=0o700)
    with (folder / "mosquitto.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert terminal.refuses("run", *FREE) == f"another hub runs its broker in {folder}"


def test_a_demo_says_what_it_cannot_do(terminal: Terminal) -> None:
    assert terminal.refuses("demo", "--posts", "0") == "--posts must be 1 to 60"
    assert (
        terminal.refuses("demo", "--json", "--listen", "8400")
        == "--listen: listen must be HOST:PORT, such as 127.0.0.1:8400"
    )
    (terminal.data / "demo.json").write_text("rubbish")
    told = f"{terminal.data}/demo.json is damaged: remove {terminal.data} to begin with an empty room"
    assert terminal.refuses("demo", "--json") == told
    with (terminal.data / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = f"another demo runs in {terminal.data}: choose another folder with --data"
        assert terminal.refuses("demo", "--json") == told


def test_as_a_process_it_says_one_line_too_and_ends(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite3").write_bytes(b"not a database " * 100)
    done = ended("post", "list", "--data", str(tmp_path))
    assert (done.status, done.out) == (1, "")
    assert done.err == f"poste-hub: {tmp_path}/hub.sqlite3: file is not a database\n"


def test_a_database_that_stays_locked_is_told(terminal: Terminal) -> None:
    path = terminal.data / "hub.sqlite3"

    async def write() -> None:
        database = await open_database(path, busy_timeout_ms=50)
        try:
            async with database.transaction():
                pass
        finally:
            await database.close()

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CommandError, match=r"^another program keeps the database locked$"):
            saying_why(write)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_hub_runs_until_it_is_told_to_end(tmp_path: Path, sign: signal.Signals) -> None:
    words = ("run", "--data", str(tmp_path / "data"), *FREE)
    with subprocess.Popen(
        command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = r"127\.0\.0\.1:[1-9]\d+"
            assert re.fullmatch(rf"poste-hub: ready, panel http://{address}, broker for posts {address}\n", line)
            process.send_signal(sign)
            out, log = process.communicate(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in log
