"""The wave with the most units for each aisle: annealing, then integer programmes."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from optimize.waves.arrays import Arrays, arrays_of
from optimize.waves.bound import aisles_bound
from optimize.waves.check import check
from optimize.waves.problem import Problem

ITERATIONS = 40_000
PROOF_LINES = 1_500
"""Most order lines of a problem whose optimum is to be proved."""
RELAXED_LINES = 8_000
"""Most order lines of a problem that the linear relaxation bounds."""
SEARCH_SHARE = 0.8
"""Of a time limit, the part of the search."""


@dataclass(frozen=True)
class Result:
    """A wave that an independent check has priced again.

    Attributes
    ----------
    ratio
        Units for each aisle.
    orders, aisles
        Numbers of those in the wave, ascending.
    bound
        No wave has more units for each aisle.
    gap
        (bound - ratio) / bound.
    status
        "optimal" if the bound is met, else "feasible".
    seed
        Seed of the search.
    time_s
        Seconds it took.
    """

    ratio: float
    orders: tuple[int, ...]
    aisles: tuple[int, ...]
    bound: float
    gap: float
    status: str
    seed: int
    time_s: float


def solve(
    problem: Problem, *, seed: int = 0, iterations: int | None = None, limit_s: float | None = None
) -> Result:
    """Return the best wave found.

    Sets of aisles are annealed; each of the best ones gets its best orders by an integer programme.
    On small problems the programme chooses aisles as well and mostly proves the optimum.

    Parameters
    ----------
    problem
        Orders, aisles and bounds.
    seed
        Seed of the search: the same seed gives the same wave, unless time is limited.
    iterations
        Steps of the search, at least 1; None: 40,000.
    limit_s
        Most seconds, more than 0; replaces ``iterations``, and the answer then depends on the
        machine. None: no limit.

    Raises
    ------
    ValueError
        If no wave was found, because the bounds or the stock allow none.
    CheckError
        If the wave is not what it claims: an error of this module.
    """
    began = time.perf_counter()
    if limit_s is not None and not limit_s > 0:
        raise ValueError(f"limit_s is {limit_s}; a time limit must be more than 0 seconds")
    if iterations is not None and iterations < 1:
        raise ValueError(f"iterations is {iterations}; the search takes at least 1 step")
    until = None if limit_s is None else began + limit_s
    arrays = arrays_of(problem)
    bound, fewest = aisles_bound(arrays, problem.lower, problem.upper)
    if bound == 0:
        raise ValueError(_none(problem, arrays))
    from optimize.waves.improve import improved, proved
    from optimize.waves.relaxation import relaxed_bound
    from optimize.waves.search import Search

    search = Search(arrays, problem.lower, problem.upper, seed)
    small = len(arrays.orders.column) <= PROOF_LINES
    share = SEARCH_SHARE / 4 if small else SEARCH_SHARE
    search.run(iterations or ITERATIONS, None if limit_s is None else began + share * limit_s)
    wave = improved(search, until)
    if wave is None:
        raise ValueError(_none(problem, arrays))
    if wave.ratio < bound and len(arrays.orders.column) <= RELAXED_LINES:
        left_s = None if until is None else until - time.perf_counter()
        bound = min(bound, relaxed_bound(arrays, problem.lower, problem.upper, fewest, left_s))
    if small and wave.ratio < bound:
        wave, bound = proved(arrays, wave, bound, problem.lower, problem.upper, until)
    orders = tuple(sorted(arrays.numbers[list(wave.orders)].tolist()))
    bound = max(bound, wave.ratio)
    result = Result(
        wave.ratio, orders, tuple(sorted(wave.aisles)), bound, 1 - wave.ratio / bound,
        "optimal" if wave.ratio == bound else "feasible", seed, time.perf_counter() - began,
    )  # fmt: skip
    check(problem, result.orders, result.aisles, result.ratio, result.bound)
    return result


def _none(problem: Problem, arrays: Arrays) -> str:
    wanted = np.bincount(arrays.orders.column, arrays.orders.units, arrays.items)
    return (
        f"no wave of {problem.lower} to {problem.upper} units was found: {len(arrays.numbers)} of "
        f"{len(problem.orders)} orders can be served at all, with {int(wanted.sum())} units; lower "
        "the lower bound, or add orders or stock"
    )
