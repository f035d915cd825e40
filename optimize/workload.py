"""What there is to do: from the log of a run to work by role and quarter-hour of the week.

Work is counted when it arrives, not when somebody got round to it: a plan made from the hours in
which people happened to work would only repeat today's roster. How much work there is comes from
the log's own WORKED facts, so walking saved by batching is saved here too.

| role | its work arrives |
|---|---|
| clerks | when a typed order is handed in |
| pickers, packers, dispatchers | when the shipment is allocated (the requirement adds the lag) |
| receivers, replenishers | when they begin it (the log does not know when it came) |
| returns_clerks | when the parcel is back in the house |
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import SLOT_S, SLOTS_A_WEEK
from sim.errors import Problem, ScenarioError
from sim.log.event_log import Chunk, join
from sim.log.facts import ROLE_NAMES, Fact
from sim.scenario.schema.run import RunSection

Floats = npt.NDArray[np.float64]

DAY_S = 86_400

_ASKED = (Fact.PLACED, Fact.HANDED_IN)
_READ = np.array(
    [
        *_ASKED,
        *(Fact.ENTRY_STARTED, Fact.ALLOCATED, Fact.RELEASED, Fact.RETURN_RECEIVED, Fact.WORKED),
    ],
    dtype=np.uint8,
)
_FLOOR = ("pickers", "packers", "dispatchers")


@dataclass(frozen=True)
class SlotWork:
    """Work of one replication, as an average week.

    Attributes
    ----------
    work_s
        For each role the seconds of work that arrive in each of the 672 quarter-hours of the week.
    task_s
        For each role the mean length of a task in seconds, 0 without any.
    tasks
        For each role the number of tasks behind that mean.
    """

    work_s: Mapping[str, Floats]
    task_s: Mapping[str, float]
    tasks: Mapping[str, int]


@dataclass(frozen=True)
class Workload:
    """Work of several replications.

    Attributes
    ----------
    work_s
        For each role the seconds that arrive, replications x 672.
    task_s
        For each role the mean length of a task in seconds, 0 without any.
    """

    work_s: Mapping[str, Floats]
    task_s: Mapping[str, float]


def work_per_slot(chunks: Iterable[Chunk], run: RunSection) -> SlotWork:
    """Return the work of one replication by role and quarter-hour of the week.

    Work that arrives in the measured window counts, divided by how often the window sees each
    quarter-hour of the week. Returns come weeks after their orders: all of the log's returns count,
    divided by the weeks in which orders were placed.

    Parameters
    ----------
    chunks
        The whole log of the replication.
    run
        Start date and window.

    Raises
    ------
    ScenarioError
        If the measured window is shorter than a week.
    """
    if run.horizon_days < 7.0:
        raise ScenarioError([
            Problem(
                "the scenario", 0, 0, "run.horizon_days", f"found {run.horizon_days:g} days",
                "expected at least 7 days, so that every quarter-hour of the week is seen",
            )
        ])  # fmt: skip
    facts = join(_wanted(chunks))
    first_s = run.warm_up_days * DAY_S
    last_s = first_s + run.horizon_days * DAY_S
    monday_s = datetime.date.fromisoformat(run.start_date).weekday() * DAY_S
    seen = _times_seen(first_s + monday_s, last_s + monday_s)
    order_weeks = (run.warm_up_days + run.horizon_days + run.cool_down_days) / 7.0
    work_s, task_s, tasks = {}, {}, {}
    for number, role in enumerate(ROLE_NAMES):
        done = (facts.fact == Fact.WORKED) & (facts.other == number)
        seconds = facts.value[done]
        tasks[role] = len(seconds)
        task_s[role] = float(seconds.mean()) if len(seconds) else 0.0
        arrivals = _arrivals(role, facts)
        each_s = np.full(len(arrivals), seconds.sum() / max(1, len(arrivals)))
        if not len(arrivals):
            arrivals, each_s = facts.time_s[done] - seconds, seconds
        if role == "returns_clerks":
            work_s[role] = _by_slot(arrivals + monday_s, each_s) / order_weeks
        else:
            inside = (arrivals >= first_s) & (arrivals < last_s)
            work_s[role] = _by_slot(arrivals[inside] + monday_s, each_s[inside]) / seen
    return SlotWork(work_s, task_s, tasks)


def pooled(replications: Sequence[SlotWork]) -> Workload:
    """Return the work of all replications together, in their order.

    Raises
    ------
    ValueError
        Without any replication.
    """
    if not replications:
        raise ValueError("no replications; a workload needs at least one")
    work_s = {role: np.stack([one.work_s[role] for one in replications]) for role in ROLE_NAMES}
    task_s = {}
    for role in ROLE_NAMES:
        count = sum(one.tasks[role] for one in replications)
        seconds = sum(one.tasks[role] * one.task_s[role] for one in replications)
        task_s[role] = seconds / count if count else 0.0
    return Workload(work_s, task_s)


def _wanted(chunks: Iterable[Chunk]) -> Iterable[Chunk]:
    for chunk in chunks:
        rows = np.isin(chunk.fact, _READ)
        yield Chunk(
            chunk.time_s[rows],
            chunk.fact[rows],
            chunk.subject[rows],
            chunk.other[rows],
            chunk.value[rows],
        )


def _arrivals(role: str, facts: Chunk) -> Floats:
    """Return the seconds at which the role's work arrived; empty where the log does not know."""
    if role in _FLOOR:
        # A wave would heap all its work into one quarter-hour: what counts is when it is there.
        allocated = _times(facts, Fact.ALLOCATED)
        return allocated if len(allocated) else _times(facts, Fact.RELEASED)
    if role == "returns_clerks":
        return _times(facts, Fact.RETURN_RECEIVED)
    if role != "clerks":
        return np.empty(0)
    typed = np.unique(facts.subject[facts.fact == Fact.ENTRY_STARTED])
    known = np.isin(facts.fact, np.array(_ASKED, dtype=np.uint8))
    known &= np.isin(facts.subject, typed)
    # The last of an order's PLACED and HANDED_IN counts; facts come in the order of time.
    times = dict(zip(facts.subject[known].tolist(), facts.time_s[known].tolist(), strict=True))
    return np.array([times[order] for order in typed.tolist() if order in times], dtype=np.float64)


def _times(facts: Chunk, fact: Fact) -> Floats:
    times: Floats = facts.time_s[facts.fact == fact]
    return times


def _by_slot(times_s: Floats, seconds: Floats) -> Floats:
    slots = np.floor_divide(times_s, SLOT_S).astype(np.int64) % SLOTS_A_WEEK
    return np.bincount(slots, weights=seconds, minlength=SLOTS_A_WEEK).astype(np.float64)


def _times_seen(first_s: float, last_s: float) -> Floats:
    """Return how often a window, counted from a Monday, sees each quarter-hour of the week."""
    starts: Floats = np.arange(first_s // SLOT_S, -(-last_s // SLOT_S)) * SLOT_S
    inside_s: Floats = np.minimum(starts + SLOT_S, last_s) - np.maximum(starts, first_s)
    return _by_slot(starts, inside_s / SLOT_S)
