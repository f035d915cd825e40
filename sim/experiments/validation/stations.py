"""What is measured on the log of a line of stations, in the case's unit of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import DAY_S
from sim.experiments.validation.system import Measure, NotInScenarios, Played
from sim.log.facts import Fact
from sim.scenario.schema import ROLES

Floats = npt.NDArray[np.float64]
Chosen = Callable[[Played], npt.NDArray[np.bool_]]
"""Which orders count, by order."""

THRESHOLDS = ("p_wait_gt", "p_sojourn_gt")
"""Metrics that need a time."""

AT_ONCE_S = 1e-9
"""A wait this short is none: the clock's rounding."""


@dataclass(frozen=True)
class Station:
    """Where a shipment waits and is served.

    Parameters
    ----------
    role
        Whose work it is.
    joins, starts, leaves
        Facts by which it joins the line, is begun, and is done.
    """

    role: str
    joins: tuple[Fact, ...]
    starts: tuple[Fact, ...]
    leaves: tuple[Fact, ...]


ENTRY = Station("clerks", (Fact.PLACED,), (Fact.ENTRY_STARTED,), (Fact.ENTERED,))
PICK = Station("pickers", (Fact.RELEASED, Fact.REWORK), (Fact.PICK_STARTED,), (Fact.PICKED,))
PACK = Station("packers", (Fact.PICKED,), (Fact.PACK_STARTED,), (Fact.PACKED, Fact.REWORK))
LABEL = Station("dispatchers", (Fact.PACKED,), (Fact.LABEL_STARTED,), (Fact.LABELLED,))


class Window:
    """The measured window of a replication, in seconds, and the orders placed inside it."""

    def __init__(self, played: Played) -> None:
        run = played.setting.scenario.run
        self.log = played.log
        self.start_s = run.warm_up_days * DAY_S
        self.end_s = self.start_s + run.horizon_days * DAY_S
        placed_s = played.book.demand.placed_s
        self.inside = (placed_s >= self.start_s) & (placed_s < self.end_s)

    def first_s(self, *facts: Fact) -> Floats:
        """Return the first time of any of some facts by order, NaN where there is none."""
        chosen = np.isin(self.log.fact, facts)
        times = np.full(len(self.inside), np.nan)
        times[self.log.subject[chosen][::-1]] = self.log.time_s[chosen][::-1]
        return times

    def total_s(self, facts: tuple[Fact, ...]) -> Floats:
        """Return the sum of the times of some facts by order."""
        chosen = np.isin(self.log.fact, facts)
        subjects, times = self.log.subject[chosen], self.log.time_s[chosen]
        return np.bincount(subjects, times, len(self.inside)).astype(np.float64)

    def times_of(self, facts: tuple[Fact, ...], of: npt.NDArray[np.bool_] | None = None) -> Floats:
        """Return all times of some facts in order, of chosen orders if they are named."""
        chosen = np.isin(self.log.fact, facts)
        times = self.log.time_s[chosen]
        return np.sort(times if of is None else times[of[self.log.subject[chosen]]])

    def seconds_inside(self, begun_s: Floats, ended_s: Floats) -> float:
        """Return how much of some stretches lies inside the window, s."""
        inside_s = np.clip(ended_s, self.start_s, self.end_s) - np.clip(
            begun_s, self.start_s, self.end_s
        )
        return float(inside_s.sum())

    def mean_number(
        self,
        joins: tuple[Fact, ...],
        leaves: tuple[Fact, ...],
        of: npt.NDArray[np.bool_] | None = None,
    ) -> float:
        """Return the time average of the number between joining and leaving facts."""
        area = 0.0
        for facts, sign in ((joins, 1.0), (leaves, -1.0)):
            times = np.clip(self.times_of(facts, of), self.start_s, self.end_s)
            area += sign * float((self.end_s - times).sum())
        return area / (self.end_s - self.start_s)


def everybody(played: Played) -> npt.NDArray[np.bool_]:
    """Choose all orders."""
    return np.ones(len(played.book.demand.placed_s), dtype=np.bool_)


def of_channel(number: int) -> Chosen:
    """Choose the orders of a channel, by its place in the scenario."""
    return lambda played: np.asarray(played.book.demand.channel == number)


def measure_of_station(  # one branch a metric
    metric: str, argument: str, station: Station, heads: int, unit_s: float, who: Chosen = everybody
) -> Measure | None:
    """Return the measure of a station's metric, None if it has none of that name.

    Parameters
    ----------
    metric, argument
        Its name and what follows the colon, a threshold where it needs one.
    station
        The station.
    heads
        Its people.
    unit_s
        Seconds that stand for the case's unit of time.
    who
        The orders that count.
    """
    waits = (station.joins, station.starts)
    stays = (station.joins, station.leaves)
    if metric in ("Wq", "W"):
        return _mean_span(*(waits if metric == "Wq" else stays), unit_s, who)
    if metric in ("Lq", "L"):
        joins, leaves = waits if metric == "Lq" else stays
        return lambda played: Window(played).mean_number(joins, leaves, who(played))
    if metric == "p_wait":
        return _share_above(*waits, AT_ONCE_S, who)
    if metric == "p_wait_gt":
        return _share_above(*waits, float(argument) * unit_s, who)
    if metric == "p_sojourn_gt":
        return _share_above(*stays, float(argument) * unit_s, who)
    if metric == "util":
        return lambda played: busy_share(played, station.role, heads)
    if metric == "throughput":
        return _rate(station.leaves, unit_s, who)
    return None


def _mean_span(
    begins: tuple[Fact, ...], ends: tuple[Fact, ...], unit_s: float, who: Chosen
) -> Measure:
    """Mean time from joining to starting or leaving, a visit of an order placed in the window."""

    def measure(played: Played) -> float:
        window = Window(played)
        chosen = window.inside & who(played)
        spans = (window.total_s(ends) - window.total_s(begins))[chosen]
        log = window.log
        subjects = log.subject[np.isin(log.fact, begins)]
        visits = np.bincount(subjects, minlength=len(chosen))[chosen]
        return float(spans.sum() / visits.sum()) / unit_s

    return measure


def _share_above(
    begins: tuple[Fact, ...], ends: tuple[Fact, ...], threshold_s: float, who: Chosen
) -> Measure:
    """Share of the orders placed in the window whose first visit takes longer than a threshold."""

    def measure(played: Played) -> float:
        window = Window(played)
        spans = window.first_s(*ends) - window.first_s(*begins)
        return float((spans[window.inside & who(played)] > threshold_s).mean())

    return measure


def _rate(facts: tuple[Fact, ...], unit_s: float, who: Chosen) -> Measure:
    def measure(played: Played) -> float:
        window = Window(played)
        times = window.times_of(facts, who(played))
        inside = np.count_nonzero((times >= window.start_s) & (times < window.end_s))
        return float(inside) / (window.end_s - window.start_s) * unit_s

    return measure


def busy_share(played: Played, role: str, heads: int) -> float:
    """Return the busy share of the people of a role."""
    window = Window(played)
    log = window.log
    chosen = (log.fact == Fact.WORKED) & (log.other == ROLES.index(role))
    ended = log.time_s[chosen]
    begun = ended - log.value[chosen]
    inside_s = window.seconds_inside(begun, ended)
    return inside_s / (heads * (window.end_s - window.start_s))


def no_measure(metric: str, of: str) -> NotInScenarios:
    """Return what is said of a metric that a kind does not have."""
    return NotInScenarios(f"the metric {metric} of {of}")
