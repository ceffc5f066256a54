"""The modules around a post's Pi and every wire between them and the header: what the table and the drawing show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from firmware_config.hardware import Bus, Hardware, Relay, Screen
from firmware_config.overlay import LEGENDS
from firmware_config.pins import HEADER, Supply, header_pin

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    en: str
    fr: str

    def told_in(self, language: Language) -> str:
        """The words in one language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Colour:
    """A wire's colour: what people call it, and its sRGB value."""

    name: Text
    rgb: str


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire: from header pin 1 to 40, which is a GPIO (BCM number) or a supply, to a module's terminal."""

    pin: int
    signal: int | Supply
    terminal: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Module:
    """One thing beside the Pi. Without wires it is on a USB port (or Bluetooth)."""

    title: Text
    wires: tuple[Wire, ...]
    notes: tuple[Text, ...] = ()


_SUPPLY_COLOURS = {
    Supply.V5: Colour(Text("red", "rouge"), "#d32f2f"),
    Supply.V3: Colour(Text("orange", "orange"), "#ef6c00"),
    Supply.GND: Colour(Text("black", "noir"), "#212121"),
}
_SIGNAL_COLOURS = (
    Colour(Text("blue", "bleu"), "#1565c0"),
    Colour(Text("yellow", "jaune"), "#f9a825"),
    Colour(Text("green", "vert"), "#2e7d32"),
    Colour(Text("purple", "violet"), "#7b1fa2"),
    Colour(Text("brown", "marron"), "#795548"),
    Colour(Text("turquoise", "turquoise"), "#00acc1"),
    Colour(Text("pink", "rose"), "#ec407a"),
    Colour(Text("grey", "gris"), "#78909c"),
)

_KEYPADS = {
    "numeric_pad": Text("Numeric pad", "Pavé numérique"),
    "keyboard": Text("QWERTY keyboard or scanner", "Clavier QWERTY ou lecteur"),
    "azerty": Text("AZERTY keyboard or scanner", "Clavier AZERTY ou lecteur"),
    "matrix_4x4": Text("Matrix pad 4 × 4", "Clavier matriciel 4 × 4"),
}


def modules(hardware: Hardware) -> tuple[Module, ...]:
    """Every module, screen first; UnsafePins where a pin is refused.

    Supplies are taken from the nearest pin that is still free, and shared only where none is.
    """
    hardware.checked()
    bench = _Bench()
    found = []
    if hardware.header_i2c or hardware.header_spi:
        found.append(_screen(bench, hardware.screen))
    for active_high in (True, False):
        relays = [relay for relay in hardware.relays if relay.active_high is active_high]
        if relays:
            found.append(_relay_board(bench, relays, active_high=active_high))
    found += _small_parts(bench, hardware)
    found.append(_keypad(bench, hardware))
    return tuple(found)


class _Bench:
    """Gives out the header's supply pins, and colours."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._colours = 0

    def gpio(self, gpio: int, terminal: str) -> Wire:
        colour = _SIGNAL_COLOURS[self._colours % len(_SIGNAL_COLOURS)]
        self._colours += 1
        return Wire(header_pin(gpio), gpio, terminal, colour)

    def supply(self, kind: Supply, terminal: str, near: Sequence[Wire]) -> Wire:
        """The pin of this kind nearest to the module's other wires."""
        middle = sum(wire.pin for wire in near) / len(near)
        pins = [pin for pin, what in enumerate(HEADER, 1) if what is kind]
        free = [pin for pin in pins if pin not in self._taken] or pins
        pin = min(free, key=lambda pin: abs(pin - middle))
        self._taken.add(pin)
        return Wire(pin, kind, terminal, _SUPPLY_COLOURS[kind])


def _screen(bench: _Bench, screen: Screen) -> Module:
    size = f"{screen.width} × {screen.height}"
    name = screen.driver.upper()
    if screen.bus is Bus.SPI:
        signals = [
            bench.gpio(11, "CLK (D0)"),
            bench.gpio(10, "MOSI (D1)"),
            bench.gpio(screen.reset_pin, "RES"),
            bench.gpio(screen.dc_pin, "DC"),
            bench.gpio(8, "CS"),
        ]
        title = Text(f"OLED {name}, {size}, SPI", f"OLED {name}, {size}, SPI")
    else:
        signals = [bench.gpio(2, "SDA"), bench.gpio(3, "SCL")]
        where = f"I2C 0x{screen.address:02X}"
        title = Text(f"OLED {name}, {size}, {where}", f"OLED {name}, {size}, {where}")
    supplies = [bench.supply(Supply.V3, "VCC", signals), bench.supply(Supply.GND, "GND", signals)]
    return Module(title, (*supplies, *signals))


