"""One suite for every Screen: the fake, the simulator's, and luma's on wires that decode what a display would show."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from gpiozero import OutputDevice
from gpiozero.pins.mock import MockFactory
from PIL import Image, ImageChops

from node.adapters.drawing import LOW, SIZE, draw
from node.adapters.screen_luma import LumaScreen, oled, oled_on_spi
from node.adapters.sim import VirtualScreen
from node.core.screen import Layout, Picture
from node.ports import Screen, ScreenError
from tests.fakes.oled_bus import SpiWire, Ssd1306Bus
from tests.fakes.screen import FakeScreen
from tests.fakes.watch import silent

# luma 2.6 calls what Pillow will drop in version 14; the extras keep Pillow below that.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")

CLOCK = Picture(Layout.CLOCK, "Temps restant", "1:23:45", ("Pause ou Fin : touche",), bar=0.5)
PICTURES = [
    Picture(Layout.MESSAGE, "Médiathèque Éluard", lines=("Tapez votre code,", "puis validez", "Aide : ?")),
    Picture(Layout.MESSAGE, "Démarrage…"),
    Picture(Layout.CODE, "Votre code", "K7M2QX", ("Validez avec Entrée",), slots=6),
    Picture(Layout.NOTICE, "Message de l’accueil", lines=("La médiathèque ferme", "dans dix minutes.")),
    Picture(Layout.PATTERN, "Essai écran", lines=("Bords visibles ?",)),
    CLOCK,
    Picture(Layout.CLOCK, "Temps écoulé", "0:59", ("Enregistrez tout !",), bar=0.02, blink=True),
]


class Spi:
    """A display on SPI, and its two pins."""

    def __init__(self) -> None:
        self.pins = MockFactory()
        self.wire = SpiWire(lambda: self.pins.pin(24).state)

    def screen(self) -> LumaScreen:
        return LumaScreen(oled_on_spi("ssd1309", 0, wire=self.wire, pins=self.pins), draw)


@pytest.fixture
def bus() -> Ssd1306Bus:
    return Ssd1306Bus()


@pytest.fixture(params=["fake", "sim", "ssd1306", "sh1106", "low", "spi"])
def screen(request: pytest.FixtureRequest, bus: Ssd1306Bus) -> Screen:
    makers: dict[str, Callable[[], Screen]] = {
        "fake": FakeScreen,
        "sim": lambda: VirtualScreen(draw, silent),
        "ssd1306": lambda: LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw),
        "sh1106": lambda: LumaScreen(oled("sh1106", 1, 0x3C, 0, wire=Ssd1306Bus(sh1106=True)), draw),
        "low": lambda: LumaScreen(oled("ssd1306", 1, 0x3C, 0, height=32, wire=bus), draw),
        "spi": lambda: Spi().screen(),
    }
    return makers[request.param]()


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.logical_xor(one, other).getbbox() is None


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
    shown = Image.open(io.BytesIO(virtual.png())).convert("1")
    assert bus.lit
    assert shown.size == SIZE
    assert same(bus.image(), shown)


@pytest.mark.parametrize("rotate", [0, 180])
@pytest.mark.parametrize(
    ("driver", "height"), [("ssd1306", 64), ("ssd1306", 32), ("ssd1309", 64), ("sh1106", 64)], ids=str
)
def test_every_display_shows_every_layout_on_i2c(driver: str, height: int, rotate: int) -> None:
    bus = Ssd1306Bus(sh1106=driver == "sh1106")
    screen = LumaScreen(oled(driver, 1, 0x3C, rotate, height=height, wire=bus), draw)
    for picture in PICTURES:
        screen.show(picture)
        assert bus.lit
        assert same(bus.image(), draw(picture, (128, height)).rotate(rotate))


def test_a_display_on_spi_shows_the_same_pixels() -> None:
    spi = Spi()
    screen = spi.screen()
    for picture in PICTURES:
        screen.show(picture)
        assert spi.wire.display.lit
        assert same(spi.wire.display.image(), draw(picture))
    assert spi.pins.pin(25).state  # RES is released
    screen.close()
    assert (spi.wire.opened, spi.wire.closed, spi.wire.display.lit) == ([(0, 0)], 1, False)


def test_a_missing_spi_bus_is_an_error_that_heals() -> None:
    spi = Spi()
    spi.wire.missing = True
    screen = spi.screen()
    with pytest.raises(ScreenError, match="SPI device not found"):
        screen.show(CLOCK)
    spi.wire.missing = False
    screen.show(CLOCK)
    assert same(spi.wire.display.image(), draw(CLOCK))


def test_a_pin_beside_spi_that_another_holds_is_an_error_that_heals() -> None:
    spi = Spi()
    other = OutputDevice(24, pin_factory=spi.pins)
    screen = spi.screen()
    with pytest.raises(ScreenError, match="GPIO 24 cannot be had"):
        screen.show(CLOCK)
    other.close()
    screen.show(CLOCK)
    assert same(spi.wire.display.image(), draw(CLOCK))


def test_the_low_display_has_its_own_layouts(bus: Ssd1306Bus) -> None:
    LumaScreen(oled("ssd1306", 1, 0x3C, 0, height=32, wire=bus), draw).show(CLOCK)
    assert bus.image().size == LOW


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
    bus.display.power_up()
    bus.broken = False
    screen.show(PICTURES[0])
    assert bus.lit
    assert same(bus.image(), draw(PICTURES[0]))


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
