"""What is measured at a station of the house's own, visit by visit, in the case's unit of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.stations import Chosen, Window, everybody
from sim.experiments.validation.system import Measure, Played
from sim.kpis.duty import role_of_person, side_spans, work_spans
from sim.kpis.people_tables import SPECIALISTS
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

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
        How it ended: STATION_ENDED, STATION_FULL or STATION_LEFT.
    """

    def __init__(self, played: Played, station: int) -> None:
        self.window = Window(played)
        found = played.tables.of_stations.visits()
        here = (found.station == station) & (found.end != 0)
        self.shipment = found.shipment[here]
        self.joined_s, self.left_s = found.came_s[here], found.ended_s[here]
        self.fact = found.end[here]
        self.wait_s = self.left_s - self.joined_s
        self.wait_s[self.fact == Fact.STATION_ENDED] -= _worked_s(played, station)
        self.counted = (self.joined_s >= self.window.start_s) & (self.joined_s < self.window.end_s)
        self.entered = self.fact != Fact.STATION_FULL

    def of(self, who: Chosen, played: Played) -> Bools:
        """Tell which visits are those of chosen orders that came in the window."""
        chosen: Bools = self.counted & who(played)[self.shipment]
        return chosen


def _worked_s(played: Played, station: int) -> Floats:
    """Return the work of each visit that was worked at, in the order of shipments and time."""
    log = played.log
    ended = (log.fact == Fact.STATION_ENDED) & (log.other == station)
    order = np.argsort(log.subject[ended], kind="stable")
    worked_s: Floats = log.value[ended][order]
    return worked_s


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
    window = visits.window
    there_s = window.seconds_inside(visits.joined_s[of], visits.left_s[of])
    return there_s / (window.end_s - window.start_s)


def _busy_share(played: Played, people: Sequence[int]) -> float:
    """Return the busy share of some specialists, by their places; side work is none."""
    tables, window = played.tables, Window(played)
    mine = np.flatnonzero(role_of_person(tables) == SPECIALISTS)[list(people)]
    work, side = (
        spans.inside_s(window.start_s, window.end_s)[np.isin(spans.person, mine)].sum()
        for spans in (work_spans(tables), side_spans(tables))
    )
    return float(work - side) / (len(mine) * (window.end_s - window.start_s))
