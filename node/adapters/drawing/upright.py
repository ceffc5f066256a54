"""The layouts of a display that stands on its short side, 64 x 128: few letters on a row, but many rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from node.adapters.drawing.paper import BOLD, ELLIPSIS, SANS, Paper, rows, wide
from node.core.screen import Layout, Picture

_SMALLEST = 8
"""Smaller than elsewhere: rather that than a long word in two."""
_LEADING = 3
"""Pixels between two rows."""
_TITLE, _TEXT = 12, 13
_DIGITS = 40
"""The rows that a time takes among words."""
_NEW_ROW = "\n"
_SIGNS = 4
"""The most signs of a code on one row."""


def time_alone(paper: Paper, picture: Picture) -> None:
    """Hours, minutes and seconds below one another over the whole display, and a thin bar of what is left."""
    parts = [part for part in picture.big.replace("h", "h:").split(":") if part]
    high = (paper.height - 4) // len(parts)
    for place, part in enumerate(parts):
        paper.tall(part, (0, place * high, paper.width, place * high + high - 6))
    bottom = paper.height - 1
    if picture.bar:
        paper.box(0, bottom - 1, round((paper.width - 1) * min(picture.bar, 1.0)), bottom, fill=1)


def _message(paper: Paper, picture: Picture) -> None:
    """The title with a rule below it, and the lines below; a title alone in the middle."""
    told = _told(picture)
    if not told:
        _words(paper, picture.title, 0, paper.height, _TEXT, font=BOLD)
        return
    rule = 0
    if picture.title:
        rule = _words(paper, picture.title, 0, paper.height // 2, _TITLE, font=BOLD, middle=False) + 2
        paper.box(0, rule, paper.width - 1, rule, fill=1)
    _words(paper, told, rule + 3, paper.height, _TEXT)


def _notice(paper: Paper, picture: Picture) -> None:
    """The title in a lit box, to be told from what the post itself says, and the desk's words below."""
    font, size, found = _fitted(picture.title, BOLD, 10, paper.width - 4, 40)
    bottom = len(found) * (size + _LEADING) + 3
    paper.box(0, 0, paper.width - 1, bottom, fill=1)
    _words(paper, picture.title, 2, bottom, size, font=font, fill=0, edge=2)
    _words(paper, _told(picture), bottom + 3, paper.height, _TEXT)


def _code(paper: Paper, picture: Picture) -> None:
    """The signs in large, some on a row, each on a stroke of its own, between the title and one hint."""
    slots = max(picture.slots, len(picture.big), 1)
    a_row = min(slots, 3 if slots <= 6 else _SIGNS)
    top = _words(paper, picture.title, 0, 26, 11, middle=False) + 2
    bottom = paper.height - 28
    deep = min(34, (bottom - top) // -(-slots // a_row))
    cell = paper.width // a_row
    for at in range(slots):
        row, column = divmod(at, a_row)
        left, baseline = column * cell, top + row * deep + deep - 6
        paper.box(left + 2, baseline + 3, left + cell - 3, baseline + 4, fill=1)
        sign = picture.big[at : at + 1]
        paper.text(sign, baseline, min(20, deep - 4), font=BOLD, left=left, right=left + cell)
    _words(paper, _told(picture), bottom, paper.height, 11)


def _clock(paper: Paper, picture: Picture) -> None:
    """The time as high as its width allows, what it is above, a bar of what is left and one hint below."""
    top = _words(paper, picture.title, 0, 28, 11, middle=False) + 4
    if picture.big:
        paper.tall(picture.big, (0, top, paper.width, top + _DIGITS))
    below = top + _DIGITS + 5
    paper.bar(picture.bar, 0, below, paper.width - 1, below + 6)
    _words(paper, _told(picture), below + 10, paper.height, 11)


def _pattern(paper: Paper, picture: Picture) -> None:
    """A frame, a chessboard along its short sides, and the words in between."""
    right, bottom = paper.width - 1, paper.height - 1
    paper.box(0, 0, right, bottom)
    for column in range(2, right - 1, 2):
        for row in range(2 + column % 4, 10, 4):
            paper.box(column, row, min(column + 1, right - 2), row + 1, fill=1)
            paper.box(column, bottom - row - 1, min(column + 1, right - 2), bottom - row, fill=1)
    below = _words(paper, picture.title, 16, 52, 11, font=BOLD, edge=4, middle=False)
    _words(paper, _told(picture), below + 2, bottom - 12, 11, edge=4)


def _told(picture: Picture) -> str:
    """The lines run on, but one that begins with a capital begins a row."""
    told = ""
    for line in picture.lines:
        told += f"{_NEW_ROW if line[:1].isupper() else ' '}{line}" if line else ""
    return told.strip()


def _words(
    paper: Paper,
    text: str,
    top: int,
    bottom: int,
    largest: int,
    *,
    font: str = SANS,
    fill: int = 1,
    edge: int = 1,
    middle: bool = True,
) -> int:
    """A text on as many rows as it takes from `top`, or in the middle of there and `bottom`; where they end."""
    font, size, found = _fitted(text, font, largest, paper.width - 2 * edge, bottom - top)
    high = len(found) * (size + _LEADING)
    first = top + max(0, (bottom - top - high) // 2) if middle else top
    for place, row in enumerate(found):
        baseline = first + place * (size + _LEADING) + size
        paper.text(row, baseline, size, font=font, left=edge, right=paper.width - edge, fill=fill)
    return first + high


def _fitted(text: str, font: str, largest: int, room: int, high: int) -> tuple[str, int, list[str]]:
    """The letters and the size in which a text fits, and its rows: thinner ones, then broken words, then fewer."""
    text = _hyphenated(text, room)
    for face in (font, SANS):
        for size in range(largest, _SMALLEST - 1, -1):
            found = [row for part in text.split(_NEW_ROW) for row in rows(part, face, size, room)]
            if len(found) * (size + _LEADING) <= high and all(wide(row, face, size) <= room for row in found):
                return face, size, found
    found = rows(" ".join(_broken(word, room) for word in text.split()), SANS, _SMALLEST, room)
    most = max(1, high // (_SMALLEST + _LEADING))
    if len(found) > most:
        last = found[most - 1]
        while wide(last + ELLIPSIS, SANS, _SMALLEST) > room:
            last = last[:-1]
        found[most - 1 :] = [last + ELLIPSIS]
    return SANS, _SMALLEST, found


def _hyphenated(text: str, room: int) -> str:
    """With a place to break after the hyphens of words that would have to be set small."""
    return " ".join(word if wide(word, SANS, _TITLE) <= room else word.replace("-", "- ") for word in text.split(" "))


def _broken(word: str, room: int) -> str:
    """A word in pieces that fit on a row each."""
    pieces = [""]
    for sign in word:
        if wide(pieces[-1] + sign, SANS, _SMALLEST) > room:
            pieces.append("")
        pieces[-1] += sign
    return " ".join(pieces)


LAYOUTS: Mapping[Layout, Callable[[Paper, Picture], None]] = {
    Layout.MESSAGE: _message,
    Layout.CODE: _code,
    Layout.CLOCK: _clock,
    Layout.NOTICE: _notice,
    Layout.PATTERN: _pattern,
}
