"""A day of pick lists: what each would cost by every rule, today's against the planned way."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from optimize.routing.problem import Problem
from optimize.routing.solve import Method, Result, solve
from sim.policies.routing import fitting_rules, resolve_routing
from sim.warehouse.layout import Layout

TOLERANCE_M = 1e-6


@dataclass(frozen=True)
class PlannedList:
    """One list of the day.

    Parameters
    ----------
    tour
        Its number.
    stops
        Locations as they were picked.
    today_m, planned_m
        Metres by today's rule and as planned.
    order
        Planned visiting order.
    by_rule_m
        Metres by each built-in rule that fits the floor.
    """

    tour: int
    stops: tuple[int, ...]
    today_m: float
    planned_m: float
    order: tuple[int, ...]
    by_rule_m: dict[str, float]


@dataclass(frozen=True)
class DayPlan:
    """All lists of a day."""

    lists: tuple[PlannedList, ...]
    method: str

    @property
    def today_m(self) -> float:
        """Metres of the day by today's rule."""
        return math.fsum(one.today_m for one in self.lists)

    @property
    def planned_m(self) -> float:
        """Metres of the day as planned."""
        return math.fsum(one.planned_m for one in self.lists)

    def rule_m(self, rule: str) -> float:
        """Metres of the day by a built-in rule."""
        return math.fsum(one.by_rule_m[rule] for one in self.lists)

    @property
    def beaten_by(self) -> list[tuple[int, str]]:
        """Lists on which a built-in rule is shorter than the plan: none, if the plan is exact."""
        return [
            (one.tour, rule)
            for one in self.lists
            for rule, length_m in one.by_rule_m.items()
            if length_m < one.planned_m - TOLERANCE_M
        ]


def plan_day(
    layout: Layout,
    lists: Sequence[tuple[int, tuple[int, ...]]],
    today: str,
    *,
    method: Method = "auto",
    seed: int = 0,
) -> DayPlan:
    """Plan every list of a day.

    Parameters
    ----------
    layout
        The floor.
    lists
        (tour, stops).
    today
        Name of today's routing rule.
    method, seed
        As for :func:`optimize.routing.solve.solve`.
    """
    rule = resolve_routing(today, layout)
    built_in = fitting_rules(layout)
    planned: list[PlannedList] = []
    used = ""
    for tour, stops in lists:
        found: Result = solve(Problem(layout, stops), method=method, seed=seed)
        used = found.method
        planned.append(
            PlannedList(
                tour,
                stops,
                rule.length_m(stops),
                found.cost_m,
                found.order,
                {name: each.length_m(stops) for name, each in built_in.items()},
            )
        )
    return DayPlan(tuple(planned), used)


@dataclass(frozen=True)
class SolverRace:
    """OR-Tools on the same lists as the exact method.

    Parameters
    ----------
    lists
        Lists compared.
    optimal
        Lists on which OR-Tools is as short.
    mean_gap, max_gap
        Excess over the exact length, shares.
    exact_s, ortools_s
        CPU seconds of all lists.
    """

    lists: int
    optimal: int
    mean_gap: float
    max_gap: float
    exact_s: float
    ortools_s: float


def race(layout: Layout, lists: Sequence[tuple[int, tuple[int, ...]]], seed: int = 0) -> SolverRace:
    """Solve lists both ways and compare length and time; at least one list."""
    gaps: list[float] = []
    spent = {"exact": 0.0, "ortools": 0.0}
    for _, stops in lists:
        lengths = {}
        for method in ("exact", "ortools"):
            began = time.process_time()
            found = solve(Problem(layout, stops), method=method, seed=seed)
            spent[method] += time.process_time() - began
            lengths[method] = found.cost_m
        gaps.append(lengths["ortools"] / lengths["exact"] - 1.0)
    optimal = sum(gap <= TOLERANCE_M for gap in gaps)
    return SolverRace(
        len(gaps), optimal, math.fsum(gaps) / len(gaps), max(gaps), spent["exact"], spent["ortools"]
    )
