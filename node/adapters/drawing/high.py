"""The layouts of a display of 64 rows, and the time alone of any."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from node.adapters.drawing.paper import BOLD, ELLIPSIS, SANS, SMALLEST, Paper, fitting, wide
from node.core.screen import Layout, Picture

_SLOT = 10
"""The least pixels a sign of a code needs to have a place of its own."""


def time_alone(paper: Paper, picture: Picture) -> None:
    """Digits over the whole display, readable from across a room, and a thin bar of what is left."""
    bottom = paper.height - 1
    paper.tall(picture.big, (0, 0, paper.width, bottom - 4))
    if picture.bar:
        paper.box(0, bottom - 1, round((paper.width - 1) * min(picture.bar, 1.0)), bottom, fill=1)


def code_signs(paper: Paper, picture: Picture, baseline: int, largest: int) -> None:
    """The signs typed, each on a stroke of its own; strokes alone for the missing ones."""
    cell = paper.width // max(picture.slots, len(picture.big), 1)
    if cell < _SLOT:
        signs = picture.big
        while wide(signs, BOLD, SMALLEST) > paper.width:  # the newest are those that are looked at
            signs = ELLIPSIS + signs.removeprefix(ELLIPSIS)[1:]
        paper.text(signs, baseline, largest, font=BOLD)
        return
    cell = min(cell, 22)
    left = (paper.width - cell * picture.slots) // 2
    size = largest
    while wide("M", BOLD, size) > cell:
        size -= 1
    for at in range(picture.slots):
        start = left + at * cell
        paper.box(start + 2, baseline + 4, start + cell - 3, baseline + 5, fill=1)
        paper.text(picture.big[at : at + 1], baseline, size, font=BOLD, left=start, right=start + cell)


def pattern(paper: Paper, picture: Picture) -> None:
    """A frame, a chessboard down both sides, and the words in between."""
    right, bottom = paper.width - 1, paper.height - 1
    paper.box(0, 0, right, bottom)
    for row in range(2, bottom - 1, 2):
        for column in range(2 + row % 4, 10, 4):
            paper.box(column, row, column + 1, min(row + 1, bottom - 2), fill=1)
            paper.box(right - column - 1, row, right - column, min(row + 1, bottom - 2), fill=1)
    words = [picture.title, *picture.lines][: max(1, bottom // 10)]
    gap = (bottom - 2) / len(words)
    for place, line in enumerate(words):
        baseline = round(1 + gap * (place + 0.5) + 4)
        font = BOLD if place == 0 else SANS
        paper.text(line, baseline, 11, font=font, left=14, right=right - 13)


def _message(paper: Paper, picture: Picture) -> None:
    """The title with a rule below it, and the lines spread over what is left; a title alone in the middle."""
    lines = [line for line in (picture.big, *picture.lines) if line][:3]
    top = 0
    if picture.title and not lines:
        paper.text(picture.title, paper.height // 2 + 6, 18, font=BOLD)
    elif picture.title:
        paper.text(picture.title, 11, 13, font=BOLD)
        paper.box(0, 16, paper.width - 1, 16, fill=1)
        top = 18
    _spread(paper, lines, top, (15, 13, 12))


def _notice(paper: Paper, picture: Picture) -> None:
    """The title in a lit bar, to be told from what the post itself says, and the desk's words below."""
    paper.box(0, 0, paper.width - 1, 13, fill=1)
    paper.text(picture.title, 10, 11, font=BOLD, left=2, right=paper.width - 2, fill=0)
    _spread(paper, list(picture.lines), 16, (14, 13, 12))


def _spread(paper: Paper, lines: list[str], top: int, largest: tuple[int, int, int]) -> None:
    """Up to three lines over what is below `top`, all in the size in which the widest fits."""
    if not lines:
        return
    size = min(fitting(line, SANS, largest[len(lines) - 1], paper.width)[1] for line in lines)
    gap = (paper.height - top) / len(lines)
    for place, line in enumerate(lines):
        paper.text(line, min(round(top + gap * (place + 0.5) + size * 0.36), paper.height - 4), size)


def _code(paper: Paper, picture: Picture) -> None:
    """The signs in large between the title and one hint."""
    paper.text(picture.title, 10, 12)
    code_signs(paper, picture, 37, 27)
    paper.text(_hint(picture), paper.height - 4, 12)


def _clock(paper: Paper, picture: Picture) -> None:
    """The time in large digits, a bar of what is left, one hint."""
    paper.text(picture.title, 9, 11)
    paper.text(picture.big, 39, 34, font=BOLD)
    paper.bar(picture.bar, 0, 43, paper.width - 1, 48)
    paper.text(_hint(picture), paper.height - 3, 11)


def _hint(picture: Picture) -> str:
    return " ".join(line for line in picture.lines if line)


LAYOUTS: Mapping[Layout, Callable[[Paper, Picture], None]] = {
    Layout.MESSAGE: _message,
    Layout.CODE: _code,
    Layout.CLOCK: _clock,
    Layout.NOTICE: _notice,
    Layout.PATTERN: pattern,
}
