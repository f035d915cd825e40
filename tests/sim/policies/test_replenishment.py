from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.replenishment import ReorderLevels, reorder_levels, units_to_buy


def test_textbook_reorder_point_with_a_fixed_lead_time() -> None:
    """Chopra & Meindl, safety inventory: 2500 a week, sd 500, two weeks, 90 %: s = 5000 + 906."""
    levels = reorder_levels(2500.0, 500.0**2, 2.0, 0.0, 0.90, 4.0)

    # 1.2816 x sqrt(2) x 500 = 906.2; rounded up to whole units
    assert levels == ReorderLevels(5907, 5907 + 10_000)


def test_textbook_reorder_point_with_an_uncertain_lead_time() -> None:
    """Chopra & Meindl, uncertain supply: 2500 a day, sd 500; 7 days, sd 7; 90 %: 22491 more."""
    levels = reorder_levels(2500.0, 500.0**2, 7.0, 7.0, 0.90, 1.0)

    # sqrt(7 x 500^2 + 2500^2 x 7^2) = 17550; 1.2816 x 17550 = 22491
    assert levels.point - 17_500 == 22_492
    assert levels.up_to - levels.point == 2500


def test_hand_calculation() -> None:
    """Poisson demand of 4 a day over 9 days at 97.725 % (two sd): 36 + 2 x 6 = 48."""
    levels = reorder_levels(4.0, 4.0, 9.0, 0.0, 0.97724, 3.5)

    assert levels == ReorderLevels(48, 48 + 14)


def test_half_service_keeps_no_safety_stock() -> None:
    """At 50 % the point is the mean demand of the lead time."""
    assert reorder_levels(4.0, 100.0, 9.0, 2.0, 0.5, 1.0).point == 36


def test_point_is_never_negative_and_something_is_always_bought() -> None:
    """A SKU that hardly sells at a low service has s = 0 and S = 1."""
    assert reorder_levels(0.001, 0.001, 5.0, 0.0, 0.01, 7.0) == ReorderLevels(0, 1)


@pytest.mark.parametrize(("position", "units"), [(6, 0), (5, 7), (4, 8), (0, 12), (-3, 15)])
def test_order_up_to(position: int, units: int) -> None:
    """With s = 5 and S = 12: nothing above 5, otherwise up to 12, what is owed included."""
    assert units_to_buy(position, ReorderLevels(5, 12)) == units


@given(
    demand=st.floats(0.0, 1e4),
    variance=st.floats(0.0, 1e6),
    days=st.floats(0.1, 60.0),
    spread=st.floats(0.0, 20.0),
    service=st.floats(0.01, 0.99),
    more=st.floats(0.0, 0.009),
)
def test_more_service_never_means_less_stock(
    demand: float, variance: float, days: float, spread: float, service: float, more: float
) -> None:
    """The point grows with the service level and is whole; S is above s."""
    low = reorder_levels(demand, variance, days, spread, service, 7.0)
    high = reorder_levels(demand, variance, days, spread, service + more, 7.0)

    assert high.point >= low.point >= 0
    assert low.up_to > low.point
    assert low.up_to - low.point == max(1, math.ceil(demand * 7.0))