def _relay_board(bench: _Bench, relays: Sequence[Relay], *, active_high: bool) -> Module:
    inputs = [bench.gpio(relay.pin, f"IN{at} {relay.name}") for at, relay in enumerate(relays, 1)]
    back = [
        bench.gpio(relay.feedback_pin, f"FB{at} {relay.name}")
        for at, relay in enumerate(relays, 1)
        if relay.feedback_pin is not None
    ]
    notes = []
    if active_high:
        title = Text("Relay board, closes on a high level", "Carte relais, ferme au niveau haut")
        supplies = [bench.supply(Supply.V5, "VCC", inputs)]
        notes.append(
            Text(
                "10 kΩ from IN to GND: off even if the node dies.",
                "10 kΩ d’IN à GND : coupé même si le nœud meurt.",
            )
        )
    else:
        title = Text("Relay board, closes on a low level", "Carte relais, ferme au niveau bas")
        supplies = [bench.supply(Supply.V5, "JD-VCC", inputs), bench.supply(Supply.V3, "VCC", inputs)]
        notes.append(
            Text(
                "Take the JD-VCC jumper off: never 5 V on a GPIO.",
                "Ôter le cavalier JD-VCC : jamais 5 V sur GPIO.",
            )
        )
        notes.append(
            Text(
                "10 kΩ from IN to VCC: off even if the node dies.",
                "10 kΩ d’IN à VCC : coupé même si le nœud meurt.",
            )
        )
    if back:
        supplies.append(bench.supply(Supply.V3, "FB COM", back))
        notes.append(
            Text(
                "FB: second pole of a two-pole relay.",
                "FB (retour) : second pôle d’un relais bipolaire.",
            )
        )
    supplies.append(bench.supply(Supply.GND, "GND", inputs))
    notes.append(
        Text(
            "Load through COM and NO (normally open). Mains wiring is an electrician’s work.",
            "Charge par COM et NO (normalement ouvert). Le 230 V est l’affaire d’un électricien.",
        )
    )
    return Module(title, (*supplies, *inputs, *back), tuple(notes))


def _small_parts(bench: _Bench, hardware: Hardware) -> Iterator[Module]:
    if hardware.buzzer_pin is not None:
        signal = bench.gpio(hardware.buzzer_pin, "+")
        note = Text(
            "Active, 3.3 V, 10 mA at most; else a transistor.",
            "Actif, 3,3 V, 10 mA au plus, sinon transistor.",
        )
        yield Module(Text("Buzzer", "Buzzer"), (signal, bench.supply(Supply.GND, "−", [signal])), (note,))
    if hardware.led_pin is not None:
        signal = bench.gpio(hardware.led_pin, "+")
        note = Text("With 330 Ω in series. Beats while the Pi lives.", "Avec 330 Ω en série. Bat tant que le Pi vit.")
        yield Module(Text("LED", "LED"), (signal, bench.supply(Supply.GND, "−", [signal])), (note,))
    if hardware.status_led_pin is not None:
        yield _status_led(bench, hardware.status_led_pin, active_high=hardware.status_led_active_high)
    if hardware.key_button_pin is not None:
        signal = bench.gpio(hardware.key_button_pin, "1")
        yield Module(Text("Push button", "Poussoir"), (signal, bench.supply(Supply.GND, "2", [signal])), ())
    if hardware.button_pin is not None:
        signal = bench.gpio(hardware.button_pin, "1")
        note = Text("Held for 2 s: the Pi shuts down in order.", "Tenu 2 s : le Pi s’arrête proprement.")
        yield Module(Text("Button", "Bouton"), (signal, bench.supply(Supply.GND, "2", [signal])), (note,))


def _status_led(bench: _Bench, pin: int, *, active_high: bool) -> Module:
    title, note = Text("Status LED", "LED d’état"), Text("With 330 Ω in series.", "Avec 330 Ω en série.")
    if active_high:
        signal = bench.gpio(pin, "+")
        return Module(title, (signal, bench.supply(Supply.GND, "−", [signal])), (note,))
    signal = bench.gpio(pin, "−")
    return Module(title, (signal, bench.supply(Supply.V3, "+", [signal])), (note,))


def _keypad(bench: _Bench, hardware: Hardware) -> Module:
    keypad = hardware.keypad
    title = _KEYPADS.get(keypad.keymap, Text("Keypad", "Clavier"))
    if not keypad.is_matrix:
        return Module(title, ())
    rows = [bench.gpio(pin, f"R{at} ({' '.join(LEGENDS[at - 1])})") for at, pin in enumerate(keypad.rows, 1)]
    columns = [
        bench.gpio(pin, f"C{at} ({' '.join(legends[at - 1] for legends in LEGENDS)})")
        for at, pin in enumerate(keypad.columns, 1)
    ]
    note = Text("Needs this node’s overlay: poste-keypad.dtbo.", "Demande l’overlay de ce nœud : poste-keypad.dtbo.")
    return Module(title, (*rows, *columns), (note,))
