"""What people can do: seconds on duty without breaks, by role and clock hour of the run."""

from __future__ import annotations

import datetime
import math

import numpy as np
import numpy.typing as npt

from sim.clock.calendar import DAY_S, Turn, crews, moments
from sim.scenario.schema import ROLES, Scenario

Floats = npt.NDArray[np.float64]
HOUR_S = 3600.0


def staffed_s(scenario: Scenario, days: int) -> Floats:
    """Return the seconds that people of each role can work in each clock hour.

    Breaks are out, shifts that are missed are out by their mean share, and seconds are those of a
    person at the standard pace. Overtime and what new people still learn are not counted.

    Parameters
    ----------
    scenario
        Its shifts, closed dates, absence and pace.
    days
        From the start date on, >= 1.

    Returns
    -------
        Shape (roles, 24 * days).
    """
    start = datetime.date.fromisoformat(scenario.run.start_date)
    people = scenario.people
    found = np.zeros((len(ROLES), 24 * days))
    for crew in crews(scenario.staff):
        shift = scenario.staff[crew.shift]
        plan = moments(crew, shift, start, days, closed_dates=people.closed_dates)
        for moment in plan:
            heads = float(len(moment.people))
            if moment.turn is Turn.COME:
                _add(found[crew.role], moment.time_s, moment.length_s, heads)
            elif moment.turn is Turn.BREAK:
                _add(found[crew.role], moment.time_s, moment.length_s, -heads)
    share: Floats = found * ((1.0 - people.absence_rate) * people.pace)
    return share


def _add(hours: Floats, start_s: float, length_s: float, heads: float) -> None:
    """Add a stretch of some people to the clock hours it touches."""
    end_s = min(start_s + length_s, len(hours) / 24 * DAY_S)
    for hour in range(int(start_s // HOUR_S), min(math.ceil(end_s / HOUR_S), len(hours))):
        inside_s = min(end_s, (hour + 1) * HOUR_S) - max(start_s, hour * HOUR_S)
        hours[hour] += heads * inside_s
