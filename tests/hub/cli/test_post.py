"""`poste-hub post`: a post and its credentials, which are shown once or written to the node's file."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from node.settings import load_settings, open_to_others
from tests.hub.cli.terminal import Terminal

PASSWORD_LINE = re.compile(r'^password = "([^"]{32})"$', re.MULTILINE)
ADD = ("post", "add", "p01", "--name", "Post 1")


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_there_is_none_until_one_is_added(terminal: Terminal) -> None:
    assert terminal.does("post", "list") == ['no post yet: poste-hub post add p01 --name "Post 1" --out node.toml']


def test_its_password_is_shown_once_and_kept_nowhere(terminal: Terminal) -> None:
    done = terminal(*ADD, "--zone", "Hall")
    found = PASSWORD_LINE.search(done.out)
    assert found
    assert done.err == "poste-hub: this password is shown once: keep it in the node's file, mode 0600\n"
    assert found[1].encode() not in everything_in(terminal.data)
    assert terminal.does("post", "list") == ["id   name    zone    last seen (UTC)", "p01  Post 1  Hall    never"]


def test_the_file_is_its_owners_alone_and_a_node_starts_from_it(terminal: Terminal) -> None:
    out = terminal.folder / "node.toml"
    done = terminal(*ADD, "--out", str(out))
    assert (done.status, done.err) == (0, "")
    assert f"poste-node run --config {out}" in done.out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert not open_to_others(out)
    read = load_settings(out, {})
    assert (read.post.id, read.hub.username, read.hub.host, read.hub.port) == ("p01", "p01", "127.0.0.1", 8883)
    assert read.hub.password not in done.out


def test_rotating_makes_a_new_password(terminal: Terminal) -> None:
    first = PASSWORD_LINE.search(terminal(*ADD).out)
    second = PASSWORD_LINE.search(terminal("post", "rotate", "p01").out)
    assert first
    assert second
    assert first[1] != second[1]


@pytest.mark.parametrize("act", [ADD, ("post", "rotate", "p01")])
def test_a_file_that_is_there_is_not_overwritten(terminal: Terminal, act: tuple[str, ...]) -> None:
    out = terminal.folder / "node.toml"
    out.write_text("mine")
    assert terminal.refuses(*act, "--out", str(out)) == f"{out} exists: choose another --out, or remove it first"
    assert out.read_text() == "mine"
    assert terminal.does("post", "list")[0].startswith("no post yet")


def test_a_file_that_cannot_be_written_changes_nothing(terminal: Terminal) -> None:
    out = terminal.folder / "no" / "node.toml"
    assert terminal.refuses(*ADD, "--out", str(out)) == f"{out} cannot be written: No such file or directory"
    assert terminal.does("post", "list")[0].startswith("no post yet")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "P 1", "--name", "x"), "id must be 1 to 31 of a-z, 0-9 and -"),
        (("add", "hub", "--name", "x"), "id must be 1 to 31 of a-z, 0-9 and -, not begin with -, and not be hub"),
        (("add", "p01", "--name", " "), "name must be 1 to 64 characters"),
        (("add", "p01", "--name", "x", "--zone", "z" * 65), "zone must be at most 64 characters"),
        (("add", "p01", "--name", "x", "--host", "my hub"), "--host must be a name or an address"),
        (("rotate", "p09"), "no post 'p09'"),
    ],
)
def test_what_cannot_be_leaves_no_file(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    out = terminal.folder / "node.toml"
    assert terminal.refuses("post", *words, "--out", str(out)).startswith(told)
    assert not out.exists()


def test_a_taken_id_is_told(terminal: Terminal) -> None:
    terminal.does(*ADD)
    assert terminal.refuses(*ADD) == "there is already a post p01"


def test_beyond_loopback_the_ca_goes_along(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTE_HUB_MQTT_LISTEN", "0.0.0.0:8883")
    assert terminal.refuses(*ADD).startswith("the broker listens on every address of this machine: say with --host")
    done = terminal(*ADD, "--host", "10.0.0.2", "--out", "node.toml")
    assert done.err == f"poste-hub: the node needs {terminal.data}/broker/ca.pem, too, in the same folder\n"
    read = load_settings(terminal.folder / "node.toml", {})
    assert (read.hub.host, read.hub.ca) == ("10.0.0.2", terminal.folder / "ca.pem")


def test_a_broker_elsewhere_wants_its_password_before_anything_is_changed(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTE_HUB_BROKER", "mqtt://broker.example")
    assert terminal.refuses(*ADD).startswith("broker_password (or POSTE_HUB_BROKER_PASSWORD) is missing")
    assert terminal.does("post", "list")[0].startswith("no post yet")


def test_a_post_at_a_broker_elsewhere_is_led_to_its_listener_and_that_broker_has_to_be_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTE_HUB_BROKER", "mqtt://broker.example:8884")
    monkeypatch.setenv("POSTE_HUB_BROKER_PASSWORD", "hunter2")
    monkeypatch.setenv("POSTE_HUB_BROKER_FOR_POSTS", "posts.example:8883")
    done = terminal(*ADD, "--out", "node.toml")
    assert "does not know this password yet: poste-hub broker-config DIR --replace" in done.err
    read = load_settings(terminal.folder / "node.toml", {})
    assert (read.hub.host, read.hub.port) == ("posts.example", 8883)
