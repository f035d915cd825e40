"""The planner's routes as routing rules that the simulator can follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from optimize.routing.exact import not_exact, shortest_length_m, shortest_walk
from optimize.routing.problem import Problem
from optimize.routing.solve import Result, solve
from sim.policies.routing import AisleRouting, Corner
from sim.warehouse.layout import Layout

MAX_REMEMBERED_ROUTES = 10_000


class ExactRouting(AisleRouting):
    """The shortest round trip through aisles.

    Parameters
    ----------
    layout
        A rectangular floor of up to four blocks, or one with one-way aisles.

    Raises
    ------
    ValueError
        If the rule does not fit the floor.
    """

    name: ClassVar[str] = "exact"
    summary: ClassVar[str] = "Walk the shortest round trip there is (Ratliff & Rosenthal 1983)."
    turns_in_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        reason = not_exact(self.layout)
        if reason:
            raise ValueError(
                f"routing rule '{self.name}' cannot walk {reason}; use s_shape, nearest or ortools"
            )

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the shortest round trip in metres."""
        return shortest_length_m(self.layout, stops)

    def corners(self, stops: Sequence[int]) -> list[Corner]:
        """Return the corners of a shortest walk from the depot to the depot."""
        return shortest_walk(self.layout, stops)


class OrToolsRouting:
    """A short round trip on any floor, found by OR-Tools and remembered.

    Parameters
    ----------
    layout
        The floor.
    """

    name: ClassVar[str] = "ortools"
    summary: ClassVar[str] = (
        "Let OR-Tools search a short round trip; works on any floor, some milliseconds a list."
    )
    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._remembered: dict[tuple[int, ...], Result] = {}

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        return self._result(stops).cost_m

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        return list(self._result(stops).order)

    def _result(self, stops: Sequence[int]) -> Result:
        problem = Problem(self.layout, tuple(stops))
        key = problem.distinct_stops
        result = self._remembered.get(key)
        if result is None:
            if len(self._remembered) >= MAX_REMEMBERED_ROUTES:
                del self._remembered[next(iter(self._remembered))]
            result = solve(problem, method="ortools")
            self._remembered[key] = result
        return result
