"""Where everything of a wiring diagram stands: plain numbers, in pixels of the drawing.

The header stands at the left as on the board, pin 1 on top; modules stand at the right. A wire leaves its pin to the
right (from the left column: below its right neighbour), goes up or down in a lane of its own, and enters its terminal.
Pins' heights and terminals' heights are on grids that never meet, so no wire runs upon another.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from firmware_config.hardware import Hardware
from firmware_config.modules import Language, Module, Wire, modules

PITCH = 32
"""Between two rows of the header, and between two terminals of a module."""
PILL_WIDTH, PILL_HEIGHT = 92, 20
LEFT_PILLS, RIGHT_PILLS = 40, 140
TOP = 112
"""The height of pins 1 and 2."""
HEADER_BOTTOM = TOP + 20 * PITCH
LANES = RIGHT_PILLS + PILL_WIDTH + 36
LANE_STEP = 11
NARROWEST = 424
"""Modules begin no further left: a USB port has to fit before one."""
MODULE_WIDTH = 372
NOTE_SIGNS = 48
NOTE_LINE = 17
_TITLE_HEIGHT, _GAP, _USB_BODY = 36, 18, 30


@dataclass(frozen=True, slots=True)
class Route:
    """A wire's way: from its pin at (`x`, `y`), along `lane_y` to the lane at `lane_x`, then at `end_y` to its end."""

    wire: Wire
    x: int
    y: int
    lane_y: int
    lane_x: int
    end_y: int


@dataclass(frozen=True, slots=True)
class Box:
    """A module's place: its upper edge, its height, and its notes as they are broken into lines."""

    module: Module
    y: int
    height: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole drawing: boxes from top to bottom, routes from the upper pin to the lower one."""

    width: int
    height: int
    modules_x: int
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


def pin_place(pin: int) -> tuple[int, int]:
    """The left edge and the middle height of a header pin's pill."""
    return (LEFT_PILLS if pin % 2 else RIGHT_PILLS), TOP + (pin - 1) // 2 * PITCH


def lay_out(hardware: Hardware, language: Language) -> Layout:
    """Place a post's modules and wires; UnsafePins where a pin is refused."""
    found = [_in_order(module) for module in modules(hardware)]
    found.sort(key=lambda module: _middle(module) if module.wires else float(HEADER_BOTTOM))
    boxes = _boxes(found, language)
    lanes = sum(len(module.wires) for module in found)
    modules_x = max(LANES + lanes * LANE_STEP + 24, NARROWEST)
    bottom = max(HEADER_BOTTOM, boxes[-1].y + boxes[-1].height)
    return Layout(modules_x + MODULE_WIDTH + 24, bottom + 54, modules_x, boxes, _routes(boxes))


def terminal_y(box: Box, at: int) -> int:
    """The height of a box's terminal, counted from 0."""
    return box.y + _TITLE_HEIGHT + PITCH // 2 + at * PITCH


def _leaving(pin: int) -> int:
    """The height at which a pin's wire goes to the right."""
    return pin_place(pin)[1] + (PITCH // 2 if pin % 2 else 0)


def _middle(module: Module) -> float:
    return sum(_leaving(wire.pin) for wire in module.wires) / len(module.wires)


def _in_order(module: Module) -> Module:
    """The module with its wires in the order of their pins, so that they cross as little as may be."""
    wires = tuple(sorted(module.wires, key=lambda wire: (_leaving(wire.pin), wire.terminal)))
    return Module(module.title, wires, module.notes)


def _boxes(found: list[Module], language: Language) -> tuple[Box, ...]:
    broken = [
        tuple(line for note in module.notes for line in textwrap.wrap(note.told_in(language), NOTE_SIGNS))
        for module in found
    ]
    heights = [_height(module, notes) for module, notes in zip(found, broken, strict=True)]
    # Beside their pins where there is room; packed from the top where there is not.
    roomy = sum(heights) + len(heights) * _GAP < HEADER_BOTTOM - TOP
    lowest = max(_leaving(wire.pin) for module in found for wire in module.wires)
    boxes: list[Box] = []
    below = TOP - 26
    for module, notes, height in zip(found, broken, heights, strict=True):
        wanted = int(_middle(module)) - height // 2 if roomy and module.wires else below
        if not module.wires:  # its port stands among the lanes: below all of them
            wanted = lowest + PITCH
        boxes.append(Box(module, _on_grid(max(below, wanted)), height, notes))
        below = boxes[-1].y + height + _GAP
    return tuple(boxes)


def _height(module: Module, notes: tuple[str, ...]) -> int:
    body = len(module.wires) * PITCH if module.wires else _USB_BODY
    return _TITLE_HEIGHT + body + len(notes) * NOTE_LINE + (10 if notes else 4)


def _on_grid(y: int) -> int:
    """The next height down that puts a box's terminals midway between the wires that leave the header."""
    offset = _TITLE_HEIGHT + PITCH // 2 - TOP
    quarter = PITCH // 4
    return y + (quarter - (y + offset)) % (PITCH // 2)


def _routes(boxes: tuple[Box, ...]) -> tuple[Route, ...]:
    ends = [(wire, terminal_y(box, at)) for box in boxes for at, wire in enumerate(box.module.wires)]
    ends.sort(key=lambda end: (_leaving(end[0].pin), end[1]))
    # Wires that go up take lanes from the left, the uppermost first; those that go down from the right: none of a
    # kind crosses another of its kind that does not have to.
    up = [end for end in ends if end[1] < _leaving(end[0].pin)]
    down = [end for end in ends if end[1] >= _leaving(end[0].pin)]
    lanes = {id(wire): LANES + at * LANE_STEP for at, (wire, _) in enumerate([*up, *reversed(down)])}
    return tuple(
        Route(
            wire=wire,
            x=pin_place(wire.pin)[0] + PILL_WIDTH,
            y=pin_place(wire.pin)[1],
            lane_y=_leaving(wire.pin),
            lane_x=lanes[id(wire)],
            end_y=end_y,
        )
        for wire, end_y in ends
    )
