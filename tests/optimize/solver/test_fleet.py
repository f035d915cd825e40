from __future__ import annotations

import os
import signal
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import optimize.solver.fleet as door
from optimize.solver import SolverError
from optimize.solver.fleet import FleetRoutes, checked_routes, solve_fleet
from optimize.solver.fleet_input import Fleet, Load, Vehicle, checked_fleet

TRIANGLE = ((0, 3, 4), (3, 0, 5), (4, 5, 0))
ONE = Fleet(TRIANGLE, (Vehicle(),))
TIMED = replace(ONE, time_s=TRIANGLE, service_s=(0, 10, 10), windows_s=((0, 0), (0, 99), (0, 99)))


def random_fleet(nodes: int, vehicles: int, seed: int) -> Fleet:
    """Return nodes at random distances, each a load of one."""
    matrix: np.ndarray = np.random.default_rng(seed).integers(1, 1001, (nodes, nodes))
    np.fill_diagonal(matrix, 0)
    carts = (Vehicle(limits=(nodes // vehicles + 1,)),) * vehicles
    return Fleet(matrix.tolist(), carts, (Load("orders", (0, *[1] * (nodes - 1))),))


def test_times_are_as_early_as_can_be() -> None:
    """3 s to node 1, 10 s there, 5 s to node 2, wait until 30: home at 44."""
    fleet = replace(TIMED, windows_s=((0, 0), (0, 9), (30, 99)))
    assert solve_fleet(fleet) == FleetRoutes(((1, 2),), ((3, 30),), (44,), 12)


def test_an_order_may_force_the_longer_way() -> None:
    """Ways of a ring, walked against it because of one pair."""
    ring = [[(j - i) % 4 for j in range(4)] for i in range(4)]
    assert solve_fleet(Fleet(ring, (Vehicle(),))).nodes == ((1, 2, 3),)
    routes = solve_fleet(Fleet(ring, (Vehicle(),), before=((3, 1),)))
    assert routes.nodes[0].index(3) < routes.nodes[0].index(1)
    assert routes.cost == 8


def test_a_chain_of_pairs_comes_to_an_end() -> None:
    """Only one route is allowed: it is found, and the search for others ends."""
    fleet = replace(random_fleet(10, 1, 1), before=tuple(pairwise(range(1, 10))))
    assert solve_fleet(fleet, failure_limit=1000).nodes == (tuple(range(1, 10)),)


def test_pairs_ride_on_one_vehicle() -> None:
    """Two vehicles, two pairs: no pair is torn apart."""
    fleet = replace(random_fleet(9, 2, 2), before=((1, 2), (3, 4)))
    for route in (routes := solve_fleet(fleet)).nodes:
        assert (1 in route) == (2 in route)
        assert (3 in route) == (4 in route)
    assert checked_routes(checked_fleet(fleet), routes.nodes) == routes


def test_ends_may_differ_and_nobody_needs_to_go() -> None:
    """From node 0 to node 2 past node 1; without visits everyone stays and costs nothing."""
    assert solve_fleet(Fleet(TRIANGLE, (Vehicle(0, 2),))).cost == 8
    assert solve_fleet(Fleet(((0, 1), (1, 0)), (Vehicle(0, 1),))) == FleetRoutes(((),), (), (), 0)


def test_known_routes_are_where_the_search_begins() -> None:
    """From routes that are known to hold; routes that do not hold are refused."""
    fleet = random_fleet(9, 2, 3)
    known = [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert solve_fleet(fleet, known=known).cost <= checked_routes(fleet, known).cost
    with pytest.raises(SolverError, match="vehicle 0 takes 8 of orders; it holds 5"):
        solve_fleet(fleet, known=[[1, 2, 3, 4, 5, 6, 7, 8], []])


def test_same_seed_same_routes() -> None:
    """Three runs of the same fleet give the same routes."""
    fleet = random_fleet(20, 3, 4)
    answers = [solve_fleet(fleet, seed=5, solution_limit=100) for _ in range(3)]
    assert answers == [answers[0]] * 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": ((0, 1.5), (1, 0))}, "a whole number"),
        ({"vehicles": ()}, "number of vehicles is 0"),
        ({"vehicles": (Vehicle(start=3),)}, "start of vehicle 0 is 3"),
        ({"vehicles": (Vehicle(opens_s=2, closes_s=1),)}, "closes_s of vehicle 0 is 1"),
        ({"vehicles": (Vehicle(limits=(1,)),)}, "vehicle 0 has 1 limits for 0 loads"),
        ({"loads": (Load("x", (0, 1, 1)),)}, "vehicle 0 has 0 limits for 1 loads"),
        ({"before": ((1, 1),)}, "node 1 before node 1 is no pair"),
        ({"before": ((0, 1),)}, "node 0 before node 1 is no pair"),
        ({"before": ((1, 2), (2, 1))}, "nodes 1, 2 wait for each other in a circle"),
        ({"makespan_cost": 1}, "need time_s"),
        ({"time_s": ((0, 1), (1, 0))}, "time_s is for 2 nodes, cost for 3"),
        ({"time_s": TRIANGLE, "service_s": (0,)}, "service_s has 1 entries for 3 nodes"),
        ({"time_s": TRIANGLE, "service_s": (0, -1, 0)}, "service_s of node 1 is -1"),
        ({"time_s": TRIANGLE, "windows_s": ((0, 0), (5, 4), (0, 9))}, "window of node 1 is 4"),
        ({"time_s": TRIANGLE, "windows_s": ((0, 0), (0, 2), (0, 9))}, "can serve node 1 between"),
    ],
)
def test_fleets_that_make_no_sense_are_refused(change: dict[str, Any], words: str) -> None:
    """Before the solver starts, with the node or the vehicle in the message."""
    with pytest.raises(SolverError, match=words):
        solve_fleet(replace(ONE, **change))


def test_loads_that_do_not_fit_are_refused() -> None:
    """A node too large, too much in sum, a load at the depot."""
    for loads, limit, words in (
        ((0, 3, 1), 2, "node 1 takes 3 of x; no vehicle holds more than 2; split"),
        ((0, 2, 1), 2, "all nodes take 3 of x; all vehicles together hold 2; give more"),
        ((1, 0, 0), 2, "node 0 is a start or end but takes 1 of x"),
        ((0, 1), 2, "x of 2 nodes; there are 3"),
    ):
        fleet = Fleet(TRIANGLE, (Vehicle(limits=(limit,)),), (Load("x", loads),))
        with pytest.raises(SolverError, match=words):
            solve_fleet(fleet)


def test_what_has_no_routes_is_told_in_words() -> None:
    """Each node alone could be served in time, both cannot."""
    fleet = replace(TIMED, windows_s=((0, 0), (0, 5), (0, 5)))
    with pytest.raises(SolverError, match=r"no route.* 2 nodes, 1 vehicles, .* wider windows"):
        solve_fleet(fleet)


@pytest.mark.parametrize(
    ("fleet", "nodes", "claimed", "words"),
    [
        (ONE, [[1]], 6, "do not visit every node exactly once"),
        (ONE, [[1, 2, 1]], 12, "do not visit every node exactly once"),
        (ONE, [[1, 2], []], 12, "2 routes for 1 vehicles"),
        (ONE, [[1, 2]], 11, "claims cost 11, its routes cost 12"),
        (replace(ONE, before=((2, 1),)), [[1, 2]], 12, "node 2 is not visited before node 1"),
        (replace(TIMED, windows_s=((0, 0), (0, 99), (0, 17))), [[1, 2]], 12, "at 18, after 17"),
        (replace(TIMED, vehicles=(Vehicle(closes_s=31),)), [[1, 2]], 12, "back at 32, after 31"),
        (replace(TIMED, makespan_cost=1), [[1, 2]], 43, "cost 44 with the makespan"),
    ],
)
def test_an_answer_that_does_not_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    fleet: Fleet,
    nodes: list[list[int]],
    claimed: int,
    words: str,
) -> None:
    """Routes are counted, priced and timed again; a false answer never leaves the door."""
    monkeypatch.setattr(door, "_search", lambda *_: (nodes, claimed))
    with pytest.raises(SolverError, match=words):
        solve_fleet(fleet)


@pytest.mark.skipif(os.name == "nt", reason="signals to oneself are for other systems")
def test_ctrl_c_still_works_after_a_search() -> None:
    """With times and a makespan the solver takes Ctrl-C for itself: afterwards it is ours again."""
    solve_fleet(replace(TIMED, makespan_cost=5, vehicles=(Vehicle(), Vehicle())))
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
