"""`poste-hub check`: each fault really made, named, and its remedy told."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from hub.main.alone import alone
from hub.main.certificates import Certificate
from hub.main.checkup.broker import left_of
from hub.main.checkup.machine import taken_by
from hub.settings import Settings
from tests.hub.cli.terminal import PASSWORD, ROOT, Terminal, command

FREE = ("--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")


def findings(terminal: Terminal, *words: str) -> dict[str, dict[str, Any]]:
    """What is found, by what was looked at; the status says whether anything fails."""
    done = terminal("check", "--json", *(words or FREE))
    told = json.loads(done.out)
    assert done.status == (0 if told["ok"] else 1)
    assert told["ok"] == all(one["level"] != "fail" for one in told["findings"])
    assert all(one["advice"] for one in told["findings"] if one["level"] != "ok")
    return {one["what"]: one for one in told["findings"]}


def level(terminal: Terminal, what: str, *words: str) -> tuple[str, str]:
    one = findings(terminal, *words)[what]
    return one["level"], one["told"]


@contextmanager
def answering(status: int, words: dict[str, str]) -> Iterator[str]:
    """A hub's /readyz; yields the address where it listens."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(words).encode())

        def log_request(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def files_of(terminal: Terminal) -> list[str]:
    return sorted(str(path) for path in terminal.data.rglob("*"))


def test_an_empty_house_is_told_what_it_lacks(terminal: Terminal) -> None:
    before = files_of(terminal)
    found = findings(terminal)
    assert files_of(terminal) == before
    assert (found["accounts"]["level"], found["accounts"]["told"]) == ("fail", "no admin yet")
    assert found["accounts"]["advice"].startswith("poste-hub operator add NAME")
    assert (found["posts"]["level"], found["posts"]["told"]) == ("warning", "there is none yet")
    assert {found[one]["level"] for one in ("configuration", "data folder", "keys", "broker", "database")} == {"ok"}
    assert found["broker"]["told"].startswith("mosquitto 2.")


def test_a_furnished_house_is_well(terminal: Terminal) -> None:
    terminal.does("operator", "add", "ada", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    terminal.does("post", "add", "p01", "--name", "Post 1")
    lines = terminal.does("check", *FREE)
    assert any(line.startswith("ok    accounts       there is an admin") for line in lines)
    assert any(line.startswith("warn  posts          p01 never came") for line in lines)


def test_a_house_without_an_admin(terminal: Terminal) -> None:
    terminal.does("operator", "add", "ada", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection, connection:
        connection.execute("UPDATE operator SET disabled = 1")  # as no command of ours would
    assert level(terminal, "accounts") == ("fail", "no admin can sign in")


def test_nothing_there_at_all(terminal: Terminal) -> None:
    terminal.data.rename(terminal.folder / "elsewhere")
    found = findings(terminal)
    assert found["data folder"]["told"].endswith("No such file or directory")
    assert found["database"]["told"] == "there is none yet"
    assert not terminal.data.exists()


def test_a_wrong_configuration(terminal: Terminal) -> None:
    config = terminal.folder / "hub.toml"
    config.write_text('lisen = "127.0.0.1:8400"\n')
    found = findings(terminal, "--config", str(config))
    assert list(found) == ["configuration"]
    assert "did you mean 'listen'" in found["configuration"]["told"]


def test_rights(terminal: Terminal) -> None:
    terminal.data.chmod(0o755)
    (terminal.data / "hub.key").chmod(0o644)
    assert level(terminal, "data folder")[0] == "warning"
    assert level(terminal, "keys")[0] == "fail"


def test_missing_keys(terminal: Terminal) -> None:
    (terminal.data / "hub.key").unlink()
    assert level(terminal, "keys") == ("fail", f"{terminal.data}/hub.key is missing")


def test_a_damaged_database(terminal: Terminal) -> None:
    path = terminal.data / "hub.sqlite3"
    torn = bytearray(path.read_bytes())
    torn[8192:16384] = os.urandom(8192)
    path.write_bytes(torn)
    assert level(terminal, "database")[0] == "fail"


@pytest.mark.parametrize(
    ("change", "found", "told"),
    [
        (
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('hub', '9999_x', '2030-01-01')",
            "fail",
            "9999_x",
        ),
        ("DELETE FROM tortoise_migrations WHERE name = '0002_rules'", "warning", "lacks 0002_rules"),
        ("DROP INDEX lease_open_post", "fail", "table lease lacks the index"),
        ("ALTER TABLE post ADD COLUMN owner TEXT", "fail", "a column that this version does not know: owner"),
    ],
)
def test_another_versions_schema(terminal: Terminal, change: str, found: str, told: str) -> None:
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection:
        connection.execute(change)
        connection.commit()
    assert level(terminal, "database")[0] == found
    assert told in level(terminal, "database")[1]


def test_an_unknown_time_zone(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection:
        connection.execute("""UPDATE house SET settings = '{"time_zone": "Mars/Olympus"}'""")
        connection.commit()
    assert level(terminal, "time zone") == ("fail", "this machine does not know Mars/Olympus")


def test_a_taken_port_and_by_whom(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = level(terminal, "panel's port", "--listen", f"127.0.0.1:{port}", "--mqtt-listen", "127.0.0.1:0")
        assert told[0] == "fail"
        assert f"(pid {os.getpid()})" in told[1]
    assert taken_by(port) == ""


def test_a_hub_that_runs_and_does_not_answer(terminal: Terminal) -> None:
    with alone(Settings(data=terminal.data)):
        assert level(terminal, "hub") == ("ok", "runs, on a port of its own choice")
        found = findings(terminal, "--listen", "127.0.0.1:1")
        assert (found["hub"]["level"], found["hub"]["told"].partition(":")[0]) == (
            "fail",
            "runs, but does not answer at 127.0.0.1",
        )
        assert "panel's port" not in found


def test_a_hub_that_runs_is_asked_how_it_is(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    words = ("run", "--data", str(terminal.data), "--listen", listen, "--mqtt-listen", "127.0.0.1:0")
    with subprocess.Popen(command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as hub:
        try:
            assert hub.stdout is not None
            assert hub.stdout.readline().startswith(b"poste-hub: ready")
            told = level(terminal, "hub", "--listen", listen)
            began = time.monotonic()
        finally:
            hub.terminate()
    assert time.monotonic() - began < 5
    assert (told[0], told[1].partition(",")[0]) == ("ok", f"runs at {listen}")


def test_posts_are_only_said_to_be_there_while_a_hub_runs(terminal: Terminal) -> None:
    terminal.does("post", "add", "p01", "--name", "Post 1")
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as connection, connection:
        connection.execute("UPDATE post SET greeted_at = '2026-11-22T10:00:00+00:00'")
        connection.execute(
            "INSERT INTO log_entry (at, action, post_id, details)"
            " VALUES ('2026-11-22T10:00:00+00:00', 'post_connected', 'p01', '{}')"
        )
    assert level(terminal, "posts") == ("ok", "all 1 were there when the hub last ran")
    with alone(Settings(data=terminal.data)):
        assert level(terminal, "posts") == ("ok", "all 1 are there")


def test_a_hub_that_stands_by_is_well(terminal: Terminal) -> None:
    words = {"database": "ok", "hub": "standby"}
    with alone(Settings(data=terminal.data)), answering(503, words) as listen:
        assert level(terminal, "hub", "--listen", listen) == ("ok", f"stands by at {listen}: another one leads")
    words["database"] = "no answer within 3 s"
    with alone(Settings(data=terminal.data)), answering(503, words) as listen:
        found = level(terminal, "hub", "--listen", listen)
        assert found == ("fail", "runs, but database: no answer within 3 s")


def test_a_database_elsewhere_that_does_not_answer_or_has_no_good_address(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTE_HUB_DATABASE", "postgres://poste:hunter2@127.0.0.1:1/poste")
    told = level(terminal, "database")
    assert told[0] == "fail"
    assert told[1].startswith("the database at 127.0.0.1:1 does not answer")
    monkeypatch.setenv("POSTE_HUB_DATABASE", "postgres://poste:hunter2@127.0.0.1:99999/poste")
    assert level(terminal, "database") == ("fail", "the database's address has a host or a port that cannot be read")


def test_a_broker_elsewhere_that_is_not_there(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("--listen", "127.0.0.1:0", "--broker", "mqtt://127.0.0.1:1")
    assert level(terminal, "broker", *words)[1].startswith("broker_password")
    monkeypatch.setenv("POSTE_HUB_BROKER_PASSWORD", "hunter2")
    assert level(terminal, "broker", *words)[0] == "fail"


def test_certificates_near_their_end(terminal: Terminal) -> None:
    def left(days: float) -> tuple[str, str]:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        found = left_of(Certificate("broker", terminal.data, now + timedelta(days=days), "renew"), now)
        return found.level, found.told

    assert left(100) == ("ok", "good until 2027-03-03")
    assert left(10) == ("warning", "good until 2026-12-03")
    assert left(-1) == ("fail", "has ended on 2026-11-22")


def test_a_file_that_is_no_certificate(terminal: Terminal) -> None:
    (terminal.data / "broker").mkdir()
    (terminal.data / "broker" / "server.pem").write_text("rubbish")
    assert findings(terminal)["certificates"]["level"] == "fail"
