"""Whole-number programs for CP-SAT: declared as integers, answered with integers that were checked.

The solver is never asked for a value before its status is known, its objective is added up again
here in plain Python, and every row is checked against the values. The search ends after a
deterministic amount of work, never by the clock, so the same program gives the same answer on a
busy machine as on an idle one.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from optimize.solver import SolverError

SUM_LIMIT = 2**53
"""Sums at or above this could not be told apart by the solver's double-precision bounds."""

DEFAULT_DETERMINISTIC_LIMIT_S = 20.0
INTERLEAVE_BATCH_SIZE = 8
POLL_S = 0.1

Terms = tuple[tuple[int, int], ...]


class InvalidModelError(SolverError):
    """A program that must not be solved: not whole, not finite, too big, or refused by CP-SAT."""


class InfeasibleError(SolverError):
    """A program whose rows contradict each other: proved, no answer exists."""


class NoAnswerError(SolverError):
    """The search ended at its limit with neither an answer nor a proof that there is none."""


@dataclass(frozen=True)
class Row:
    """One linear rule: ``low <= sum(coefficient * variable) <= high``.

    Parameters
    ----------
    name
        What the rule says, for messages.
    terms
        Pairs (number of the variable, coefficient).
    low, high
        Bounds, at least one of them given.
    """

    name: str
    terms: Terms
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class IntegerProgram:
    """Find the cheapest whole numbers within bounds that keep every row.

    Parameters
    ----------
    bounds
        For each variable the smallest and the largest value.
    rows
        Rules between the variables.
    cost
        Pairs (number of the variable, cost of one); what is not named costs nothing.
    """

    bounds: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    cost: Terms


@dataclass(frozen=True)
class CpResult:
    """An answer whose rows and cost were checked.

    Attributes
    ----------
    status
        "optimal" where proved, else "feasible".
    objective
        Cost of the values, added up here.
    bound
        No answer is cheaper than this (CP-SAT's proof, rounded up to a whole number).
    gap
        (objective - bound) / max(1, abs(objective)).
    values
        One whole number a variable.
    deterministic_time_s
        CP-SAT's count of its own work; about a second of an idle core each.
    seed
        Seed of the search.
    """

    status: Literal["optimal", "feasible"]
    objective: int
    bound: int
    gap: float
    values: tuple[int, ...]
    deterministic_time_s: float
    seed: int


def solve_program(
    program: IntegerProgram,
    *,
    seed: int = 0,
    deterministic_limit_s: float = DEFAULT_DETERMINISTIC_LIMIT_S,
    workers: int = 1,
    linearization_level: int = 1,
    hint: Sequence[int] | None = None,
) -> CpResult:
    """Return the cheapest values found, checked, with the proven bound.

    Parameters
    ----------
    program
        What to solve.
    seed
        Seed of the search, 0 to 2**31 - 1.
    deterministic_limit_s
        Work after which the search ends, in CP-SAT's deterministic seconds, above 0.
    workers
        1, or more: they then take turns in batches of 8, which gives the same answer for every
        number of processors.
    linearization_level
        0 to 2: how much of the program goes into the linear relaxation; 2 suits covering problems.
    hint
        One value a variable from which the search may start.

    Raises
    ------
    InvalidModelError
        If the program or a setting is refused, before or by CP-SAT.
    InfeasibleError
        If it is proved that no values keep all rows.
    NoAnswerError
        If the limit came first.
    SolverError
        If the answer does not hold.
    KeyboardInterrupt
        If interrupted; what was found so far is dropped, for it would depend on the moment.
    """
    _check_program(program)
    _check_whole("seed", seed, 0, 2**31 - 1)
    _check_whole("workers", workers, 1, 64)
    _check_whole("linearization_level", linearization_level, 0, 2)
    if not (math.isfinite(deterministic_limit_s) and deterministic_limit_s > 0.0):
        _refuse(f"the deterministic limit is {deterministic_limit_s!r}; above 0 is needed")
    if hint is not None and len(hint) != len(program.bounds):
        _refuse(f"the hint has {len(hint)} values for {len(program.bounds)} variables")

    from ortools.sat.python import cp_model

    model, variables = _built(cp_model, program, hint)
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.random_seed = seed
    settings.max_deterministic_time = deterministic_limit_s
    settings.num_workers = workers
    settings.linearization_level = linearization_level
    # Its own handler would end the search and call what it has an answer; see run_search.
    settings.catch_sigint_signal = False
    if workers > 1:
        settings.interleave_search = True
        settings.interleave_batch_size = INTERLEAVE_BATCH_SIZE
    status = run_search(solver, model)
    check_status(cp_model, status, solver, deterministic_limit_s)
    values = tuple(int(solver.value(variable)) for variable in variables)
    proved = status == cp_model.OPTIMAL
    return _checked_result(
        program,
        values,
        proved=proved,
        claimed=solver.objective_value,
        claimed_bound=solver.best_objective_bound,
        deterministic_time_s=solver.deterministic_time,
        seed=seed,
    )


def run_search(solver: Any, model: Any) -> Any:  # noqa: ANN401
    """Run the search beside this thread, so that Ctrl-C reaches Python and stops it."""
    found: list[Any] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            found.append(solver.solve(model))
        except BaseException as error:  # noqa: BLE001  # handed over to the caller's thread
            failed.append(error)
        finally:
            ended.set()

    # An interrupted Thread.join can take a running thread for dead (CPython 3.11): use an event.
    threading.Thread(target=run, name="cp-sat", daemon=True).start()
    try:
        while not ended.wait(POLL_S):
            pass
    except BaseException:
        while not ended.is_set():
            solver.stop_search()
            time.sleep(POLL_S)
        raise
    if failed:
        raise failed[0]
    return found[0]


