"""Remembered prices are those of a problem of its own, and merging compiled is merging by hand."""

from __future__ import annotations

import numpy as np
import pytest

from optimize.batching.floors import MaskPrices
from optimize.batching.loads import Loads
from optimize.batching.prices import RulePrices
from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.starts import savings
from optimize.batching.tours import REMEMBERED, KnownFloor
from sim.warehouse.layout import RectangularLayout

ONE_BLOCK = RectangularLayout(5, 12)
BLOCKS = RectangularLayout(4, 12, 1.0, 3.0, 1.0, 0, blocks=2)
BETWEEN = RectangularLayout(5, 12, 1.0, 3.0, 1.0, 1.5)


def lines(layout: RectangularLayout, count: int, seed: int) -> tuple[Order, ...]:
    """Return orders with one to four stops, some of them twice."""
    rng = np.random.default_rng(seed)
    places = [rng.integers(0, layout.locations, rng.integers(1, 5)) for _ in range(count)]
    return tuple(Order(tuple(stops.tolist())) for stops in places)


@pytest.mark.parametrize(
    ("layout", "routing"),
    [
        (ONE_BLOCK, "exact"),
        (ONE_BLOCK, "largest_gap"),
        (ONE_BLOCK, "midpoint"),
        (BLOCKS, "exact"),
        (BETWEEN, "exact"),
    ],
)
def test_remembered_prices_are_the_same_to_the_last_bit(
    layout: RectangularLayout, routing: str
) -> None:
    """More lines than are remembered, one after another, priced as if each came first."""
    known = KnownFloor(layout, routing)
    for seed in range(2 * REMEMBERED // 20):
        orders = lines(layout, 20, seed)
        found = known.prices(orders)
        if seed % 5 == 0:
            anew = MaskPrices(Problem(layout, orders, routing=routing))
            np.testing.assert_array_equal(found.alone_m(), anew.alone_m())
            pairs = ~np.eye(len(orders), dtype=bool)
            np.testing.assert_array_equal(found.pairs_m()[pairs], anew.pairs_m()[pairs])
            assert found.batch_m((0, 3, 7)) == anew.batch_m((0, 3, 7))


@pytest.mark.parametrize("seed", range(6))
def test_compiled_savings_are_those_of_any_rule(seed: int) -> None:
    """The same merges whether prices come from masks or from walking each batch."""
    orders = lines(ONE_BLOCK, 18, seed)
    problem = Problem(ONE_BLOCK, orders, CartLimits(orders=4), "exact")
    loads = Loads(problem)
    compiled, walked = MaskPrices(problem), RulePrices(problem)
    found, expected = savings(compiled, loads), savings(walked, loads)
    assert sorted(order for batch in found for order in batch) == list(range(len(orders)))
    assert sum(map(walked.batch_m, found)) == pytest.approx(sum(map(walked.batch_m, expected)))
