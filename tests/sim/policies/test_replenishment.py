from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.replenishment import (
    ReorderLevels,
    as_sold,
    economic_order_quantity,
    fill_rate_point,
    levels_by_policy,
    reorder_levels,
    shares_of_value,
    units_to_buy,
)


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


@pytest.mark.parametrize(
    ("position", "units"), [(7, 0), (6, 5), (2, 5), (1, 10), (-3, 10), (-4, 15)]
)
def test_a_quantity_as_often_as_it_takes_to_be_above_r(position: int, units: int) -> None:
    """With r = 6 and Q = 5."""
    assert units_to_buy(position, ReorderLevels(6, 11, 5)) == units


def test_textbook_order_quantities() -> None:
    """Hax & Candea: 5200 a year, 50 to order, 2.40 to hold: 465.5. Chopra & Meindl: 980."""
    assert economic_order_quantity(5200.0, 50.0, 2.4) == round(math.sqrt(2 * 50 * 5200 / 2.4))
    # Chopra & Meindl, Best Buy: 12,000 computers a year, 4000 a lot, 500 each, 20 % a year
    assert economic_order_quantity(12_000.0, 4000.0, 100.0) == 980


def test_textbook_safety_stock_for_a_fill_rate() -> None:
    """Chopra & Meindl, Lego at Walmart: 5000 in two weeks, sd 707; lots of 10,000, 97.5 %: +67."""
    assert fill_rate_point(5000.0, 2 * 500.0**2, 10_000.0, 0.975) in (5067, 5068)


def test_a_sure_demand_needs_no_safety_stock() -> None:
    """Without variance the point is the demand of the lead time; it is never negative."""
    assert fill_rate_point(7.2, 0.0, 5.0, 0.9) == 8
    assert fill_rate_point(2.0, 4.0, 1000.0, 0.5) == 0


def test_a_free_stock_is_bought_for_a_year() -> None:
    """Where holding costs nothing, a year's demand is the bound; nothing is never bought."""
    assert economic_order_quantity(365.0, 5.0, 0.0) == 365
    assert economic_order_quantity(0.0, 5.0, 1.0) == 1


@pytest.mark.parametrize(
    ("policy", "given", "levels"),
    [
        ("s_S", (None, None, None), ReorderLevels(20, 34)),
        ("s_S", (5, None, None), ReorderLevels(5, 19)),
        ("s_S", (5, 9, None), ReorderLevels(5, 9)),
        ("s_S", (None, 9, None), ReorderLevels(8, 9)),
        ("r_Q", (None, None, None), ReorderLevels(20, 34, 14)),
        ("r_Q", (-2, None, 6), ReorderLevels(-2, 4, 6)),
        ("base_stock", (None, None, None), ReorderLevels(19, 20)),
        ("base_stock", (None, 0, None), ReorderLevels(-1, 0)),
    ],
)
def test_levels_that_are_given_replace_those_computed(
    policy: str, given: tuple[int | None, int | None, int | None], levels: ReorderLevels
) -> None:
    """Computed are s = 20 and 14 units at a time."""
    assert levels_by_policy(policy, ReorderLevels(20, 34), *given) == levels


@given(st.integers(1, 500), st.integers(1, 100), st.integers(1, 40))
def test_a_supplier_sells_packs_and_no_less_than_its_minimum(
    units: int, least: int, pack: int
) -> None:
    """At least what is wanted and the minimum, in whole packs, and not a pack too many."""
    sold = as_sold(units, least, pack)

    assert sold % pack == 0
    assert max(units, least) <= sold < max(units, least) + pack


def test_abc_goes_by_the_share_of_what_sells_better() -> None:
    """70 %, 20 %, 10 %; ties by number; nothing sold at all has no best SKU."""
    assert shares_of_value([20.0, 70.0, 10.0]) == [0.7, 0.0, 0.9]
    assert shares_of_value([1.0, 1.0]) == [0.0, 0.5]
    assert shares_of_value([0.0, 0.0]) == [0.0, 0.0]


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
