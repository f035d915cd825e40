from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

import optimize.routing.ortools_route as ortools_module
import optimize.routing.policy as policy_module
from optimize.routing.check import CheckError, check, priced_m
from optimize.routing.policy import ExactRouting, OrToolsRouting
from optimize.routing.problem import Problem
from optimize.routing.solve import Method, Result, solve
from optimize.solver import SolverError
from sim.policies.routing import NearestRouting
from sim.warehouse.layout import FreeFormLayout, RectangularLayout

FLOOR = RectangularLayout(10, 45)
CORNERS = FreeFormLayout(
    ("a", "b", "c", "d"), ((0.0, 5.0), (9.0, 5.0), (9.0, 0.0), (4.0, 0.0)), (0.0, 0.0)
)


def pick_list(picks: int, seed: int) -> tuple[int, ...]:
    """Return a random pick list on the floor of ten aisles."""
    stops: list[int] = np.random.default_rng(seed).integers(0, FLOOR.locations, picks).tolist()
    return tuple(stops)


def test_the_exact_plan_is_proved() -> None:
    """With aisles the plan is optimal: bound equal to cost, gap 0."""
    plan = solve(Problem(FLOOR, pick_list(30, 1)))
    assert (plan.method, plan.status, plan.gap) == ("exact", "optimal", 0.0)
    assert plan.bound_m == plan.cost_m


def test_the_solver_never_claims_a_proof() -> None:
    """OR-Tools' plan is feasible, without a bound, and no shorter than the exact one."""
    problem = Problem(FLOOR, pick_list(12, 2))
    plan = solve(problem, method="ortools", seed=7)
    assert (plan.method, plan.status, plan.bound_m, plan.gap) == ("ortools", "feasible", None, None)
    assert plan.seed == 7
    assert plan.cost_m >= solve(problem).cost_m - 1e-9


def test_without_aisles_the_solver_plans() -> None:
    """Four corners of a rectangle are walked around: 9 m and 5 m, twice."""
    plan = solve(Problem(CORNERS, (2, 0, 1, 3, 2)))
    assert plan.method == "ortools"
    assert plan.cost_m == 28.0
    assert plan.order in ((3, 2, 1, 0), (0, 1, 2, 3))


