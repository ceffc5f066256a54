"""What is drawn on: a black sheet with a margin, and text that is made to fit."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

MARGIN = 1

SANS, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
SMALLEST = 9
ELLIPSIS = "…"

_FONTS = Path(__file__).parents[1] / "fonts"
_LONELY = re.compile(r"\s+(?=[:;?!»](\s|$))")
_TALL = 96
"""The size in which digits are drawn before they are squeezed into their box."""


class Paper:
    """A sheet; `width` and `height` are what is inside the margin, and (0, 0) is its upper left pixel."""

    def __init__(self, size: tuple[int, int], shift: tuple[int, int]) -> None:
        if max(map(abs, shift)) > MARGIN:
            raise ValueError(f"a shift of {shift} does not fit the margin")
        self.image = Image.new("1", size)
        self.width, self.height = size[0] - 2 * MARGIN, size[1] - 2 * MARGIN
        self._left, self._top = MARGIN + shift[0], MARGIN + shift[1]
        self._pen = ImageDraw.Draw(self.image)

    def box(self, left: int, top: int, right: int, bottom: int, *, fill: int | None = None) -> None:
        """A rectangle, its edges included: an outline, or filled with 1 or 0."""
        edges = self._left + left, self._top + top, self._left + right, self._top + bottom
        self._pen.rectangle(edges, fill=fill, outline=1 if fill is None else fill)

    def bar(self, share: float | None, left: int, top: int, right: int, bottom: int) -> None:
        """How much is left: an outline, filled from the left; nothing when there is no share to show."""
        if share is None:
            return
        self.box(left, top, right, bottom)
        full = round((right - left - 3) * min(max(share, 0.0), 1.0))
        if full:
            self.box(left + 2, top + 2, left + 1 + full, bottom - 2, fill=1)

    def text(
        self,
        text: str,
        baseline: int,
        largest: int,
        *,
        font: str = SANS,
        left: int = 0,
        right: int | None = None,
        fill: int = 1,
    ) -> None:
        """One line, centred between left and right (by itself: the whole width), as large as fits."""
        room = (self.width if right is None else right) - left
        text, size = fitting(text, font, largest, room)
        at = self._left + left + (room - wide(text, font, size)) // 2
        self._pen.text((at, self._top + baseline), text, fill=fill, font=_font(font, size), anchor="ls")

    def tall(self, text: str, box: tuple[int, int, int, int]) -> None:
        """Digits as high as the box (left, top, right, bottom; edges excluded) and at most as wide, in its middle."""
        left, top, right, bottom = box
        drawn = _tall(text)
        width = min(right - left, drawn.width * (bottom - top) // drawn.height)
        squeezed = drawn.resize((width, bottom - top), Image.Resampling.LANCZOS).point(lambda grey: 255 * (grey > 120))
        at = self._left + left + (right - left - width) // 2, self._top + top
        self.image.paste(1, at, squeezed.convert("1"))


def wide(text: str, font: str, size: int) -> int:
    """How many pixels a line takes."""
    return round(_font(font, size).getlength(text, mode="1"))


def fitting(text: str, font: str, largest: int, room: int) -> tuple[str, int]:
    """The text and the size in which it fits: smaller letters first, then fewer of them."""
    size = largest
    while size > SMALLEST and wide(text, font, size) > room:
        size -= 1
    if wide(text, font, size) > room:
        while text and wide(text + ELLIPSIS, font, size) > room:
            text = text[:-1]
        text = text.rstrip() + ELLIPSIS
    return text, size


def rows(text: str, font: str, size: int, room: int) -> list[str]:
    """The words of a text on rows that fit; a word that is wider has a row of its own.

    A sign that French sets off by a space stays with the word before it.
    """
    found: list[str] = []
    for word in _LONELY.sub("\N{NO-BREAK SPACE}", text).split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and wide(longer, font, size) <= room:
            found[-1] = longer
        elif word:
            found.append(word)
    return found


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Basic layout: the same pixels whether or not the machine has libraqm.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def _tall(text: str) -> Image.Image:
    """Digits in grey, cropped to the height of a nought; their width is their advance, so that none jumps."""
    font = _font(BOLD, _TALL)
    _, top, _, bottom = font.getbbox("0", anchor="ls")
    image = Image.new("L", (round(font.getlength(text)), round(bottom - top)))
    ImageDraw.Draw(image).text((0, -top), text, fill=255, font=font, anchor="ls")
    return image
