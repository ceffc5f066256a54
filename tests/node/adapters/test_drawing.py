"""Pixels: nothing is clipped, what matters is large, and every screen looks as its reference picture does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from docs.gallery import Shot, shots
from docs.make_screens import REFERENCES, ROOT, main, references, same, sheets
from hub.wire.terms import Language
from node.adapters.drawing import LOW, MARGIN, SIZE, UPRIGHT, draw
from node.core.screen import Layout, Picture
from node.core.view import WIDTH

CLOCK = Picture(Layout.CLOCK, "Temps restant", "1:23:45", ("Pause ou Fin : touche",), bar=0.5, time_only=True)
CORNERS = [(across, down) for across in (-MARGIN, MARGIN) for down in (-MARGIN, MARGIN)]
DRAWN = references()
ALL = [shot for language in Language for shot in shots(language)]


def named(shot: Shot) -> str:
    return f"{shot.name}.{shot.language}"


def lit(picture: Picture, size: tuple[int, int] = SIZE, *, large: bool = False) -> tuple[int, int, int, int]:
    """The box around what is lit."""
    box = draw(picture, size, large=large).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_every_screen_looks_as_its_reference_picture(name: str, tmp_path: Path) -> None:
    reference, drawn = ROOT / REFERENCES / name, DRAWN[name]
    if not reference.exists() or not same(reference, drawn):
        difference = tmp_path / f"difference-{name}"
        _beside(reference, drawn).save(difference)
        pytest.fail(f"{name} looks different, see {difference}; if it should: python -m docs.make_screens")


def _beside(reference: Path, drawn: Image.Image) -> Image.Image:
    """Reference, drawing and what differs, one above the other."""
    wide, high = drawn.size
    before = Image.open(reference).convert("1") if reference.exists() else Image.new("1", drawn.size)
    before = before.crop((0, 0, wide, high))
    sheet = Image.new("L", (wide, 3 * high + 4), 128)
    for at, image in enumerate((before, drawn, ImageChops.logical_xor(before, drawn))):
        sheet.paste(image.convert("L"), (0, at * (high + 2)))
    return sheet.resize((wide * 4, sheet.height * 4), Image.Resampling.NEAREST)


def test_no_reference_picture_and_no_sheet_is_left_over_or_stale() -> None:
    assert main(["--check"]) == 0


def test_the_page_shows_every_sheet() -> None:
    page = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")
    shown = {part.split(")")[0] for part in page.split("](screens/")[1:]}
    assert shown == set(sheets())


def test_what_is_stale_missing_or_left_over_is_found_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / REFERENCES
    folder.mkdir(parents=True)
    Image.new("1", SIZE).save(folder / "idle.fr.128x64.png")
    Image.new("1", LOW).save(folder / "boot.fr.128x64.png")
    Image.new("1", SIZE).save(folder / "gone.fr.128x64.png")
    with pytest.raises(SystemExit) as end:
        main(["--check"], tmp_path)
    assert end.value.code == 1
    assert "run: python -m docs.make_screens" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert not (folder / "gone.fr.128x64.png").exists()


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
@pytest.mark.parametrize("shot", ALL, ids=named)
def test_no_shift_cuts_anything_off(shot: Shot, size: tuple[int, int]) -> None:
    picture = replace(shot.picture, blink=False)
    for large in {False, picture.time_only}:
        plain = draw(picture, size, large=large)
        for shift in CORNERS:
            moved = ImageChops.offset(plain, *shift)
            assert ImageChops.logical_xor(draw(picture, size, shift=shift, large=large), moved).getbbox() is None


def test_a_shift_beyond_the_margin_is_a_misuse() -> None:
    with pytest.raises(ValueError, match="margin"):
        draw(CLOCK, shift=(2, 0))


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
def test_equal_pictures_are_the_same_pixels(size: tuple[int, int]) -> None:
    for shot in ALL:
        again = replace(shot.picture)
        assert draw(shot.picture, size).tobytes() == draw(again, size).tobytes()


def test_screens_of_one_language_can_be_told_apart() -> None:
    # A power cut, and a post that is out of order, are said in the same words wherever they are said.
    for language in Language:
        told: dict[Picture, str] = {}
        for shot in shots(language):
            told.setdefault(shot.picture, shot.name)
        pixels = {draw(picture).tobytes() for picture in told}
        assert len(pixels) == len(told)


def test_screens_that_stand_upright_can_be_told_apart() -> None:
    for language in Language:
        told = {shot.picture for shot in shots(language)}
        assert len({draw(picture, UPRIGHT).tobytes() for picture in told}) == len(told)


@pytest.mark.parametrize("shot", ALL, ids=named)
def test_no_screen_that_stands_upright_cuts_its_words(shot: Shot) -> None:
    """An ellipsis more, at the very end, is only seen where the whole text is."""
    picture = replace(shot.picture, blink=False)
    if picture.lines:
        longer = replace(picture, lines=(*picture.lines[:-1], f"{picture.lines[-1]}x"))
        assert draw(picture, UPRIGHT).tobytes() != draw(longer, UPRIGHT).tobytes()


def test_large_digits_are_large() -> None:
    left, top, right, bottom = lit(Picture(Layout.CLOCK, big="23:45"))
    assert bottom - top >= 22
    assert right - left >= 90


@pytest.mark.parametrize("big", ["9:59", "23:45", "1:23:45", "24h00", "596523h"])
@pytest.mark.parametrize(("size", "high"), [(SIZE, 56), (LOW, 24), (UPRIGHT, 112)])
def test_the_large_variant_fills_the_display(big: str, size: tuple[int, int], high: int) -> None:
    left, top, right, bottom = lit(Picture(Layout.CLOCK, big=big, time_only=True), size, large=True)
    assert bottom - top >= high
    assert (left >= MARGIN, right <= size[0] - MARGIN, right - left >= size[0] // 2) == (True, True, True)


def test_large_digits_do_not_jump_when_they_count() -> None:
    edges = set()
    for second in range(10, 60):
        image = draw(Picture(Layout.CLOCK, big=f"23:{second}", time_only=True), large=True)
        box = image.crop((0, 0, 64, 58)).getbbox()
        assert box is not None
        edges.add(box)
    assert len(edges) == 1


def test_the_large_variant_leaves_the_words_where_they_matter() -> None:
    balance = replace(CLOCK, time_only=False)
    assert draw(balance, large=True).tobytes() == draw(balance).tobytes()
    assert draw(CLOCK, large=True).tobytes() != draw(CLOCK).tobytes()


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
@pytest.mark.parametrize("big", ["9:59:59", "25h00", "596523h"])
def test_the_longest_times_fit(big: str, size: tuple[int, int]) -> None:
    left, _, right, _ = lit(Picture(Layout.CLOCK, big=big), size)
    assert (left >= MARGIN, right <= size[0] - MARGIN, right - left >= size[0] // 2) == (True, True, True)


def test_accents_and_descenders_are_not_clipped() -> None:
    for at in range(3):
        lines = tuple("ÉÀÇgjpqy" if place == at else "" for place in range(3))
        _, top, _, bottom = lit(Picture(Layout.MESSAGE, lines=lines))
        assert 0 < top < bottom < 64
    assert lit(Picture(Layout.CLOCK, title="ÉÀÇ"))[1] >= 0
    assert lit(Picture(Layout.CLOCK, lines=("gjpqy",)))[3] <= 64


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
def test_blinking_is_the_picture_inverted(size: tuple[int, int]) -> None:
    plain, blinking = draw(CLOCK, size), draw(replace(CLOCK, blink=True), size)
    assert ImageChops.logical_xor(plain, blinking).getextrema() == (255, 255)


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
@pytest.mark.parametrize("layout", [Layout.MESSAGE, Layout.NOTICE, Layout.PATTERN])
def test_text_that_is_too_wide_ends_in_an_ellipsis(layout: Layout, size: tuple[int, int]) -> None:
    words = "Merci de passer au comptoir avant midi et de rapporter tous les livres empruntés le mois dernier."
    long, longer = (Picture(layout, "Titre", lines=(words * 3 + rest,)) for rest in ("", " S’il vous plaît"))
    assert lit(long, size)[2] <= size[0] - MARGIN
    assert draw(long, size).tobytes() == draw(longer, size).tobytes()


@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
def test_a_desk_message_of_full_rows_is_shown_whole(size: tuple[int, int]) -> None:
    rows = tuple(sign * WIDTH for sign in "nox")
    picture = Picture(Layout.NOTICE, "Message de l’accueil", lines=rows)
    for at, sign in enumerate("nox"):
        changed = replace(picture, lines=tuple(row[:-1] + "e" if row[0] == sign else row for row in rows))
        assert draw(changed, size).tobytes() != draw(picture, size).tobytes(), f"the end of row {at} is not shown"


@pytest.mark.parametrize("slots", [4, 6, 9, 12, 13, 16])
@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
def test_a_code_of_any_length_fits_and_each_sign_is_seen(slots: int, size: tuple[int, int]) -> None:
    drawn = set()
    for typed in range(slots + 1):
        picture = Picture(Layout.CODE, "Votre code", "MWMWMWMWMWMWMWMW"[:typed], ("Validez",), slots=slots)
        drawn.add(draw(picture, size).tobytes())
        left, top, right, bottom = lit(picture, size)
        assert left >= MARGIN
        assert right <= size[0] - MARGIN
        assert (top >= MARGIN, bottom <= size[1] - MARGIN) == (True, True)
    assert len(drawn) == slots + 1


@pytest.mark.parametrize(
    "make", [lambda: Picture(Layout.NOTICE, "Temps restant 9:58"), lambda: Picture(Layout.MESSAGE)]
)
@pytest.mark.parametrize("size", [SIZE, LOW, UPRIGHT])
def test_nothing_to_say_is_no_error(make: Callable[[], Picture], size: tuple[int, int]) -> None:
    assert draw(make(), size).size == size


def test_the_self_test_reaches_every_edge() -> None:
    for size in (SIZE, LOW, UPRIGHT):
        assert lit(Picture(Layout.PATTERN, "Essai"), size) == (1, 1, size[0] - 1, size[1] - 1)
