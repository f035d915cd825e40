"""Plan one round trip where goods lie in several places: by a flow model, or fast without proof."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from optimize.routing.exact import shortest_way
from optimize.routing.scattered.check import check
from optimize.routing.scattered.fallback import good_places
from optimize.routing.scattered.flow_model import MOST_VARIABLES, model_of, solve_model
from optimize.routing.scattered.problem import ScatteredProblem, Stock

Method = Literal["auto", "exact", "fallback"]


@dataclass(frozen=True)
class Result:
    """A planned round trip that was checked.

    Attributes
    ----------
    method
        What found it: "exact" or "fallback".
    status
        "optimal" where proved, else "feasible".
    cost_m
        Length in metres.
    bound_m
        No round trip is shorter than this; None where nothing is known.
    gap
        (cost - bound) / cost; None without a bound.
    seed
        Seed of the fallback.
    time_s
        Processor time it took, in seconds.
    picked
        Places and the units picked there.
    order
        Locations in visiting order.
    """

    method: Literal["exact", "fallback"]
    status: Literal["optimal", "feasible"]
    cost_m: float
    bound_m: float | None
    gap: float | None
    seed: int
    time_s: float
    picked: tuple[tuple[Stock, int], ...]
    order: tuple[int, ...]


def solve(
    problem: ScatteredProblem,
    *,
    method: Method = "auto",
    seed: int = 0,
    limit_s: float | None = None,
) -> Result:
    """Return a short round trip on which all that is wanted is picked.

    Parameters
    ----------
    problem
        Articles wanted and their places.
    method
        "exact": the flow model, to the proof; "fallback": fast, without a bound; "auto": the
        flow model unless it would have more than 200,000 variables.
    seed
        Seed of the fallback, which also gives the model a walk to beat.
    limit_s
        Seconds after which the model's search ends; None: when it has its proof.

    Raises
    ------
    ValueError
        If the method is unknown.
    CheckError
        If a plan does not do what it claims: a bug here, never of the input.
    """
    if method not in ("auto", "exact", "fallback"):
        raise ValueError(f"unknown method {method!r}; known are auto, exact, fallback")
    began_s = time.process_time()
    known = good_places(problem, seed)
    places: Iterable[Stock] = [one for found in known.of.values() for one in found]
    bound_m: float | None = None
    used: Literal["exact", "fallback"] = "fallback"
    is_optimal = False
    if method != "fallback":
        model = model_of(problem)
        size = len(model.arcs) + sum(map(len, model.picks))
        if method == "exact" or size <= MOST_VARIABLES:
            found = solve_model(problem, model, known.length_m, limit_s)
            used, bound_m, is_optimal = "exact", found.bound_m, found.is_optimal
            if found.picks is not None:
                places = [one for pick in found.picks for one in pick.passed]
    picked = _needed(problem, places)
    way = shortest_way(problem.layout, [one.location for one, _ in picked])
    check(problem, dict(picked), way.corners, way.length_m)
    if bound_m is not None:
        bound_m = way.length_m if is_optimal else min(bound_m, way.length_m)
    gap = None
    if bound_m is not None:
        gap = (way.length_m - bound_m) / way.length_m if way.length_m else 0.0
    return Result(
        used, "optimal" if is_optimal else "feasible", way.length_m, bound_m, gap, seed,
        time.process_time() - began_s, picked, tuple(way.order),
    )  # fmt: skip


def _needed(problem: ScatteredProblem, places: Iterable[Stock]) -> tuple[tuple[Stock, int], ...]:
    """Return the units picked at the places passed: of each article as many as are wanted."""
    missing = dict(problem.wanted)
    picked: list[tuple[Stock, int]] = []
    for place in places:
        taken = min(place.units, missing[place.article])
        if taken:
            missing[place.article] -= taken
            picked.append((place, taken))
    return tuple(picked)
