"""What a measurement comes to: figures, what they are held against, and whether the aim was met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


class Unmeasured(Exception):
    """A figure could not be had; the text says why."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What was measured `count` times, in the figure's unit."""

    count: int
    least: float
    median: float
    p99: float
    most: float


def spread(samples: Sequence[float]) -> Spread:
    """The spread of some samples, one at least. `p99`: at most one sample in a hundred is above it."""
    if not samples:
        raise Unmeasured("not one sample")
    ranked = sorted(samples)
    return Spread(len(ranked), ranked[0], median(ranked), ranked[math.ceil(len(ranked) * 0.99) - 1], ranked[-1])


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: `value`, which is `what` of it, on the right side of `bound`; `unit` may be empty."""

    what: str
    value: float
    bound: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        """Such as `p99 <= 50 ms`."""
        sign = ">=" if self.at_least else "<="
        return f"{self.what} {sign} {short(self.bound)}{' ' if self.unit else ''}{self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row's figure. `limit`: the same of the bare thing, which `against` describes; None where there is none.

    `beside`: other figures worth keeping, by name, with their unit in the name.
    """

    what: str
    unit: str
    measured: Spread
    against: str = ""
    limit: Spread | None = None
    aims: tuple[Aim, ...] = ()
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times the limit's median the median is; None where that says nothing, as of what may be below 0."""
        return self._times(self.measured.median)

    @property
    def p99_ratio(self) -> float | None:
        """How many times the limit's median the p99 is."""
        return self._times(self.measured.p99)

    def _times(self, value: float) -> float | None:
        if self.limit is None or min(self.measured.least, self.limit.least) < 0 or not self.limit.median:
            return None
        return value / self.limit.median


def against_limit(
    what: str,
    unit: str,
    measured: Sequence[float],
    against: str,
    limit: Sequence[float],
    *,
    median_at_most: float | None = None,
    p99_at_most: float | None = None,
    median_at_least: float | None = None,
    **beside: float,
) -> Figure:
    """A figure whose aims are given as multiples of its limit's median."""
    made = Figure(what, unit, spread(measured), against, spread(limit), beside=beside)
    if made.ratio is None or made.p99_ratio is None:
        raise Unmeasured(f"{against}: took no time at all")
    aims = []
    if median_at_most is not None:
        aims.append(Aim("median", made.ratio, median_at_most, "x"))
    if p99_at_most is not None:
        aims.append(Aim("p99", made.p99_ratio, p99_at_most, "x"))
    if median_at_least is not None:
        aims.append(Aim("median", made.ratio, median_at_least, "x", at_least=True))
    return Figure(what, unit, made.measured, against, made.limit, tuple(aims), beside)


def short(number: float) -> str:
    """A number as people write it: three digits that say something."""
    size = abs(number)
    if size >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if size >= 10 else f"{number:.2f}" if size >= 0.1 else f"{number:.2g}"


def as_json(figure: Figure) -> dict[str, Any]:
    """A figure as the JSON file has it."""
    return {
        "what": figure.what,
        "unit": figure.unit,
        "measured": _spread_json(figure.measured),
        "against": figure.against,
        "limit": None if figure.limit is None else _spread_json(figure.limit),
        "ratio": figure.ratio,
        "p99_ratio": figure.p99_ratio,
        "aims": [{"aim": str(aim), "value": aim.value, "met": aim.met} for aim in figure.aims],
        "beside": figure.beside,
    }


def _spread_json(one: Spread) -> dict[str, float]:
    return {name: getattr(one, name) for name in Spread.__slots__}
