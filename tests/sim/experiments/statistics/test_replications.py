from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.statistics.replications import Precision, Replications, replications_needed
from sim.kpis.estimates import estimate


def test_a_kpi_that_does_not_vary_needs_the_minimum() -> None:
    """Equal numbers are known at once, but ten replications are always looked at."""
    assert replications_needed([4.0] * 15) == 10
    assert replications_needed([0.0] * 15) == 10
    assert replications_needed([4.0] * 14) is None  # the look-ahead is not over


def test_the_precision_has_to_hold_while_looking_ahead() -> None:
    """An outlier among the five replications after the first precise one starts the count anew."""
    calm = [10.0, 10.2] * 40

    assert replications_needed(calm) == 10
    with_outlier = [*calm[:13], 30.0, *calm]
    needed = replications_needed(with_outlier)
    assert needed is not None
    assert needed > 14


def test_the_look_ahead_grows_with_the_replications() -> None:
    """Of more than 100 replications as many per cent are looked at: 10 of 200."""
    values = [float(v) for v in np.random.Generator(np.random.Philox(2)).normal(10.0, 3.6, 400)]
    rule = Replications({"k": Precision(relative=0.05)})
    for value in values:
        rule.add({"k": value})
        if rule.enough:
            break

    assert rule.needed is not None
    assert rule.needed > 120
    assert rule.done == rule.needed + 5 * rule.needed // 100


@given(st.lists(st.floats(-1e3, 1e3), min_size=10, max_size=40), st.floats(0.01, 0.5))
def test_it_stops_by_the_interval_that_is_shown(values: list[float], relative: float) -> None:
    """Without look-ahead the rule is the t interval of :func:`sim.kpis.estimates.estimate`."""

    def precise(n: int, slack: float) -> bool:
        found = estimate(values[:n])
        assert found is not None
        assert found.half_width is not None
        return found.half_width <= relative * abs(found.mean) * slack + (slack - 1.0)

    needed = replications_needed(values, Precision(relative), look_ahead=0)

    if needed is None:
        assert not any(precise(n, 1.0 - 1e-9) for n in range(10, len(values) + 1))
    else:
        assert precise(needed, 1.0 + 1e-9)
        assert not any(precise(n, 1.0 - 1e-9) for n in range(10, needed))


def test_several_kpis_wait_for_the_slowest() -> None:
    """All KPIs are to be precise in the same replications; who is waited for is said."""
    rng = np.random.Generator(np.random.Philox(3))
    rule = Replications({"calm": Precision(), "wild": Precision(relative=0.1)})
    for _ in range(12):
        rule.add({"calm": 5.0, "wild": float(rng.normal(10.0, 5.0)), "other": 1.0})
    before = rule.waiting_for, rule.needed

    while not rule.enough:
        rule.add({"calm": 5.0, "wild": float(rng.normal(10.0, 5.0))})

    assert before == (("wild",), None)
    assert rule.waiting_for == ()
    assert rule.needed is not None
    assert rule.needed > 50  # (1.98 x 5 / 1)^2 is about 98


def test_a_rate_near_nothing_needs_an_absolute_precision() -> None:
    """A mean of about 0 is never known to 10 per cent of itself; half a point will do."""
    values = [0.0, 0.0, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] * 4

    assert replications_needed(values, Precision(relative=0.1)) is None
    assert replications_needed(values, Precision(relative=0.1, absolute=0.005)) == 10


def test_undefined_numbers_are_left_out_of_their_kpi() -> None:
    """A replication without a number counts, its KPI waits for others; three numbers are needed."""
    rule = Replications({"k": Precision()}, look_ahead=0)
    for value in [None] * 10 + [1.0, 1.0]:
        rule.add({"k": value})
    before = rule.needed

    rule.add({"k": 1.0})

    assert (before, rule.needed) == (None, 13)
    assert rule.enough


def test_stopping_by_the_data_costs_little_coverage() -> None:
    """Of 1,000 stopped intervals (25 % deviation, 10 % precision) at least 92 % cover the mean.

    A fixed number of replications covers 95 %; the loss is known to be some hundredths.
    """
    runs = 1000
    draws = np.random.Generator(np.random.Philox(5)).normal(10.0, 2.5, (runs, 150))
    covered = 0
    for row in draws.tolist():
        needed = replications_needed(row)
        assert needed is not None
        found = estimate(row[:needed])
        assert found is not None
        assert found.half_width is not None
        covered += abs(found.mean - 10.0) <= found.half_width

    assert covered / runs >= 0.92


@pytest.mark.parametrize(
    ("relative", "absolute"), [(-0.1, 0.0), (math.nan, 0.0), (0.0, 0.0), (0.1, math.inf)]
)
def test_a_precision_that_is_none_is_refused(relative: float, absolute: float) -> None:
    """Negative, infinite and all-zero bounds are refused with what was expected."""
    with pytest.raises(ValueError, match="expected"):
        Precision(relative, absolute)


def test_bad_settings_and_numbers_are_refused() -> None:
    """Each message names what was found; a refused replication is not counted."""
    with pytest.raises(ValueError, match="minimum: found 2"):
        Replications({"k": Precision()}, minimum=2)
    with pytest.raises(ValueError, match="look_ahead: found -1"):
        Replications({"k": Precision()}, look_ahead=-1)
    with pytest.raises(ValueError, match="no KPI"):
        Replications({})
    with pytest.raises(ValueError, match="level: found 95"):
        Replications({"k": Precision()}, level=95)
    rule = Replications({"k": Precision(), "m": Precision()})
    with pytest.raises(ValueError, match="no value of m"):
        rule.add({"k": 1.0})
    with pytest.raises(ValueError, match="m = nan"):
        rule.add({"k": 1.0, "m": math.nan})
    assert rule.done == 0
