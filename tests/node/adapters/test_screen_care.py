"""What luma's screen does over time: little traffic, renewal, dimming, and no wear in one place."""

from __future__ import annotations

import atexit
from datetime import datetime

import pytest
from luma.oled.device import ssd1306
from PIL import ImageChops

from node.adapters.drawing import draw
from node.adapters.screen_luma import REFRESH_MS, SHIFT_MS, SHIFTS, Light, LumaScreen, Night, Panel, Wire, oled
from node.core.screen import Layout, Picture
from node.ports import ScreenError
from tests.fakes.oled_bus import Ssd1306Bus

pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")

IDLE = Picture(Layout.MESSAGE, "Tapez votre code", lines=("Médiathèque des Lilas",))
OTHER = Picture(Layout.MESSAGE, "Démarrage…")
AT = datetime.fromisoformat


class Desk:
    """A screen, its bus, its two clocks and the writes that it made."""

    def __init__(self, light: Light | None = None) -> None:
        self.now_ms, self.wall = 5_000_000, AT("2026-11-23 12:00")
        self.bus = Ssd1306Bus()
        self.writes = 0
        self.bus.on_write = self.count
        self.panel = oled("ssd1306", 1, 0x3C, 0, wire=self.bus)
        self.screen = LumaScreen(self.panel, draw, light, now_ms=lambda: self.now_ms, wall=lambda: self.wall)

    def count(self) -> None:
        self.writes += 1

    def show(self, picture: Picture = IDLE, *, after_ms: int = 0) -> int:
        """Show a picture so much later; returns how many writes that took."""
        self.now_ms += after_ms
        before = self.writes
        self.screen.show(picture)
        return self.writes - before

    def shows(self, picture: Picture, shift: tuple[int, int] = (0, 0)) -> bool:
        drawn = draw(picture, shift=shift)
        return self.bus.lit and ImageChops.logical_xor(self.bus.image(), drawn).getbbox() is None


def test_an_equal_picture_makes_no_traffic() -> None:
    desk = Desk()
    assert desk.show() > 0
    assert desk.show(after_ms=500) == 0
    assert desk.show(Picture(Layout.MESSAGE, "Tapez votre code", lines=("Médiathèque des Lilas",))) == 0
    assert desk.show(OTHER) > 0
    assert desk.shows(OTHER)


def test_a_change_costs_one_frame() -> None:
    desk = Desk()
    desk.show()
    frames = desk.bus.display.frames
    desk.show(OTHER, after_ms=500)
    assert desk.bus.display.frames == frames + 1


def test_a_display_that_lost_its_power_unseen_is_lit_again_within_the_refresh() -> None:
    desk = Desk()
    desk.show()
    desk.bus.display.power_up()
    assert not desk.bus.lit
    desk.show(after_ms=REFRESH_MS)
    assert desk.shows(IDLE)


def test_renewing_never_darkens() -> None:
    desk = Desk()
    desk.show()
    lit: list[bool] = []
    desk.bus.on_write = lambda: lit.append(desk.bus.lit)
    desk.show(after_ms=REFRESH_MS)
    assert lit
    assert all(lit)


def test_the_noise_of_a_fresh_display_is_never_seen() -> None:
    desk = Desk()
    seen: list[bool] = []
    desk.bus.on_write = lambda: seen.append(desk.bus.lit and not desk.shows(IDLE))
    desk.show()
    assert not any(seen)


def test_after_a_hang_the_same_picture_is_written_anew() -> None:
    desk = Desk()
    desk.show()

    def hang() -> None:
        desk.now_ms += 3_000
        desk.bus.on_write = desk.count

    desk.bus.on_write = hang
    desk.show(OTHER)
    desk.bus.display.power_up()
    assert desk.show(OTHER) > 0
    assert desk.shows(OTHER)
    assert desk.show(OTHER) == 0


def test_the_pixels_go_round_and_come_back() -> None:
    desk = Desk()
    for turn in range(len(SHIFTS) + 1):
        desk.show(after_ms=SHIFT_MS if turn else 0)
        assert desk.shows(IDLE, SHIFTS[turn % len(SHIFTS)])


def test_night_dims_and_the_day_does_not() -> None:
    night = Night(AT("2026-01-01 21:30").time(), AT("2026-01-01 07:00").time(), contrast=5)
    desk = Desk(Light(200, night))
    desk.show()
    assert desk.bus.display.contrast == 200
    desk.wall = AT("2026-11-23 21:30")
    frames = desk.bus.display.frames
    desk.show()
    assert (desk.bus.display.contrast, desk.bus.display.frames) == (5, frames + 1)
    assert desk.show() == 0
    desk.wall = AT("2026-11-24 07:00")
    desk.show()
    assert desk.bus.display.contrast == 200


@pytest.mark.parametrize(
    ("begins", "ends", "at", "night"),
    [
        ("22:00", "06:00", "23:59", True),
        ("22:00", "06:00", "00:00", True),
        ("22:00", "06:00", "06:00", False),
        ("22:00", "06:00", "21:59", False),
        ("01:00", "06:00", "01:00", True),
        ("01:00", "06:00", "00:59", False),
        ("01:00", "06:00", "06:00", False),
        ("08:00", "08:00", "08:00", False),
    ],
)
def test_a_night_may_hold_midnight(begins: str, ends: str, at: str, night: bool) -> None:
    hour = [AT(f"2026-01-01 {text}").time() for text in (begins, ends, at)]
    assert Night(hour[0], hour[1], 1).now(hour[2]) is night


class DeadBus:
    """luma's interface to a bus on which nothing answers; `opened` tells how many were not closed again."""

    opened = 0

    def __init__(self) -> None:
        DeadBus.opened += 1

    def command(self, *_: int) -> None:
        raise OSError(121, "Remote I/O error")

    def cleanup(self) -> None:
        DeadBus.opened -= 1


def test_a_display_that_is_away_for_long_leaves_nothing_open() -> None:
    hooks = atexit._ncallbacks()
    screen = LumaScreen(Panel(ssd1306, Wire(DeadBus)), draw)
    for _ in range(50):
        with pytest.raises(ScreenError):
            screen.show(IDLE)
    assert DeadBus.opened == 0
    assert atexit._ncallbacks() == hooks + 1  # luma's, one a device


def test_luma_writes_nothing_of_its_own_when_the_program_ends() -> None:
    desk = Desk()
    desk.show()
    before = desk.writes
    desk.panel._device.cleanup()
    assert desk.writes == before


def test_a_controller_that_is_set_up_in_an_unknown_way_is_refused() -> None:
    with pytest.raises(RuntimeError, match="not known"):
        Panel(lambda wire: wire.command(0xAF), Wire(DeadBus))
