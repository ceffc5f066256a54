"""Pictures to pixels: the one place that draws, for the OLED and for the simulated screen alike.

128 x 64 pixels, one bit each. `blink` is drawn inverted; the shell shows a blinking picture by turns as it
is and without `blink`, so that the drawing needs no memory.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from node.core.screen import Layout, Picture

SIZE = (128, 64)

_FONTS = Path(__file__).parent / "fonts"
_SANS, _BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
_SMALLEST = 9
_ELLIPSIS = "…"


def draw(picture: Picture, size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw a picture: a mode "1" image, white (lit) on black. Wide text is set smaller, then cut with "…"."""
    image = Image.new("1", size)
    pen = ImageDraw.Draw(image)
    match picture.layout:
        case Layout.MESSAGE:
            _message(pen, picture, size)
        case Layout.CODE:
            _code(pen, picture, size)
        case Layout.CLOCK:
            _clock(pen, picture, size)
    return ImageChops.logical_xor(image, Image.new("1", size, 1)) if picture.blink else image


def _message(pen: ImageDraw.ImageDraw, picture: Picture, size: tuple[int, int]) -> None:
    """The title with a rule below it, and the lines spread over what is left; a title alone in the middle."""
    lines = [line for line in (picture.big, *picture.lines) if line][:3]
    width, height = size
    top = 0
    if picture.title and not lines:
        _text(pen, picture.title, baseline=height // 2 + 5, width=width, font=_BOLD, largest=16)
    elif picture.title:
        _text(pen, picture.title, baseline=12, width=width, font=_BOLD, largest=13)
        pen.line((0, 17, width - 1, 17), fill=1)
        top = 19
    largest = 12 if len(lines) < 3 else 11
    gap = (height - top) / max(len(lines), 1)
    for place, line in enumerate(lines):
        baseline = round(top + gap * (place + 0.5) + largest * 0.36)
        _text(pen, line, baseline=min(baseline, height - 4), width=width, font=_SANS, largest=largest)


def _code(pen: ImageDraw.ImageDraw, picture: Picture, size: tuple[int, int]) -> None:
    """The signs in large between the title and one hint."""
    width, height = size
    _text(pen, picture.title, baseline=11, width=width, font=_SANS, largest=12)
    _text(pen, picture.big, baseline=41, width=width, font=_BOLD, largest=27)
    _text(pen, _hint(picture), baseline=height - 4, width=width, font=_SANS, largest=11)


def _clock(pen: ImageDraw.ImageDraw, picture: Picture, size: tuple[int, int]) -> None:
    """The time in large digits, a bar of what is left, one hint."""
    width, height = size
    _text(pen, picture.title, baseline=10, width=width, font=_SANS, largest=11)
    _text(pen, picture.big, baseline=40, width=width, font=_BOLD, largest=34)
    if picture.bar is not None:
        full = round((width - 4) * min(max(picture.bar, 0.0), 1.0))
        pen.rectangle((0, 44, width - 1, 49), outline=1)
        if full:
            pen.rectangle((2, 46, 1 + full, 47), fill=1)
    _text(pen, _hint(picture), baseline=height - 3, width=width, font=_SANS, largest=11)


def _hint(picture: Picture) -> str:
    return " ".join(line for line in picture.lines if line)


def _text(pen: ImageDraw.ImageDraw, text: str, *, baseline: int, width: int, font: str, largest: int) -> None:
    """One centred line, as large as fits."""
    if not text:
        return
    size = largest
    while size > _SMALLEST and _wide(text, font, size) > width:
        size -= 1
    if _wide(text, font, size) > width:
        while _wide(text + _ELLIPSIS, font, size) > width:
            text = text[:-1]
        text += _ELLIPSIS
    left = (width - _wide(text, font, size)) // 2
    pen.text((left, baseline), text, fill=1, font=_font(font, size), anchor="ls")


def _wide(text: str, font: str, size: int) -> int:
    return round(_font(font, size).getlength(text, mode="1"))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Basic layout: the same pixels whether or not the machine has libraqm.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)
