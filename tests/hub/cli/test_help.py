"""Help, versions and wrong command lines."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from hub.cli import run
from tests.hub.cli.terminal import ended

COMMANDS = [
    (),
    ("run",),
    ("demo",),
    ("migrate",),
    ("operator",),
    ("operator", "add"),
    ("operator", "list"),
    ("operator", "passwd"),
    ("operator", "disable"),
    ("operator", "enable"),
    ("operator", "reset-totp"),
    ("post",),
    ("post", "add"),
    ("post", "list"),
    ("post", "rotate"),
    ("session",),
    ("session", "issue"),
    ("session", "list"),
    ("session", "end"),
    ("settings",),
    ("settings", "list"),
    ("settings", "set"),
    ("backup",),
    ("restore",),
    ("check",),
    ("broker-config",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example_of_itself(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    _, heading, examples = told.out.partition("\nexamples:\n")
    assert heading
    assert " ".join(("  poste-hub", *words)) in examples


def test_every_command_is_among_those(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    listed = re.findall(r"^    ([\w-]+)", capsys.readouterr().out, re.MULTILINE)
    assert set(listed) == {words[0] for words in COMMANDS if words}


def test_the_version_is_the_packages() -> None:
    done = ended("--version")
    assert (done.status, done.out, done.err) == (0, f"poste-hub {version('poste-public')}\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "required: COMMAND"),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
        (("run", "--lis", "127.0.0.1:0"), "unrecognized arguments: --lis"),
        (("run", "--log-level", "loud"), "invalid choice: 'loud'"),
        (("operator",), "required: ACT"),
        (("operator", "add", "marie", "--role", "queen", "--password-stdin"), "invalid choice: 'queen'"),
        (("operator", "add", "marie", "--role", "admin"), "required: --password-stdin"),
        (("operator", "add", "marie", "--password-stdin"), "required: --role"),
        (("operator", "passwd", "marie"), "required: --password-stdin"),
        (("operator", "add", "marie", "--password", "x"), "--password"),
        (("post", "add", "p01"), "required: --name"),
        (("session", "issue", "--minutes", "many"), "invalid int value: 'many'"),
        (("session", "issue"), "required: --minutes"),
        (("post", "add", "p01", "--name", "\udcff"), "signs that cannot be printed"),
        (("post", "add", "p01", "--name", "a\nb"), "signs that cannot be printed"),
    ],
)
def test_a_wrong_command_line_is_2(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words]) == 2
    done = capsys.readouterr()
    assert done.out == ""
    assert told in done.err.splitlines()[-1]
