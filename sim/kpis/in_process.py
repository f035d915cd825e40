"""Work in process over time: how many orders are placed and not yet on the truck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.ends import DELIVERED, OPEN

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STEP_S = 6 * 3_600.0
STEPS_A_DAY = 4


def _none() -> Floats:
    return np.empty(0)


def _no_orders() -> Integers:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class InProcess:
    """Work in process of one replication in steps of six hours, warm-up and window.

    Parameters
    ----------
    orders
        Time average of the orders that are placed and have not left, by step from the start of
        the run. Shape (steps,).
    placed
        Orders placed in each step. Shape (steps,).
    """

    orders: Floats = field(default_factory=_none)
    placed: Integers = field(default_factory=_no_orders)


def work_in_process(account: Account) -> InProcess:
    """Return the work in process from the start of the run to the end of the window.

    Orders that are cancelled, and those that are never placed, are left out.
    """
    ends = account.ends
    kept = (ends.state == OPEN) | (ends.state == DELIVERED)
    edges_s = np.arange(int(account.window.end_s // STEP_S) + 1, dtype=np.float64) * STEP_S
    came_s = account.demand.placed_s[kept]
    return InProcess(
        in_process(came_s, ends.left_s[kept], edges_s),
        np.histogram(came_s, edges_s)[0].astype(np.int64) if len(edges_s) > 1 else _no_orders(),
    )


def in_process(
    came_s: Sequence[float] | Floats, left_s: Sequence[float] | Floats, edges_s: Floats
) -> Floats:
    """Return the time average of the work in process in each period.

    Parameters
    ----------
    came_s
        When each order came in, any order of orders.
    left_s
        When each left; infinite or NaN if it is still there. Its own length may differ.
    edges_s
        Ascending ends of the periods, one more than periods.
    """
    came, left = np.asarray(came_s, dtype=np.float64), np.asarray(left_s, dtype=np.float64)
    area = _area_by(np.sort(came), edges_s) - _area_by(np.sort(left[np.isfinite(left)]), edges_s)
    averages: Floats = np.diff(area) / np.diff(edges_s)
    return averages


def _area_by(times: Floats, ends: Floats) -> Floats:
    """Return for each end the sum of (end - time) over the times before it."""
    before = np.searchsorted(times, ends)
    sums = np.concatenate([[0.0], np.cumsum(times)])
    area: Floats = before * ends - sums[before]
    return area
