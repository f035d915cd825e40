from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise, permutations, product
from math import inf

import numpy as np
import pytest

from optimize.routing.check import CheckError
from optimize.routing.constrained.check import check, priced
from optimize.routing.constrained.problem import ConstrainedProblem, heavy_first, permitted
from optimize.routing.constrained.solve import solve
from optimize.routing.problem import Problem
from optimize.routing.solve import solve as solve_freely
from sim.warehouse.layout import FreeFormLayout, Layout, RectangularLayout

FLOOR = RectangularLayout(4, 6, depot_aisle=1.5)
UP, DOWN = 1, -1


def grid(columns: int, rows: int) -> FreeFormLayout:
    """Return crossings 3 m apart, joined to their neighbours; the depot left of the first."""
    xy = [(3.0 * x, 3.0 * y) for y in range(rows) for x in range(columns)]
    paths = [(-1, 0)]
    for y, x in product(range(rows), range(columns)):
        here = y * columns + x
        paths += [(here, here + 1)] * (x + 1 < columns)
        paths += [(here, here + columns)] * (y + 1 < rows)
    return FreeFormLayout(tuple(map(str, range(len(xy)))), tuple(xy), (-3.0, 0.0), tuple(paths))


def drawn(layout: Layout, stops: int, seed: int) -> tuple[int, ...]:
    """Return different random locations."""
    rng = np.random.default_rng(seed)
    return tuple(rng.choice(layout.locations, stops, replace=False).tolist())


def orders(problem: ConstrainedProblem) -> list[tuple[int, ...]]:
    """Return every visit order that keeps the pairs."""
    return [
        order
        for order in permutations(problem.distinct_stops)
        if all(order.index(first) < order.index(then) for first, then in problem.before)
    ]


def pairs_along(stops: tuple[int, ...], share: float, seed: int) -> tuple[tuple[int, int], ...]:
    """Return random pairs that all point along one hidden order."""
    rng = np.random.default_rng(seed)
    hidden = [stops[n] for n in rng.permutation(len(stops))]
    return tuple(
        (first, then)
        for n, first in enumerate(hidden)
        for then in hidden[n + 1 :]
        if rng.random() < share
    )


def in_block_cost_m(problem: ConstrainedProblem, order: tuple[int, ...]) -> float:
    """Return the cheapest cost of an order in one block of two-way aisles, case by case.

    Written anew for the test: in an aisle one heads to the back or to the front. Between aisles
    one leaves over the front or the back and enters from there: four turns. From there the way
    is straight.
    """
    layout = problem.layout
    assert isinstance(layout, RectangularLayout)
    back_m, pitch_m = layout.aisle_length_m, layout.aisle_pitch_m
    turn_m, u_turn_m = problem.turn_m, problem.u_turn_m

    def switch_m(heading: int, wanted: int) -> float:
        return 0.0 if heading == wanted else u_turn_m

    def leg_m(start: int, leaving: int, end: int, arriving: int) -> float:
        """Leave a stop in a direction, arrive in another; no turn round on the way."""
        a, b = layout.aisle_of[start], layout.aisle_of[end]
        y, z = layout.offset_m[start], layout.offset_m[end]
        if a == b:
            straight = leaving == arriving and (z - y) * leaving >= 0.0
            return abs(z - y) if straight else inf
        out_m = (back_m - y) if leaving == UP else y
        in_m = z if arriving == UP else back_m - z
        across_m = abs(a - b) * pitch_m
        if leaving != arriving:  # out and in over the same cross-aisle
            return out_m + in_m + across_m + 2.0 * turn_m
        return inf  # through a third aisle: 7 m at least, more than a U-turn costs here

    cost = dict.fromkeys((UP, DOWN), inf)
    first = order[0]
    away = abs(layout.aisle_of[first] - layout.depot_aisle)
    cost[UP] = away * pitch_m + layout.offset_m[first] + (turn_m if away else 0.0)
    for start, end in pairwise(order):
        cost = {
            arriving: min(
                cost[heading]
                + switch_m(heading, leaving)
                + leg_m(start, leaving, end, entering)
                + switch_m(entering, arriving)
                for heading, leaving, entering in product((UP, DOWN), repeat=3)
            )
            for arriving in (UP, DOWN)
        }
    last = order[-1]
    away = abs(layout.aisle_of[last] - layout.depot_aisle)
    home_m = away * pitch_m + layout.offset_m[last] + (turn_m if away else 0.0)
    return min(cost[heading] + switch_m(heading, DOWN) for heading in (UP, DOWN)) + home_m


