"""A post's wiring diagram as SVG: the 40-pin header, the modules, and every wire once, in colour and with its pin said.

Nothing depends on colour alone: each terminal names its header pin and signal. No script, no font or picture from
elsewhere; a white ground of its own, so that it reads on dark pages and on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from firmware_config.hardware import Hardware
from firmware_config.layout import (
    HEADER_BOTTOM,
    LEFT_PILLS,
    MODULE_WIDTH,
    NOTE_LINE,
    PILL_HEIGHT,
    PILL_WIDTH,
    RIGHT_PILLS,
    TOP,
    Box,
    Layout,
    Route,
    lay_out,
    pin_place,
    terminal_y,
)
from firmware_config.modules import Language, Text
from firmware_config.pins import HEADER, PI_NAMES, Supply
from firmware_config.wiring import signal_name

_PIN = Text("pin", "broche")
_SD = Text("microSD card this side", "carte microSD de ce côté")
_LEGEND = Text(
    "Pins are counted as on the board: 1 is the square one. Wire with the power off.",
    "Broches comptées comme sur la carte : la 1 est la carrée. Câbler hors tension.",
)
_USB = Text("Pi: USB port", "Pi : port USB")
_PLUGGED = Text("USB, or Bluetooth", "USB, ou Bluetooth")
_PORT_WIDTH = 112
_TITLE_SIGN = 12
"""The width of a sign of the title, at most."""
_DESCRIPTION = Text("Wiring of a post: {wires} wires.", "Câblage d’un poste : {wires} fils.")
_SUPPLY_FILLS = {Supply.V5: "#d32f2f", Supply.V3: "#ef6c00", Supply.GND: "#212121"}
_GPIO_FILL = "#1b5e20"
_STYLE = """\
text{font-family:"DejaVu Sans",Verdana,Arial,sans-serif;font-size:13px;fill:#1a1a1a}
.title{font-size:17px;font-weight:bold}.sub,.note,.where{fill:#4a4a4a}.note{font-size:12px}
.pin{font-size:12px}.name{font-weight:bold}
.wire,.cable{fill:none;stroke-linejoin:round;stroke-linecap:round}
.wire{stroke-width:3}.case{fill:none;stroke:#fff;stroke-width:7;stroke-linejoin:round}.cable{stroke:#455a64;stroke-width:6}"""


def wiring_svg(hardware: Hardware, title: str, language: Language = "en") -> str:
    """The diagram; `title` stands above it. UnsafePins where a pin is refused."""
    layout = lay_out(hardware, language)
    width = max(layout.width, 48 + len(title) * _TITLE_SIGN)
    description = _DESCRIPTION.told_in(language).format(wires=len(layout.routes))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {layout.height}" '
        f'width="{width}" height="{layout.height}" role="img" lang="{language}" aria-labelledby="title desc">'
    )
    lines = [
        head,
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{layout.height}" fill="#fff"/>',
        _text(24, 34, title, "title"),
        *_header(hardware, layout, language),
        *(line for route in layout.routes for line in _wire(route, layout)),
        *(line for box in layout.boxes for line in _box(box, layout, language)),
        _text(24, layout.height - 18, _LEGEND.told_in(language), "note"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _text(x: int, y: int, words: str, kind: str, *, anchor: str = "start", fill: str = "") -> str:
    # A style, not an attribute: the sheet's own fill would win over an attribute.
    extra = f' style="fill:{fill}"' if fill else ""
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" class="{kind}"{where}{extra}>{escape(words)}</text>'


def _header(hardware: Hardware, layout: Layout, language: Language) -> Iterator[str]:
    used = {route.wire.pin for route in layout.routes}
    width = RIGHT_PILLS + PILL_WIDTH - LEFT_PILLS + 24
    yield _text(24, 58, f"{PI_NAMES[hardware.pi]}, {_SD.told_in(language)} ↓", "sub")
    yield (
        f'<rect x="{LEFT_PILLS - 12}" y="{TOP - 26}" width="{width}" height="{HEADER_BOTTOM - TOP + 20}" rx="10" '
        'fill="#e8f0e9" stroke="#5f8a66"/>'
    )
    for pin, what in enumerate(HEADER, 1):
        yield from _pill(pin, what, used=pin in used)


def _pill(pin: int, what: int | Supply, *, used: bool) -> Iterator[str]:
    x, y = pin_place(pin)
    name = str(what) if isinstance(what, Supply) else f"GPIO {what}"
    colour = _SUPPLY_FILLS[what] if isinstance(what, Supply) else _GPIO_FILL
    fill, ink = (colour, "#fff") if used else ("#fff", "#5a5a5a")
    radius = 0 if pin == 1 else PILL_HEIGHT // 2
    yield (
        f'<rect x="{x}" y="{y - PILL_HEIGHT // 2}" width="{PILL_WIDTH}" height="{PILL_HEIGHT}" rx="{radius}" '
        f'fill="{fill}" stroke="{colour}"/>'
    )
    yield _text(x + 24, y + 4, str(pin), "pin name", anchor="end", fill=ink)
    yield _text(x + 30, y + 4, name, "pin", fill=ink)


def _wire(route: Route, layout: Layout) -> Iterator[str]:
    start = f"M{route.x} {route.y}"
    if route.lane_y != route.y:
        start += f"h4V{route.lane_y}"
    path = f"{start}H{route.lane_x}V{route.end_y}H{layout.modules_x}"
    told = f'data-pin="{route.wire.pin}" data-terminal={quoteattr(route.wire.terminal)}'
    yield f'<path d="{path}" class="case"/>'
    yield f'<path d="{path}" class="wire" stroke="{route.wire.colour.rgb}" {told}/>'


def _plug(box: Box, layout: Layout, language: Language) -> Iterator[str]:
    """A USB port of the Pi, and the cable from it to a module that has no wires."""
    x, y = layout.modules_x - _PORT_WIDTH - 40, box.y + box.height // 2
    yield f'<path d="M{x + _PORT_WIDTH} {y}H{layout.modules_x}" class="cable"/>'
    yield (f'<rect x="{x}" y="{y - 15}" width="{_PORT_WIDTH}" height="30" rx="4" fill="#cfd8dc" stroke="#455a64"/>')
    yield _text(x + _PORT_WIDTH // 2, y + 5, _USB.told_in(language), "name", anchor="middle")


def _box(box: Box, layout: Layout, language: Language) -> Iterator[str]:
    x = layout.modules_x
    size = f'width="{MODULE_WIDTH}" height="{box.height}"'
    yield f'<rect x="{x}" y="{box.y}" {size} rx="8" fill="#f5f7fa" stroke="#455a64"/>'
    yield _text(x + 16, box.y + 24, box.module.title.told_in(language), "name")
    for at, wire in enumerate(box.module.wires):
        y = terminal_y(box, at)
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="{wire.colour.rgb}" stroke="#1a1a1a"/>'
        yield _text(x + 16, y + 5, wire.terminal, "name")
        where = f"{signal_name(wire, language)} · {_PIN.told_in(language)} {wire.pin}"
        yield _text(x + MODULE_WIDTH - 14, y + 5, where, "where", anchor="end")
    if not box.module.wires:
        yield _text(x + 16, box.y + 46, _PLUGGED.told_in(language), "where")
        yield from _plug(box, layout, language)
    top = box.y + box.height - len(box.notes) * NOTE_LINE + 2
    for at, line in enumerate(box.notes):
        yield _text(x + 16, top + at * NOTE_LINE, line, "note")
