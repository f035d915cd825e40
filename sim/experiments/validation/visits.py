"""What is measured at a station of the house's own, visit by visit, in the case's unit of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.clock.calendar import crews
from sim.experiments.validation.stations import Chosen, Window, everybody
from sim.experiments.validation.system import Measure, Played
from sim.log.facts import Fact
from sim.scenario.schema import ROLES

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EXITS = (Fact.STATION_ENDED, Fact.STATION_FULL, Fact.STATION_LEFT)
AT_ONCE_S = 1e-6
"""A wait this short is none: it is a difference of clock times of a long run."""


class Visits:
    """All visits of a station that have ended, in the order of shipments.

    Parameters
    ----------
    played
        The replication.
    station
        Number of the station.

    Attributes
    ----------
    shipment
        Whose visit it is, shape (visits,).
    joined_s, left_s
        When it came, and when it went on.
    wait_s
        Its time there without the work.
    fact
        How it ended, one of :data:`EXITS`.
    """

    def __init__(self, played: Played, station: int) -> None:
        self.window = Window(played)
        log = self.window.log
        here = log.other == station
        came = np.flatnonzero(here & (log.fact == Fact.AT_STATION))
        went = np.flatnonzero(here & np.isin(log.fact, EXITS))
        came = came[np.argsort(log.subject[came], kind="stable")]
        went = went[np.argsort(log.subject[went], kind="stable")]
        # only the last visit of a shipment can be without an end
        came = came[_ended(log.subject[came], log.subject[went])]
        self.shipment = log.subject[came]
        self.joined_s, self.left_s = log.time_s[came], log.time_s[went]
        self.fact = log.fact[went]
        worked_s = np.where(self.fact == Fact.STATION_ENDED, log.value[went], 0.0)
        self.wait_s = self.left_s - self.joined_s - worked_s
        self.counted = (self.joined_s >= self.window.start_s) & (self.joined_s < self.window.end_s)
        self.entered = self.fact != Fact.STATION_FULL

    def of(self, who: Chosen, played: Played) -> Bools:
        """Tell which visits are those of chosen orders that came in the window."""
        chosen: Bools = self.counted & who(played)[self.shipment]
        return chosen


def _ended(came: npt.NDArray[np.int32], went: npt.NDArray[np.int32]) -> Bools:
    """Tell which comings have an end; both are sorted by shipment."""
    if not len(came):
        return np.zeros(0, dtype=np.bool_)
    first = np.r_[True, came[1:] != came[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(len(came)), 0))
    place = np.arange(len(came)) - start
    ends = np.searchsorted(went, came, side="right") - np.searchsorted(went, came, side="left")
    return np.asarray(place < ends)


def measure_of_visits(
    metric: str,
    argument: str,
    station: int,
    people: Sequence[int],
    unit_s: float,
    who: Chosen = everybody,
) -> Measure | None:
    """Return the measure of a station's metric, None if it has none of that name.

    Waiting is all time there but the work, interruptions too; who left in vain has waited.

    Parameters
    ----------
    metric, argument
        Its name and what follows the colon, a threshold where it needs one.
    station
        Number of the station.
    people
        Places of its people among the specialists of the house.
    unit_s
        Seconds that stand for the case's unit of time.
    who
        The orders that count.
    """

    def measure(played: Played) -> float:
        visits = Visits(played, station)
        of_them = visits.of(who, played)
        entered = of_them & visits.entered
        span_s = visits.window.end_s - visits.window.start_s
        stay_s = visits.left_s - visits.joined_s
        match metric:
            case "Wq":
                return float(visits.wait_s[entered].mean()) / unit_s
            case "W":
                return float(stay_s[entered].mean()) / unit_s
            case "Lq":
                return float(visits.wait_s[entered].sum()) / span_s
            case "L":
                return _mean_number(visits, who(played)[visits.shipment] & visits.entered)
            case "p_wait":
                return float((visits.wait_s[of_them] > AT_ONCE_S).mean())
            case "p_wait_gt":
                return float((visits.wait_s[of_them] > float(argument) * unit_s).mean())
            case "p_sojourn_gt":
                return float((stay_s[of_them] > float(argument) * unit_s).mean())
            case "p_block":
                return float((visits.fact[of_them] == Fact.STATION_FULL).mean())
            case "p_abandon":
                return float((visits.fact[of_them] == Fact.STATION_LEFT).mean())
            case "util":
                return _busy_share(played, people)
            case _:
                ended = who(played)[visits.shipment] & (visits.fact == Fact.STATION_ENDED)
                left_s = visits.left_s[ended]
                inside = (left_s >= visits.window.start_s) & (left_s < visits.window.end_s)
                return float(np.count_nonzero(inside)) / span_s * unit_s

    return measure if metric in METRICS else None


METRICS = (
    *("Wq", "W", "Lq", "L", "p_wait", "p_wait_gt", "p_sojourn_gt", "p_block", "p_abandon"),
    *("util", "throughput"),
)


def _mean_number(visits: Visits, of: Bools) -> float:
    """Return the time average of the number of chosen visits there at once."""
    start_s, end_s = visits.window.start_s, visits.window.end_s
    there_s = np.clip(visits.left_s[of], start_s, end_s) - np.clip(
        visits.joined_s[of], start_s, end_s
    )
    return float(there_s.sum()) / (end_s - start_s)


def _busy_share(played: Played, people: Sequence[int]) -> float:
    """Return the busy share of some specialists, by their places; side work is none."""
    window = Window(played)
    log = window.log
    role = ROLES.index("specialists")
    specialists = [
        crew.first_person + place
        for crew in crews(played.setting.scenario.staff)
        if crew.role == role
        for place in range(crew.heads)
    ]
    mine = np.array([specialists[place] for place in people])
    worked = np.isin(log.subject, mine) & (log.fact == Fact.WORKED) & (log.other == role)
    beside = np.isin(log.subject, mine) & (log.fact == Fact.SIDE_WORKED)
    busy_s = 0.0
    for chosen, sign in ((worked, 1.0), (beside, -1.0)):
        ended, begun = log.time_s[chosen], log.time_s[chosen] - log.value[chosen]
        clipped = np.clip(ended, window.start_s, window.end_s) - np.clip(
            begun, window.start_s, window.end_s
        )
        busy_s += sign * float(clipped.sum())
    return busy_s / (len(mine) * (window.end_s - window.start_s))
