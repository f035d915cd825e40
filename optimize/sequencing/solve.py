"""Sequence batches: every list rule, then annealing from the best, then CP-SAT on few batches.

What is best at last is put on the clock, bounded from below and checked before it is returned.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from optimize.sequencing.bound import lower_bound
from optimize.sequencing.check import check
from optimize.sequencing.list_rules import RULES, listed
from optimize.sequencing.problem import Problem, Result, Sequences, timed
from optimize.solver.cp_sat import NoAnswerError
from optimize.solver.machines import Job, Machine, MachinePlan, Place, jobs_on_machines

if TYPE_CHECKING:
    from optimize.sequencing.local_search import Arrays, Price

DEFAULT_ITERATIONS = 1_000_000
DEFAULT_DETERMINISTIC_LIMIT_S = 2.0
MOST_BATCHES_FOR_CP_SAT = 12
STAGES = ((0.2, 3.0), (0.8, 0.3))
"""Share of the moves and first temperature: one look far around, then a thorough one."""
COOL = ((1.0, 0.03),)
"""The same for a search that should stay near the plan from which it begins."""


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    iterations: int = DEFAULT_ITERATIONS,
    deterministic_limit_s: float = DEFAULT_DETERMINISTIC_LIMIT_S,
    cp_sat_batches: int = MOST_BATCHES_FOR_CP_SAT,
    limit_s: float | None = None,
) -> Result:
    """Return the best plan found; checked by `optimize.sequencing.check`.

    Parameters
    ----------
    problem
        Batches and pickers.
    seed
        Seed of the searches, 0 to 2**31 - 1.
    iterations
        Moves of the annealing, at least 0; 0 leaves it at the list rules.
    deterministic_limit_s
        Work of CP-SAT, in its deterministic seconds; 0: without it.
    cp_sat_batches
        Up to so many batches CP-SAT is asked to improve the plan and to prove it, if there is no
        overtime. It has not been seen to improve what annealing finds; it proves the least number
        late of 12 batches, the least tardiness of about 8.
    limit_s
        Anneal again and again with further seeds until so many seconds have gone by on the clock;
        the result then depends on the machine.

    Raises
    ------
    ValueError
        If a setting cannot be used.
    SolverError
        If CP-SAT refuses the problem or its answer does not hold.
    CheckError
        If a plan does not do what it claims: a bug here, never of the input.
    """
    from optimize.sequencing.local_search import Arrays

    if iterations < 0 or not 0 <= seed < 2**31:
        raise ValueError(
            f"{iterations} iterations with seed {seed}; at least 0 and a seed from 0 to 2**31 - 1"
            " are needed"
        )
    for limit in (deterministic_limit_s, 0.0 if limit_s is None else limit_s):
        if not 0.0 <= limit < inf:
            raise ValueError(f"a limit of {limit!r} s; a finite number of at least 0 is needed")
    begun_s, ends_s = time.process_time(), time.monotonic() + (limit_s or 0.0)
    search = _Search(Arrays(problem))
    for name, rule in RULES.items():
        search.offer(name, listed(problem, rule(problem)))
    search.anneal(seed, iterations)
    while iterations and time.monotonic() < ends_s:
        seed_of_round = seed + 1000 + search.rounds
        search.anneal(seed_of_round, iterations)
    bound = lower_bound(problem, timed(problem, search.best), search.price.cost)
    if (
        search.price.cost > bound
        and search.price.overtime_s == 0
        and len(problem.batches) <= cp_sat_batches
        and deterministic_limit_s > 0.0
    ):
        bound = max(bound, _polished(problem, search, bound, seed, deterministic_limit_s))
        if search.method == "cp_sat":
            search.anneal(seed, iterations, COOL)
    cost = search.price.cost
    result = Result(
        sequences=search.best,
        stints=timed(problem, search.best),
        cost=cost,
        overtime_s=search.price.overtime_s,
        total_completion_s=search.price.total_completion_s,
        bound=bound,
        gap=(cost - bound) / max(1, abs(cost)),
        status="optimal" if cost == bound and search.price.overtime_s == 0 else "feasible",
        method=search.method,
        seed=seed,
        time_s=time.process_time() - begun_s,
    )
    check(problem, result)
    return result


class _Search:
    """The best plan so far, its price and what found it."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self.rounds = 0
        self.method = ""
        self.best: Sequences = ()
        self.price: Price

    def offer(self, method: str, sequences: Sequences) -> None:
        price = self._arrays.price(sequences)
        if not self.best or price < self.price:
            self.method, self.best, self.price = method, sequences, price

    def anneal(
        self, seed: int, iterations: int, stages: Sequence[tuple[float, float]] = STAGES
    ) -> None:
        for share, heat in stages:
            moves = round(share * iterations)
            found, price = self._arrays.improved(self.best, seed=seed, iterations=moves, heat=heat)
            # Who made the cost what it is keeps the credit when only the ends are earlier.
            cheaper = price[:2] < self.price[:2]
            self.offer("local_search" if cheaper else self.method, found)
        self.rounds += 1


def cp_sat_plan(
    problem: Problem, *, hint: Sequences | None, seed: int, deterministic_limit_s: float
) -> MachinePlan:
    """Return what CP-SAT makes of a problem in which overtime is not allowed.

    Raises
    ------
    SolverError
        See `optimize.solver.machines.jobs_on_machines`.
    """
    places = None
    if hint is not None:
        stints = sorted(timed(problem, hint))
        places = [Place(stint.picker, stint.start_s) for stint in stints]
    return jobs_on_machines(
        [
            Job(batch.release_s, batch.time_s, tuple((due.due_s, due.weight) for due in batch.dues))
            for batch in problem.batches
        ],
        [Machine(picker.from_s, picker.until_s) for picker in problem.pickers],
        problem.objective,
        deterministic_limit_s=deterministic_limit_s,
        hint=places,
        seed=seed,
    )


def _polished(problem: Problem, search: _Search, bound: int, seed: int, limit_s: float) -> int:
    """Let CP-SAT improve the plan; return the bound that it proves, or the given one."""
    try:
        plan = cp_sat_plan(problem, hint=search.best, seed=seed, deterministic_limit_s=limit_s)
    except NoAnswerError:  # not even the hint was looked at: what was there stays
        return bound
    rows: list[list[tuple[int, int]]] = [[] for _ in problem.pickers]
    for number, place in enumerate(plan.places):
        rows[place.machine].append((place.start, number))
    search.offer("cp_sat", tuple(tuple(number for _, number in sorted(row)) for row in rows))
    return plan.bound
