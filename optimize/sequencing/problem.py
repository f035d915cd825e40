"""What is to be sequenced: batches with their times, pickers with theirs, and what lateness costs.

All times are whole seconds from one origin, all weights whole numbers, so sums are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Objective = Literal["tardiness", "late", "max_lateness"]
OBJECTIVES: tuple[Objective, ...] = ("tardiness", "late", "max_lateness")
SUM_LIMIT = 2**53
"""Costs at or above this could not be told apart as double-precision numbers."""

Sequences = tuple[tuple[int, ...], ...]
"""For each picker the numbers of their batches in the order of picking."""


class Due(NamedTuple):
    """When something of a batch should be ready, and how much it counts.

    Attributes
    ----------
    due_s
        Second at which it is due.
    weight
        Orders due then, or what their lateness costs; a whole number, at least 0.
    """

    due_s: int
    weight: int = 1


class Batch(NamedTuple):
    """A tour that is to be walked by one picker without a pause.

    Attributes
    ----------
    time_s
        Seconds of it, at least 1.
    dues
        When its orders are due, at least one; all are ready when the batch ends.
    release_s
        It may not begin earlier.
    """

    time_s: int
    dues: tuple[Due, ...]
    release_s: int = 0


class Picker(NamedTuple):
    """Somebody who picks, from one moment to another.

    Attributes
    ----------
    from_s
        They begin nothing earlier.
    until_s
        Work beyond it is overtime, and avoided before anything else; None: no end.
    """

    from_s: int = 0
    until_s: int | None = None


@dataclass(frozen=True)
class Problem:
    """Batches, and the pickers among whom they are shared out.

    Parameters
    ----------
    batches, pickers
        At least one of each.
    objective
        What counts, once overtime is as little as can be: ``tardiness``, the sum over all due dates
        of weight x seconds too late; ``late``, the sum of the weights of what is too late;
        ``max_lateness``, the seconds of the worst (below 0 where all is early), without weights.
        Among plans of the same cost that with the earliest ends, added up, is better.

    Raises
    ------
    ValueError
        If a number cannot be used, with the batch or picker that has it.
    """

    batches: tuple[Batch, ...]
    pickers: tuple[Picker, ...] = (Picker(),)
    objective: Objective = "tardiness"

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            known = ", ".join(OBJECTIVES)
            raise ValueError(f"unknown objective {self.objective!r}; known are {known}")
        if not self.batches or not self.pickers:
            raise ValueError(
                f"{len(self.batches)} batches and {len(self.pickers)} pickers; a sequence needs at"
                " least one of each"
            )
        for number, batch in enumerate(self.batches):
            _check_batch(f"batch {number}", batch)
        for number, picker in enumerate(self.pickers):
            _check_picker(f"picker {number}", picker)
        if self.horizon_s * max(self.weight, len(self.batches)) >= SUM_LIMIT:
            raise ValueError(
                f"{self.horizon_s} seconds x a weight of {self.weight} in all; below 2**53 is"
                " needed to add exactly: count times from the first release, or use smaller weights"
            )

    @property
    def horizon_s(self) -> int:
        """Return seconds within which, in amount, all times of sensible plans lie."""
        moments = [0, *(abs(batch.release_s) for batch in self.batches)]
        moments += [abs(due.due_s) for batch in self.batches for due in batch.dues]
        for picker in self.pickers:
            moments += [abs(picker.from_s), abs(picker.until_s or 0)]
        return max(moments) + sum(batch.time_s for batch in self.batches)

    @property
    def weight(self) -> int:
        """Return the sum of all weights."""
        return sum(due.weight for batch in self.batches for due in batch.dues)


class Stint(NamedTuple):
    """A batch in a plan: who picks it, from when to when."""

    batch: int
    picker: int
    start_s: int
    end_s: int


@dataclass(frozen=True)
class Result:
    """A plan that was checked.

    Attributes
    ----------
    sequences
        For each picker their batches in order.
    stints
        The same on the clock, picker by picker; each begins as soon as it may.
    cost
        In the unit of the objective: weighted seconds, weights, or seconds.
    overtime_s
        Seconds worked beyond the pickers' ends.
    total_completion_s
        Ends of all batches, added up.
    bound
        No plan of as little overtime costs less.
    gap
        (cost - bound) / max(1, abs(cost)).
    status
        "optimal" where the bound proves it and there is no overtime, else "feasible".
    method
        What found it: the name of a rule, "local_search" or "cp_sat".
    seed
        Seed of the search.
    time_s
        Processor seconds; no part of what makes two results equal.
    """

    sequences: Sequences
    stints: tuple[Stint, ...]
    cost: int
    overtime_s: int
    total_completion_s: int
    bound: int
    gap: float
    status: Literal["optimal", "feasible"]
    method: str
    seed: int
    time_s: float = field(compare=False)

    @property
    def makespan_s(self) -> int:
        """Return when the last batch ends."""
        return max(stint.end_s for stint in self.stints)


def timed(problem: Problem, sequences: Sequences) -> tuple[Stint, ...]:
    """Return when each batch is picked if everybody begins as soon as they may."""
    stints = []
    for number, (picker, row) in enumerate(zip(problem.pickers, sequences, strict=True)):
        clock_s = picker.from_s
        for batch in row:
            start_s = max(clock_s, problem.batches[batch].release_s)
            clock_s = start_s + problem.batches[batch].time_s
            stints.append(Stint(batch, number, start_s, clock_s))
    return tuple(stints)


class OrderTimes(NamedTuple):
    """When an order may be picked and when it should be ready.

    Attributes
    ----------
    release_s, due_s
        Seconds from the origin of the plan.
    weight
        What a second of its lateness counts.
    """

    release_s: float
    due_s: float
    weight: int = 1


def from_orders(
    batches: Sequence[Sequence[int]],
    orders: Sequence[OrderTimes],
    *,
    walk_s: Sequence[float],
    work_s: Sequence[float],
    pickers: tuple[Picker, ...],
    objective: Objective = "tardiness",
) -> Problem:
    """Return the problem of sequencing batches of orders.

    A batch may begin once its last order is released, and its lateness is that of its orders, each
    against its own due date. Times are rounded to whole seconds so that what is in time in the plan
    is so in truth: work and releases up, due dates down.

    Parameters
    ----------
    batches
        Numbers of the orders of each batch.
    orders
        Their times.
    walk_s, work_s
        Seconds of walking and of all other work of each batch.
    pickers, objective
        See `Problem`.

    Raises
    ------
    ValueError
        If the lists do not match, an order is missing, twice or unknown, or a number cannot be
        used.
    """
    if not len(batches) == len(walk_s) == len(work_s):
        raise ValueError(
            f"{len(batches)} batches, walking seconds of {len(walk_s)} and work of {len(work_s)};"
            " one each is needed"
        )
    named = sorted(order for batch in batches for order in batch)
    if named != list(range(len(orders))):
        raise ValueError(
            f"the batches name {len(named)} orders, {len(dict.fromkeys(named))} of them different;"
            f" each of the orders 0 to {len(orders) - 1} is needed once"
        )
    for number, order in enumerate(orders):
        if not (math.isfinite(order.release_s) and math.isfinite(order.due_s)):
            raise ValueError(
                f"order {number} is released at {order.release_s!r} and due at {order.due_s!r};"
                " finite seconds are needed"
            )
    made = []
    for number, (batch, walked_s, worked_s) in enumerate(zip(batches, walk_s, work_s, strict=True)):
        if not batch:
            raise ValueError(f"batch {number} has no orders; leave it out")
        seconds = walked_s + worked_s
        if not (math.isfinite(seconds) and walked_s >= 0.0 and worked_s >= 0.0):
            raise ValueError(
                f"batch {number} takes {walked_s!r} s of walking and {worked_s!r} s of work; finite"
                " seconds of at least 0 are needed"
            )
        dues = tuple(Due(math.floor(orders[o].due_s), orders[o].weight) for o in batch)
        release_s = max(math.ceil(orders[order].release_s) for order in batch)
        made.append(Batch(max(1, math.ceil(seconds)), dues, release_s))
    return Problem(tuple(made), pickers, objective)


def _check_batch(name: str, batch: Batch) -> None:
    _check_whole(f"time_s of {name}", batch.time_s, least=1)
    _check_whole(f"release_s of {name}", batch.release_s)
    if not batch.dues:
        raise ValueError(f"{name} has no due date; give one far off if it does not matter")
    for due in batch.dues:
        _check_whole(f"due_s of {name}", due.due_s)
        _check_whole(f"a weight of {name}", due.weight, least=0)


def _check_picker(name: str, picker: Picker) -> None:
    _check_whole(f"from_s of {name}", picker.from_s)
    if picker.until_s is not None:
        _check_whole(f"until_s of {name}", picker.until_s, least=picker.from_s)


def _check_whole(name: str, value: object, *, least: int | None = None) -> None:
    if type(value) is not int:
        raise ValueError(f"{name} is {value!r} ({type(value).__name__}); a whole number is needed")
    if least is not None and value < least:
        raise ValueError(f"{name} is {value}; at least {least} is needed")
    if abs(value) >= SUM_LIMIT:
        raise ValueError(f"{name} is {value}; less than 2**53 in amount is needed")
