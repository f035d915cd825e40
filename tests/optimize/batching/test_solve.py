from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.batching.check import CheckError, between_m, check
from optimize.batching.effort import Effort
from optimize.batching.floors import MaskPrices
from optimize.batching.loads import Loads
from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.solve import Method, solve
from optimize.batching.starts import savings
from optimize.batching.wandering import wandered
from sim.policies.routing import Corner
from sim.warehouse.layout import FreeFormLayout, RectangularLayout
from tests.optimize.batching.small import drawn, fits, least_m

METHODS: tuple[Method, ...] = get_args(Method)
LIMITS = [
    CartLimits(items=8),
    CartLimits(orders=2),
    CartLimits(volume_ml=1000.0, weight_g=1500.0),
    CartLimits(boxes=3, items=12),
]


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("seed", range(3))
def test_few_orders_get_the_best_batches(limits: CartLimits, seed: int) -> None:
    """All 877 ways to put 7 orders on carts are tried; none is shorter, and that is proved."""
    problem = drawn(seed, 7, limits=limits)

    found = solve(problem)

    assert found.cost_m == pytest.approx(least_m(problem), abs=1e-9)
    assert found.status == "optimal"
    assert (found.bound_m, found.gap) == (found.cost_m, 0.0)


@pytest.mark.parametrize("routing", ["exact", "s_shape", "largest_gap"])
@pytest.mark.parametrize("seed", range(3))
def test_annealing_finds_the_best_batches_of_few_orders(routing: str, seed: int) -> None:
    """Without the proof, the search alone finds the optimum of 7 orders."""
    from optimize.batching.annealing import annealed

    problem = drawn(seed, 7, routing=routing)
    prices, loads = MaskPrices(problem), Loads(problem)

    batches = annealed(prices, loads, savings(prices, loads), Effort(iterations=1000))

    found_m = sum(prices.batch_m(batch) for batch in batches)
    assert found_m == pytest.approx(least_m(problem), abs=1e-9)


@pytest.mark.parametrize("routing", ["exact", "nearest"])
def test_the_search_for_any_rule_finds_the_best_batches_of_few_orders(routing: str) -> None:
    """So does the one that only asks a rule for lengths."""
    from optimize.batching.prices import RulePrices

    problem = drawn(3, 7, routing=routing)
    prices, loads = RulePrices(problem), Loads(problem)

    batches = wandered(prices, loads, savings(prices, loads), Effort())

    found_m = sum(prices.batch_m(batch) for batch in batches)
    assert found_m == pytest.approx(least_m(problem), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 40),
    method=st.sampled_from(METHODS),
    limits=st.sampled_from(LIMITS),
    routing=st.sampled_from(["exact", "midpoint"]),
)
def test_each_order_is_on_one_cart_that_holds_it(
    seed: int, count: int, method: Method, limits: CartLimits, routing: str
) -> None:
    """Whatever the method; and no cart is too full."""
    problem = drawn(seed, count, limits=limits, routing=routing)

    found = solve(problem, method=method, seed=seed, iterations=200)

    assert sorted(order for batch in found.batches for order in batch) == list(range(count))
    assert all(fits(problem, list(batch)) for batch in found.batches)
    assert found.method == method


@pytest.mark.parametrize("seed", range(4))
def test_methods_are_never_worse_than_what_they_start_from(seed: int) -> None:
    """Savings, then mended, then searched on; the search is not worse than first come either."""
    problem = drawn(seed, 40, limits=CartLimits(items=15))
    cost_m = {method: solve(problem, method=method, iterations=500).cost_m for method in METHODS}

    assert cost_m["local_search"] <= cost_m["savings"]
    assert cost_m["ruin_recreate"] <= cost_m["savings"]
    assert cost_m["ruin_recreate"] <= cost_m["first_come"]


def test_the_same_seed_gives_the_same_batches() -> None:
    """Nothing but the seed is drawn by chance."""
    problem = drawn(1, 40, limits=CartLimits(items=15))

    found = [solve(problem, seed=5, iterations=2000) for _ in range(2)]

    assert replace(found[0], time_s=0.0) == replace(found[1], time_s=0.0)


