"""Draws the contact sheets of docs/screens.md and the reference pictures that the tests compare with.

python -m docs.make_screens            writes what has changed, and removes pictures of screens that are gone
python -m docs.make_screens --check    changes nothing; exits 1 when a picture is stale by its pixels, and says which
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from docs.gallery import Shot, shots
from hub.wire.terms import Language
from node.adapters.drawing import LOW, SIZE, UPRIGHT, draw

ROOT = Path(__file__).parents[1]
SHEETS, REFERENCES = Path("docs/screens"), Path("tests/node/reference")
SIZES = (SIZE, LOW, UPRIGHT)

_COLUMNS, _SCALE, _GAP, _CAPTION = 4, 2, 14, 16
_UPRIGHT_COLUMNS = 7
_DESK, _GLASS, _LIT, _INK = "#e8e6e1", "#0b0d10", "#dff3ff", "#33373d"
_CAPTIONS = ROOT / "node" / "adapters" / "fonts" / "DejaVuSans.ttf"


def references() -> dict[str, Image.Image]:
    """Every screen's pixels by its file's name: `NAME.LANGUAGE.128x64.png`, `.large` where the digits are large."""
    found = {}
    for language in Language:
        for shot in shots(language):
            for size in SIZES:
                place = f"{shot.name}.{language}.{size[0]}x{size[1]}"
                found[f"{place}.png"] = draw(shot.picture, size)
                if shot.picture.time_only:
                    found[f"{place}.large.png"] = draw(shot.picture, size, large=True)
    return found


def sheets() -> dict[str, Image.Image]:
    """A contact sheet for each language and size, by its file's name."""
    return {
        f"screens.{language}.{size[0]}x{size[1]}.png": _sheet(shots(language), size)
        for language in Language
        for size in SIZES
    }


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(description="Draw every screen of a post.")
    parser.add_argument("--check", action="store_true", help="only say whether they are fresh")
    check = parser.parse_args(arguments).check
    wanted = {root / SHEETS / name: image for name, image in sheets().items()}
    wanted |= {root / REFERENCES / name: image for name, image in references().items()}
    stale = [path for path, image in wanted.items() if not path.exists() or not same(path, image)]
    there = [path for folder in (SHEETS, REFERENCES) for path in sorted((root / folder).glob("*.png"))]
    gone = [path for path in there if path not in wanted]
    if check and (stale or gone):
        names = ", ".join(path.name for path in (*stale, *gone)[:5])
        parser.exit(1, f"{len(stale) + len(gone)} stale: {names}; run: python -m docs.make_screens\n")
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted[path].save(path, optimize=True)
    for path in gone:
        path.unlink()
    return 0


def same(path: Path, image: Image.Image) -> bool:
    """Whether a file shows these pixels, however it is packed."""
    with Image.open(path) as kept:
        if kept.size != image.size:
            return False
        return ImageChops.difference(kept.convert("RGB"), image.convert("RGB")).getbbox() is None


def _sheet(taken: Sequence[Shot], size: tuple[int, int]) -> Image.Image:
    """The screens side by side with their names, and large digits beside the small ones."""
    drawn = [(shot.name, draw(shot.picture, size)) for shot in taken]
    for at, shot in reversed([*enumerate(taken)]):
        if shot.picture.time_only:
            drawn.insert(at + 1, (f"{shot.name} (large)", draw(shot.picture, size, large=True)))
    wide, high = size[0] * _SCALE + 2 * _GAP, size[1] * _SCALE + _CAPTION + 2 * _GAP
    columns = _UPRIGHT_COLUMNS if size == UPRIGHT else _COLUMNS
    lines = -(-len(drawn) // columns)
    sheet = Image.new("RGB", (columns * wide, lines * high), _DESK)
    pen, letters = ImageDraw.Draw(sheet), 10 if size == UPRIGHT else 12
    font = ImageFont.truetype(str(_CAPTIONS), letters, layout_engine=ImageFont.Layout.BASIC)
    for at, (name, image) in enumerate(drawn):
        left, top = at % columns * wide + _GAP, at // columns * high + _GAP
        pen.rounded_rectangle((left - 6, top - 6, left + size[0] * _SCALE + 5, top + size[1] * _SCALE + 5), 5, _GLASS)
        lit = image.resize((size[0] * _SCALE, size[1] * _SCALE), Image.Resampling.NEAREST)
        sheet.paste(_LIT, (left, top), lit)
        pen.text((left, top + size[1] * _SCALE + 18), name, fill=_INK, font=font, anchor="ls")
    return sheet.quantize(16)


if __name__ == "__main__":
    raise SystemExit(main())
