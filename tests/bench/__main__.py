"""`python -m tests.bench` (make bench): measure, print the table, write the JSON file."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import platform
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.databases import POSTGRES, SQLITE
from tests.bench.processes import ROOT
from tests.bench.report import Result, save, table
from tests.bench.rows import ROWS
from tests.bench.run import Row, chosen, measure

_ABOUT = """\
Measure Poste Public: each figure beside the bare thing that limits it, in the same run, as a ratio to it.
A timing never fails the command: what misses its aim is marked. The exit status is 1 only when something could not be
measured. Everything runs on loopback and in a temporary folder, and is ended at the end.
"""
_EXAMPLES = """\
examples:
  make bench
      every row, some twenty minutes
  make bench ARGS="--quick"
      fewer samples and smaller loads, a few minutes: for a look while you change something
  make bench ARGS="--only redeem --only node-cut"
      the rows with these words in their names
  make bench ARGS="--database sqlite --only posts"
      on one kind of database only
  make bench ARGS="--list"
      the rows' names
  make bench ARGS="--out before.json --only redeem"
      another file for the figures; default: .bench/DATE.json, and .bench/latest.json
"""


STOPPED = 130


def main(argv: list[str] | None = None) -> int:
    """0; 1 when something could not be measured; 2 for a wrong word; 130 after Ctrl-C, with the rows until then."""
    options = _parser().parse_args(argv)
    try:
        rows = chosen(ROWS, options.only, options.database)
    except ValueError as error:
        print(f"bench: --only: {error}", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{row.name:24}{row.about}" for row in rows))
        return 0
    return _run(rows, quick=options.quick, out=options.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="rows with this in their names")
    parser.add_argument("--database", choices=[SQLITE, POSTGRES], help="the hub's rows on this one; default: on both")
    parser.add_argument("--quick", action="store_true", help="fewer samples, smaller loads")
    parser.add_argument("--list", action="store_true", help="name the rows, measure nothing")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSON file; default: in .bench")
    return parser


def _run(rows: list[Row], *, quick: bool, out: Path | None) -> int:
    at, results = datetime.now(UTC), list[Result]()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job begins with the first one ignored
        signal.signal(number, signal.default_int_handler)
    for chatty in ("node", "mqtt"):  # a thousand nodes of ours lose their broker, and would say so
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with TemporaryDirectory(prefix="poste-bench-") as folder:
        try:
            asyncio.run(_measure(rows, Path(folder), results, quick=quick))
        except KeyboardInterrupt:
            _say(f"stopped after {len(results)} of {len(rows)} rows")
    print(table(results))
    about = {"at": at.isoformat(timespec="seconds"), "quick": quick, "machine": _machine()}
    paths = [ROOT / ".bench" / f"{at:%Y%m%dT%H%M%SZ}.json", ROOT / ".bench" / "latest.json"] if out is None else [out]
    for path in paths:
        save(path, about, results)
    _say(f"figures in {paths[-1]}")
    if len(results) < len(rows):
        return STOPPED
    return 1 if any(result.failure for result in results) else 0


async def _measure(rows: list[Row], folder: Path, results: list[Result], *, quick: bool) -> None:
    async for result in measure(rows, folder, quick=quick, say=_say):
        results.append(result)  # noqa: PERF401 - one by one: Ctrl-C keeps those before it


def _machine() -> dict[str, object]:
    return {"processors": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