def test_an_order_too_big_for_a_cart_goes_alone() -> None:
    """Its cart is too full, and nobody else is on it."""
    layout = RectangularLayout(3, 5, 1.0, 3.0, 1.0, 0)
    orders = (Order((0, 1), items=20), Order((0,), items=1), Order((1,), items=1))
    problem = Problem(layout, orders, CartLimits(items=5))

    for method in METHODS:
        assert solve(problem, method=method).batches == ((0,), (1, 2))


@pytest.mark.parametrize("method", METHODS)
def test_every_floor_is_batched(method: Method) -> None:
    """A free-form floor, one-way aisles, and five blocks have slow prices, but prices."""
    points = FreeFormLayout(
        tuple("abcdef"), ((1, 1), (2, 5), (3, 1), (4, 2), (9, 1), (2, 2)), (0, 0)
    )
    one_way = RectangularLayout(4, 5, 1.0, 3.0, 1.0, 0, one_way=True)
    five = RectangularLayout(3, 10, 1.0, 3.0, 1.0, 0, blocks=5)
    for layout, routing in ((points, "nearest"), (one_way, "exact"), (five, "s_shape")):
        orders = tuple(Order((stop % 6, (stop * 5) % 6), items=2) for stop in range(9))
        problem = Problem(layout, orders, CartLimits(items=6), routing)

        assert solve(problem, method=method, iterations=30).cost_m > 0.0


@pytest.mark.parametrize("blocks", [1, 2])
def test_carts_may_start_and_end_anywhere_on_a_cross_aisle(blocks: int) -> None:
    """The trip from one corner to another is the shortest of all visiting orders."""
    floor = drawn(0, 1, blocks=blocks).layout
    assert isinstance(floor, RectangularLayout)
    start, end = Corner(1.5, 0.0), Corner(4.0, floor.cross_aisles_m[-1])
    problem = drawn(2, 6, blocks=blocks, start=start, end=end)
    layout = problem.layout
    assert isinstance(layout, RectangularLayout)

    def to_corner_m(stop: int, corner: Corner) -> float:
        # On a cross-aisle at the front or the back the way is straight.
        across_m = abs(layout.aisle_of[stop] - corner.aisle) * layout.aisle_pitch_m
        return across_m + abs(layout.offset_m[stop] - corner.offset_m)

    for order in problem.orders:
        shortest_m = min(
            to_corner_m(tour[0], start)
            + sum(layout.distance_m(a, b) for a, b in pairwise(tour))
            + to_corner_m(tour[-1], end)
            for tour in permutations(order.stops)
        )
        assert between_m(layout, order.stops, start, end) == pytest.approx(shortest_m, abs=1e-9)
    assert solve(problem).cost_m == pytest.approx(least_m(problem), abs=1e-9)


def test_the_check_finds_what_is_wrong() -> None:
    """An order left out, a cart too full, an empty cart and a wrong length."""
    problem = drawn(0, 3, limits=CartLimits(orders=2))
    right = solve(problem, method="first_come")

    check(problem, right.batches, right.cost_m)
    for batches in ([(0, 1)], [(0, 1), (1, 2)], [(0, 1, 2)], [(0, 1), (2,), ()]):
        with pytest.raises(CheckError):
            check(problem, batches, right.cost_m)
    with pytest.raises(CheckError, match="claim"):
        check(problem, right.batches, right.cost_m - 1.0)


def test_what_does_not_fit_is_refused_in_words() -> None:
    """A location that is not there, a start off the cross-aisles, and unknown names."""
    layout = RectangularLayout(3, 5, 1.0, 3.0, 1.0, 0)
    with pytest.raises(ValueError, match="order 0 stops at 30"):
        Problem(layout, (Order((30,)),))
    with pytest.raises(ValueError, match="the start at 3 m is on no cross-aisle"):
        Problem(layout, (), start=Corner(0, 3.0))
    with pytest.raises(ValueError, match="needs the rule exact"):
        Problem(layout, (), routing="s_shape", end=Corner(0, 0.0))
    with pytest.raises(ValueError, match="unknown method"):
        solve(Problem(layout, ()), method="best")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="holds none"):
        CartLimits(items=0)
