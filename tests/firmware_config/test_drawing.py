"""The wiring drawing: whole, harmless, every wire once and on its own way, no words upon words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_config.drawing import wiring_svg
from firmware_config.hardware import Hardware, Keypad, Relay, Screen, UnsafePins
from firmware_config.layout import MODULE_WIDTH, lay_out
from firmware_config.modules import LANGUAGES, Language, modules
from firmware_config.pins import Pi
from firmware_config.profiles import known_profiles, load_profile

SVG = "{http://www.w3.org/2000/svg}"
BARE = Hardware(Pi.PI_4, (Relay("display", 17),), Screen(i2c_bus=3))

every_drawing = pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in known_profiles() for language in LANGUAGES]
)


@dataclass(frozen=True)
class Words:
    """One text of a drawing and the room it takes at most."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def drawn(name: str, language: Language) -> ElementTree.Element:
    profile = load_profile(name)
    title = profile.title_fr if language == "fr" else profile.title_en
    return ElementTree.fromstring(wiring_svg(profile.hardware, title, language))


def words(drawing: ElementTree.Element) -> list[Words]:
    """Every text with its room, by the widths of DejaVu Sans, which is wide: what fits in it fits in others."""
    found = []
    for element in drawing.iter(f"{SVG}text"):
        kinds = element.attrib["class"].split()
        size = 17 if "title" in kinds else 12 if {"note", "pin"} & set(kinds) else 13
        wide = 0.66 if {"title", "name"} & set(kinds) else 0.58
        text = element.text or ""
        width = len(text) * size * wide
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.attrib.get("text-anchor", "start")]
        found.append(Words(text, left, left + width, y - size * 0.75, y + size * 0.2))
    return found


@every_drawing
def test_a_drawing_is_well_formed_and_says_what_it_is(name: str, language: Language) -> None:
    drawing = drawn(name, language)
    assert drawing.tag == f"{SVG}svg"
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["lang"] == language
    profile = load_profile(name)
    title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert title is not None
    assert title.text == (profile.title_fr if language == "fr" else profile.title_en)
    assert description is not None
    assert description.text


@every_drawing
def test_a_drawing_runs_nothing_and_fetches_nothing(name: str, language: Language) -> None:
    allowed = {"svg", "title", "desc", "style", "rect", "text", "path", "circle"}
    for element in drawn(name, language).iter():
        assert element.tag.removeprefix(SVG) in allowed
        assert not [key for key in element.attrib if key.startswith("on") or "href" in key]
        assert "url(" not in (element.text or "") + "".join(element.attrib.values())


@every_drawing
def test_every_wire_is_drawn_once(name: str, language: Language) -> None:
    wires = [
        (int(path.attrib["data-pin"]), path.attrib["data-terminal"], path.attrib["stroke"])
        for path in drawn(name, language).iter(f"{SVG}path")
        if path.attrib["class"] == "wire"
    ]
    wanted = [
        (wire.pin, wire.terminal, wire.colour.rgb)
        for module in modules(load_profile(name).hardware)
        for wire in module.wires
    ]
    assert Counter(wires) == Counter(wanted)


@every_drawing
def test_no_words_stand_upon_words_or_leave_the_drawing(name: str, language: Language) -> None:
    drawing = drawn(name, language)
    found = words(drawing)
    for one, other in combinations(found, 2):
        apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top
        assert apart, (one, other)
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    assert drawing.attrib["viewBox"] == f"0 0 {width:.0f} {height:.0f}"
    for one in found:
        assert one.left >= 0, one
        assert one.right <= width, one
        assert one.top >= 0, one
        assert one.bottom <= height, one


@every_drawing
def test_what_is_said_of_a_module_stands_in_its_box(name: str, language: Language) -> None:
    layout = lay_out(load_profile(name).hardware, language)
    inside = [one for one in words(drawn(name, language)) if one.left >= layout.modules_x]
    assert inside
    for one in inside:
        assert one.right <= layout.modules_x + MODULE_WIDTH, one
        assert any(box.y <= one.top and one.bottom <= box.y + box.height for box in layout.boxes), one


