"""The protocol's page tells what the code does: its tables are complete, its diagrams fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from docs.make_diagrams import PAGE, diagrams, main, redrawn
from hub.wire.messages import Message
from hub.wire.topics import CHANNELS

TEXT = PAGE.read_text(encoding="utf-8")


def row(first_cell: str) -> list[str]:
    """The cells of the one table row that begins so."""
    (line,) = [line for line in TEXT.splitlines() if line.startswith(f"| {first_cell} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("kind", CHANNELS)
def test_the_table_of_topics_has_every_channel(kind: type[Message]) -> None:
    channel = CHANNELS[kind]
    path = channel.path.replace("{id}", "ID")
    _, writer, retained, carries = row(f"`{path}`")
    assert carries.startswith(f"`{kind.__name__}`")
    assert retained == ("yes" if channel.retained else "no")
    assert writer.split(",")[0] == ("node" if "/up/" in path or path == "posts/ID/status" else "hub")


@pytest.mark.parametrize("kind", CHANNELS)
def test_the_table_of_messages_has_every_field_and_says_which_may_be_absent(kind: type[Message]) -> None:
    cell = re.sub(r"\(\*?`.*?\)", "", row(f"`{kind.__name__}`")[2]).split(";")[0]
    told = {name: bool(mark) for mark, name in re.findall(r"(\*?)`(\w+)`", cell)}
    assert told == {
        field.name: field.default is not MISSING or field.default_factory is not MISSING for field in fields(kind)
    }


def test_every_rule_has_its_line() -> None:
    assert re.findall(r"^\| \*\*R(\d+)\*\* \|", TEXT, re.MULTILINE) == [str(number) for number in range(1, 27)]


def test_the_diagrams_are_fresh() -> None:
    command = [sys.executable, "-m", "docs.make_diagrams", "--check"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_diagram_is_found_and_only_it_is_redrawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    stale = TEXT.replace("    pending --> active: granted\n", "    pending --> nowhere: lost\n")
    assert stale != TEXT
    page.write_text(stale, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["--check"], page)
    assert left.value.code == 1
    assert "stale" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == stale
    assert main([], page) == 0
    assert page.read_text(encoding="utf-8") == TEXT
    assert main(["--check"], page) == 0


@pytest.mark.parametrize("spoil", ["<!-- diagram: power -->", "<!-- end: power -->"])
def test_a_page_without_its_markers_is_refused(spoil: str) -> None:
    with pytest.raises(ValueError, match="power"):
        redrawn(TEXT.replace(spoil, ""))


def test_causes_between_the_same_two_states_share_an_arrow() -> None:
    arrows = [line for line in diagrams()["power"].splitlines() if "-->" in line]
    ends = [line.split(":")[0] for line in arrows]
    assert len(ends) == len(set(ends))
