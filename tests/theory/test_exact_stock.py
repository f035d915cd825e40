from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pytest

from tests.theory.exact_cases import (
    laws,
    one_station,
    periodic_stock,
    returned,
    stock,
    transient,
)
from tests.theory.exact_cases.agreement import EXACT, agree
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.other_cases import always

# --- stock ----------------------------------------------------------------------------------------


def test_orders_of_one_unit_are_base_stock() -> None:
    """Orders of one unit are base stock."""
    costs = {"holding": 0.4, "backorder": 7.0, "fixed_order": 2.0}
    base = stock.base_stock(4, 2.0, deterministic(1.5), costs, (0.25, 1.0))
    agree(stock.fixed_quantity(3, 1, 2.0, 1.5, costs, (0.25, 1.0)), base)
    agree(stock.base_stock_batches(4, 2.0, {1: 1.0}, 1.5, costs), base | _held(base, costs))
    agree(
        stock.fixed_quantity_crossing(3, 1, 2.0, 1.5, costs),
        stock.base_stock(4, 2.0, exponential(1.5), costs),
    )
    agree(
        stock.fixed_quantity_lost_crossing(3, 1, 2.0, 1.5),
        stock.base_stock_lost(4, 2.0, exponential(1.5)),
    )
    agree(
        stock.fixed_quantity_lost(0, 1, 2.0, gamma(1.5, 0.5)),
        stock.base_stock_lost(1, 2.0, gamma(1.5, 0.5)),
    )


def _held(base: Mapping[str, float], costs: Mapping[str, float]) -> dict[str, float]:
    held = costs["holding"] * base["on_hand"] + costs["backorder"] * base["backorders"]
    return {"cost_rate": held}


@pytest.mark.parametrize("lead", [exponential(1.5), gamma(1.5, 0.6), deterministic(1.5)])
def test_waits_of_units_add_up_to_their_mean(lead: dict[str, float]) -> None:
    """Waits of units add up to their mean."""
    late = np.arange(0.01, 16.0, 0.02).tolist()
    answers = stock.base_stock(3, 2.0, lead, None, late)
    tail = sum(share for metric, share in answers.items() if metric.startswith("p_customer"))
    assert 0.02 * tail == pytest.approx(answers["customer_wait"], rel=1e-3)  # the midpoint rule
    nearly_at_once = stock.base_stock(3, 2.0, lead, None, [1e-9])["p_customer_wait_gt:1e-09"]
    assert nearly_at_once == pytest.approx(1.0 - answers["fill_rate"], rel=1e-6)


def test_one_order_out_is_no_limit_where_it_is_larger_than_the_reorder_point() -> None:
    """One order out is no limit where it is larger than the reorder point."""
    agree(
        stock.fixed_quantity_lost(6, 15, 4.0, exponential(1.2)),
        stock.fixed_quantity_lost_crossing(6, 15, 4.0, 1.2),
    )


def test_reviews_all_the_time_are_base_stock() -> None:
    """Reviews all the time are base stock."""
    often = periodic_stock.all_the_time(5, 6, 3.0, 1e-7, 1.5)
    agree(
        {metric: often[metric] for metric in ("on_hand", "backorders", "fill_rate", "order_rate")},
        stock.base_stock(6, 3.0, deterministic(1.5)),
        rel=1e-5,
    )


def test_sequences_that_are_one() -> None:
    """Sequences that are one."""
    # A demand behind the costs is one of the next period, and the other way round.
    costs = {"holding": 1.0, "backorder": 6.0, "fixed_order": 9.0}
    usual = periodic_stock.by_period(8, 17, 4.0, 1, costs, "review-receive-demand-cost")
    agree(usual, periodic_stock.by_period(8, 17, 4.0, 1, costs, "demand-cost-review-receive"))
    with pytest.raises(ValueError, match="before it is placed"):
        periodic_stock.by_period(8, 17, 4.0, 0, costs, "receive-review-demand-cost")


def test_lost_sales_of_a_large_shelf_are_none() -> None:
    """Lost sales of a large shelf are none."""
    costs = {"holding": 1.0, "fixed_order": 9.0}
    lost = periodic_stock.lost_by_period(18, 26, 2.0, 1, costs)
    usual = "review-receive-demand-cost"
    agree(lost, periodic_stock.by_period(18, 26, 2.0, 1, costs, usual), rel=1e-6)


# --- the rest -------------------------------------------------------------------------------------


def test_in_the_end_a_station_forgets_that_it_was_empty() -> None:
    """In the end a station forgets that it was empty."""
    late = transient.exponential_station(always(2.0), always(2.0), 1.0, (200.0,), 6, 2.0)
    steady = one_station.m_m_c_room(2.0, 2, 1.0, 6, 2.0)
    assert late["N_at:200"] == pytest.approx(steady["L"], rel=EXACT)
    assert late["p_wait_at:200"] == pytest.approx(steady["p_wait"] + steady["p_block"], rel=EXACT)
    many = transient.nobody_waits(always(3.0), exponential(2.0), (1.0,))
    assert many["N_at:1"] == pytest.approx(6.0 * (1.0 - math.exp(-0.5)), rel=EXACT)
    steps = ((0.0, 2.0, 5.0), (1.0, 3.0))
    agree(
        transient.nobody_waits(steps, exponential(1.5), (1.0, 4.0)),
        transient.exponential_station(steps, always(100.0), 1.5, (1.0, 4.0), 100),
        rel=1e-8,
    )


def test_returns_and_lines() -> None:
    """Returns at once all count; a law of lines is its list of chances."""
    soon = returned.returns(10.0, 0.2, deterministic(0.0), 30.0)
    agree(soon, {"returned_units": 60.0, "rate_of_return_window": 0.2})
    poisson = {str(1 + n): math.exp(-0.8) * 0.8**n / math.factorial(n) for n in range(30)}
    agree(
        returned.accuracy({"type": "pmf", "pmf": poisson}, 0.05, 0.4),
        returned.accuracy({"type": "one_plus_poisson", "mean_extra": 0.8}, 0.05, 0.4),
    )


def test_places_of_picks_one_by_one() -> None:
    """Places of picks one by one."""
    orders = list(itertools.product(range(1, 6), repeat=3))
    places = returned.places(5, 3, 8.0)
    assert places["aisles_visited"] == pytest.approx(np.mean([len(set(o)) for o in orders]))
    assert places["farthest_aisle"] == pytest.approx(np.mean([max(o) for o in orders]))
    assert places["farthest_in_aisle_given_all_in_one"] == 6.0


@pytest.mark.parametrize("law", [gamma(2.0, 0.7), lognormal(2.0, 1.3), exponential(2.0)])
def test_laws(law: dict[str, float]) -> None:
    """Tails, means and counts of a law belong together."""
    tail = sum(laws.survival(law, x) for x in np.arange(0.005, 3.0, 0.01).tolist())
    assert laws.mean_up_to(law, 3.0) == pytest.approx(0.01 * tail, rel=1e-4)
    counts = laws.poisson_counts(law, 0.3, 4000)
    assert counts.sum() == pytest.approx(1.0, abs=1e-6)
    assert counts[:400] @ np.arange(400) == pytest.approx(0.6, rel=1e-4)
    assert laws.second_moment(law) > 4.0
