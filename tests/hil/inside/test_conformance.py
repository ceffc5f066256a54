"""The suites that fakes and simulated parts pass (tests/adapters), on real adapters and the kernel's drivers.

They run before the node does, which would hold the pins. The way to the hub has no kernel driver of its own: its suite
runs with a real broker in the default tests, and all other tests in here go over this machine's network card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

import pytest
from evdev import InputDevice
from gpiozero import Device

from firmware_config.keymaps import load_keymap
from hub.wire.terms import Relay
from node.adapters.clock import BootClock
from node.adapters.drawing import draw
from node.adapters.gpio import GpioButton, GpioBuzzer, GpioLamp, GpioPower, RelayPin
from node.adapters.keypad_evdev import evdev_keypad
from node.adapters.screen_luma import LumaScreen, oled
from node.core.effects import Sound
from node.core.events import Key, KeyPressed, SignTyped
from node.core.screen import Picture
from node.ports import Light
from tests.adapters.button import ButtonBench, ButtonSuite
from tests.adapters.buzzer import BuzzerBench, BuzzerSuite
from tests.adapters.clock import ClockBench, ClockSuite
from tests.adapters.journal import JournalBench, JournalSuite, failing_journal
from tests.adapters.keypad import KeypadBench, KeypadSuite
from tests.adapters.lamp import LampBench, LampSuite
from tests.adapters.power import NAMES, PowerBench, PowerSuite
from tests.adapters.screen import FailingScreenSuite, ScreenBench
from tests.adapters.supervisor import SupervisorBench, SupervisorSuite, systemd_of
from tests.hil.inside.conftest import Post
from tests.hil.inside.devices import KEYMAP
from tests.hil.inside.patience import until
from tests.hil.room import BUTTON, BUZZER, DISPLAY, LED, USB

# luma 2.6 calls what Pillow will drop in version 14; the extras keep Pillow below that.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")

PINS = dict(zip(NAMES, (DISPLAY, USB), strict=True))
SETTLED_S = 0.25
"""How long a button's contact has to be quiet, and a little more."""
STEADY_S = 0.2
"""More than quick blinking goes without a change."""


@pytest.fixture(scope="module", autouse=True)
def pins_let_go() -> Iterator[None]:
    """gpiozero keeps the lines of closed pins, as inputs, for as long as the program runs; the node needs them."""
    yield
    if Device.pin_factory is not None:
        Device.pin_factory.close()
        Device.pin_factory = None


class TestKeypad(KeypadSuite):
    """uinput and evdev."""

    @pytest.fixture
    def bench(self, assembled: Post) -> KeypadBench:
        def press(keys: Sequence[SignTyped | KeyPressed]) -> None:
            assembled.keypad.press(*(key.sign if isinstance(key, SignTyped) else str(key.key) for key in keys))

        def held() -> bool:
            """Whether it has the device for itself."""
            other = InputDevice(assembled.keypad.path)
            try:
                other.grab()
            except OSError:
                return True
            finally:
                other.close()
            return False

        return KeypadBench(evdev_keypad(("Poste test keypad",), load_keymap(KEYMAP).keys), press, held)


class TestScreen(FailingScreenSuite):
    """An SSD1306 on /dev/i2c-1."""

    @pytest.fixture
    def bench(self, assembled: Post) -> Iterator[ScreenBench]:
        display = assembled.oled

        def fail(failing: bool) -> None:
            (display.unplug if failing else display.plug)()

        def shows(picture: Picture) -> bool:
            return display.shows(picture)

        yield ScreenBench(LumaScreen(oled("ssd1306", 1, 0x3C, 0), draw), shows, lambda: not display.lit, fail)
        display.plug()


class TestPower(PowerSuite):
    """Lines of a GPIO chip."""

    @pytest.fixture
    def bench(self, assembled: Post) -> Iterator[PowerBench]:
        power = GpioPower([RelayPin(name, pin) for name, pin in PINS.items()])
        lines = dict(zip(NAMES, (assembled.display, assembled.usb), strict=True))
        yield PowerBench(power, lambda: {name: Relay.ON if line.high else Relay.OFF for name, line in lines.items()})
        power.close()


class TestBuzzer(BuzzerSuite):
    """A line of a GPIO chip."""

    @pytest.fixture
    def bench(self, assembled: Post) -> Iterator[BuzzerBench]:
        buzzer = GpioBuzzer(BUZZER)

        def sounding(_: Sound) -> bool:
            return assembled.buzzer.high

        yield BuzzerBench(buzzer, sounding)
        buzzer.close()


class TestLamp(LampSuite):
    """A line of a GPIO chip."""

    @pytest.fixture
    def bench(self, assembled: Post) -> Iterator[LampBench]:
        lamp = GpioLamp(LED)

        def looks(light: Light) -> bool:
            """Dark and steady do not change for a while; the others are seen to come and go."""
            if light in {Light.DARK, Light.STEADY}:
                end = monotonic() + STEADY_S
                while assembled.led.high is (light is Light.STEADY):
                    if monotonic() > end:
                        return True
                return False
            until(lambda: assembled.led.high, "it is lit")
            until(lambda: not assembled.led.high, "it is dark")
            return True

        yield LampBench(lamp, looks)
        lamp.close()


class TestButton(ButtonSuite):
    """A line of a GPIO chip, and its interrupts."""

    @pytest.fixture
    def bench(self, assembled: Post) -> Iterator[ButtonBench]:
        button = GpioButton(BUTTON, Key.END)

        def press() -> None:
            assembled.button.pull(high=False)
            settle()
            assembled.button.pull(high=True)

        def settle() -> None:
            end = BootClock().now_ms() + round(SETTLED_S * 1000)
            until(lambda: BootClock().now_ms() > end, "the contact is quiet")

        yield ButtonBench(button, press, settle)
        button.close()


class TestJournal(JournalSuite):
    """This kernel's files."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> JournalBench:
        return failing_journal(tmp_path / "journal")


class TestClock(ClockSuite):
    """This kernel's CLOCK_BOOTTIME."""

    @pytest.fixture
    def bench(self) -> ClockBench:
        return ClockBench(BootClock())


class TestSupervisor(SupervisorSuite):
    """This kernel's sockets."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[SupervisorBench]:
        with systemd_of(tmp_path) as made:
            yield made
