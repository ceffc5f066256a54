"""`poste-hub session`: the desk's work from a terminal."""

from __future__ import annotations

import re
import sqlite3

import pytest

from tests.hub.cli.terminal import Terminal

ISSUED = re.compile(r"([A-HJ-NP-Z2-9]{6})  30 min  session ([0-9a-f-]{36})")


def issued(terminal: Terminal, *words: str) -> list[tuple[str, str]]:
    """Codes and ids."""
    lines = terminal.does("session", "issue", "--minutes", "30", *words)
    found = [ISSUED.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(one[1], one[2]) for one in found if one]


def test_no_stay_is_open_at_first(terminal: Terminal) -> None:
    assert terminal.does("session", "list") == ["no stay is open"]


def test_codes_are_issued_one_a_line_and_listed_without_the_codes(terminal: Terminal) -> None:
    made = issued(terminal, "--count", "3")
    assert len({code for code, _ in made}) == 3
    heads, *rows = terminal.does("session", "list")
    assert heads == f"{'session':36}  status   post  left (min:s)"
    assert {row.split()[0] for row in rows} == {session for _, session in made}
    assert {tuple(row.split()[1:]) for row in rows} == {("pending", "30:00")}


def test_a_code_can_be_bound_to_a_post(terminal: Terminal) -> None:
    assert terminal.refuses("session", "issue", "--minutes", "30", "--post", "p01") == "no post 'p01'"
    terminal.does("post", "add", "p01", "--name", "Post 1")
    issued(terminal, "--post", "p01")
    assert terminal.does("session", "list")[1].split()[1:] == ["pending", "p01", "30:00"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--minutes", "0"), "--minutes must be 1 to 1440"),
        (("--minutes", "1441"), "--minutes must be 1 to 1440"),
        (("--minutes", "-5"), "--minutes must be 1 to 1440"),
        (("--minutes", "5", "--count", "0"), "count must be 1 to 200"),
        (("--minutes", "5", "--count", "201"), "count must be 1 to 200"),
    ],
)
def test_too_little_or_too_much_is_refused(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    assert terminal.refuses("session", "issue", *words) == told
    assert terminal.does("session", "list") == ["no stay is open"]


def test_a_stay_is_ended_by_the_beginning_of_its_id(terminal: Terminal) -> None:
    ((_, session), (_, other)) = issued(terminal, "--count", "2")
    assert terminal.does("session", "end", session[:13].upper()) == ["ended"]
    assert [row.split()[0] for row in terminal.does("session", "list")[1:]] == [other]
    assert terminal.refuses("session", "end", session) == "this stay is ended"


def test_what_begins_no_id_or_several_is_refused(terminal: Terminal) -> None:
    see = "see poste-hub session list"
    assert terminal.refuses("session", "end", "3f0c") == f"no session begins with 3f0c: {see}"
    issued(terminal)
    assert terminal.refuses("session", "end", "%%%%") == f"no session begins with %%%%: {see}"


@pytest.mark.parametrize("beginning", ["", "%", "3f0"])
def test_too_short_a_beginning_ends_nothing_not_even_the_only_stay(terminal: Terminal, beginning: str) -> None:
    """`poste-hub session end "$ID"` in a script, say, where ID is not set."""
    issued(terminal)
    told = terminal.refuses("session", "end", beginning)
    assert told == "give the first 4 signs of the session's id at least"
    assert terminal.does("session", "list")[1].split()[1] == "pending"


def test_a_long_list_says_how_much_it_leaves_out(terminal: Terminal) -> None:
    issued(terminal, "--count", "200")
    issued(terminal)
    lines = terminal.does("session", "list")
    assert (len(lines), lines[-1]) == (202, "and 1 more")


def test_the_journal_knows_that_it_was_done_at_a_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "claire")
    issued(terminal)
    connection = sqlite3.connect(terminal.data / "hub.sqlite3")
    assert connection.execute("SELECT action, operator FROM log_entry").fetchall() == [
        ("code_issued", "claire (terminal)")
    ]
    connection.close()


def test_no_code_is_made_with_other_keys_than_those_that_are_out(terminal: Terminal) -> None:
    terminal.does("session", "issue", "--minutes", "5")
    key = terminal.data / "hub.key"
    key.rename(terminal.folder / "hub.key")
    told = terminal.refuses("session", "issue", "--minutes", "5")
    assert told.startswith("hub.key is not the one with which the codes in the database were made")
    assert f"FAIL  codes          {told}" in terminal("check", "--listen", "127.0.0.1:0").lines
    (terminal.folder / "hub.key").replace(key)
    assert len(terminal.does("session", "issue", "--minutes", "5")) == 1
    assert not any("codes" in line for line in terminal("check", "--listen", "127.0.0.1:0").lines)
