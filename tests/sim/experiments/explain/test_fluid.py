"""Work as a fluid: nothing is lost, nobody works more than they can, waits share carts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments.explain.fluid import SHARES, _all_busy, flow, tours_flow
from sim.experiments.explain.tour_prices import TourPrices

CARTS = TourPrices((1.0, 2.0, 4.0, 8.0), (300.0, 220.0, 160.0, 110.0), sampled=True)
amounts = st.lists(st.floats(0.0, 500.0), min_size=30, max_size=30)


@settings(max_examples=25, deadline=None)
@given(amounts, st.lists(st.floats(0.0, 40_000.0), min_size=30, max_size=30))
def test_nothing_is_lost_and_nobody_does_more_than_they_can(
    come: list[float], hands: list[float]
) -> None:
    """Nothing is lost and nobody does more than they can."""
    orders, hands_s = np.array(come), np.array(hands)
    done = tours_flow(orders, CARTS, hands_s)
    assert np.all(done.busy_s <= hands_s * (1.0 + 1e-12))
    assert np.all(done.waiting >= 0.0)
    assert np.cumsum(orders) == pytest.approx(np.cumsum(done.left) + done.waiting, abs=1e-6)


def test_what_is_too_much_for_an_hour_is_done_in_the_next() -> None:
    """What is too much for an hour is done in the next."""
    done = flow(np.array([90.0, 0.0, 0.0]), 60.0, np.array([3600.0, 3600.0, 3600.0]))
    assert done.left.tolist() == [60.0, 30.0, 0.0]
    assert done.busy_s.tolist() == [3600.0, 1800.0, 0.0]
    assert done.waiting.tolist() == [30.0, 0.0, 0.0]


def test_full_carts_are_the_most_that_pickers_can_do() -> None:
    """Full carts are the most that pickers can do."""
    hands = np.full(200, 3600.0)
    keeps_up = tours_flow(np.full(200, 0.99 * 3600.0 / 110.0), CARTS, hands)
    assert keeps_up.waiting[-1] == 0.0
    falls_behind = tours_flow(np.full(200, 1.01 * 3600.0 / 110.0), CARTS, hands)
    assert falls_behind.waiting[-1] == pytest.approx(200 * 0.01 * 3600.0 / 110.0)


def test_idle_pickers_go_with_one_order() -> None:
    """Idle pickers go with one order."""
    done = tours_flow(np.array([0.01]), CARTS, np.array([360_000.0]))
    assert done.busy_s[0] == pytest.approx(3.0, rel=0.01)


def test_more_orders_never_leave_pickers_less_busy() -> None:
    """More orders never leave pickers less busy."""
    orders = np.linspace(0.0, 32.0, 200)
    busy = tours_flow(orders, CARTS, np.full(200, 3600.0)).busy_s
    assert np.all(np.diff(busy) > -0.1)  # the share is found to 1/65536 of an hour


@pytest.mark.parametrize(
    ("people", "formula"), [(1, lambda u: u), (2, lambda u: 2 * u * u / (1 + u))]
)
def test_all_busy_is_erlangs_second_formula(people: int, formula: object) -> None:
    """All busy is Erlang's second formula."""
    assert callable(formula)
    assert _all_busy(people) == pytest.approx([formula(share) for share in SHARES])
