from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.routing.check import CheckError
from optimize.routing.exact import shortest_length_m
from optimize.routing.fleet.check import check, timetable
from optimize.routing.fleet.problem import FleetProblem, Picker, Visit
from optimize.routing.fleet.solve import solve
from optimize.solver import SolverError
from sim.warehouse.layout import FreeFormLayout, RectangularLayout

FLOOR = RectangularLayout(5, 8, depot_aisle=2.0)
OPEN = FreeFormLayout(
    tuple("abcdefghij"), tuple((float(n * 7 % 10), float(n * 3 % 8)) for n in range(10)), (0.0, 9.0)
)


def visits(count: int, seed: int) -> tuple[Visit, ...]:
    """Return visits of one order at random places of the floor with aisles."""
    stops = np.random.default_rng(seed).integers(0, FLOOR.locations, count).tolist()
    return tuple(Visit(stop, orders=1) for stop in stops)


def least_cost_m(problem: FleetProblem) -> float:
    """Return the least cost of all ways to share the visits out and to order them."""
    best = inf
    for order in permutations(range(len(problem.visits))):
        for cuts in product(range(len(order) + 1), repeat=len(problem.pickers) - 1):
            ends = [0, *cuts, len(order)]
            if ends != sorted(ends):
                continue
            trips = [order[a:b] for a, b in pairwise(ends)]
            try:
                best = min(best, timetable(problem, trips).cost_m)
            except CheckError:
                continue
    return best


@pytest.mark.parametrize("seed", range(6))
def test_small_fleets_are_planned_as_by_trying_everything(seed: int) -> None:
    """Five visits, two pickers, carts, begins, a pair, another end, makespan: the best of all."""
    rng = np.random.default_rng(seed)
    drawn = visits(5, seed)
    timed = tuple(
        replace(visit, service_s=float(rng.integers(0, 9)), earliest_s=float(rng.integers(0, 20)))
        for visit in drawn
    )
    problem = FleetProblem(
        FLOOR,
        timed if seed % 2 else drawn,
        (Picker(orders=3), Picker(orders=4, end=7 if seed > 3 else -1)),
        speed_m_s=1.3,
        before=((0, 1),) if seed % 3 == 0 else (),
        makespan_m_per_s=float(seed % 2),
    )
    assert solve(problem, seed=seed).cost_m == pytest.approx(least_cost_m(problem), abs=1e-6)


def test_one_picker_walks_the_exact_way() -> None:
    """One cart for all: as short as the exact round trip."""
    problem = FleetProblem(FLOOR, visits(20, 1), (Picker(),))
    stops = [visit.stop for visit in problem.visits]
    assert solve(problem).cost_m == pytest.approx(shortest_length_m(FLOOR, stops), abs=1e-9)


def test_a_dear_makespan_shares_the_work() -> None:
    """If only metres count one picker does all; if seconds are dear both go."""
    problem = FleetProblem(FLOOR, visits(10, 2), (Picker(), Picker()))
    cheap, dear = solve(problem), solve(replace(problem, makespan_m_per_s=20.0))
    assert sum(map(bool, cheap.trips)) == 1
    assert sum(map(bool, dear.trips)) == 2
    assert dear.makespan_s < cheap.makespan_s


def test_a_second_trip_is_a_picker_with_later_times() -> None:
    """A cart for two orders, two trips one after the other: four orders are picked."""
    first, second = Picker(orders=2, closes_s=100.0), Picker(orders=2, opens_s=100.0)
    plan = solve(FleetProblem(FLOOR, visits(4, 3), (first, second)))
    assert plan.ends_s[0] <= 100.0 <= plan.begins_s[1][0]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_plan_passes_the_check(data: st.DataObject) -> None:
    """Random visits, carts and windows: the plan passes the check, or the refusal is in words."""
    count = data.draw(st.integers(0, 9))
    whole = st.integers(0, 5)
    drawn = []
    for _ in range(count):
        earliest_s = float(data.draw(st.integers(0, 60)))
        drawn.append(
            Visit(
                data.draw(st.integers(0, 9)), 1, data.draw(whole), data.draw(whole),
                data.draw(st.sampled_from([0.0, 2.5])), earliest_s,
                earliest_s + data.draw(st.sampled_from([10.0, 40.0, inf])),
            )
        )  # fmt: skip
    carts = st.builds(
        Picker, st.sampled_from([None, 4]), st.sampled_from([None, 12]),
        st.sampled_from([None, 15]), opens_s=st.sampled_from([0.0, 5.0]),
        end=st.sampled_from([-1, 3]),
    )  # fmt: skip
    problem = FleetProblem(
        OPEN, tuple(drawn), tuple(data.draw(st.lists(carts, min_size=1, max_size=3)))
    )
    try:
        plan = solve(problem, solution_limit=50)
    except SolverError as error:
        refusal = str(error)
    else:
        refusal = "no route"
        assert check(problem, plan.trips, plan.cost_m).begins_s == plan.begins_s
    assert any(words in refusal for words in ("hold", "serve", "no route"))


