"""Pictures to pixels: the one place that draws, for the OLED and for the simulated screen alike.

One bit a pixel, 128 x 64, 128 x 32, or 64 x 128 for a display that stands upright. One pixel all around stays free, so
that `shift` can move what is drawn against burn-in and cut nothing off. `blink` is drawn inverted; the shell shows a
blinking picture by turns as it is and without `blink`, so that the drawing needs no memory.
"""

from __future__ import annotations

from PIL import Image, ImageChops

from node.adapters.drawing import high, low, upright
from node.adapters.drawing.paper import MARGIN, Paper
from node.core.screen import Layout, Picture

SIZE = (128, 64)
LOW = (128, 32)
UPRIGHT = (64, 128)

__all__ = ["LOW", "MARGIN", "SIZE", "UPRIGHT", "draw"]


def draw(
    picture: Picture, size: tuple[int, int] = SIZE, *, shift: tuple[int, int] = (0, 0), large: bool = False
) -> Image.Image:
    """Draw a picture: a mode "1" image, white (lit) on black. Wide text is set smaller, then cut with "…".

    `shift`: pixels to the right and down, at most MARGIN either way. `large`: a running time fills the whole display.
    """
    paper, stands = Paper(size, shift), size[0] < size[1]
    if large and picture.time_only:
        (upright if stands else high).time_alone(paper, picture)
    elif stands:
        upright.LAYOUTS[picture.layout](paper, picture)
    else:
        layouts = high.LAYOUTS if size[1] >= SIZE[1] else low.LAYOUTS
        layouts[picture.layout](paper, picture)
    return ImageChops.logical_xor(paper.image, Image.new("1", size, 1)) if picture.blink else paper.image


assert set(high.LAYOUTS) == set(low.LAYOUTS) == set(upright.LAYOUTS) == set(Layout), "each layout is drawn in each size"
