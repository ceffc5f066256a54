"""Every Screen, and what luma's does on each kind of display."""

from __future__ import annotations

import io

import pytest
from gpiozero import OutputDevice
from gpiozero.pins.mock import MockFactory
from PIL import Image, ImageChops

from node.adapters.drawing import LOW, SIZE, UPRIGHT, draw
from node.adapters.screen_luma import LumaScreen, oled, oled_on_spi
from node.adapters.sim import VirtualScreen
from node.core.screen import Picture
from node.ports import ScreenError
from tests.adapters.screen import CLOCK, PICTURES, FailingScreenSuite, ScreenBench, ScreenSuite
from tests.fakes.oled_bus import SpiWire, Ssd1306Bus
from tests.fakes.screen import FakeScreen
from tests.fakes.watch import silent

# luma 2.6 calls what Pillow will drop in version 14; the extras keep Pillow below that.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")


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


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.logical_xor(one, other).getbbox() is None


class TestScreensThatNeverFail(ScreenSuite):
    """The simulator's, and luma's on an SPI wire that decodes what a display would show: nobody answers there."""

    @pytest.fixture(params=["sim", "spi"])
    def bench(self, request: pytest.FixtureRequest) -> ScreenBench:
        if request.param == "sim":
            virtual = VirtualScreen(draw, silent)
            return ScreenBench(
                virtual,
                lambda picture: same(glass_of(virtual), draw(picture)),
                lambda: glass_of(virtual).getbbox() is None,
            )
        spi = Spi()
        display = spi.wire.display
        return ScreenBench(
            spi.screen(), lambda picture: display.lit and same(display.image(), draw(picture)), lambda: not display.lit
        )


class TestEveryOtherScreen(FailingScreenSuite):
    """The fake, and luma's on an I2C bus that decodes what a display would show."""

    @pytest.fixture(params=["fake", "ssd1306", "sh1106", "low"])
    def bench(self, request: pytest.FixtureRequest) -> ScreenBench:
        if request.param == "fake":
            return _fake()
        bus, size = Ssd1306Bus(sh1106=request.param == "sh1106"), LOW if request.param == "low" else SIZE
        driver = "sh1106" if request.param == "sh1106" else "ssd1306"

        def fail(failing: bool) -> None:
            bus.broken = failing
            bus.display.power_up()

        return ScreenBench(
            LumaScreen(oled(driver, 1, 0x3C, 0, height=size[1], wire=bus), draw),
            lambda picture: bus.lit and same(bus.image(), draw(picture, size)),
            lambda: not bus.lit,
            fail,
        )


def _fake() -> ScreenBench:
    fake = FakeScreen()

    def fail(failing: bool) -> None:
        fake.broken = failing

    return ScreenBench(fake, lambda picture: fake.shown[-1] == picture, lambda: fake.closed, fail)


def glass_of(virtual: VirtualScreen) -> Image.Image:
    """What a simulated screen's page shows."""
    return Image.open(io.BytesIO(virtual.png())).convert("1")


@pytest.mark.parametrize("picture", PICTURES)
def test_the_display_and_the_simulator_show_the_same_pixels(picture: Picture, bus: Ssd1306Bus) -> None:
    LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=bus), draw).show(picture)
    virtual = VirtualScreen(draw, silent)
    virtual.show(picture)
    shown = glass_of(virtual)
    assert bus.lit
    assert shown.size == SIZE
    assert same(bus.image(), shown)


@pytest.mark.parametrize(
    ("driver", "height", "rotate"),
    [
        *(
            (driver, height, rotate)
            for driver, height in [("ssd1306", 64), ("ssd1306", 32), ("ssd1309", 64), ("sh1106", 64)]
            for rotate in (0, 180)
        ),
        *((driver, 64, rotate) for driver in ("ssd1306", "ssd1309", "sh1106") for rotate in (90, 270)),
    ],
)
def test_every_display_shows_every_layout_on_i2c(driver: str, height: int, rotate: int) -> None:
    bus = Ssd1306Bus(sh1106=driver == "sh1106")
    screen = LumaScreen(oled(driver, 1, 0x3C, rotate, height=height, wire=bus), draw)
    for picture in PICTURES:
        screen.show(picture)
        assert bus.lit
        size = (128, height) if rotate in {0, 180} else UPRIGHT
        assert same(bus.image(), draw(picture, size).rotate(-rotate, expand=True))


def test_a_display_hangs_straight() -> None:
    with pytest.raises(ValueError, match="cannot be turned by 45 degrees"):
        oled("ssd1306", 1, 0x3C, 45)


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
