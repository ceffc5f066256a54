"""One suite for every Screen: the fake, the simulator's, and luma's on a bus that decodes SSD1306 traffic."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from node.adapters.drawing import SIZE, draw
from node.adapters.screen_luma import LumaScreen, oled
from node.adapters.sim import VirtualScreen
from node.core.screen import Layout, Picture
from node.core.texts import TEXTS
from node.ports import Screen, ScreenError
from tests.fakes.screen import FakeScreen, Ssd1306Bus
from tests.fakes.watch import silent

# luma 2.6 calls what Pillow will drop in version 14; the extras keep Pillow below that.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")

CLOCK = Picture(Layout.CLOCK, "Temps restant", "1:23:45", ("Pause ou Fin : touche",), bar=0.5)
PICTURES = [
    Picture(Layout.MESSAGE, "Médiathèque Éluard", lines=("Tapez votre code,", "puis validez", "Aide : ?")),
    Picture(Layout.MESSAGE, "Démarrage…"),
    Picture(Layout.CODE, "Votre code", "K7M2QX", ("Validez avec Entrée",)),
    CLOCK,
    Picture(Layout.CLOCK, "Temps écoulé", "0:59", ("Enregistrez tout !",), bar=0.02, blink=True),
]


@pytest.fixture
def bus() -> Ssd1306Bus:
    return Ssd1306Bus()


@pytest.fixture(params=["fake", "sim", "luma"])
def screen(request: pytest.FixtureRequest, bus: Ssd1306Bus) -> Screen:
    if request.param == "fake":
        return FakeScreen()
    if request.param == "sim":
        return VirtualScreen(draw, silent)
    return LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_screen_takes_every_layout_and_closes(screen: Screen, picture: Picture) -> None:
    screen.show(picture)
    screen.show(CLOCK)
    screen.close()


def test_a_screen_that_never_showed_anything_closes(screen: Screen) -> None:
    screen.close()


@pytest.mark.parametrize("picture", PICTURES)
def test_the_display_and_the_simulator_show_the_same_pixels(picture: Picture, bus: Ssd1306Bus) -> None:
    LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw).show(picture)
    virtual = VirtualScreen(draw, silent)
    virtual.show(picture)
    shown = Image.open(io.BytesIO(virtual.png())).convert("L")
    assert bus.lit
    assert shown.size == SIZE
    assert ImageChops.difference(bus.image().convert("L"), shown).getbbox() is None


def test_rotated_by_half_a_turn(bus: Ssd1306Bus) -> None:
    LumaScreen(oled("ssd1306", 1, 0x3C, 180, wire=bus), draw).show(CLOCK)
    turned = draw(CLOCK).rotate(180).convert("L")
    assert ImageChops.difference(bus.image().convert("L"), turned).getbbox() is None


def test_a_loose_wire_is_an_error_that_heals(bus: Ssd1306Bus) -> None:
    screen = LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw)
    bus.broken = True
    with pytest.raises(ScreenError, match="does not answer"):
        screen.show(CLOCK)  # missing at the start
    bus.broken = False
    screen.show(CLOCK)
    bus.broken = True
    with pytest.raises(ScreenError, match="does not answer"):
        screen.show(PICTURES[0])
    bus.broken = False
    screen.show(PICTURES[0])
    assert ImageChops.difference(bus.image().convert("L"), draw(PICTURES[0]).convert("L")).getbbox() is None


def test_closing_darkens_and_a_dead_one_says_so(bus: Ssd1306Bus) -> None:
    screen = LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw)
    screen.show(CLOCK)
    bus.broken = True
    with pytest.raises(ScreenError):
        screen.close()
    bus.broken = False
    screen.show(CLOCK)
    screen.close()
    assert not bus.lit


def test_no_i2c_bus_is_a_screen_error() -> None:
    with pytest.raises(ScreenError, match="not found"):
        LumaScreen(oled("sh1106", 19, 0x3C, 0), draw).show(CLOCK)


def lit(picture: Picture) -> tuple[int, int, int, int]:
    """The box around what is lit."""
    box = draw(picture).getbbox()
    assert box is not None
    return box


def test_large_digits_are_large() -> None:
    left, top, right, bottom = lit(Picture(Layout.CLOCK, big="23:45"))
    assert bottom - top >= 22
    assert right - left >= 90


@pytest.mark.parametrize("big", ["9:59:59", "25h00", "596523h"])
def test_the_longest_times_fit(big: str) -> None:
    left, _, right, _ = lit(Picture(Layout.CLOCK, big=big))
    assert (left >= 0, right <= 128, right - left >= 90) == (True, True, True)


def test_accents_and_descenders_are_not_clipped() -> None:
    for at in range(3):
        lines = tuple("ÉÀÇgjpqy" if place == at else "" for place in range(3))
        _, top, _, bottom = lit(Picture(Layout.MESSAGE, lines=lines))
        assert 0 < top < bottom < 64
    assert lit(Picture(Layout.CLOCK, title="ÉÀÇ"))[1] >= 0
    assert lit(Picture(Layout.CLOCK, lines=("gjpqy",)))[3] <= 64


def test_blinking_is_the_picture_inverted() -> None:
    plain, blinking = draw(CLOCK), draw(replace(CLOCK, blink=True))
    assert ImageChops.logical_xor(plain, blinking).getextrema() == (255, 255)


def test_text_that_is_too_wide_ends_in_an_ellipsis() -> None:
    long = Picture(Layout.MESSAGE, lines=("Merci de passer au comptoir avant midi",))
    assert lit(long)[2] <= 128
    longer = Picture(Layout.MESSAGE, lines=("Merci de passer au comptoir avant midi, s’il vous plaît",))
    assert ImageChops.difference(draw(long).convert("L"), draw(longer).convert("L")).getbbox() is None


@pytest.mark.parametrize("language", list(TEXTS))
def test_every_text_of_a_post_has_its_pixels(language: object) -> None:
    texts = next(text for spoken, text in TEXTS.items() if spoken == language)
    for lines in (*texts.said.values(), *texts.denied.values(), *texts.over.values()):
        title, *below = lines
        assert draw(Picture(Layout.MESSAGE, title, lines=tuple(below))).getbbox() is not None