def test_walkways_that_form_aisles_give_the_exact_length() -> None:
    """The left shelves of a block, written as points and walkways: OR-Tools meets the optimum."""
    block = RectangularLayout(4, 6)
    corners = [(5.0 * aisle, y) for aisle in range(4) for y in (0.0, block.aisle_length_m)]
    shelves = [(5.0 * aisle, block.offset_m[n]) for aisle in range(4) for n in range(6)]
    paths = [(-1, 0)]
    for aisle in range(4):
        front, back, shelf = 2 * aisle, 2 * aisle + 1, 8 + 6 * aisle
        paths += pairwise([front, *range(shelf, shelf + 6), back])
        if aisle:
            paths += [(front - 2, front), (back - 2, back)]
    names = tuple(str(n) for n in range(len(corners) + len(shelves)))
    floor = FreeFormLayout(names, (*corners, *shelves), (0.0, 0.0), tuple(paths))
    rng = np.random.default_rng(8)
    for _ in range(5):
        shelf = rng.choice(24, 7, replace=False).tolist()
        plan = solve(Problem(floor, tuple(8 + n for n in shelf)))
        exact = solve(Problem(block, tuple(block.location(n // 6, 0, n % 6) for n in shelf)))
        assert plan.cost_m == pytest.approx(exact.cost_m, abs=1e-9)


def test_the_solver_walks_one_way_aisles() -> None:
    """On 20 lists of six picks OR-Tools is as short as the exact way, never shorter."""
    floor = RectangularLayout(6, 8, one_way=True)
    rng = np.random.default_rng(5)
    for _ in range(20):
        problem = Problem(floor, tuple(rng.choice(floor.locations, 6, replace=False).tolist()))
        exact = solve(problem)
        assert (exact.method, exact.status) == ("exact", "optimal")
        plan = solve(problem, method="ortools")
        assert plan.cost_m == pytest.approx(exact.cost_m, abs=1e-9)


@pytest.mark.parametrize(
    "floor", [RectangularLayout(4, 10, blocks=5), RectangularLayout(4, 10, blocks=5, one_way=True)]
)
def test_floors_without_an_exact_way_are_left_to_the_solver(floor: RectangularLayout) -> None:
    """Left to choose, the planner takes OR-Tools; asked for the exact way, it says why not."""
    problem = Problem(floor, (3, 20, 50))
    assert solve(problem).method == "ortools"
    with pytest.raises(ValueError, match=r"no exact method for .*; use ortools"):
        solve(problem, method="exact")


@pytest.mark.parametrize("method", ["auto", "exact", "ortools"])
@pytest.mark.parametrize("stops", [(), (17,), (17, 17), (17, 62)])
def test_short_lists(method: Method, stops: tuple[int, ...]) -> None:
    """No stop, one stop, the same stop twice and the two sides of one place."""
    plan = solve(Problem(FLOOR, stops), method=method)
    assert plan.order in (tuple(dict.fromkeys(stops)), tuple(dict.fromkeys(stops[::-1])))
    assert plan.cost_m == (2 * 18.5 if stops else 0.0)


def test_same_seed_same_route() -> None:
    """Five runs of the same problem give the same order."""
    problem = Problem(FLOOR, pick_list(25, 3))
    orders = [solve(problem, method="ortools", seed=11).order for _ in range(5)]
    assert orders == [orders[0]] * 5


def test_the_solver_is_never_worse_than_nearest() -> None:
    """With a single solution allowed, the rule's tour is kept where it is shorter."""
    for seed in range(10):
        problem = Problem(FLOOR, pick_list(20, 100 + seed))
        plan = solve(problem, method="ortools", solution_limit=1)
        assert plan.cost_m <= NearestRouting(FLOOR).length_m(problem.stops) + 1e-9


def test_methods_that_do_not_fit_are_refused() -> None:
    """The exact method needs aisles; other names are unknown."""
    with pytest.raises(ValueError, match="needs a floor with aisles"):
        solve(Problem(CORNERS, (0, 1)), method="exact")
    with pytest.raises(ValueError, match="known are auto, exact, ortools"):
        solve(Problem(FLOOR, (0, 1)), method="magic")  # type: ignore[arg-type]


@pytest.mark.parametrize("stop", [-1, FLOOR.locations])
def test_stops_that_do_not_exist_are_refused(stop: int) -> None:
    """Neither the depot nor a location behind the last one is a stop."""
    with pytest.raises(ValueError, match=f"stop {stop} is not a location"):
        Problem(FLOOR, (0, stop))


def test_a_stop_that_cannot_be_reached_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An infinite way never reaches the solver."""
    monkeypatch.setattr(
        ortools_module, "distance_matrix_m", lambda *_: [[0.0, float("inf")], [1.0, 0.0]]
    )
    with pytest.raises(SolverError, match="cannot be reached"):
        solve(Problem(CORNERS, (0,)))


# --- the independent check ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ((0, 1), r"leaves out \[2\]"),
        ((0, 1, 2, 3), r"adds \[3\]"),
        ((0, 1, 2, 1), r"repeats \[1\]"),
        ((0, 1, 1), r"leaves out \[2\].*repeats \[1\]"),
    ],
)
def test_an_order_that_is_not_the_list_is_refused(order: Sequence[int], words: str) -> None:
    """Left out, added or repeated: the message says which."""
    with pytest.raises(CheckError, match=words):
        priced_m(Problem(CORNERS, (0, 1, 2)), order)


@pytest.mark.parametrize("claimed_m", [27.9, 28.1, 28.000002, float("nan"), float("inf")])
def test_a_false_claim_is_refused(claimed_m: float) -> None:
    """Too short, too long, or no number at all."""
    with pytest.raises(CheckError, match=r"walking it takes 28\.0 m"):
        check(Problem(CORNERS, (0, 1, 2, 3)), (0, 1, 2, 3), claimed_m)


def test_a_true_claim_passes() -> None:
    """Rounding in the last digits is no lie."""
    check(Problem(CORNERS, (0, 1, 2, 3)), (0, 1, 2, 3), 28.0000001)


# --- as rules of the simulator --------------------------------------------------------------------


def test_the_exact_rule_walks_its_length() -> None:
    """Length, order and drawn walk belong together."""
    policy = ExactRouting(FLOOR)
    stops = pick_list(15, 5)
    plan = solve(Problem(FLOOR, stops))
    assert policy.length_m(stops) == plan.cost_m
    assert policy.visit_order(stops) == list(plan.order)
    walk = policy.walk_xy_m(stops)
    assert walk[0] == walk[-1] == (0.0, 0.0)


def test_the_solver_is_asked_once_for_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Length, order, a shuffled list and repeats share one answer; old answers are dropped."""
    asked: list[tuple[int, ...]] = []

    def counted(problem: Problem, *, method: Method) -> Result:
        asked.append(problem.stops)
        return solve(problem, method=method)

    monkeypatch.setattr(policy_module, "solve", counted)
    monkeypatch.setattr(policy_module, "MAX_REMEMBERED_ROUTES", 2)
    policy = OrToolsRouting(CORNERS)
    assert policy.length_m([0, 2]) == policy.length_m([2, 0, 2]) == 28.0
    assert sorted(policy.visit_order([0, 2])) == [0, 2]
    assert len(asked) == 1
    policy.length_m([1])
    policy.length_m([3])
    policy.length_m([1])
    assert len(asked) == 3
    policy.length_m([0, 2])
    assert len(asked) == 4