def walk_cost_m(problem: ConstrainedProblem, order: tuple[int, ...]) -> float:
    """Return the cheapest cost of an order by relaxing (point, last point, stops passed)."""
    layout = problem.layout
    assert isinstance(layout, FreeFormLayout)
    neighbours: dict[int, list[int]] = {}
    for start, end in layout.paths or ():
        neighbours.setdefault(start, []).append(end)
        neighbours.setdefault(end, []).append(start)

    def turn_m(before: int, after: int) -> float:
        """All walkways here are 3 m long and lead along x or y."""
        (x1, y1), (x2, y2) = layout.xy_m(before), layout.xy_m(after)
        if (x1, y1) == (x2, y2):
            return problem.u_turn_m
        return (
            0.0
            if abs(x1 - x2) + abs(y1 - y2) == max(abs(x1 - x2), abs(y1 - y2))
            else (problem.turn_m)
        )

    wanted = (*order, -1)
    cost = {(next_, -1, 0): layout.distance_m(-1, next_) for next_ in neighbours[-1]}
    waiting = list(cost)
    best = inf
    while waiting:
        here, before, passed = waiting.pop()
        so_far = cost[here, before, passed]
        while passed < len(wanted) and wanted[passed] == here:
            passed += 1
        if passed == len(wanted):
            best = min(best, so_far)
            continue
        for after in neighbours[here]:
            new = so_far + layout.distance_m(here, after) + turn_m(before, after)
            if new < min(best, cost.get((after, here, passed), inf)) - 1e-9:
                cost[after, here, passed] = new
                waiting.append((after, here, passed))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_precedence_is_planned_as_by_trying_all_orders(seed: int) -> None:
    """Up to seven stops in a block, in two blocks, one-way or on a grid: the best of all orders."""
    floors: tuple[Layout, ...] = (
        FLOOR,
        replace(FLOOR, blocks=2),
        replace(FLOOR, one_way=True),
        grid(5, 4),
    )
    layout = floors[seed % 4]
    stops = drawn(layout, 3 + seed % 5, seed)
    problem = ConstrainedProblem(layout, stops, pairs_along(stops, 0.3, seed))
    plan = solve(problem, seed=seed)
    best = min(priced(problem, order, None).cost_m for order in orders(problem))
    assert plan.cost_m == pytest.approx(best, abs=1e-9)
    assert (plan.walk, plan.turns, plan.u_turns) == (None, 0, 0)


@pytest.mark.parametrize("seed", range(8))
def test_turns_in_a_block_are_planned_as_by_trying_all_orders(seed: int) -> None:
    """Up to six stops, turns and U-turns at various prices, with and without pairs."""
    layout = RectangularLayout(3, 5)
    stops = drawn(layout, 2 + seed % 5, seed)
    before = pairs_along(stops, 0.2, seed) if seed % 2 else ()
    turn_m, u_turn_m = [(1.0, 2.0), (0.5, 0.0), (0.0, 4.0), (2.0, 1.0)][seed % 4]
    problem = ConstrainedProblem(layout, stops, before, turn_m, u_turn_m)
    plan = solve(problem, seed=seed)
    best = min(in_block_cost_m(problem, order) for order in orders(problem))
    assert plan.cost_m == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_turns_on_walkways_are_planned_as_by_trying_all_orders(seed: int) -> None:
    """Up to four crossings of a grid: the best of all orders, each relaxed point by point."""
    layout = grid(4, 3)
    stops = drawn(layout, 2 + seed % 3, seed)
    problem = ConstrainedProblem(layout, stops, (), 1.5, [0.5, 5.0][seed % 2])
    plan = solve(problem, seed=seed)
    best = min(walk_cost_m(problem, order) for order in orders(problem))
    assert plan.cost_m == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("layout", [FLOOR, replace(FLOOR, blocks=3), replace(FLOOR, one_way=True)])
def test_without_rules_the_exact_walk_is_met(layout: RectangularLayout) -> None:
    """Turns so cheap that they only break ties: as long as the exact walk, and no shorter."""
    stops = drawn(layout, 20, 3)
    freely = solve_freely(Problem(layout, stops))
    for turn_m in (0.0, 1e-9):
        plan = solve(ConstrainedProblem(layout, stops, (), turn_m))
        assert plan.cost_m == pytest.approx(freely.cost_m, abs=1e-6)
        assert plan.status == "optimal"
        assert plan.bound_m == freely.cost_m


def test_a_straight_walk_has_one_u_turn() -> None:
    """Along one aisle and back: two ways of 5.5 m, and one turn round at the last stop."""
    layout = RectangularLayout(1, 6)
    plan = solve(ConstrainedProblem(layout, (2, 4), (), 1.0, 3.0))
    assert (plan.walked_m, plan.turns, plan.u_turns) == (11.0, 0, 1)
    assert plan.cost_m == 14.0
    assert plan.bound_m == 11.0
    assert plan.gap == pytest.approx(3.0 / 14.0)


def test_dear_u_turns_are_walked_around() -> None:
    """Two stops in the middle of two aisles: in and out if cheap, around through both if dear."""
    layout = RectangularLayout(2, 9)
    stops = (layout.location(0, 0, 3), layout.location(1, 0, 3))
    cheap = solve(ConstrainedProblem(layout, stops, (), 0.0, 0.1))
    dear = solve(ConstrainedProblem(layout, stops, (), 0.0, 100.0))
    assert cheap.u_turns == 2
    assert dear.u_turns == 0
    assert dear.walked_m > cheap.walked_m


