"""What it costs to go from stop to stop, for each direction in which one may arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from optimize.routing.constrained.problem import ConstrainedProblem
from optimize.routing.constrained.walkways import Point, Walkways, walkways_of
from optimize.solver import SolverError
from sim.policies.routing import distance_matrix_m
from sim.warehouse.layout import DEPOT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Legs:
    """Costs between the states of places; place 0 is the start, the last one the end.

    A state is a direction of arrival: a piece of walkway that leads to the place.

    Attributes
    ----------
    places
        The depot, the stops in ascending order, the depot.
    first
        Number of the first state of each place, and of all states.
    ways_m
        Cost from state to state in metres, turns included; inf where no way leads.
    """

    places: tuple[int, ...]
    first: npt.NDArray[np.int64]
    ways_m: npt.NDArray[np.float64]
    _arc_of: tuple[int, ...]
    _to_piece_m: npt.NDArray[np.float64]
    _came_from: npt.NDArray[np.int32]
    _walkways: Walkways | None

    def walk(self, order: Sequence[int]) -> tuple[Point, ...] | None:
        """Return the points of the cheapest walk in an order; None where turns cost nothing.

        Parameters
        ----------
        order
            Places as numbers in `places`, from 0 to the last one.
        """
        ways = self._walkways
        if ways is None:
            return None
        points = [ways.point_of[DEPOT]]
        for state, then in pairwise(self._states(order)):
            pieces: list[int] = []
            arc = self._arc_of[then] if then < len(self._arc_of) else self._last_arc(ways, state)
            while arc != self._arc_of[state]:
                pieces.append(arc)
                arc = int(self._came_from[state, arc])
            points += [ways.arcs[piece][1] for piece in reversed(pieces)]
        return tuple(ways.xy[point] for point in points)

    def _states(self, order: Sequence[int]) -> list[int]:
        """Return the state in which the cheapest walk arrives at each place."""
        cost_m = [0.0]
        choices: list[list[int]] = []
        for here, there in pairwise(order):
            from_states = range(self.first[here], self.first[here + 1])
            best = [
                min((cost_m[n] + float(self.ways_m[a, b]), n) for n, a in enumerate(from_states))
                for b in range(self.first[there], self.first[there + 1])
            ]
            cost_m = [cost for cost, _ in best]
            choices.append([choice for _, choice in best])
        chosen = [0]
        for choice in reversed(choices):
            chosen.append(choice[chosen[-1]])
        return [
            int(self.first[place]) + n for place, n in zip(order, reversed(chosen), strict=True)
        ]

    def _last_arc(self, ways: Walkways, state: int) -> int:
        """Return the piece by which the cheapest way from a state arrives at the depot."""
        home = _leading_to(ways, ways.point_of[DEPOT])
        return min(home, key=lambda arc: float(self._to_piece_m[state, arc]))


def legs_of(problem: ConstrainedProblem) -> Legs:
    """Return the costs of all legs of a problem.

    Raises
    ------
    SolverError
        If a stop cannot be reached, or the depot from it.
    """
    import numpy as np

    places = (DEPOT, *problem.distinct_stops, DEPOT)
    if problem.prices_turns:
        legs = _with_turns(problem, places)
    else:
        ways_m = np.array(distance_matrix_m(problem.layout, places), dtype=np.float64)
        first = np.arange(len(places) + 1, dtype=np.int64)
        nothing: npt.NDArray[np.int32] = np.zeros((0, 0), dtype=np.int32)
        legs = Legs(places, first, ways_m, (), ways_m, nothing, None)
    firsts = legs.first[:-1]
    out_m = np.minimum.reduceat(legs.ways_m[0], firsts)[1:]
    home_m = np.minimum.reduceat(legs.ways_m[:, -1], firsts)[:-1]
    for place, there_m, back_m in zip(places[1:], out_m, [*home_m[1:], 0.0], strict=True):
        if not np.isfinite(there_m + back_m):
            raise SolverError(f"stop {place} cannot be reached on foot, or left again")
    return legs


def _leading_to(ways: Walkways, point: int) -> list[int]:
    return [arc for arc, (_, end) in enumerate(ways.arcs) if end == point]


def _with_turns(problem: ConstrainedProblem, places: tuple[int, ...]) -> Legs:
    """Search from piece to piece of walkway: a turn is a step from one piece to the next."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    ways = walkways_of(problem.layout, places[1:-1])
    depot = len(ways.arcs)  # one more piece, that leads to nowhere but the depot
    leaving: list[list[int]] = [[] for _ in ways.xy]
    for arc, (start, _) in enumerate(ways.arcs):
        leaving[start].append(arc)
    price_m = (0.0, problem.turn_m, problem.u_turn_m)
    steps = [
        (arc, then, ways.length_m(then) + price_m[ways.turning(arc, then)])
        for arc, (_, end) in enumerate(ways.arcs)
        for then in leaving[end]
    ]
    steps += [(depot, arc, ways.length_m(arc)) for arc in leaving[ways.point_of[DEPOT]]]
    tails, heads, costs_m = (np.array(column) for column in zip(*steps, strict=True))
    graph = coo_array((costs_m, (tails, heads)), shape=(depot + 1, depot + 1)).tocsr()
    arrivals = [[depot], *(_leading_to(ways, ways.point_of[stop]) for stop in places[1:-1])]
    arc_of = [arc for of_place in arrivals for arc in of_place]
    all_m, came_from = dijkstra(graph, indices=arc_of, return_predecessors=True)
    home_m = all_m[:, _leading_to(ways, ways.point_of[DEPOT])].min(axis=1)
    ways_m = np.full((len(arc_of) + 1, len(arc_of) + 1), np.inf)
    ways_m[:-1, :-1] = all_m[:, arc_of]
    ways_m[:-1, -1] = home_m
    counts = [len(of_place) for of_place in arrivals]
    first = np.array([0, *np.cumsum(counts), len(arc_of) + 1], dtype=np.int64)
    return Legs(places, first, ways_m, tuple(arc_of), all_m, came_from, ways)
