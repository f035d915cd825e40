"""Jobs on parallel machines for CP-SAT, from a plan that is already there.

The search begins at the plan and ends after a deterministic amount of work, never by the clock.
Who works when is read off in plain Python, checked and priced again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from optimize.solver import SolverError
from optimize.solver.cp_sat import (
    INTERLEAVE_BATCH_SIZE,
    SUM_LIMIT,
    InvalidModelError,
    check_status,
    run_search,
)

Objective = Literal["tardiness", "late", "max_lateness"]


class Job(NamedTuple):
    """Work of one machine without a pause: earliest start, length, and pairs (due, weight)."""

    release: int
    length: int
    dues: tuple[tuple[int, int], ...]


class Machine(NamedTuple):
    """From when to when a machine works; None: without an end."""

    first: int
    last: int | None


class Place(NamedTuple):
    """On which machine a job is done, and from when."""

    machine: int
    start: int


@dataclass(frozen=True)
class MachinePlan:
    """Places that were checked.

    Attributes
    ----------
    status
        "optimal" where proved, else "feasible".
    objective
        What the places cost, added up here.
    bound
        No plan within the machines' times costs less (CP-SAT's proof, rounded up).
    places
        One a job.
    deterministic_time_s
        CP-SAT's count of its own work.
    """

    status: Literal["optimal", "feasible"]
    objective: int
    bound: int
    places: tuple[Place, ...]
    deterministic_time_s: float


def jobs_on_machines(
    jobs: Sequence[Job],
    machines: Sequence[Machine],
    objective: Objective,
    *,
    deterministic_limit_s: float,
    hint: Sequence[Place] | None = None,
    seed: int = 0,
    workers: int = 1,
) -> MachinePlan:
    """Return the cheapest places found.

    Parameters
    ----------
    jobs, machines
        Whole numbers.
    objective
        ``tardiness``: the sum of weight x lateness above 0; ``late``: of the weights of what is
        late; ``max_lateness``: the worst end - due.
    deterministic_limit_s
        Work after which the search ends, in CP-SAT's deterministic seconds.
    hint
        A plan at which the search begins; without one it begins cold.
    seed, workers
        See `optimize.solver.cp_sat.solve_program`.

    Raises
    ------
    InvalidModelError
        If the question is refused.
    InfeasibleError
        If it is proved that the jobs do not fit into the machines' times.
    NoAnswerError
        If the limit came first.
    SolverError
        If the answer does not hold.
    """
    horizon = _checked_horizon(jobs, machines, deterministic_limit_s)

    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    built = _Model(model, jobs, machines, horizon)
    built.minimise(objective)
    if hint is not None:
        built.begin_at(hint)
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.random_seed = seed
    settings.max_deterministic_time = deterministic_limit_s
    settings.num_workers = workers
    settings.catch_sigint_signal = False
    if workers > 1:
        settings.interleave_search = True
        settings.interleave_batch_size = INTERLEAVE_BATCH_SIZE
    status = run_search(solver, model)
    check_status(cp_model, status, solver, deterministic_limit_s)
    places = built.places(solver)
    _check_places(jobs, machines, places)
    cost = price(jobs, places, objective)
    proved = status == cp_model.OPTIMAL
    bound = math.ceil(solver.best_objective_bound - 1e-6)
    if bound > cost or (proved and bound != cost):
        raise SolverError(f"CP-SAT claims the bound {bound} on a plan that costs {cost}")
    return MachinePlan(
        "optimal" if proved else "feasible", cost, bound, places, solver.deterministic_time
    )


def price(jobs: Sequence[Job], places: Sequence[Place], objective: Objective) -> int:
    """Return what places cost."""
    lateness = [
        (place.start + job.length - due, weight)
        for job, place in zip(jobs, places, strict=True)
        for due, weight in job.dues
    ]
    if objective == "max_lateness":
        return max(late for late, _ in lateness)
    return sum(
        weight * (late if objective == "tardiness" else 1) for late, weight in lateness if late > 0
    )


class _Model:
    """One start a job; machines with the same times are one resource of as many at once."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401
        jobs: Sequence[Job],
        machines: Sequence[Machine],
        horizon: int,
    ) -> None:
        self._model, self._jobs, self._machines = model, jobs, machines
        self._groups: dict[Machine, list[int]] = {}
        for number, machine in enumerate(machines):
            self._groups.setdefault(machine, []).append(number)
        first = min(machine.first for machine in machines)
        self._horizon = horizon
        self._starts = [
            model.new_int_var(max(job.release, first), horizon - job.length, "") for job in jobs
        ]
        self._chosen = [[model.new_bool_var("") for _ in self._groups] for _ in jobs]
        for chosen in self._chosen:
            model.add_exactly_one(chosen)
        for place, (machine, members) in enumerate(self._groups.items()):
            self._share(machine, len(members), [chosen[place] for chosen in self._chosen])
        if len(self._groups) > 1:  # follows from the groups, and proves more at once
            spans = [
                model.new_fixed_size_interval_var(start, job.length, "")
                for start, job in zip(self._starts, jobs, strict=True)
            ]
            model.add_cumulative(spans, [1] * len(jobs), len(machines))

    def _share(self, machine: Machine, members: int, flags: Sequence[Any]) -> None:
        spans = []
        for job, start, flag in zip(self._jobs, self._starts, flags, strict=True):
            spans.append(
                self._model.new_optional_fixed_size_interval_var(start, job.length, flag, "")
            )
            self._model.add(start >= machine.first).only_enforce_if(flag)
            if machine.last is not None:
                self._model.add(start + job.length <= machine.last).only_enforce_if(flag)
        if members == 1:
            self._model.add_no_overlap(spans)
        else:
            self._model.add_cumulative(spans, [1] * len(spans), members)

    def minimise(self, objective: Objective) -> None:
        """Declare what counts."""
        self._late: list[tuple[int, int, Any]] = []
        self._objective = objective
        model, costs = self._model, []
        if objective == "max_lateness":
            dues = [min(due for due, _ in job.dues) for job in self._jobs]
            worst = model.new_int_var(-self._horizon - max(dues), self._horizon - min(dues), "")
            for job, start, due in zip(self._jobs, self._starts, dues, strict=True):
                model.add(worst >= start + job.length - due)
            model.minimize(worst)
            return
        for number, (job, start) in enumerate(zip(self._jobs, self._starts, strict=True)):
            merged: dict[int, int] = {}
            for due, weight in job.dues:
                merged[due] = merged.get(due, 0) + weight
            for due, weight in merged.items():
                if due >= self._horizon or not weight:
                    continue
                if objective == "tardiness":
                    late = model.new_int_var(0, self._horizon - due, "")
                    model.add(late >= start + job.length - due)
                else:
                    late = model.new_bool_var("")
                    model.add(start + job.length <= due).only_enforce_if(~late)
                self._late.append((number, due, late))
                costs.append(weight * late)
        model.minimize(sum(costs))

    def begin_at(self, hint: Sequence[Place]) -> None:
        """Give the search a plan to begin with."""
        groups = list(self._groups.values())
        for place, start, chosen in zip(hint, self._starts, self._chosen, strict=True):
            self._model.add_hint(start, place.start)
            for members, flag in zip(groups, chosen, strict=True):
                self._model.add_hint(flag, place.machine in members)
        for number, due, late in self._late:
            seconds = max(0, hint[number].start + self._jobs[number].length - due)
            self._model.add_hint(late, seconds if self._objective == "tardiness" else seconds > 0)

    def places(self, solver: Any) -> tuple[Place, ...]:  # noqa: ANN401
        """Give the machines of each group to its jobs in the order of their starts."""
        starts = [int(solver.value(start)) for start in self._starts]
        free = {number: machine.first for number, machine in enumerate(self._machines)}
        groups = list(self._groups.values())
        found: dict[int, Place] = {}
        for number in sorted(range(len(starts)), key=lambda job: (starts[job], job)):
            flags = [bool(solver.boolean_value(flag)) for flag in self._chosen[number]]
            machine = min(groups[flags.index(True)], key=lambda member: (free[member], member))
            found[number] = Place(machine, starts[number])
            free[machine] = starts[number] + self._jobs[number].length
        return tuple(found[number] for number in range(len(starts)))


