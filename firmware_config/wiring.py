"""The wiring table of a post, as Markdown that also reads well as it is."""

from __future__ import annotations

from firmware_config.hardware import Hardware
from firmware_config.modules import Language, Module, Text, Wire, modules
from firmware_config.pins import Supply

_HEADS = (
    Text("Module", "Module"),
    Text("Terminal", "Borne"),
    Text("Header pin", "Broche"),
    Text("Signal", "Signal"),
    Text("Wire", "Fil"),
)
_USB = Text("USB port", "port USB")
_SUPPLIES = {Supply.V5: Text("5 V", "5 V"), Supply.V3: Text("3.3 V", "3,3 V"), Supply.GND: Text("GND", "GND")}


def signal_name(wire: Wire, language: Language) -> str:
    """What a wire carries: "GPIO 17", "3.3 V", "GND"."""
    if isinstance(wire.signal, Supply):
        return _SUPPLIES[wire.signal].told_in(language)
    return f"GPIO {wire.signal}"


def wiring_table(hardware: Hardware, language: Language = "en") -> str:
    """One row a wire, then each module's notes; UnsafePins where a pin is refused."""
    found = modules(hardware)
    rows = [tuple(head.told_in(language) for head in _HEADS)]
    for module in found:
        rows += _rows(module, language)
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [
        f"- {module.title.told_in(language)}{' : ' if language == 'fr' else ': '}{note.told_in(language)}"
        for module in found
        for note in module.notes
    ]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _rows(module: Module, language: Language) -> list[tuple[str, ...]]:
    title = module.title.told_in(language)
    if not module.wires:
        return [(title, "USB", "-", _USB.told_in(language), "-")]
    return [
        (title, wire.terminal, str(wire.pin), signal_name(wire, language), wire.colour.name.told_in(language))
        for wire in module.wires
    ]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
