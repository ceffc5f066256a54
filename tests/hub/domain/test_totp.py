"""Codes by the clock, held against the figures of RFC 6238, appendix B (the last six of their eight digits)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from hub.domain.totp import STEP_S, code_of, step_at, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
FIGURES = [
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
]


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), FIGURES)
def test_the_figures_of_the_rfc(seconds: int, code: str) -> None:
    assert code_of(SECRET, step_at(at(seconds))) == code[-6:]


@pytest.mark.parametrize(("late", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(late: int, taken: bool) -> None:
    now = at(1_234_567_890)
    code = code_of(SECRET, step_at(now) + late)
    assert step_of(SECRET, code, now, None) == (step_at(now) + late if taken else None)


def test_a_code_is_good_after_the_last_one_only() -> None:
    now = at(1_234_567_890)
    step = step_at(now)
    assert step_of(SECRET, code_of(SECRET, step), now, step - 1) == step
    assert step_of(SECRET, code_of(SECRET, step), now, step) is None
    assert step_of(SECRET, code_of(SECRET, step - 1), now, step) is None
    assert step_of(SECRET, code_of(SECRET, step + 1), now, step) == step + 1


@pytest.mark.parametrize("code", ["", "000000", "12345", "é²³٤٥٦"])
def test_anything_else_is_wrong(code: str) -> None:
    assert step_of(SECRET, code, at(2 * STEP_S), None) is None
