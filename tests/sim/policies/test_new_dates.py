from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies.new_dates import DAY_S, NewDates
from sim.scenario.schema.laws import Deterministic, Exponential, Gamma

SHORTLY_S = 1.0


@given(st.floats(0.5, 0.95), st.floats(0.1, 20.0))
def test_without_memory_every_wait_is_promised_the_same(quantile: float, mean: float) -> None:
    """Exponential: what is left of a lead time has the law of a whole one (Ross 2014, 5.2.2)."""
    dates = NewDates(Exponential(distribution="exponential", mean=mean), quantile)
    wait_s = -mean * math.log(1.0 - quantile) * DAY_S
    due_s = wait_s

    for _ in range(3):
        new_s = dates.due_s(wait_s, due_s)
        assert new_s - due_s == pytest.approx(wait_s, rel=1e-6)
        due_s = new_s


@settings(deadline=None)  # the first quantile of a gamma law loads SciPy
@given(st.floats(0.2, 1.5), st.floats(0.0, 30.0))
def test_a_new_date_lies_ahead(cv: float, late_days: float) -> None:
    """However late it is, the date told is after now."""
    dates = NewDates(Gamma(distribution="gamma", mean=5.0, cv=cv), 0.9)

    assert dates.due_s(8 * DAY_S, (8.0 + late_days) * DAY_S) > (8.0 + late_days) * DAY_S


def test_where_the_law_says_no_more_it_is_tomorrow() -> None:
    """A lead time of exactly 2 days has passed: the goods wait at the dock."""
    dates = NewDates(Deterministic(distribution="deterministic", value=2.0), 0.9)

    assert dates.due_s(2 * DAY_S, 2 * DAY_S + SHORTLY_S) == 3 * DAY_S + SHORTLY_S