def test_heavy_goods_come_first() -> None:
    """Three classes: the order never goes up in class, and pairs say no more than that."""
    stops = drawn(FLOOR, 12, 5)
    weight_class = {stop: n % 3 for n, stop in enumerate(stops)}
    plan = solve(ConstrainedProblem(FLOOR, stops, heavy_first(weight_class), 0.5, 1.0))
    classes = [weight_class[stop] for stop in plan.order]
    assert classes == sorted(classes, reverse=True)
    assert plan.gap is not None
    assert plan.gap > 0.0


def test_an_order_is_mended_by_waiting() -> None:
    """A stop that comes too early waits until those before it are done."""
    assert permitted([1, 2, 3, 4], [(4, 1), (1, 3)]) == [2, 4, 1, 3]


def test_same_seed_same_walk() -> None:
    """Twice the same problem: the same order, walk and cost."""
    stops = drawn(FLOOR, 18, 7)
    problem = ConstrainedProblem(FLOOR, stops, pairs_along(stops, 0.05, 7), 1.0, 2.0)
    one, other = (solve(problem, rounds=20, seed=3) for _ in range(2))
    assert replace(one, time_s=0.0) == replace(other, time_s=0.0)


def test_compiled_and_interpreted_search_agree() -> None:
    """The same order and the same cost to the last bit, without the compiler in a fresh Python."""
    code = (
        "from optimize.routing.constrained.problem import ConstrainedProblem\n"
        "from optimize.routing.constrained.solve import solve\n"
        "from sim.warehouse.layout import RectangularLayout\n"
        "floor = RectangularLayout(3, 5)\n"
        "problem = ConstrainedProblem(floor, (1, 8, 13, 19, 22, 27), ((8, 1),), 1.0, 2.0)\n"
        "plan = solve(problem, rounds=5)\n"
        "print(plan.order, plan.cost_m.hex())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in ("0", "1")
    ]
    assert said[0] == said[1]


def test_no_stops_no_walk() -> None:
    """An empty list is done without leaving the depot."""
    plan = solve(ConstrainedProblem(FLOOR, (), (), 1.0))
    assert (plan.cost_m, plan.order, plan.status) == (0.0, (), "optimal")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ({"stops": (99,)}, "stop 99 is not a location; the floor has 0 to 47"),
        ({"before": ((1, 1),)}, "1 before 1 is no pair"),
        ({"before": ((1, 3),)}, "1 before 3 is no pair"),
        ({"before": ((1, 2), (2, 1))}, "1, 2 wait for each other in a circle; leave out one"),
        ({"turn_m": -1.0}, "turn_m is -1.0; a finite number of at least 0"),
        ({"u_turn_m": inf}, "u_turn_m is inf"),
        ({"turn_m": float("nan")}, "turn_m is nan"),
        (
            {"layout": FreeFormLayout(("a", "b", "c"), ((1, 1),) * 3, (0, 0)), "turn_m": 1.0},
            "no walkways, so nobody can say where one turns; give it walkways",
        ),
    ],
)
def test_what_cannot_be_planned_is_told_in_words(problem: dict[str, object], words: str) -> None:
    """Unknown stops, pairs that are none or a circle, prices that are none: where and what."""
    given: dict[str, object] = {"layout": FLOOR, "stops": (1, 2), **problem}
    with pytest.raises(ValueError, match=words):
        ConstrainedProblem(**given)  # type: ignore[arg-type]


def test_false_plans_do_not_pass_the_check() -> None:
    """A stop left out, a pair turned round, a walk untold, cut short or through shelves."""
    layout = RectangularLayout(2, 6)
    stops = (layout.location(0, 0, 4), layout.location(1, 0, 4))
    problem = ConstrainedProblem(layout, stops, ((stops[0], stops[1]),), 1.0, 2.0)
    plan = solve(problem)
    assert plan.walk is not None
    check(problem, plan.order, plan.walk, plan.cost_m)
    straight = (plan.walk[0], *plan.walk[-2:])
    for order, walk, claimed_m, words in (
        (stops[:1], plan.walk, plan.cost_m, "not one of the stops"),
        (stops[::-1], plan.walk, plan.cost_m, "visited after stop"),
        (stops, None, plan.cost_m, "the walk is not told"),
        (stops, plan.walk[1:], plan.cost_m, "begin and end at the depot"),
        (stops, straight, plan.cost_m, "no walkway leads|does not pass"),
        (stops, (plan.walk[0], *plan.walk[::-1]), plan.cost_m, "in its turn"),
        (stops, plan.walk, plan.cost_m - 1.0, "its walk costs"),
        (stops, plan.walk, float("nan"), "its walk costs"),
    ):
        with pytest.raises(CheckError, match=words):
            check(problem, order, walk, claimed_m)
