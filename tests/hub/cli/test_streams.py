"""Commands whose standard streams are closed, full, or read by somebody who has seen enough."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.hub.cli.terminal import PATIENCE_S, ROOT, Terminal, command


def ended_in_a_shell(terminal: Terminal, streams: str, *words: str, out: int | None = None) -> tuple[int, str]:
    """Status and standard error of a command with these redirections."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", *command(*words, "--data", str(terminal.data))],
        cwd=ROOT,
        stdout=out,
        stderr=subprocess.PIPE,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def test_a_reader_who_has_seen_enough_is_told_nothing(terminal: Terminal) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert ended_in_a_shell(terminal, "", "settings", "list", out=writer) == (1, "")
    finally:
        os.close(writer)


def test_a_full_disk_is_told_in_a_line(terminal: Terminal) -> None:
    told = "poste-hub: standard output cannot be written: No space left on device\n"
    assert ended_in_a_shell(terminal, ">/dev/full", "settings", "list") == (1, told)


@pytest.mark.parametrize(
    ("streams", "words", "status"),
    [
        (">&-", ("post", "list"), 0),
        ("<&- >&- 2>&-", ("post", "list"), 0),
        ("<&-", ("operator", "add", "marie", "--role", "admin", "--password-stdin"), 1),
    ],
)
def test_a_closed_stream_is_as_good_as_an_empty_one(
    terminal: Terminal, streams: str, words: tuple[str, ...], status: int
) -> None:
    done, told = ended_in_a_shell(terminal, streams, *words)
    assert (done, told.count("\n")) == (status, 1 if status else 0)
