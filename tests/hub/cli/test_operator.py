"""`poste-hub operator`."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.hub.cli.terminal import PASSWORD, Terminal, ended


def test_there_is_none_until_one_is_made(terminal: Terminal) -> None:
    assert terminal.does("operator", "list") == [
        "no account yet: poste-hub operator add NAME --role admin --password-stdin"
    ]


def test_an_account_is_made_changed_and_shut(terminal: Terminal) -> None:
    add = ("operator", "add", "marie", "--role", "admin", "--password-stdin")
    assert terminal.does(*add, stdin=f"{PASSWORD}\nsecond line\n") == ["marie can sign in (role: admin)"]
    assert terminal.does("operator", "list") == ["name   role     last sign-in (UTC)", "marie  admin    never"]
    assert terminal.does("operator", "passwd", "marie", "--password-stdin", stdin="another one") == [
        "marie has a new password"
    ]
    assert terminal.refuses(*add, stdin=PASSWORD) == "there is already an operator 'marie'"
    assert terminal.refuses("operator", "disable", "marie") == (
        "nobody would be left who can let others in: make another admin first"
    )
    terminal.does("operator", "add", "zoe", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    assert terminal.does("operator", "disable", "marie") == ["marie can no longer sign in"]
    assert terminal.does("operator", "list")[1].split() == ["marie", "admin", "disabled", "never"]
    assert terminal.does("operator", "enable", "marie") == ["marie can sign in again"]
    assert terminal.does("operator", "list")[1].split() == ["marie", "admin", "never"]


def test_a_wall_has_an_account_of_its_own(terminal: Terminal) -> None:
    add = ("operator", "add", "wall", "--role", "display", "--password-stdin")
    assert terminal.does(*add, stdin=PASSWORD) == ["wall can sign in (role: display)"]


def test_a_lost_telephone_is_mended_at_the_terminal(terminal: Terminal) -> None:
    terminal.does("operator", "add", "marie", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    with closing(sqlite3.connect(terminal.data / "hub.sqlite3")) as database, database:
        database.execute("UPDATE operator SET totp_sealed = x'00', totp_since = '2026-11-23 09:00:00+00:00'")
    assert terminal.does("operator", "list")[1].split() == ["marie", "admin", "second", "factor", "never"]
    assert terminal.does("operator", "reset-totp", "marie") == ["marie signs in with the password alone"]
    assert terminal.does("operator", "list")[1].split() == ["marie", "admin", "never"]


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("", "no password on standard input: give a file with < FILE, or type it"),
        ("\n", "no password on standard input: give a file with < FILE, or type it"),
        ("seven77\n", "password must be 8 to 256 characters"),
        ("x" * 257, "password must be 8 to 256 characters"),
        ("password1\n", "password is one of the most common ones, which are guessed first"),
    ],
)
@pytest.mark.parametrize("act", [("add", "marie", "--role", "viewer"), ("passwd", "marie")])
def test_a_password_that_is_none_changes_nothing(
    terminal: Terminal, act: tuple[str, ...], stdin: str, told: str
) -> None:
    assert terminal.refuses("operator", *act, "--password-stdin", stdin=stdin) == told
    assert terminal.does("operator", "list")[0].startswith("no account yet")


def test_nobody_can_be_changed_who_is_not_there(terminal: Terminal) -> None:
    for act in ("disable", "enable", "reset-totp"):
        assert terminal.refuses("operator", act, "marie") == "no operator 'marie'"
    assert terminal.refuses("operator", "passwd", "marie", "--password-stdin", stdin=PASSWORD) == "no operator 'marie'"


@pytest.mark.parametrize("name", ["", " marie", "x" * 65])
def test_a_name_that_is_none_is_told(terminal: Terminal, name: str) -> None:
    told = terminal.refuses("operator", "add", name, "--role", "admin", "--password-stdin", stdin=PASSWORD)
    assert told == "name must be 1 to 64 characters, without spaces around them"


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_password_that_is_no_text_is_told(locale: str) -> None:
    words = ("operator", "add", "marie", "--role", "admin", "--password-stdin")
    done = ended(*words, stdin=b"hunter2-\xff\xfe\n", LC_ALL=locale)
    assert (done.status, done.err) == (1, "poste-hub: the password on standard input is not UTF-8\n")