def segments(hardware: Hardware, language: Language) -> list[tuple[int, bool, int, int, int]]:
    """Every straight piece of every wire: its header pin, whether it is level, its line, and from where to where."""
    layout = lay_out(hardware, language)
    found = []
    for route in layout.routes:
        pin = route.wire.pin
        turn = route.x + 4 if route.lane_y != route.y else route.x
        level = [
            (route.y, route.x, turn),
            (route.lane_y, turn, route.lane_x),
            (route.end_y, route.lane_x, layout.modules_x),
        ]
        upright = [(turn, route.y, route.lane_y), (route.lane_x, route.lane_y, route.end_y)]
        found += [(pin, True, line, *sorted(ends)) for line, *ends in level]
        found += [(pin, False, line, *sorted(ends)) for line, *ends in upright]
    return found  # type: ignore[return-value]


@every_drawing
def test_no_wire_runs_upon_another(name: str, language: Language) -> None:
    assert not overlaps(load_profile(name).hardware, language)


def overlaps(hardware: Hardware, language: Language) -> list[object]:
    """Pairs of pieces of different wires that lie on one line and share more than a point."""
    pieces = [piece for piece in segments(hardware, language) if piece[3] < piece[4]]
    return [
        (one, other)
        for one, other in combinations(pieces, 2)
        if one[0] != other[0] and one[1:3] == other[1:3] and one[3] < other[4] and other[3] < one[4]
    ]


FREE = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]


@st.composite
def posts(draw: st.DrawFn) -> Hardware:
    """Any post with safe pins: one to three relays, and any of the rest."""
    pins = draw(st.permutations(FREE))
    take = iter(pins)
    relays = tuple(
        Relay(name, pin, active_high=pin > 8, feedback_pin=draw(st.sampled_from([None, next(take)])))
        for name, pin in ((name, next(take)) for name in ("display", "usb", "lamp")[: draw(st.integers(1, 3))])
    )
    down = [pin for pin in take if pin > 8]
    buzzer, led, button, *rest = down
    matrix = Keypad("matrix_4x4", rows=tuple(rest[:4]), columns=tuple(rest[4:8])) if len(rest) >= 8 else Keypad()
    return Hardware(
        draw(st.sampled_from(list(Pi))),
        relays,
        keypad=draw(st.sampled_from([Keypad(), matrix])),
        buzzer_pin=draw(st.sampled_from([None, buzzer])),
        led_pin=draw(st.sampled_from([None, led])),
        button_pin=draw(st.sampled_from([None, button])),
    )


@settings(deadline=None)  # a loaded machine is no fault of the drawing
@given(hardware=posts(), language=st.sampled_from(LANGUAGES))
def test_any_post_is_drawn_whole_with_every_wire_on_its_own_way(hardware: Hardware, language: Language) -> None:
    ElementTree.fromstring(wiring_svg(hardware, "any", language))
    assert not overlaps(hardware, language)
    boxes = lay_out(hardware, language).boxes
    assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(boxes))


def test_pin_one_is_the_square_one() -> None:
    square = [rect for rect in drawn("zero2w_small", "en").iter(f"{SVG}rect") if rect.attrib.get("rx") == "0"]
    assert len(square) == 1


def test_a_keypad_on_usb_has_its_port_and_a_matrix_has_none() -> None:
    def ports(name: str) -> int:
        return len([path for path in drawn(name, "en").iter(f"{SVG}path") if path.attrib["class"] == "cable"])

    assert (ports("pi4_relay_high"), ports("pi3_matrix")) == (1, 0)


def test_words_that_xml_would_read_as_its_own_are_words() -> None:
    drawing = ElementTree.fromstring(wiring_svg(BARE, "<script>\"&'</script>"))
    title = drawing.find(f"{SVG}title")
    assert title is not None
    assert title.text == "<script>\"&'</script>"
    assert not re.findall("<script", wiring_svg(BARE, "<script>"))


def test_a_long_title_widens_the_drawing() -> None:
    short, long = (ElementTree.fromstring(wiring_svg(BARE, "a" * length)) for length in (1, 200))
    assert float(long.attrib["width"]) > float(short.attrib["width"])
    assert all(one.right <= float(long.attrib["width"]) for one in words(long))


def test_unsafe_pins_are_not_drawn() -> None:
    with pytest.raises(UnsafePins, match="GPIO 5"):
        wiring_svg(Hardware(Pi.PI_4, (Relay("display", 5),)), "no")
