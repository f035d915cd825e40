"""Unstable is a verdict, not a number: a queue that only grows has no mean to estimate.

Before the run the offered load says it: work that comes in divided by the work that people can do.
After the run the work in process says it: if it grows, on average over the replications and by more
than chance explains, by a share of what came in that matters, the system does not keep up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.experiments.statistics.series import Floats, check_share, checked
from sim.kpis.estimates import mean_and_sd

LoadVerdict = Literal["stable", "heavy", "unstable"]
GrowthVerdict = Literal["keeps up", "unstable", "too few replications"]

HEAVY_LOAD = 0.95
"""From here on queues settle so slowly that few runs are long enough."""

FEWEST_PERIODS = 8


@dataclass(frozen=True)
class OfferedLoad:
    """What comes in against what can be done.

    Parameters
    ----------
    load
        Work that comes in / work that can be done; infinite if there is work and nobody.
    verdict
        ``unstable`` from 1 on, ``heavy`` from 0.95 on, else ``stable``.
    """

    load: float
    verdict: LoadVerdict


@dataclass(frozen=True)
class Growth:
    """How the work in process grew over the window.

    Parameters
    ----------
    share
        Growth over the window by a straight line, as a share of what came in; mean over the
        replications. At a load of 1.05 it is about 1 - 1 / 1.05 = 0.048.
    p
        One-sided p value of "it does not grow"; None for a single replication.
    most
        Upper bound of the share: a larger growth would show less only with a chance of alpha; None
        for a single replication. Where it is above what an overload shows, "keeps up" is not shown.
    verdict
        Whether the queue keeps growing.
    """

    share: float
    p: float | None
    most: float | None
    verdict: GrowthVerdict


def offered_loads(
    work_s: Mapping[str, float], staffed_s: Mapping[str, float]
) -> dict[str, OfferedLoad]:
    """Return the verdict before a run, role by role.

    Exact where work and hours are known; take whole weeks of both. A role whose load is below 1 on
    the week may still fall behind on a day.

    Parameters
    ----------
    work_s
        Role to the seconds of work that come in over some time, >= 0.
    staffed_s
        Role to the paid seconds without breaks over the same time, >= 0; a role that is missing has
        nobody.

    Raises
    ------
    ValueError
        Seconds that are negative or not finite.
    """
    found = {}
    for role, work in work_s.items():
        hands = staffed_s.get(role, 0.0)
        for name, value in (("work_s", work), ("staffed_s", hands)):
            if not 0.0 <= value < math.inf:
                raise ValueError(f"{name}.{role}: found {value}; expected seconds, finite and >= 0")
        load = work / hands if hands else (math.inf if work else 0.0)
        heavy: LoadVerdict = "heavy" if load >= HEAVY_LOAD else "stable"
        found[role] = OfferedLoad(load, "unstable" if load >= 1.0 else heavy)
    return found


def growth(
    work_in_process: Sequence[Sequence[float]] | Floats,
    came_in: float,
    *,
    alpha: float = 0.01,
    relevant: float = 0.02,
) -> Growth:
    """Return the verdict after a run.

    A line is fitted through the period means of each replication, and the slopes are tested over
    the replications: periods of one run resemble each other, replications do not. Unstable needs
    both a p value below alpha and a growth of at least the relevant share of what came in, so that
    a queue that is still filling towards its mean is not taken for one that only grows.

    For queues with a load of at most 0.95 it is said in at most 2 of 100 runs, at 1.05 in at least
    99, with 10 replications of at least 5,000 orders; between 0.98 and 1.02 nobody can tell from
    such a window. With fewer orders a queue wanders further, as a share of what came in: the
    p value still holds false alarms at alpha for a settled queue, but one that is still filling
    may pass both bars, and one that only grows may pass neither.

    Parameters
    ----------
    work_in_process
        Mean work in process by replication and period of equal length, at least 8 periods; a period
        is a whole day, or a whole week, if the work has a daily or weekly rhythm.
    came_in
        Orders that came in over the window, mean over the replications, > 0.
    alpha
        Chance of calling a steady queue growing, before relevance is asked.
    relevant
        Growth over the window that matters, as a share of what came in, > 0.

    Raises
    ------
    ValueError
        Too few periods, numbers that are not finite, or a setting outside its range.

    Examples
    --------
    >>> growing = [[10.0 * k + r for k in range(10)] for r in range(4)]
    >>> growth(growing, came_in=1000.0).verdict
    'unstable'
    """
    check_share(alpha, "alpha")
    check_share(relevant, "relevant")
    if not 0.0 < came_in < math.inf:
        raise ValueError(f"came_in: found {came_in}; expected the number of orders, above 0")
    found = checked(work_in_process, "work in process", (2,), FEWEST_PERIODS)
    periods = found.shape[1]
    time = np.arange(periods) - 0.5 * (periods - 1)
    grown = (found @ time) / float(time @ time) * periods
    mean, sd = mean_and_sd((grown / came_in).tolist())
    if sd is None:
        return Growth(mean, None, None, "too few replications")
    p, most = _p_greater(mean, sd, len(grown)), _most(mean, sd, len(grown), alpha)
    return Growth(mean, p, most, "unstable" if p < alpha and mean >= relevant else "keeps up")


def _most(mean: float, sd: float, n: int, alpha: float) -> float:
    from scipy.special import stdtrit

    return mean + float(stdtrit(n - 1, 1.0 - alpha)) * sd / math.sqrt(n)


def _p_greater(mean: float, sd: float, n: int) -> float:
    if sd == 0.0:
        return 0.0 if mean > 0.0 else 1.0
    from scipy.special import stdtr

    return float(stdtr(n - 1, -mean / (sd / math.sqrt(n))))
