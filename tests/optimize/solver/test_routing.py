from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from ortools.constraint_solver import pywrapcp

import optimize.solver.routing as door
from optimize.solver import SolverError
from optimize.solver.routing import Routes, solve_routes

TRIANGLE = [[0, 3, 4], [3, 0, 5], [4, 5, 0]]


def random_matrix(nodes: int, seed: int) -> list[list[int]]:
    """Return ways of 1 to 1,000 that differ by direction."""
    matrix: np.ndarray = np.random.default_rng(seed).integers(1, 1001, (nodes, nodes))
    np.fill_diagonal(matrix, 0)
    rows: list[list[int]] = matrix.tolist()
    return rows


def test_a_triangle_is_walked_around() -> None:
    """Three nodes have one round trip: 3 + 5 + 4."""
    routes = solve_routes(TRIANGLE)
    assert routes.cost == 12
    assert sorted(routes.nodes[0]) == [1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_small_matrices_are_solved_as_by_trying_all_orders(seed: int) -> None:
    """Six nodes, ways that differ by direction: the best of 120 orders."""
    matrix = random_matrix(6, seed)
    best = min(
        sum(matrix[i][j] for i, j in pairwise((2, *order, 2)))
        for order in permutations([0, 1, 3, 4, 5])
    )
    assert solve_routes(matrix, depot=2).cost == best


def test_one_node_and_equal_ways_come_to_an_end() -> None:
    """A lone depot, nodes at the same place and equal ways give answers, not endless searches."""
    assert solve_routes([[0]]) == Routes(((),), 0)
    assert solve_routes([[0] * 8 for _ in range(8)]).cost == 0
    assert solve_routes([[int(i != j) for j in range(8)] for i in range(8)]).cost == 8


def test_several_pickers_share_the_stops() -> None:
    """Two pickers visit every node once; who stays at the depot costs nothing."""
    routes = solve_routes(random_matrix(9, 1), vehicles=2)
    assert len(routes.nodes) == 2
    assert sorted(node for trip in routes.nodes for node in trip) == list(range(1, 9))


def test_same_seed_same_routes() -> None:
    """Five runs of the same matrix give the same routes."""
    matrix = random_matrix(20, 2)
    answers = [solve_routes(matrix, seed=5, solution_limit=100) for _ in range(5)]
    assert answers == [answers[0]] * 5


def test_numpy_integers_are_whole_numbers() -> None:
    """A matrix of NumPy integers is as good as a list."""
    assert solve_routes(np.array(TRIANGLE)).cost == 12  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        ([], "no nodes"),
        ([[0, 1], [1]], "row 1 of the cost matrix has 1 of 2 entries"),
        ([[0, 1.5], [1, 0]], r"from node 0 to node 1 is 1.5 \(float\); a whole number"),
        ([[0, 1.0], [1, 0]], r"is 1.0 \(float\); a whole number"),
        ([[0, float("nan")], [1, 0]], r"is nan \(float\)"),
        ([[0, float("inf")], [1, 0]], "no way leads from node 0 to node 1"),
        ([[0, None], [1, 0]], "NoneType"),
        ([[0, "7"], [1, 0]], r"is '7' \(str\)"),
        ([[0, True], [1, 0]], r"is True \(bool\)"),
        ([[0, -1], [1, 0]], "is -1, below 0"),
        ([[0, 1], [1, 2]], "from node 1 to itself costs 2"),
        ([[0, 2**62], [1, 0]], r"below 2\*\*53"),
        ([[0, 2**52], [2**52, 0]], r"below 2\*\*53"),
    ],
)
def test_matrices_that_would_make_the_solver_lie_are_refused(
    cost: Sequence[Sequence[int]], words: str
) -> None:
    """No nodes, holes, fractions, overflow, no way: refused in words before the solver starts."""
    with pytest.raises(SolverError, match=words):
        solve_routes(cost)


@pytest.mark.parametrize(
    "setting",
    [
        {"vehicles": 0},
        {"vehicles": 1.0},
        {"vehicles": True},
        {"depot": 3},
        {"depot": -1},
        {"solution_limit": 0},
        {"seed": -1},
        {"seed": 2**31},
    ],
)
def test_settings_that_would_crash_the_solver_are_refused(setting: dict[str, Any]) -> None:
    """No vehicle, a depot outside, an endless search: named in the message."""
    with pytest.raises(SolverError, match=f"{next(iter(setting))} is .* a whole number from"):
        solve_routes(TRIANGLE, **setting)


def test_too_many_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix that could not be searched in reasonable memory is not handed over."""
    monkeypatch.setattr(door, "MAX_NODES", 2)
    with pytest.raises(SolverError, match="3 nodes; at most 2"):
        solve_routes(TRIANGLE)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "was not started"),
        (3, "found no route"),
        (4, "in time"),
        (5, "model invalid"),
        (6, "there is no route"),
        (99, "unknown status 99"),
    ],
)
def test_no_value_is_read_without_a_solution(
    monkeypatch: pytest.MonkeyPatch, status: int, words: str
) -> None:
    """Whatever the solver returns beside such a status is garbage and is not looked at."""
    monkeypatch.setattr(pywrapcp.RoutingModel, "status", lambda _: status)
    monkeypatch.setattr(door, "trip", lambda *_: pytest.fail("a value was read"))
    with pytest.raises(SolverError, match=words):
        solve_routes(TRIANGLE)


@pytest.mark.parametrize(
    ("nodes", "claimed", "words"),
    [
        ([[1]], 6, "do not visit every node exactly once"),
        ([[1, 2, 1]], 12, "do not visit every node exactly once"),
        ([[1, 2, 0]], 12, "do not visit every node exactly once"),
        ([[1, 2]], 0, "claims cost 0, its trips cost 12"),
        ([[1, 2]], 2**63 - 1, "its trips cost 12"),
    ],
)
def test_an_answer_that_does_not_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch, nodes: list[list[int]], claimed: int, words: str
) -> None:
    """Trips are counted and priced again; a false answer never leaves the door."""
    monkeypatch.setattr(door, "_search", lambda *_: (nodes, claimed))
    with pytest.raises(SolverError, match=words):
        solve_routes(TRIANGLE)