def test_same_seed_same_trips() -> None:
    """Twice the same problem: the same trips."""
    problem = FleetProblem(FLOOR, visits(18, 4), (Picker(orders=7),) * 3)
    one, other = (solve(problem, seed=9) for _ in range(2))
    assert replace(one, time_s=0.0) == replace(other, time_s=0.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pickers": (Picker(orders=1), Picker(orders=1))}, "all nodes take 3 of orders; all"),
        (
            {"visits": (Visit(1, weight_g=9),), "pickers": (Picker(weight_g=8),)},
            "node 0 takes 9 of weight_g; no vehicle holds more than 8; split the node",
        ),
        ({"visits": (Visit(70, latest_s=1.0),)}, "no vehicle can serve node 0 between 0 and 1000"),
        ({"pickers": (Picker(closes_s=2.0),)}, "and be at its end in time; widen"),
        ({"before": ((0, 1), (1, 0))}, "nodes 0, 1 wait for each other in a circle"),
        (
            {
                "visits": (Visit(0, orders=2),) * 3,
                "pickers": (Picker(orders=3),) * 2,
            },
            r"found no route, .* 3 nodes, 2 vehicles, .* give more vehicles",
        ),
    ],
)
def test_what_nobody_can_do_is_told_in_words(change: dict[str, object], words: str) -> None:
    """Carts too small, windows too early, a circle of pairs: which visit, and how to mend it."""
    given: dict[str, object] = {"visits": visits(3, 5), "pickers": (Picker(),), **change}
    with pytest.raises(SolverError, match=words):
        solve(FleetProblem(FLOOR, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pickers": ()}, "no pickers"),
        ({"speed_m_s": 0.0}, "speed_m_s is 0.0; a finite number above 0"),
        ({"makespan_m_per_s": -1.0}, "makespan_m_per_s is -1.0; 0 to 1000"),
        ({"visits": (Visit(80),)}, "visit 0 is at 80; the floor has locations 0 to 79"),
        ({"visits": (Visit(0, orders=-1),)}, "visit 0 has orders -1; a whole number"),
        ({"visits": (Visit(0, earliest_s=2.0, latest_s=1.0),)}, "visit 0 has a window from 2.0"),
        ({"visits": (Visit(0, service_s=inf),)}, "visit 0 has service_s inf"),
        ({"pickers": (Picker(volume_ml=1.5),)}, "picker 0 has volume_ml 1.5"),  # type: ignore[arg-type]
        ({"before": ((0, 0),)}, r"pair \(0, 0\) names no two different visits"),
    ],
)
def test_problems_that_are_none_are_refused(change: dict[str, object], words: str) -> None:
    """Numbers out of range: the message names the visit or the picker."""
    given: dict[str, object] = {"visits": visits(3, 5), "pickers": (Picker(),), **change}
    with pytest.raises(ValueError, match=words):
        FleetProblem(FLOOR, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trips", "claimed_m", "words"),
    [
        (((0, 1, 2),), 0.0, "1 trips for 2 pickers"),
        (((0, 1), ()), 0.0, "not each of 3 once"),
        (((0, 1, 2), ()), 0.0, "takes orders 3; the cart holds 2"),
        (((2, 1), (0,)), 0.0, "visit 0 is not made before visit 1"),
        (((0, 1), (2,)), 0.0, "claims 0.0 m"),
        (((0, 1), (2,)), float("nan"), "claims nan m"),
    ],
)
def test_false_plans_do_not_pass_the_check(
    trips: tuple[tuple[int, ...], ...], claimed_m: float, words: str
) -> None:
    """A visit left out, a cart too full, a pair turned round, a false claim."""
    problem = FleetProblem(FLOOR, visits(3, 5), (Picker(orders=2),) * 2, before=((0, 1),))
    with pytest.raises(CheckError, match=words):
        check(problem, trips, claimed_m)


def test_late_trips_do_not_pass_the_check() -> None:
    """Begun after the window, or back after the end."""
    stop = FLOOR.location(2, 0, 7)
    for visit, picker, words in (
        (Visit(stop, latest_s=1.0), Picker(), "visit 0 begins at 8.5 s, after 1.0 s"),
        (Visit(stop), Picker(closes_s=9.0), "picker 0 is back at 17.0 s, after 9.0 s"),
    ):
        with pytest.raises(CheckError, match=words):
            timetable(FleetProblem(FLOOR, (visit,), (picker,)), [(0,)])
