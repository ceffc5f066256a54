"""Rows, their order, and what becomes of one that cannot be measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.figures import Aim, Figure, Unmeasured, spread
from tests.bench.processes import python
from tests.bench.report import Result, save, table
from tests.bench.rows import ROWS
from tests.bench.run import Row, Run, chosen, measure


async def good(run: Run) -> Sequence[Figure]:
    (run.folder / "scratch").write_text("the row's own")
    aims = (Aim("p99", 3, 2, "ms"), Aim("earliest", 1, 0, "ms", at_least=True))
    return [Figure("a thing", "ms", spread([1.0, 3.0]), "bare", spread([2.0]), aims)]


async def bad(_: Run) -> Sequence[Figure]:
    raise ExceptionGroup("many", [Unmeasured("no such program\nand more"), ValueError("later")])


async def broken(_: Run) -> Sequence[Figure]:
    raise LookupError("p01")


async def endless(_: Run) -> Sequence[Figure]:
    await asyncio.Event().wait()
    return []


GOOD, BAD, BROKEN = Row("good", "well", good), Row("bad", "ill", bad), Row("broken", "worse", broken)


async def test_a_row_that_fails_is_told_and_the_next_one_follows(tmp_path: Path) -> None:
    said: list[str] = []
    results = [one async for one in measure([BAD, BROKEN, GOOD], tmp_path, quick=True, say=said.append)]
    assert said == ["bad: ill", "broken: worse", "good: well"]
    assert [result.failure for result in results] == ["no such program", "LookupError: p01", ""]
    assert [len(result.figures) for result in results] == [0, 0, 1]


async def test_a_row_has_its_time_and_no_more(tmp_path: Path) -> None:
    row = Row("endless", "never done", endless)
    (result,) = [one async for one in measure([row], tmp_path, quick=True, say=str, within_s=0.01)]
    assert result.failure == "not done within 0.01 s"


async def test_the_table_has_a_line_for_each_aim_and_each_failure(tmp_path: Path) -> None:
    results = [one async for one in measure([GOOD, BAD], tmp_path, quick=False, say=str)]
    lines = table(results).splitlines()
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "good a thing 2 ms 3 ms 2 2 ms 1 x p99 <= 2 ms NO: 3 ms",
        "earliest >= 0 ms yes",
        "bad NOT MEASURED: no such program",
    ]


def test_the_file_holds_figures_and_failures(tmp_path: Path) -> None:
    figure = Figure("a thing", "ms", spread([1.0]))
    save(
        tmp_path / "new" / "it.json", {"quick": True}, [Result("good", 1.25, (figure,)), Result("bad", 0, failure="no")]
    )
    told = json.loads((tmp_path / "new" / "it.json").read_text())
    assert told["quick"] is True
    assert [row["failure"] for row in told["rows"]] == [None, "no"]
    assert told["rows"][0]["figures"][0]["what"] == "a thing"


def test_rows_are_chosen_by_a_part_of_their_names() -> None:
    assert chosen([GOOD, BAD, BROKEN], []) == [GOOD, BAD, BROKEN]
    assert chosen([GOOD, BAD, BROKEN], ["b", "bad"]) == [BAD, BROKEN]
    with pytest.raises(ValueError, match="no row has 'ugly' in its name: good, bad"):
        chosen([GOOD, BAD], ["bad", "ugly"])


def test_rows_on_another_database_are_left_out() -> None:
    one, other = Row("good-sqlite", "well", good, "sqlite"), Row("good-postgres", "well", good, "postgres")
    assert chosen([GOOD, one, other], []) == [GOOD, one, other]
    assert chosen([GOOD, one, other], [], "sqlite") == [GOOD, one]
    with pytest.raises(ValueError, match="no row has 'postgres'"):
        chosen([GOOD, one, other], ["postgres"], "sqlite")


def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_command_names_its_rows_and_refuses_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [row.name for row in ROWS]
    assert main(["--only", "ugly"]) == 2
    assert "no row has 'ugly'" in capsys.readouterr().err


async def test_a_process_that_ends_early_says_why(tmp_path: Path) -> None:
    async with python("-c", "raise SystemExit('no room')", log=tmp_path / "log") as process:
        with pytest.raises(Unmeasured, match="ended early; its last word: no room"):
            await process.line()


async def test_a_process_is_looked_at_and_ended(tmp_path: Path) -> None:
    async with python("-c", "print('here', flush=True); input()", log=tmp_path / "log") as process:
        assert await process.line() == "here"
        assert process.weighed.resident_kib() > 1000
        assert process.weighed.cpu_s() >= 0
        assert process.weighed.written_bytes() >= 0
        kernel = Path(f"/proc/{process.weighed.pid}")
    assert not await asyncio.to_thread(kernel.exists)
