"""When the gate is open for trucks, week after week."""

from __future__ import annotations

from sim.scenario.schema import WEEKDAYS, clock_s
from sim.scenario.schema.inbound import GateHours

DAY_S = 86_400.0


class GateTimes:
    """Hours in which trucks may come.

    Parameters
    ----------
    hours
        Weekdays, start, end; an end not after the start is on the next day.
    first_weekday
        Weekday of the scenario's second 0, Monday is 0.
    """

    def __init__(self, hours: GateHours, first_weekday: int) -> None:
        self._open_days = [WEEKDAYS[(first_weekday + day) % 7] in hours.days for day in range(7)]
        self._start_s = float(clock_s(hours.start))
        self._length_s = clock_s(hours.end) - self._start_s
        if self._length_s <= 0.0:
            self._length_s += DAY_S

    def next_open_s(self, now_s: float) -> float:
        """Return the first moment from ``now_s`` on at which the gate is open."""
        day = int(now_s // DAY_S) - 1  # yesterday's hours may run past midnight
        while True:
            start_s = day * DAY_S + self._start_s
            if self._open_days[day % 7] and now_s < start_s + self._length_s:
                return max(now_s, start_s)
            day += 1
