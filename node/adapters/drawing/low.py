"""The layouts of a display of 32 rows: what matters most stays large, the words run on instead of standing below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from node.adapters.drawing.high import code_signs, pattern
from node.adapters.drawing.paper import BOLD, SANS, Paper, fitting, rows, wide
from node.core.screen import Layout, Picture

_TIME = 24
_LEAST_TIME = 17
_GAP = 5
_ROW = 10
_SMALL = 9
_ALL = (9, 18, 28)
"""The baselines of three rows."""
_BELOW = _ALL[1:]


def _message(paper: Paper, picture: Picture) -> None:
    """The title, and below it the lines as one text on one row or two; a title alone in the middle."""
    lines = [line for line in (picture.big, *picture.lines) if line]
    told = " ".join(lines)
    if not told:
        paper.text(picture.title, paper.height // 2 + 6, 16, font=BOLD)
    elif wide(told, SANS, _ROW) <= paper.width:
        paper.text(picture.title, 12, 13, font=BOLD)
        paper.text(told, 26, 11)
    else:
        paper.text(picture.title, _ALL[0], 11, font=BOLD)
        _rows(paper, lines, _BELOW)


def _notice(paper: Paper, picture: Picture) -> None:
    """The desk's words, below the title when it leaves them room enough."""
    told = " ".join(picture.lines)
    if not told:
        paper.text(picture.title, paper.height // 2 + 5, 13, font=BOLD)
    elif len(rows(told, SANS, _SMALL, paper.width)) <= 2:
        paper.box(0, 0, paper.width - 1, 9, fill=1)
        paper.text(picture.title, 8, _SMALL, left=2, right=paper.width - 2, fill=0)
        _rows(paper, picture.lines, _BELOW)
    else:
        _rows(paper, picture.lines, _ALL)


def _code(paper: Paper, picture: Picture) -> None:
    """The signs in large above the hint."""
    code_signs(paper, picture, 13, 18)
    paper.text(picture.lines[0] if picture.lines else picture.title, paper.height - 2, _ROW)


def _clock(paper: Paper, picture: Picture) -> None:
    """The time on the left above its bar, and beside it what it is, on up to three rows."""
    size, beside = _time_and_words(paper, picture)
    time_wide = wide(picture.big, BOLD, size)
    paper.text(picture.big, 20 if picture.bar is not None else 24, size, font=BOLD, right=time_wide)
    paper.bar(picture.bar, 0, 24, time_wide - 1, 29)
    top = (paper.height - _ROW * len(beside)) // 2
    for place, row in enumerate(beside):
        paper.text(row, top + _ROW * place + 8, _ROW if len(beside) < 3 else _SMALL, left=time_wide + _GAP)


def _time_and_words(paper: Paper, picture: Picture) -> tuple[int, list[str]]:
    """The size of the time, and the rows beside it.

    The hint is among them when three rows hold it, if need be beside a smaller time; but a time that says it all
    stays large.
    """
    largest = _TIME
    while largest > _SMALL and wide(picture.big, BOLD, largest) > paper.width * 2 // 3:
        largest -= 1
    parts = [part for part in (picture.title, " ".join(picture.lines)) if part]
    for size in range(largest, largest if picture.time_only else _LEAST_TIME, -1):
        room = paper.width - wide(picture.big, BOLD, size) - _GAP
        found = [row for part in parts for row in rows(part, SANS, _SMALL, room)]
        if len(found) > 3:
            found = rows(". ".join(parts), SANS, _SMALL, room)
        if len(found) <= 3 and all(wide(row, SANS, _SMALL) <= room for row in found):
            return size, found
    return largest, rows(picture.title, SANS, _SMALL, paper.width - wide(picture.big, BOLD, largest) - _GAP)[:3]


def _rows(paper: Paper, lines: Sequence[str], baselines: Sequence[int]) -> None:
    """Lines on these rows at most: as they are, or run on; what does not fit then ends in "…"."""
    most = len(baselines)
    told, found = " ".join(lines), list(lines)
    size = _ROW
    if len(found) > most or max(wide(line, SANS, size) for line in found) > paper.width:
        size = _ROW if len(rows(told, SANS, _ROW, paper.width)) <= most else _SMALL
        found = rows(told, SANS, size, paper.width)
    if len(found) > most:
        found[most - 1 :] = [fitting(" ".join(found[most - 1 :]), SANS, size, paper.width)[0]]
    for baseline, row in zip(baselines, found, strict=False):
        paper.text(row, baseline, size)


LAYOUTS: Mapping[Layout, Callable[[Paper, Picture], None]] = {
    Layout.MESSAGE: _message,
    Layout.CODE: _code,
    Layout.CLOCK: _clock,
    Layout.NOTICE: _notice,
    Layout.PATTERN: pattern,
}
