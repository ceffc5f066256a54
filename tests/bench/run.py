"""One run: row after row, each within its time, whatever becomes of the others."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.bench.figures import Figure, Unmeasured
from tests.bench.report import Result

WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Run:
    """What a row works with. `folder` is empty, and the row's own."""

    folder: Path
    quick: bool
    """Fewer samples, smaller loads: for a look while one changes something."""

    def sub(self, name: str) -> Path:
        """A new folder in the row's own."""
        made = self.folder / name
        made.mkdir(mode=0o700)
        return made

    def few(self, many: int, few: int) -> int:
        """How many: `few` in a quick run."""
        return few if self.quick else many


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, or a few that are measured together."""

    name: str
    about: str
    measure: Callable[[Run], Awaitable[Sequence[Figure]]]
    database: str | None = None
    """The kind that it is measured on; None where that makes no difference."""


def chosen(rows: Sequence[Row], words: Sequence[str], database: str | None = None) -> list[Row]:
    """The rows whose name has one of the words in it, all where there are none; ValueError for a word of no row.

    With `database`, those on another kind are left out.
    """
    rows = [row for row in rows if row.database in (None, database or row.database)]
    for word in words:
        if not any(word in row.name for row in rows):
            raise ValueError(f"no row has {word!r} in its name: {', '.join(row.name for row in rows)}")
    return [row for row in rows if not words or any(word in row.name for word in words)]


async def measure(
    rows: Sequence[Row], folder: Path, *, quick: bool, say: Callable[[str], object], within_s: float = WITHIN_S
) -> AsyncIterator[Result]:
    """Every row's result, as it is there. One that cannot be measured is told as such, and the next one follows."""
    for row in rows:
        say(f"{row.name}: {row.about}")
        own = folder / row.name
        own.mkdir(mode=0o700, parents=True)
        yield await _measured(row, Run(own, quick), within_s)


async def _measured(row: Row, run: Run, within_s: float) -> Result:
    began, limit = monotonic(), asyncio.timeout(within_s)
    try:
        async with limit:
            figures = tuple(await row.measure(run))
    except TimeoutError as error:
        why = f"not done within {within_s:g} s" if limit.expired() else f"it waited in vain {_where(error)}"
        return Result(row.name, monotonic() - began, failure=why)
    except Exception as error:  # noqa: BLE001 - told in the table and in the exit status; the other rows go on
        return Result(row.name, monotonic() - began, failure=_why(error))
    return Result(row.name, monotonic() - began, figures)


def _where(error: TimeoutError) -> str:
    """Which of our functions gave up."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/tests/" in frame.filename]
    return f"in {ours[-1].name} ({Path(ours[-1].filename).name}:{ours[-1].lineno})" if ours else "somewhere"


def _why(error: Exception) -> str:
    """What went wrong first, in one line."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    told = str(error).splitlines()[:1]
    return ": ".join([*([] if isinstance(error, Unmeasured) else [type(error).__name__]), *told])
