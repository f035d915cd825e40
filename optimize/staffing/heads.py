"""The people each period of a cycle needs: Erlang's formula at the load that stands for it."""

from __future__ import annotations

import math

import numpy as np

from optimize.staffing.erlang import people_for
from optimize.staffing.offered import Floats, Method, load_of_periods
from optimize.staffing.problem import SLOT_S


def heads(
    work_s: Floats,
    task_s: float,
    wait_share: float,
    *,
    wait_s: float = 0.0,
    at_least: int = 1,
    method: Method = "mol",
    slot_s: float = SLOT_S,
    slots: int = 1,
) -> tuple[int, ...]:
    """Return the people needed in each period of a cycle; ``wait_share`` of the work may wait.

    Parameters
    ----------
    work_s
        Seconds of work that arrive in each slot (mean over replications).
    task_s
        Mean length of one task in seconds.
    wait_share
        Largest share of the work that may find everybody busy, above 0 and at most 1.
    wait_s
        Waiting up to so many seconds does not count as waiting; at least 0.
    at_least
        People on duty where any work is at hand.
    method
        How a moving load becomes a steady one; see `load_of_periods`.
    slot_s
        Length of a slot in seconds.
    slots
        Slots for which the same people stay, a period; they divide the cycle.

    Raises
    ------
    ValueError
        For work, tasks or waiting that is negative or no number, an unknown method, or periods
        that do not divide the cycle.
    """
    load = np.asarray(work_s, dtype=np.float64) / slot_s
    if not np.isfinite(load).all() or (load < 0.0).any():
        raise ValueError("work is a finite number of seconds, at least 0")
    if not load.any():
        return (0,) * (len(load) // slots)
    if not 0.0 < task_s < math.inf:
        raise ValueError(f"tasks of {task_s!r} s; the mean length of a task is above 0")
    patience = wait_s / task_s
    load = load_of_periods(load, slot_s / task_s, method, steps=slots)
    return tuple(
        max(at_least, people_for(value, wait_share, patience)) if value > 0.0 else 0
        for value in load.tolist()
    )
