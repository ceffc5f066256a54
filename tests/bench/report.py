"""A run's results, as a table for people and as a JSON file for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import Aim, Figure, as_json, short

_HEAD = ("row", "what", "median", "p99", "n", "limit", "ratio", "aim", "met")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row: figures, or why there are none."""

    row: str
    seconds: float
    figures: tuple[Figure, ...] = ()
    failure: str = ""


def table(results: Sequence[Result]) -> str:
    """Lines of aligned columns; a figure with several aims has a line each."""
    lines = [list(_HEAD)]
    for result in results:
        for figure in result.figures:
            lines += _lines(result.row, figure)
        if result.failure:
            lines.append([result.row, f"NOT MEASURED: {result.failure}", *[""] * (len(_HEAD) - 2)])
    fixed = [line for line in lines if not line[1].startswith("NOT MEASURED")]
    widths = [max(len(line[column]) for line in fixed) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _lines(row: str, figure: Figure) -> list[list[str]]:
    unit = f" {figure.unit}" if figure.unit else ""
    measured = figure.measured
    first = [
        row,
        figure.what,
        short(measured.median) + unit,
        short(measured.p99) + unit if measured.count > 1 else "",
        str(measured.count),
        "" if figure.limit is None else short(figure.limit.median) + unit,
        "" if figure.ratio is None else f"{short(figure.ratio)} x",
    ]
    aims = [_aim(aim) for aim in figure.aims] or [["", ""]]
    return [[*first, *aims[0]], *([""] * len(first) + aim for aim in aims[1:])]


def _aim(aim: Aim) -> list[str]:
    return [str(aim), "yes" if aim.met else f"NO: {short(aim.value)}{' ' if aim.unit else ''}{aim.unit}"]


def save(path: Path, about: dict[str, Any], results: Sequence[Result]) -> None:
    """Write the JSON file, its folder too."""
    rows = [
        {
            "row": result.row,
            "seconds": round(result.seconds, 1),
            "failure": result.failure or None,
            "figures": [as_json(figure) for figure in result.figures],
        }
        for result in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**about, "rows": rows}, indent=1) + "\n", encoding="utf-8")
