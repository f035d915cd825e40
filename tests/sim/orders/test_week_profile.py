"""The 168 hours of a week take the place of hours times weekdays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.orders.arrivals import channel_times_s, hourly_rates
from sim.scenario.loading import load
from sim.scenario.schema.scenario import Scenario


def scenario(*settings: str) -> Scenario:
    """Return the baseline over one week from a Monday, with other values."""
    words = ["run.warm_up_days=0", "run.horizon_days=7", "run.cool_down_days=0", *settings]
    return load("baseline", settings=words).scenario


def test_orders_follow_the_hours_of_the_week() -> None:
    """Every hour's rate is its weight; a week has seven times the orders of a day."""
    week = np.arange(1.0, 169.0)

    rates = hourly_rates(
        scenario(f"orders.channels.web.hour_of_week_profile={week.tolist()}"), "web"
    )

    # The web channel has 78 % of 1,000 orders a day.
    assert rates == pytest.approx(week / week.sum() * 7 * 780)


def test_an_outer_product_gives_the_rates_of_its_factors() -> None:
    """Hours times weekdays written out as a week: the same rates."""
    plain = scenario()
    hours, weekdays = plain.orders.hourly_profile, plain.orders.weekday_profile

    week = np.outer(weekdays, hours).ravel().tolist()
    rates = hourly_rates(scenario(f"orders.channels.web.hour_of_week_profile={week}"), "web")

    assert rates == pytest.approx(hourly_rates(plain, "web"))


def test_two_profiles_for_one_channel_are_refused() -> None:
    """Phone orders have hours and weekdays of their own: a week beside them is one too many."""
    with pytest.raises(ScenarioError, match="168 hours beside a profile of hours or weekdays"):
        scenario(f"orders.channels.phone.hour_of_week_profile={[1.0] * 168}")


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.0, 1.0, 3.0]), min_size=168, max_size=168).filter(any),
    st.integers(0, 6),
)
def test_nobody_orders_in_an_hour_without_weight(week: list[float], first: int) -> None:
    """Whatever the week and the day it begins on, closed hours stay empty."""
    declared = scenario(
        f"orders.channels.web.hour_of_week_profile={week}",
        f"run.start_date='2026-01-{5 + first:02d}'",
    )

    times_s = channel_times_s(declared, "web", 0)

    hours = (times_s // 3600.0).astype(np.int64) + 24 * first
    assert (np.array(week)[hours % 168] > 0.0).all()


def test_a_week_without_weight_is_refused() -> None:
    """All 168 weights 0: no order could ever come."""
    with pytest.raises(ScenarioError, match=r"hour_of_week_profile: all weights are 0"):
        scenario(f"orders.channels.web.hour_of_week_profile={[0] * 168}")
