"""Pins: the header is as on the board, and what is unsafe, taken or not there is refused with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_config.pins import (
    HEADER,
    HEADER_GPIOS,
    PI_NAMES,
    Job,
    Level,
    Pi,
    PinUse,
    Refusal,
    Supply,
    boot_level,
    check_pins,
    header_pin,
)

RELAY_HIGH = (Job.RELAY, Level.LOW)
RELAY_LOW = (Job.RELAY, Level.HIGH)


def use(pin: int, job: Job = Job.LED, off_at: Level | None = None, what: str = "it") -> PinUse:
    return PinUse(pin, what, job, off_at)


def test_the_header_has_forty_pins_and_each_gpio_once() -> None:
    assert len(HEADER) == 40
    assert sorted(pin for pin in HEADER if isinstance(pin, int)) == list(range(28))
    assert {kind: HEADER.count(kind) for kind in Supply} == {Supply.V5: 2, Supply.V3: 2, Supply.GND: 8}


@pytest.mark.parametrize(("gpio", "pin"), [(2, 3), (3, 5), (17, 11), (18, 12), (8, 24), (26, 37), (21, 40)])
def test_a_gpio_has_its_place_on_the_header(gpio: int, pin: int) -> None:
    assert header_pin(gpio) == pin


@pytest.mark.parametrize(
    ("kind", "pins"), [(Supply.V3, [1, 17]), (Supply.V5, [2, 4]), (Supply.GND, [6, 9, 14, 20, 25, 30, 34, 39])]
)
def test_the_supplies_have_their_places(kind: Supply, pins: list[int]) -> None:
    assert [at for at, what in enumerate(HEADER, 1) if what is kind] == pins


def test_zero_to_eight_are_pulled_up_at_boot_and_the_rest_down() -> None:
    assert [gpio for gpio in range(28) if boot_level(gpio) is Level.HIGH] == list(range(9))


@pytest.mark.parametrize(
    ("pin", "job", "off_at", "buses", "why"),
    [
        (28, Job.LED, None, "", "the header of a Raspberry Pi 4 has GPIO 0 to 27 only"),
        (0, Job.LED, None, "", "kept for add-on boards"),
        (1, *RELAY_LOW, "", "kept for add-on boards"),
        (2, Job.LED, None, "i2c", "2 and 3 are the I2C bus, which is on"),
        (3, *RELAY_LOW, "i2c", "2 and 3 are the I2C bus, which is on"),
        (7, *RELAY_LOW, "spi", "7 to 11 are the SPI bus, which is on"),
        (11, *RELAY_HIGH, "spi", "7 to 11 are the SPI bus, which is on"),
        (2, Job.FEEDBACK, None, "", r"pulls 2 and 3 up with 1\.8 kilohm"),
        (3, Job.ROW, None, "", r"pulls 2 and 3 up with 1\.8 kilohm"),
        (14, Job.LED, None, "serial", "14 and 15 are the serial console, which is on"),
        (14, *RELAY_HIGH, "", "14 and 15 may carry the firmware's messages"),
        (15, Job.BUZZER, Level.LOW, "", "14 and 15 may carry the firmware's messages"),
        (5, *RELAY_HIGH, "", "off when the pin is low, and the Pi pulls this one high .*: take one of 9 to 27"),
        (17, *RELAY_LOW, "", "off when the pin is high, and the Pi pulls this one low .*: take one of 4 to 8"),
    ],
)
def test_a_pin_that_is_unfit_is_refused_with_its_reason(
    pin: int, job: Job, off_at: Level | None, buses: str, why: str
) -> None:
    unfit = use(pin, job, off_at, "relay display")
    (refusal,) = check_pins([unfit], Pi.PI_4, i2c=buses == "i2c", spi=buses == "spi", serial=buses == "serial")
    assert refusal.use is unfit
    with pytest.raises(ValueError, match=rf"^relay display cannot be on GPIO {pin}: .*{why}"):
        raise ValueError(str(refusal))


@pytest.mark.parametrize(
    ("pin", "job", "off_at"),
    [
        (17, *RELAY_HIGH),
        (9, *RELAY_HIGH),
        (4, *RELAY_LOW),
        (8, *RELAY_LOW),
        (3, *RELAY_LOW),
        (15, Job.LED, None),
        (2, Job.BUTTON, None),
        (5, Job.COLUMN, None),
    ],
)
@pytest.mark.parametrize("pi", Pi)
def test_a_pin_that_is_fit_is_allowed(pin: int, job: Job, off_at: Level | None, pi: Pi) -> None:
    assert check_pins([use(pin, job, off_at)], pi, i2c=False, spi=False) == []


def test_the_second_use_of_a_pin_is_refused_and_names_the_first() -> None:
    first, second, third = use(17, what="relay display"), use(17, what="the LED"), use(18, what="the button")
    assert check_pins([first, second, third], Pi.PI_5, i2c=True, spi=True) == [
        Refusal(second, "relay display is there already")
    ]


def test_every_model_has_a_name_and_its_pins() -> None:
    assert set(PI_NAMES) == set(HEADER_GPIOS) == set(Pi)


USES = st.lists(
    st.builds(
        PinUse,
        pin=st.integers(-1, 30),
        what=st.just("it"),
        job=st.sampled_from(list(Job)),
        off_at=st.sampled_from([None, Level.LOW, Level.HIGH]),
    ),
    max_size=12,
)


@given(uses=USES, pi=st.sampled_from(list(Pi)), i2c=st.booleans(), spi=st.booleans(), serial=st.booleans())
def test_what_is_allowed_is_safe(uses: list[PinUse], pi: Pi, *, i2c: bool, spi: bool, serial: bool) -> None:
    refused = {id(refusal.use) for refusal in check_pins(uses, pi, i2c=i2c, spi=spi, serial=serial)}
    allowed = [one for one in uses if id(one) not in refused]
    assert len({one.pin for one in allowed}) == len(allowed)
    closed = (
        {0, 1} | ({2, 3} if i2c else set()) | (set(range(7, 12)) if spi else set()) | ({14, 15} if serial else set())
    )
    for one in allowed:
        assert one.pin in HEADER_GPIOS[pi] - closed
        assert one.off_at in {None, boot_level(one.pin)}