def check_status(
    cp_model: Any,  # noqa: ANN401
    status: Any,  # noqa: ANN401
    solver: Any,  # noqa: ANN401
    limit_s: float,
) -> None:
    """Raise unless the search has found an answer."""
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return
    if status == cp_model.INFEASIBLE:
        raise InfeasibleError("CP-SAT proved that no values keep all rules")
    if status == cp_model.UNKNOWN:
        raise NoAnswerError(
            f"CP-SAT found no answer within its deterministic limit of {limit_s:g} s; "
            "a higher limit may find one"
        )
    if status == cp_model.MODEL_INVALID:
        raise InvalidModelError(f"CP-SAT calls the program invalid: {solver.solution_info()}")
    raise SolverError(f"CP-SAT ended with the unknown status {status!r}")


def _built(
    cp_model: Any,  # noqa: ANN401
    program: IntegerProgram,
    hint: Sequence[int] | None,
) -> tuple[Any, list[Any]]:
    model = cp_model.CpModel()
    variables = [model.new_int_var(low, high, "") for low, high in program.bounds]

    def total(terms: Terms) -> Any:  # noqa: ANN401
        chosen = [variables[number] for number, _ in terms]
        return cp_model.LinearExpr.weighted_sum(chosen, [factor for _, factor in terms])

    for row in program.rows:
        low = -SUM_LIMIT if row.low is None else row.low
        high = SUM_LIMIT if row.high is None else row.high
        model.add_linear_constraint(total(row.terms), low, high)
    model.minimize(total(program.cost))
    for variable, value in zip(variables, hint or (), strict=False):
        model.add_hint(variable, value)
    return model, variables


def _checked_result(
    program: IntegerProgram,
    values: tuple[int, ...],
    *,
    proved: bool,
    claimed: float,
    claimed_bound: float,
    deterministic_time_s: float,
    seed: int,
) -> CpResult:
    broken = broken_rules(program, values)
    if broken:
        raise SolverError(f"CP-SAT's answer breaks a rule: {broken[0]}")
    objective = sum(factor * values[number] for number, factor in program.cost)
    # CP-SAT adds in doubles what its presolve has scaled: a last digit may differ, never a unit.
    slack = min(0.4, max(1e-6, 1e-12 * abs(objective)))
    if not abs(objective - claimed) <= slack:
        raise SolverError(f"CP-SAT claims the cost {claimed!r}, its values cost {objective}")
    if not math.isfinite(claimed_bound):
        raise SolverError(f"CP-SAT claims the bound {claimed_bound!r}")
    bound = math.ceil(claimed_bound - slack)
    if bound > objective or (proved and bound != objective):
        raise SolverError(f"CP-SAT claims the bound {claimed_bound!r} on the cost {objective}")
    gap = (objective - bound) / max(1, abs(objective))
    status: Literal["optimal", "feasible"] = "optimal" if proved else "feasible"
    return CpResult(status, objective, bound, gap, values, deterministic_time_s, seed)


def broken_rules(program: IntegerProgram, values: Sequence[int]) -> list[str]:
    """Return in words every bound and row that the values break; empty if they keep all."""
    if len(values) != len(program.bounds):
        return [f"{len(values)} values for {len(program.bounds)} variables"]
    broken = []
    for number, (value, (low, high)) in enumerate(zip(values, program.bounds, strict=True)):
        if type(value) is not int or not low <= value <= high:
            broken.append(f"variable {number} is {value!r}, outside {low} to {high}")
    for row in program.rows:
        total = sum(factor * values[number] for number, factor in row.terms)
        if row.low is not None and total < row.low:
            broken.append(f"{row.name}: {total} is below {row.low}")
        if row.high is not None and total > row.high:
            broken.append(f"{row.name}: {total} is above {row.high}")
    return broken


def _check_program(program: IntegerProgram) -> None:
    if not program.bounds:
        _refuse("the program has no variables")
    for number, (low, high) in enumerate(program.bounds):
        _check_whole(f"the lower bound of variable {number}", low)
        _check_whole(f"the upper bound of variable {number}", high)
        if low > high:
            _refuse(f"variable {number} must lie between {low} and {high}")
    for row in program.rows:
        _check_terms(row.name, row.terms, program.bounds)
        if row.low is None and row.high is None:
            _refuse(f"{row.name} has neither a lower nor an upper bound")
        for side in (row.low, row.high):
            if side is not None:
                _check_whole(f"a bound of {row.name}", side)
    _check_terms("the cost", program.cost, program.bounds)


def _check_terms(name: str, terms: Terms, bounds: Sequence[tuple[int, int]]) -> None:
    largest = 0
    for number, factor in terms:
        _check_whole(f"a coefficient of {name}", factor)
        _check_whole(f"a variable number in {name}", number, 0, len(bounds) - 1)
        low, high = bounds[number]
        largest += abs(factor) * max(abs(low), abs(high))
    if largest >= SUM_LIMIT:
        _refuse(f"{name} may add up to {largest}; below 2**53 is needed to add exactly")


def _check_whole(
    name: str, value: object, least: int = -SUM_LIMIT + 1, most: int = SUM_LIMIT - 1
) -> None:
    if type(value) is not int:
        _refuse(f"{name} is {value!r} ({type(value).__name__}); a whole number is needed")
    if not least <= value <= most:
        _refuse(f"{name} is {value}; a whole number from {least} to {most} is needed")


def _refuse(words: str) -> NoReturn:
    raise InvalidModelError(words)
