"""After a run: whether the house kept up, the warm-up was long enough, intervals can be trusted.

A house works by the week, so its work in process is looked at as the mean of the last seven days,
day by day: nights and Sundays are in every one of them, and what is left is growth. The first week
may reach back into the second half of the warm-up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from sim.experiments.run import Run
from sim.experiments.statistics.run_length import interval_warnings
from sim.experiments.statistics.series import Floats
from sim.experiments.statistics.stability import FEWEST_PERIODS, Growth, growth
from sim.experiments.statistics.warm_up import GROUP, mser5
from sim.kpis.in_process import STEPS_A_DAY, InProcess, Integers

StabilityVerdict = Literal["keeps up", "unstable", "too few replications", "too short"]

STEPS_A_WEEK = 7 * STEPS_A_DAY
FEWEST_STEPS = 10 * GROUP
BUSY_LOAD = 0.8
"""Below it waits are those of nights and trucks, and the rules of single queues say nothing."""

OVERLOAD_GROWTH = 1.0 - 1.0 / 1.05
"""Share of the orders that stays at a load of 1.05: "keeps up" is said where it can be excluded."""

FEW_REPLICATIONS = 5
"""With fewer it is their number that keeps bounds wide, not the length of the run."""

FALL = 0.05
"""Chance of calling a steady end of the run a fall."""

MOST_LOAD = 0.99
"""Somebody busy all day is no proof of an overload: it is for the work in process to say that."""


@dataclass(frozen=True)
class Verdict:
    """What is said of a run besides its KPIs.

    Parameters
    ----------
    verdict
        Whether the work in process kept growing. ``too short``: fewer than eight weeks that begin
        a day apart fit between the middle of the warm-up and the end of the window, or neither
        growth is shown nor that of an overload by a twentieth excluded; ``too few replications``:
        the same with fewer than five of them.
    growth_share
        Growth of the work in process as a share of the orders that came in; None if not judged.
    p
        One-sided p value of "it does not grow"; None if not judged.
    not_told
        Why nothing can be told of it and how to mend that; empty where it is told.
    warm_up_cut_days
        Day after which the work in process has settled (MSER-5); None if the run is too short.
    warm_up_warning
        Why the chosen warm-up is too short; empty if it is not known to be.
    interval_warnings
        Why the intervals of waits may be too narrow.
    """

    verdict: StabilityVerdict
    growth_share: float | None
    p: float | None
    not_told: str
    warm_up_cut_days: float | None
    warm_up_warning: str
    interval_warnings: tuple[str, ...]

    @property
    def unstable(self) -> str:
        """The warning that the house does not keep up; empty where that is not shown."""
        if self.verdict != "unstable" or self.growth_share is None:
            return ""
        return (
            f"unstable: work in process kept growing, by {100.0 * self.growth_share:.1f} % of the "
            "orders that came in; its averages describe only the length of this run"
        )

    def lines(self) -> list[str]:
        """Return what the terminal says; nothing where there is nothing to say."""
        found = [line for line in (self.unstable, self.not_told, self.warm_up_warning) if line]
        if self.interval_warnings and not self.unstable:
            more = len(self.interval_warnings) - 1
            found.append(
                f"intervals: {self.interval_warnings[0]}"
                + (f" (and {more} more in kpis.json)" if more else "")
            )
        return found

    def document(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {**asdict(self), "interval_warnings": list(self.interval_warnings)}


def verdict_of(run: Run) -> Verdict:
    """Return what is to be said of a finished run."""
    section = run.scenario.run
    series = [outcome.picture.in_process for outcome in run.outcomes]
    verdict, share, p = kept_up(series, section.warm_up_days)
    cut, warning = _warm_up(series, section.warm_up_days)
    not_told = _not_told(verdict, share, section.warm_up_days)
    return Verdict(verdict, share, p, not_told, cut, warning, _intervals(run, series))


def kept_up(
    series: Sequence[InProcess], warm_up_days: float
) -> tuple[StabilityVerdict, float | None, float | None]:
    """Return verdict, growth as a share of what came in, p value.

    A peak is no overload, and more demand needs more work in process (Little 1961): the growth has
    to go on in the last quarter, and to show in the work in process per order that comes in, too.

    Parameters
    ----------
    series
        Work in process of each replication, at least one.
    warm_up_days
        Before the measured window.
    """
    rows = [_weeks(each.orders, warm_up_days) for each in series]
    periods = min((len(row) for row in rows), default=0)
    came = np.array([_weeks(each.placed, warm_up_days) for each in series])
    if periods < FEWEST_PERIODS or came.min() <= 0.0:
        return "too short", None, None
    # Ends of periods are a day apart: growth over them is held against as many days of orders.
    came_in = float(came.mean()) * STEPS_A_DAY * periods
    orders = np.array(rows)
    found = growth(orders, came_in)
    verdict = _told(found, len(series))
    if verdict == "unstable":
        verdict = _told(growth(orders / came * came.mean(), came_in), len(series))
    if verdict == "unstable":
        verdict = _at_the_end(orders)
    return verdict, found.share, found.p


def _told(found: Growth, replications: int) -> StabilityVerdict:
    """Return what a growth shows: no growth found is not yet a house that keeps up."""
    if found.most is None or found.verdict != "keeps up" or found.most < OVERLOAD_GROWTH:
        return found.verdict
    return "too few replications" if replications < FEW_REPLICATIONS else "too short"


def _at_the_end(orders: Floats) -> StabilityVerdict:
    """Return the verdict by the last quarter of the periods against the quarter before.

    Above it growth goes on; clearly below it a peak is being worked off; else nobody can tell.
    """
    quarter = orders.shape[1] // 4
    risen = orders[:, -quarter:].mean(axis=1) - orders[:, -2 * quarter : -quarter].mean(axis=1)
    if risen.mean() > 0.0:
        return "unstable"
    from scipy.special import stdtr

    error = float(risen.std(ddof=1)) / math.sqrt(len(risen))
    falls = error == 0.0 or stdtr(len(risen) - 1, float(risen.mean()) / error) < FALL
    if falls:
        return "keeps up"
    return "too few replications" if len(risen) < FEW_REPLICATIONS else "too short"


def _not_told(verdict: StabilityVerdict, share: float | None, warm_up_days: float) -> str:
    """Return why nothing can be told, and what to do."""
    if verdict == "too few replications":
        return "stability: too few replications to tell whether the house keeps up: play at least 5"
    if verdict != "too short":
        return ""
    head = "stability: too short to tell whether the house keeps up"
    if share is None:
        least = _first_end_days(warm_up_days) - warm_up_days + FEWEST_PERIODS - 1
        return f"{head}: take run.horizon_days of at least {math.ceil(least)}"
    return (
        f"{head}: growth as of a load of 1.05 is neither shown nor excluded; lengthen "
        "run.horizon_days or play more replications"
    )


def _first_end_days(warm_up_days: float) -> float:
    """Return when the first week that counts ends at the earliest."""
    return max(warm_up_days, 0.5 * warm_up_days + 7.0)


def _weeks(steps: Floats | Integers, warm_up_days: float) -> Floats:
    """Return means over seven days whose ends are a day apart, the last one at the end."""
    first_end = int(np.ceil(_first_end_days(warm_up_days) * STEPS_A_DAY))
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    ends = np.arange(len(steps), first_end - 1, -STEPS_A_DAY)[::-1]
    means: Floats = (sums[ends] - sums[ends - STEPS_A_WEEK]) / STEPS_A_WEEK
    return means


def _warm_up(series: Sequence[InProcess], warm_up_days: float) -> tuple[float | None, str]:
    if not series or min(len(each.orders) for each in series) < FEWEST_STEPS:
        return None, ""
    found = mser5(_without_rhythm(np.mean([each.orders for each in series], axis=0)))
    cut_days = found.cut / STEPS_A_DAY
    if cut_days <= warm_up_days:
        return cut_days, ""
    trust = " (in the second half of the run: it may not have settled at all)"
    return cut_days, (
        f"warm-up: found run.warm_up_days {warm_up_days:g}, but the work in process settles only "
        f"after {cut_days:g} days{trust if found.warning else ''}: lengthen run.warm_up_days"
    )


def _without_rhythm(orders: Floats) -> Floats:
    """Return a series less the mean of its time of the week, or of the day in a shorter run."""
    period = STEPS_A_WEEK if len(orders) >= 2 * STEPS_A_WEEK else STEPS_A_DAY
    phase = np.arange(len(orders)) % period
    rhythm = np.bincount(phase, weights=orders) / np.bincount(phase)
    settled: Floats = orders - rhythm[phase]
    return settled


def _intervals(run: Run, series: Sequence[InProcess]) -> tuple[str, ...]:
    """Return the warnings of the busiest role; none where nobody is busy.

    One replication alone has no interval.
    """
    busy = [
        found.mean
        for name, found in run.estimates.items()
        if name.startswith("utilisation_") and found is not None
    ]
    busiest = max(busy, default=0.0)
    if len(run.outcomes) < 2 or busiest < BUSY_LOAD:
        return ()
    first = int(run.scenario.run.warm_up_days * STEPS_A_DAY)
    warm_up, window = (
        float(np.mean([each.placed[part].sum() for each in series]))
        for part in (slice(0, first), slice(first, None))
    )
    load = min(busiest, MOST_LOAD)
    return tuple(interval_warnings(load, warm_up, window, len(run.outcomes)))