def _checked_horizon(
    jobs: Sequence[Job], machines: Sequence[Machine], deterministic_limit_s: float
) -> int:
    """Return a moment by which some plan of the least cost has ended."""
    if not jobs or not machines:
        raise InvalidModelError(f"{len(jobs)} jobs on {len(machines)} machines; one each is needed")
    if not (math.isfinite(deterministic_limit_s) and deterministic_limit_s > 0.0):
        raise InvalidModelError(
            f"the deterministic limit is {deterministic_limit_s!r}; above 0 is needed"
        )
    numbers = [n for job in jobs for n in (job.release, job.length, *sum(job.dues, ()))]
    numbers += [machine.first for machine in machines]
    numbers += [machine.last for machine in machines if machine.last is not None]
    if any(type(number) is not int for number in numbers):
        raise InvalidModelError("times and weights must be whole numbers")
    if any(job.length < 1 or not job.dues for job in jobs):
        raise InvalidModelError("a job needs a length of at least 1 and a due date")
    if any(weight < 0 for job in jobs for _, weight in job.dues):
        raise InvalidModelError("a weight is below 0")
    latest = max([job.release for job in jobs] + [machine.first for machine in machines])
    horizon = latest + sum(job.length for job in jobs)
    weight = sum(weight for job in jobs for _, weight in job.dues)
    if (max(abs(number) for number in numbers) + abs(horizon)) * max(1, weight) >= SUM_LIMIT:
        raise InvalidModelError("costs may reach 2**53, beyond which they do not add exactly")
    return horizon


def _check_places(
    jobs: Sequence[Job], machines: Sequence[Machine], places: Sequence[Place]
) -> None:
    for number, machine in enumerate(machines):
        busy = sorted(
            (place.start, job.length, job.release)
            for job, place in zip(jobs, places, strict=True)
            if place.machine == number
        )
        clock = machine.first
        for start, length, release in busy:
            if start < max(clock, release):
                raise SolverError(f"CP-SAT begins a job at {start}, before machine {number} may")
            clock = start + length
        if busy and machine.last is not None and clock > machine.last:
            raise SolverError(f"CP-SAT's machine {number} works until {clock}, not {machine.last}")
