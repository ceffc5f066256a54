"""What samples come to."""

from __future__ import annotations

import pytest

from tests.bench.figures import Aim, Figure, Unmeasured, against_limit, as_json, short, spread


def test_at_most_one_in_a_hundred_is_above_the_p99() -> None:
    told = spread([*map(float, range(100, 0, -1))])
    assert (told.count, told.least, told.median, told.p99, told.most) == (100, 1, 50.5, 99, 100)
    assert spread([7.0, 9.0]).p99 == 9.0


def test_no_sample_is_no_figure() -> None:
    with pytest.raises(Unmeasured, match="not one sample"):
        spread([])


@pytest.mark.parametrize(
    ("aim", "met", "text"),
    [
        (Aim("p99", 50.0, 50, "ms"), True, "p99 <= 50 ms"),
        (Aim("p99", 50.1, 50, "ms"), False, "p99 <= 50 ms"),
        (Aim("rate", 0.49, 0.5, "x", at_least=True), False, "rate >= 0.50 x"),
        (Aim("earliest", 0.0, 0, "ms", at_least=True), True, "earliest >= 0 ms"),
    ],
)
def test_an_aim_is_met_on_its_side_of_the_bound(aim: Aim, met: bool, text: str) -> None:
    assert (aim.met, str(aim)) == (met, text)


def test_median_and_p99_are_held_against_the_median_of_the_limit() -> None:
    figure = against_limit("it", "ms", [2, 2, 2, 12], "bare", [1, 1, 9], median_at_most=2, p99_at_most=6, hub_s=0.5)
    assert (figure.ratio, figure.p99_ratio) == (2, 12)
    assert [aim.met for aim in figure.aims] == [True, False]
    assert figure.beside == {"hub_s": 0.5}


def test_what_may_be_negative_has_no_ratio() -> None:
    late = Figure("late", "ms", spread([-1.0, 3.0]), "a timer", spread([1.0]))
    assert late.ratio is None
    assert late.p99_ratio is None


def test_a_limit_of_nothing_is_no_limit() -> None:
    with pytest.raises(Unmeasured, match="bare: took no time at all"):
        against_limit("it", "ms", [1.0], "bare", [0.0])


def test_json_keeps_it_all() -> None:
    told = as_json(against_limit("it", "ms", [3.0], "bare", [2.0], median_at_most=2))
    assert told["measured"] == {"count": 1, "least": 3.0, "median": 3.0, "p99": 3.0, "most": 3.0}
    assert told["ratio"] == 1.5
    assert told["aims"] == [{"aim": "median <= 2 x", "value": 1.5, "met": True}]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (12345.6, "12,346"), (50, "50"), (12.34, "12.3"), (1.234, "1.23"), (0.0123, "0.012"), (-9.12, "-9.12")],
)
def test_numbers_are_short(number: float, text: str) -> None:
    assert short(number) == text
