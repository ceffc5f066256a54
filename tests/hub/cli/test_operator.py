"""`poste-hub operator`."""

from __future__ import annotations

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
    assert terminal.does("operator", "disable", "marie") == ["marie can no longer sign in"]
    assert terminal.does("operator", "list")[1].split() == ["marie", "admin", "disabled", "never"]
    assert terminal.refuses(*add, stdin=PASSWORD) == "there is already an operator 'marie'"


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("", "no password on standard input: give a file with < FILE, or type it"),
        ("\n", "no password on standard input: give a file with < FILE, or type it"),
        ("seven77\n", "password must be 8 to 256 characters"),
        ("x" * 257, "password must be 8 to 256 characters"),
    ],
)
@pytest.mark.parametrize("act", [("add", "marie", "--role", "viewer"), ("passwd", "marie")])
def test_a_password_that_is_none_changes_nothing(
    terminal: Terminal, act: tuple[str, ...], stdin: str, told: str
) -> None:
    assert terminal.refuses("operator", *act, "--password-stdin", stdin=stdin) == told
    assert terminal.does("operator", "list")[0].startswith("no account yet")


def test_nobody_can_be_changed_who_is_not_there(terminal: Terminal) -> None:
    assert terminal.refuses("operator", "disable", "marie") == "no operator 'marie'"
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
